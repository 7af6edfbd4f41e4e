"""How columns, their values and their categories are written in sentences: the one place that decides it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custseg.language import ENGLISH, current, mark, say
from custseg.language import written as format_number
from custseg.tables.labels import words_for
from custseg.tables.levels import NO_VALUE
from custseg.tables.statements import statement_for
from custseg.tables.written_values import with_unit
from custseg.tables.written_values import written as written_value
from custseg.wording import capitalised, fixed, line_start, percentage, straight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.tables.column_roles import Column
    from custseg.tables.schema import ColumnsByRole

# What follows says more of the noun before it: “days since the last purchase”, “visits per month”.
_BEFORE_REST = re.compile(r"\s+(?:a|an|at|by|for|from|in|of|on|per|since|to|with)\s")
# Names of columns that are plain words, with a capital in many tables.
_COMMON = frozenset((
    "age", "balance", "basket", "children", "discount", "duration", "experience", "fee", "frequency", "income",
    "orders", "purchases", "quantity", "recency", "revenue", "salary", "score", "seats", "sessions", "spend", "tenure",
    "usage", "visits",
))  # fmt: skip
_MORE_DIGITS = (6, 9, 12, 17)
# From here on, averages of counts have no decimals.
_LARGE = 100
# As columns are called that custseg makes of purchases.
_SINCE = {
    mark("days since the last purchase"): mark("since the last purchase"),
    mark("days since the first purchase"): mark("since the first purchase"),
}
_MANY, _FEW = mark("many {label}"), mark("few {label}")


def heading(schema: ColumnsByRole, column: str) -> str:
    """Return what people call a column, as a line begins with it; what is no plain word stays as it is."""
    return line_start(schema.label(column))


def own_label(schema: ColumnsByRole, column: str) -> str:
    """Return what people call a column; empty where that is its name."""
    label = schema.label(column)
    return "" if label == column else label


def statement(schema: ColumnsByRole, column: str, level: str, levels: Sequence[str]) -> str:
    """Say that a category has a level, one of its ``levels``, as a line begins: “Channel is Retail”, “Has a phone”."""
    if level == NO_VALUE:
        return say("{column} is missing", column=heading(schema, column))
    label = schema.label(column)
    words = statement_for(label, level, levels)
    if words == f"{label}: {level}":
        return say("{column} is {level}", column=heading(schema, column), level=straight(level))
    return straight(capitalised(words))


def written(column: Column, value: float) -> str:
    """Write a value of a feature without its unit."""
    return written_value(column, value)


def compared(column: Column, value: float, baseline: float) -> tuple[str, str]:
    """Write two values of a feature with as many digits as it takes to tell them apart, the first with its unit.

    Of a yes or no, averages are shares. Signs of currency and of percent stand by both.
    """
    if column.format.kind == "truth":
        column = replace(column, quantity="share")
    here, everywhere = _alike(column, value, baseline)
    for digits in _MORE_DIGITS:
        if here != everywhere:
            break
        # Years, say, differ only in later digits.
        here, everywhere = (_with_digits(column, each, digits) for each in (value, baseline))
    return with_unit(here, column), with_unit(everywhere, column, sign_only=True)


def _alike(column: Column, value: float, baseline: float) -> tuple[str, str]:
    """Write averages of whole numbers with as many decimals as each other: “0.00 (average 0.51)”."""
    both = value, baseline
    if column.quantity != "whole" or all(float(each).is_integer() for each in both) or max(map(abs, both)) >= _LARGE:
        return written(column, value), written(column, baseline)
    decimals = 2 if min(map(abs, both)) < 1 else 1
    return fixed(value, decimals), fixed(baseline, decimals)


def _with_digits(column: Column, value: float, digits: int) -> str:
    if column.quantity == "share":
        return percentage(format_number(100 * value, f",.{digits}g"))
    return format_number(value, f".{digits}g" if column.quantity == "year" else f",.{digits}g")


def within(label: str) -> str:
    """Return a label as it stands within a sentence: “Age” is a word that has a capital only where a line begins."""
    return label.lower() if label.istitle() and label.lower() in _COMMON else label


@dataclass(frozen=True, slots=True)
class Degree:
    """What to call more, or less, of a column than others have: “fewer orders”; and much or little of it: “few orders”.

    The second is a message that is marked, with ``label`` in it, so that several columns can share it.
    """

    than_others: str
    level: str
    label: str


def degree(column: Column, label: str, *, more: bool) -> Degree:
    """Return what to call more (or less) of a column."""
    label = within(label)
    if time := _since(label):
        longer = say("a longer time {since}", since=time) if more else say("a shorter time {since}", since=time)
        return Degree(longer, _MANY if more else _FEW, label)
    # Of a label in another language the name tells it.
    plural = _are_many(label if current() == ENGLISH else words_for(column.name))
    if column.quantity == "year":
        if more:
            return Degree(say("a later {label}", label=label), mark("late {label}"), label)
        return Degree(say("an earlier {label}", label=label), mark("early {label}"), label)
    if column.quantity == "whole" and plural and not label.casefold().startswith("number"):
        than_others = say("more {label}", label=label) if more else say("fewer {label}", label=label)
        return Degree(than_others, _MANY if more else _FEW, label)
    if more:
        higher = say("higher {label}", label=label) if plural else say("a higher {label}", label=label)
        return Degree(higher, mark("high {label}"), label)
    lower = say("lower {label}", label=label) if plural else say("a lower {label}", label=label)
    return Degree(lower, mark("low {label}"), label)


def _since(label: str) -> str:
    """Return since when a column of days counts them; empty for all other columns."""
    said = {say(days): say(since) for days, since in _SINCE.items()}
    return said.get(label) or (label.removeprefix("days ") if label.startswith("days since ") else "")


def _are_many(label: str) -> bool:
    words = _BEFORE_REST.split(label, maxsplit=1)[0].split() or [label]
    # “Levels completed” are counted as “levels” are.
    return _is_plural(words[-1]) or (_is_plural(words[0]) and words[-1].endswith("ed"))


def _is_plural(word: str) -> bool:
    return word in ("children", "people") or (word.endswith("s") and not word.endswith(("ss", "us", "is")))
