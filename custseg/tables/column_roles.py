"""What each column of a customer table is for: identifier, feature, category, or ignored, with the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np

from custseg.errors import quote
from custseg.tables.cell_parsing import Reading, drop_missing, to_numbers
from custseg.wording import percent

Role = Literal["identifier", "feature", "category", "ignored"]
ROLES: tuple[Role, ...] = ("identifier", "feature", "category", "ignored")

_IDENTIFIER_NAME = re.compile(r"(^|[^a-z])(id|ids|key|uuid|guid|number|no|nr)$|customer$|^index$", re.IGNORECASE)
_CAMEL_IDENTIFIER = re.compile(r"[a-z](ID|Id|Key|UUID)$")
_CODE_NAME = re.compile(r"(^|[^a-z])(zip|postcode|postal|plz|phone|telephone|mobile)([^a-z]|$)", re.IGNORECASE)
_MONEY_NAME = re.compile(
    r"spen[dt]|spending|sales|revenue|turnover|amount|monetary|purchases?|value|basket|price|cost|profit|margin",
    re.IGNORECASE,
)
_NOT_MONEY_NAME = re.compile(
    r"(^|[^a-z])(average|avg|mean|median|per|id|age|year|month|day|days|week|visits?|count|number|score|rate|ratio|share|percent|quantity|qty|orders?|"
    r"recency|frequency|tenure|income|latitude|longitude|zip|postcode|phone)([^a-z]|$)",
    re.IGNORECASE,
)
_MOST_CODES = 5
_FEWEST_ROWS_TO_JUDGE = 30
_MOST_CATEGORIES = 50
_MOST_MISSING = 0.5
# More than this nobody can follow in a picture or a sentence; whoever wants more chooses them.
_MOST_FEATURES = 40
_LOOK_AT_FIRST = 2048
_PLAIN = Reading("number")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a customer table.

    ``reason`` says in words why it has its role; ``reading`` how its cells become numbers; ``unit`` is empty where
    nobody stated one; ``money`` is True for a feature that counts as spend.
    """

    name: str
    role: Role
    reason: str
    reading: Reading = _PLAIN
    unit: str = ""
    money: bool = False
    description: str = ""


def find_identifier(frame: nw.DataFrame[Any], readings: dict[str, Reading]) -> str | None:
    """Return the column that tells customers apart: one that is named so before others, then the first."""
    suited = {name: _suits_as_identifier(frame[name], readings[name]) for name in frame.columns}
    best_first = sorted((name for name in frame.columns if suited[name]), key=lambda name: -suited[name])
    return next((name for name in best_first if _is_different_everywhere(frame[name])), None)


def infer_role(series: nw.Series[Any], reading: Reading, *, features: int = 0) -> tuple[Role, str]:
    """Judge one column, not the identifier, by its type, its name and its values; return its role and the reason.

    ``features`` is how many were found before it.
    """
    if reading.kind == "other":
        return "ignored", "neither numbers nor texts, such as lists"
    cells = drop_missing(series, reading)
    if not len(cells):
        return "ignored", "no row has a value"
    if _is_same_everywhere(cells, reading):
        return "ignored", "the same value in every row" + (" that has one" if len(cells) < len(series) else "")
    missing = 1 - len(cells) / len(series)
    if missing > _MOST_MISSING:
        return "ignored", f"{percent(missing)} missing"
    role, reason = _role_of_values(cells, reading)
    if role == "feature" and features >= _MOST_FEATURES:
        return "ignored", f"{_MOST_FEATURES} features were found before it; choose it in place of another"
    return role, reason


def _is_same_everywhere(cells: nw.Series[Any], reading: Reading) -> bool:
    if reading.kind != "number as text":
        return cells.head(_LOOK_AT_FIRST).n_unique() == 1 and cells.n_unique() == 1
    # “1” and “1.0” are the same number.
    values = to_numbers(cells.head(_LOOK_AT_FIRST), reading)
    if values.min() == values.max() and len(cells) > len(values):
        values = to_numbers(cells, reading)
    return bool(values.min() == values.max())


def _suits_as_identifier(series: nw.Series[Any], reading: Reading) -> int:
    """Return how well a column suits by its name and type: 2 where it is named so, 1 for any text, 0 not at all."""
    if _named_as_identifier(series.name):
        return 2 if series.dtype.is_integer() or reading.kind in ("text", "number as text") else 0
    return int(reading.kind == "text")


def _named_as_identifier(name: str) -> bool:
    return bool(_IDENTIFIER_NAME.search(name) or _CAMEL_IDENTIFIER.search(name))


def _is_different_everywhere(series: nw.Series[Any]) -> bool:
    first = series.head(_LOOK_AT_FIRST)
    if series.null_count() or first.n_unique() < len(first):
        return False
    if len(first) == len(series):
        return True
    # Most tables come in the order of their identifier, and a comparison takes a fraction of a count.
    ordered = series.dtype == nw.String or series.dtype.is_integer()
    ascending = ordered and (series[:-1] < series[1:]).all()
    return ascending or series.n_unique() == len(series)


def _distinct(cells: nw.Series[Any], most: int) -> int:
    """Count the different values, or return more than ``most`` as soon as that is sure."""
    seen = cells.head(_LOOK_AT_FIRST).n_unique()
    return seen if seen > most else cells.n_unique()


def _role_of_values(cells: nw.Series[Any], reading: Reading) -> tuple[Role, str]:
    if reading.kind == "date":
        return "ignored", "a date; as a feature it counts days"
    if reading.kind == "truth":
        return "category", "yes or no; as a feature it counts 1 or 0"
    if reading.countable:
        return _role_of_numbers(cells, reading)
    distinct = _distinct(cells, _MOST_CATEGORIES)
    if distinct <= min(_MOST_CATEGORIES, max(2, len(cells) // 2)):
        return "category", f"{distinct} different values"
    if reading.first_invalid is not None:
        text, row = reading.first_invalid
        return "ignored", f"not only numbers, but {quote(text)} in row {row}"
    return "ignored", "free text"


def _role_of_numbers(cells: nw.Series[Any], reading: Reading) -> tuple[Role, str]:
    if _CODE_NAME.search(cells.name):
        return "ignored", "a code, going by its name"
    if cells.dtype.is_integer() and len(cells) >= _FEWEST_ROWS_TO_JUDGE:
        distinct = _distinct(cells, _MOST_CODES)
        if distinct <= _MOST_CODES:
            return "category", f"only {distinct} different whole numbers, as codes have"
    if reading.example is not None:
        text, value = reading.example
        return "feature", f"numbers written as text; {quote(text)} is read as {value:,.12g}"
    return "feature", "numbers"


def guess_money(name: str, values: np.ndarray) -> bool:
    """Guess whether a feature is an amount of money, from its name and then from how its values are spread.

    Without a telling name, spend is recognised as never negative, mostly different from customer to customer,
    in the hundreds or more, and with a long tail to the right (mean well above the median).
    """
    if not len(values) or _NOT_MONEY_NAME.search(name) or (values < 0).any():
        return False
    if _MONEY_NAME.search(name):
        return True
    median = float(np.median(values))
    varied = len(np.unique(values)) >= 0.5 * len(values)
    return varied and median >= 100 and float(np.mean(values)) > 1.1 * median
