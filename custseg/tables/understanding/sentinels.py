"""Numbers and days that stand for no value, such as -1, 9999 or 1 January 1900: a person is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import quote
from custseg.language import say
from custseg.tables.understanding import Doubt
from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.tables.understanding.facts import ColumnFacts

_BELOW = (-1.0, -9.0, -99.0, -999.0, -9999.0)
_ABOVE = (99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0)
_FEWEST, _FEWEST_SHARE = 3, 0.005
# The next smaller value is this much smaller, or else the number belongs to the others.
_FAR = 0.6
_DAYS = 20 * 365


def ask_about_sentinels(
    columns: Iterable[ColumnFacts], money: Iterable[str], answered: Iterable[str]
) -> tuple[Doubt, ...]:
    """Return a question for each column with a number, or a day, that may stand for no value."""
    spend, known = set(money), set(answered)
    found = {column.name: (column, sentinel_in(column)) for column in columns if column.name not in known}
    doubts = (
        _ask(column, *sentinel, matters=name in spend)
        for name, (column, sentinel) in found.items()
        if sentinel is not None
    )
    return tuple(doubts)


def _ask(column: ColumnFacts, value: str, rows: int, *, matters: bool) -> Doubt:
    name, share = repr(column.name), percent(rows / len(column.values))
    evidence = say("the only value below 0") if value.startswith("-") else say("far from all other values")
    sentence = say(
        "{column} is {value} in {rows} ({share}), {evidence}. Does that stand for no value?",
        column=quote(column.name),
        value=value,
        rows=count(rows, "row"),
        share=share,
        evidence=evidence,
    )
    choices = (
        (
            f"{{{name}: [{_written(value)}]}}",
            say("{value} stands for no value", value=value),
        ),
        (f"{{{name}: []}}", say("{value} is a value like any other", value=value)),
    )
    return Doubt(sentence, "missing", choices, matters=matters)


def _written(value: str) -> str:
    return repr(value) if "-" in value[1:] else value


def sentinel_in(column: ColumnFacts) -> tuple[str, int] | None:
    """Return the value that may stand for none, as text, and in how many of the first rows it is."""
    if not (column.numeric or column.is_date) or not len(column.finite):
        return None
    if column.is_date:
        return _first_day(column)
    values = column.finite
    fewest = max(_FEWEST, _FEWEST_SHARE * len(values))
    least, largest = float(values.min()), float(values.max())
    others = values[(values != least)]
    if least in _BELOW and len(others) and others.min() >= 0 and (values == least).sum() >= fewest:
        return f"{least:g}", int((values == least).sum())
    others = values[values != largest]
    if largest in _ABOVE and len(others) and 0 < others.max() < _FAR * largest and (values == largest).sum() >= fewest:
        return f"{largest:.0f}", int((values == largest).sum())
    return None


def _first_day(column: ColumnFacts) -> tuple[str, int] | None:
    """Days are counted back from the latest, so that the first has the largest number."""
    latest, values = column.reading.format.latest, column.finite
    first = float(values.max())
    others = values[values != first]
    rows = int((values == first).sum())
    if latest is None or rows < _FEWEST or not len(others) or first - float(others.max()) < _DAYS:
        return None
    return str(np.datetime64(latest) - np.timedelta64(int(first), "D")), rows
