"""How the numbers of a column are written for people: 1965, 19, 22.7%, 12,000 EUR."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from custseg.language import written as format_number
from custseg.tables.whole_numbers import LARGEST_EXACT
from custseg.wording import fixed, number, percentage, rounded

if TYPE_CHECKING:
    from custseg.tables.column_roles import Column, Quantity
    from custseg.tables.reading import Reading

NO_VALUE = "-"
_YEAR_NAME = re.compile(r"year|born|birth|vintage|founded|since|jahr", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 1800, 2100
_SHARE_UNIT = re.compile(r"share\b", re.IGNORECASE)
_SHARE_NAME = re.compile(r"(?:^|[\s_])share(?:[\s_]|$)", re.IGNORECASE)
_SIGNS = ("$", "€", "£")


def quantity_of(column: Column, reading: Reading) -> Quantity:
    """Say how the numbers of a column are written, from its name, its unit and its values."""
    if reading.numbers is None or not reading.least <= reading.largest or column.format.kind == "truth":
        return ""
    part = reading.least >= 0 and reading.largest <= 1
    if part and _SHARE_UNIT.match(column.unit):
        return "share"
    if column.format.kind == "date":
        return "whole"
    if not _all_whole(reading):
        return "share" if part and not column.unit and _SHARE_NAME.search(column.name) else ""
    years = reading.least >= _FIRST_YEAR and reading.largest <= _LAST_YEAR
    return "year" if years and _YEAR_NAME.search(column.name) else "whole"


def with_quantity(column: Column, reading: Reading) -> Column:
    """Return a column that knows how its numbers are written."""
    return replace(column, quantity=quantity_of(column, reading))


def written(column: Column, value: float, decimals: int | None = None, *, unit: bool = False) -> str:
    """Write a value of a column, or an average of its values, for people.

    Parameters
    ----------
    column
        The column; ``column.quantity`` says what its numbers are.
    value
        The value in the column's units; a dash stands for NaN.
    decimals
        How many decimals to write, of a percentage too; by default as many as tell something: about three digits, and
        none for a whole number of years, people or things. Years never have any.
    unit
        Whether to write the unit, where one is known.

    Returns
    -------
    str
        Plain text; the unit in it comes from the table, and is untrusted.

    """
    if math.isnan(value):
        return NO_VALUE
    if column.quantity == "year":
        return format_number(rounded(value, 0), "f")
    if column.quantity == "share":
        return percentage(number(100 * value) if decimals is None else fixed(100 * value, decimals))
    text = _plain(column, value) if decimals is None else fixed(value, decimals)
    return with_unit(text, column) if unit else text


def list_decimals(column: Column, usual: float) -> int:
    """Return how many decimals the values of a column have in a list, given how large they usually are.

    None for whole numbers and for those in the hundreds, else as many as show three digits; of a percentage, one.
    """
    if column.quantity in ("year", "whole"):
        return 0
    if column.quantity == "share":
        return 1
    if not usual < 100:
        return 0
    return min(12, max(2, 2 - math.floor(math.log10(usual)))) if usual > 0 else 2


def average_decimals(column: Column, usual: float) -> int:
    """Return how many decimals an average of a column has in a table: one for ages and counts below a hundred."""
    if column.quantity == "whole":
        return 1 if 1 <= usual < 100 else 2 if usual < 1 else 0
    return list_decimals(column, usual)


def numeral_format(column: Column, decimals: int) -> str:
    """Return a format of Numeral.js, as Bokeh takes it, that writes what ``written`` does with these decimals."""
    whole = "0" if column.quantity == "year" else "0,0"
    places = f".{'0' * decimals}" if decimals and column.quantity != "year" else ""
    return f"{whole}{places}{'%' if column.quantity == 'share' else ''}"


def _plain(column: Column, value: float) -> str:
    if column.quantity == "whole" and abs(value) < LARGEST_EXACT:
        if float(value).is_integer():
            return fixed(value, 0)
        # An average.
        return fixed(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2)
    return number(value)


def unit_in_words(column: Column) -> str:
    """Return the unit that ``with_unit`` would put behind a number, where it is words and no sign; else nothing."""
    behind = with_unit("", column).strip()
    return "" if behind in (*_SIGNS, "%") else behind


def unsaid_unit(label: str, unit: str) -> str:
    """Return a unit to put beside a label; nothing where that says it: "days since the last purchase" are days."""
    return "" if unit.casefold() in label.casefold() else unit


def with_unit(text: str, column: Column, *, sign_only: bool = False) -> str:
    """Add the unit to a number: after it, or a currency's sign before it; ``sign_only`` leaves out words."""
    unit = column.unit
    if not unit or (sign_only and unit not in (*_SIGNS, "%")):
        return text
    label = (column.label or column.name).casefold()
    said = unit.casefold() in label or unit.casefold().split()[0] in label.split()
    if said or column.quantity in ("year", "share"):
        return text
    if unit in _SIGNS:
        return f"-{unit}{text[1:]}" if text.startswith("-") else f"{unit}{text}"
    return percentage(text) if unit == "%" else f"{text} {unit}"


def _all_whole(reading: Reading) -> bool:
    import numpy as np

    if reading.whole:
        return True
    numbers = reading.floats
    # A gap among whole numbers makes floating point ones of them.
    return bool((np.isnan(numbers) | (numbers == np.floor(numbers))).all()) and not reading.infinite
