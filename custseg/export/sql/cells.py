"""The number that a cell stands for, in SQL: what reading a column is in memory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sqlglot import exp

from custseg.errors import SettingError, quote
from custseg.export.sql.dialects import column, number, replaced
from custseg.export.sql.written_numbers import bare_text
from custseg.language import say
from custseg.tables.text_cells import MISSING, NO_VALUE
from custseg.tables.truth_text import PAIRS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.export.document.content import Category, ComparedColumn, Feature
    from custseg.export.sql.dialects import Dialect

_BLANKS = ("\t", "\n", "\r", "\u00a0")
# What is read from texts, or told apart by them.
_IN_TEXTS = ("text", "truth", "ordinal", "number as text")
# What stands for no value among levels.
_NO_LEVEL = {"truth": MISSING, "ordinal": MISSING, "number as text": NO_VALUE}
# Halving this often makes one blank of 32.
_HALVINGS = 5


def cell_of(entry: ComparedColumn, dialect: Dialect) -> exp.Expr:
    """Return a cell as it is looked at: a number, a date as such, or a text with single blanks within it.

    Raises
    ------
    SettingError
        Cells are written in a way that SQL is not asked to read.

    """
    cell, stored, kind = column(entry.name), entry.cells.stored, entry.cells.kind
    if stored == "truth":
        # Not every dialect makes a floating point number of a truth at once.
        return exp.cast(exp.cast(cell, "int"), "double")
    if stored == "number" and kind != "date":
        return exp.cast(cell, "double")
    if stored in ("date", "moment") and kind == "date" and entry.role == "feature":
        return exp.cast(cell, "date")
    if is_written_number(entry):
        return bare_text(_with_single_blanks(_as_text(cell, dialect)), dialect)
    if stored == "text" and kind in _IN_TEXTS:
        # Truths are read whatever the word; levels have to be those that are known.
        truths = kind == "truth" and entry.role == "feature"
        return _with_single_blanks(_as_text(cell, dialect) if truths else cell)
    what = say("dates") if kind == "date" else say("numbers") if kind in ("number", "birth year") else say("values")
    msg = say(
        "{name} holds {what} in a way that {dialect} is not asked to read. Convert the column first "
        "(numbers to a type of numbers, dates to a type of dates), segment again, or score the file "
        "with custseg score.",
        name=quote(entry.name),
        what=what,
        dialect=dialect.name,
    )
    raise SettingError(msg)


def is_written_number(entry: ComparedColumn) -> bool:
    """Whether a cell is a text that a number is to be read from, by ``number_in``."""
    return entry.cells.stored == "text" and entry.cells.kind == "number as text" and entry.role == "feature"


def _as_text(cell: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return a cell as a text, as it may be a number or a truth in the warehouse by now; SQL Server rounds numbers."""
    return cell if dialect.name == "tsql" else exp.cast(cell, "text", dialect=dialect.sqlglot)


def _with_single_blanks(cell: exp.Expr) -> exp.Expr:
    for blanks in (*_BLANKS, *["  "] * _HALVINGS):
        cell = replaced(cell, exp.Literal.string(blanks), exp.Literal.string(" "))
    return exp.Trim(this=cell)


def number_of(entry: Feature, cell: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return the number of a feature that a cell stands for, NULL for none."""
    kind, stored = entry.cells.kind, entry.cells.stored
    if kind == "ordinal":
        ranks = [(level, float(rank)) for rank, level in enumerate(entry.cells.levels, start=1)]
        return _chosen(cell, [([level], rank) for level, rank in ranks if level.lower() not in MISSING], entry, dialect)
    if kind == "truth" and stored == "text":
        said = exp.Lower(this=cell)
        yes, no = ([pair[side] for pair in PAIRS] for side in (0, 1))
        return exp.Case().when(_is_one_of(said, yes, dialect), number(1)).when(_is_one_of(said, no, dialect), number(0))
    if kind == "date":
        return _days_before(entry, cell)
    limit = number(sys.float_info.max)
    # What is infinite, or is no number, is on neither side.
    finite: exp.Expr = exp.and_(exp.LTE(this=cell, expression=limit), exp.GTE(this=cell, expression=-limit))
    for gap in entry.cells.gaps:
        finite = exp.and_(finite, exp.NEQ(this=cell, expression=number(float(gap))))
    latest = entry.cells.latest
    known = exp.Sub(this=number(latest.year), expression=cell) if kind == "birth year" and latest else cell
    return exp.Case().when(finite, known)


def _days_before(entry: Feature, cell: exp.Expr) -> exp.Expr:
    latest = entry.cells.latest
    if latest is None:
        return exp.cast(exp.null(), "double")
    day = exp.cast(exp.Literal.string(latest.isoformat()), "date")
    days: exp.Expr = exp.cast(exp.DateDiff(this=day, expression=cell, unit=exp.Var(this="DAY")), "double")
    for gap in entry.cells.gaps:
        known = exp.NEQ(this=cell, expression=exp.cast(exp.Literal.string(str(gap)), "date"))
        days = exp.Case().when(known, days)
    return days


def level_of(entry: Category, cell: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return which of the levels a cell has, from 0; their number for any other, NULL for none where that is no level.

    Raises
    ------
    SettingError
        Levels are numbers that are written in more than one way.

    """
    codes = {label: [code for code, said in entry.level_labels if said == label] for _, label in entry.level_labels}
    known = {code for code, _ in entry.level_labels}
    found = [
        ([*codes.get(level, []), *([] if level in known else [level])], float(place))
        for place, level in enumerate(entry.compared_levels)
        if level is not None
    ]
    other = number(len(entry.compared_levels))
    gap = number(entry.compared_levels.index(None)) if None in entry.compared_levels else exp.null()
    chosen = exp.Case().when(_is_gap(entry, cell, dialect), gap)
    return _chosen(cell, found, entry, dialect, chosen).else_(other)


def _is_gap(entry: ComparedColumn, cell: exp.Expr, dialect: Dialect) -> exp.Expr:
    empty: exp.Expr = exp.Is(this=cell, expression=exp.null())
    if entry.cells.stored == "text":
        words = _NO_LEVEL.get(entry.cells.kind, ("",))
        return exp.or_(empty, _is_one_of(exp.Lower(this=cell), words, dialect))
    return empty


def _chosen(
    cell: exp.Expr,
    numbers: Iterable[tuple[list[str], float]],
    entry: ComparedColumn,
    dialect: Dialect,
    chain: exp.Case | None = None,
) -> exp.Case:
    """Return the number that belongs to the level of a cell, of each several texts."""
    chain = chain or exp.Case()
    for texts, value in numbers:
        asked = _is_one_of(cell, texts, dialect) if entry.cells.stored == "text" else _equals(cell, texts, entry)
        chain = chain.when(asked, number(value)) if asked is not None else chain
    return chain


def _is_one_of(text: exp.Expr, texts: Iterable[str], dialect: Dialect) -> exp.Expr:
    return exp.In(this=dialect.exactly(text), expressions=[dialect.text(one) for one in texts])


def _equals(cell: exp.Expr, texts: list[str], entry: ComparedColumn) -> exp.Expr | None:
    """Return whether a number is one of these levels; None where none of them is a number."""
    truths = {"True": 1.0, "False": 0.0} if entry.cells.stored == "truth" else {}
    values = [truths.get(text, _number(text)) for text in texts]
    if any(value is not None and not value.is_integer() for value in values):
        msg = say(
            "The levels of {name} are numbers with decimals, which engines write in different ways. Make "
            "whole numbers or texts of them, and segment again.",
            name=quote(entry.name),
        )
        raise SettingError(msg)
    found = [number(value) for value in values if value is not None]
    return exp.In(this=cell, expressions=found) if found else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 2**53 else None
