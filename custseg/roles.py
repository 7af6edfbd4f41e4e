"""What each column of a customer table is for: identifier, feature, category, or ignored, with the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np

Role = Literal["identifier", "feature", "category", "ignored"]

_IDENTIFIER_NAME = re.compile(r"(^|[^a-z])(id|ids|key|uuid|guid|number|no|nr)$|customer$|^index$", re.IGNORECASE)
_CAMEL_IDENTIFIER = re.compile(r"[a-z](ID|Id|Key|UUID)$")
_MONEY_NAME = re.compile(
    r"spen[dt]|spending|sales|revenue|turnover|amount|monetary|purchases?|value|basket|price|cost|profit|margin",
    re.IGNORECASE,
)
_NOT_MONEY_NAME = re.compile(
    r"(^|[^a-z])(id|age|year|month|day|days|week|visits?|count|number|score|rate|ratio|share|percent|quantity|qty|orders?|"
    r"recency|frequency|tenure|income|latitude|longitude|zip|postcode|phone)([^a-z]|$)",
    re.IGNORECASE,
)
_MOST_CODES = 5
_FEWEST_ROWS_TO_JUDGE = 30
_MOST_CATEGORIES = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a customer table.

    ``reason`` says in words why it has its role; ``unit`` is empty where nobody stated one;
    ``money`` is True for a feature that counts as spend.
    """

    name: str
    role: Role
    reason: str
    unit: str = ""
    money: bool = False
    description: str = ""


def infer_role(series: nw.Series[Any], *, identifier_taken: bool) -> tuple[Role, str]:
    """Judge one column by its type, its name and its values; return the role and the reason for it."""
    name, rows = series.name, len(series)
    missing = series.null_count()
    if missing == rows:
        return "ignored", "no row has a value"
    try:
        distinct = series.n_unique()
    except TypeError:
        return "ignored", "values that can't be told apart, such as lists"
    if series.dtype.is_numeric():
        return _role_of_numbers(series, name, distinct, rows, identifier_taken=identifier_taken)
    return _role_of_others(series, distinct, rows, identifier_taken=identifier_taken)


def _role_of_others(series: nw.Series[Any], distinct: int, rows: int, *, identifier_taken: bool) -> tuple[Role, str]:
    if distinct == 1:
        return "ignored", "the same value in every row"
    if series.dtype.is_temporal():
        return "ignored", "a date or time"
    if distinct == rows and not identifier_taken and series.dtype != nw.Boolean:
        return "identifier", "a different value in every row"
    if distinct <= min(_MOST_CATEGORIES, max(2, rows // 2)):
        return "category", f"{distinct} different values"
    return "ignored", "free text"


def _role_of_numbers(
    series: nw.Series[Any], name: str, distinct: int, rows: int, *, identifier_taken: bool
) -> tuple[Role, str]:
    named_as_identifier = bool(_IDENTIFIER_NAME.search(name) or _CAMEL_IDENTIFIER.search(name))
    whole = series.dtype.is_integer()
    if named_as_identifier and whole and distinct == rows and not identifier_taken:
        return "identifier", "a different value in every row"
    if distinct == 1:
        return "ignored", "the same value in every row"
    if whole and distinct <= _MOST_CODES and rows >= _FEWEST_ROWS_TO_JUDGE:
        return "category", f"only {distinct} different whole numbers, as codes have"
    return "feature", "a number for every customer"


def guess_money(name: str, values: np.ndarray) -> bool:
    """Guess whether a feature is an amount of money, from its name and then from how its values are spread.

    Without a telling name, spend is recognised as never negative, mostly different from customer to customer,
    in the hundreds or more, and with a long tail to the right (mean well above the median).
    """
    if _NOT_MONEY_NAME.search(name) or (values < 0).any():
        return False
    if _MONEY_NAME.search(name):
        return True
    median = float(np.median(values))
    varied = len(np.unique(values)) >= 0.5 * len(values)
    return varied and median >= 100 and float(np.mean(values)) > 1.1 * median
