"""Numbers that are written as texts, in SQL: what ``custseg.tables.number_text`` reads in memory."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from custseg.export.sql.dialects import replaced
from custseg.tables.number_text import CURRENCIES, MINUS, THOUSANDS, decoration_pattern, finite_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from custseg.export.sql.dialects import Dialect
    from custseg.tables.number_text import DecimalSign

_BLANKS = ("\u202f", "\u2009")
# They replace what comes first alone.
_ONCE_UNLESS_TOLD = ("duckdb", "postgresql")
# Parsers go no deeper than some dozens of calls within each other.
_SIGNS_A_STEP = 12


def bare_text(text: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return a text with single blanks within it, as ``number_in`` and ``currencies_out`` take it."""
    return _without(text, _BLANKS, dialect, " ")


def currencies_out(dialect: Dialect) -> list[Callable[[exp.Expr], exp.Expr]]:
    """Return what has to be done to a bare text before a number is read from it, a step after the other.

    SQL Server has no patterns that could leave out a currency.
    """
    if dialect.name != "tsql":
        return []
    signs = (*CURRENCIES, "%")
    some = [signs[first : first + _SIGNS_A_STEP] for first in range(0, len(signs), _SIGNS_A_STEP)]
    return [*(partial(_without, signs=several, dialect=dialect) for several in some), partial(_joined, dialect=dialect)]


def _joined(text: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return a text without the blank that a currency has left behind a sign."""
    for sign in f"+-{MINUS}":
        text = _without(text, (f"{sign} ",), dialect, sign)
    return exp.Trim(this=text)


def number_in(text: exp.Expr, decimal: DecimalSign, dialect: Dialect) -> exp.Expr:
    """Return the number that a bare text is, NULL where it is none."""
    return _number_by_signs(text, decimal, dialect) if dialect.name == "tsql" else _matched(text, decimal, dialect)


def _matched(text: exp.Expr, decimal: DecimalSign, dialect: Dialect) -> exp.Expr:
    # Not every dialect has groups that nobody asks for.
    pattern, decoration = (
        dialect.text(pattern.replace("(?:", "("))
        for pattern in (finite_pattern(decimal, " ", ""), decoration_pattern(decimal, " "))
    )
    everywhere = [exp.Literal.string("g")] if dialect.name in _ONCE_UNLESS_TOLD else []
    plain = exp.Anonymous(
        this="REGEXP_REPLACE", expressions=[text.copy(), decoration, exp.Literal.string(""), *everywhere]
    )
    return exp.Case().when(exp.RegexpLike(this=text, expression=pattern), _cast(plain, decimal, dialect))


def _number_by_signs(text: exp.Expr, decimal: DecimalSign, dialect: Dialect) -> exp.Expr:
    """Read a number where texts are compared by LIKE alone, which knows no repetition."""
    thousands = f"[{THOUSANDS[decimal]} ]"
    ended = exp.Add(this=dialect.exactly(text.copy()), expression=dialect.text("|"))
    # Three digits after each sign between thousands; no zero before other digits, which makes a code.
    wrong = [f"%{thousands}{'[0-9]' * digits}[^0-9]%" for digits in range(3)]
    wrong += [f"%{thousands}[0-9][0-9][0-9][0-9]%", f"%[{decimal}]%{thousands}%", "0[0-9]%", f"[-+{MINUS}]0[0-9]%"]
    plain = _without(text, (*THOUSANDS[decimal], " ", "+"), dialect)
    refused = [exp.Like(this=ended.copy(), expression=dialect.text(pattern)) for pattern in wrong]
    odd = dialect.text(f"%[^0-9eE{decimal}{MINUS}-]%")
    refused.append(exp.Like(this=dialect.exactly(plain.copy()), expression=odd))
    some = exp.Like(this=text, expression=dialect.text("%[0-9]%"))
    holds = exp.and_(some, *(exp.Not(this=one) for one in refused))
    return exp.Case().when(holds, _cast(plain, decimal, dialect))


def _cast(plain: exp.Expr, decimal: DecimalSign, dialect: Dialect) -> exp.Expr:
    plain = _without(plain, (MINUS,), dialect, "-")
    plain = _without(plain, (",",), dialect, ".") if decimal == "," else plain
    return exp.TryCast(this=plain, to=exp.DataType.build("double"), safe=True)


def _without(text: exp.Expr, signs: Iterable[str], dialect: Dialect, instead: str = "") -> exp.Expr:
    for sign in signs:
        text = replaced(text.copy(), dialect.text(sign), dialect.text(instead))
    return text.copy()
