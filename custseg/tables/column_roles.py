"""What each column of a customer table is for: identifier, feature, category, or ignored, with the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.errors import quote
from custseg.tables.column_format import ColumnFormat
from custseg.tables.reading import MOST_CATEGORIES, MOST_CODES
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.tables.reading import Reading

Role = Literal["identifier", "feature", "category", "outcome", "ignored"]
ROLES: tuple[Role, ...] = ("identifier", "feature", "category", "outcome", "ignored")

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
_FEWEST_ROWS_TO_JUDGE = 30
_MOST_MISSING = 0.5
# More than this nobody can follow in a picture or a sentence; whoever wants more chooses them.
_MOST_FEATURES = 40
_NUMBERS = ColumnFormat("number")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a customer table.

    ``reason`` says in words why it has its role; ``format`` how its cells become numbers; ``unit`` is empty where
    nobody stated one; ``money`` is True for a feature that counts as spend; ``label`` is what people call it, empty
    where nobody said so; ``order`` are the levels of an ordinal category from the least to the most.
    """

    name: str
    role: Role
    reason: str
    format: ColumnFormat = _NUMBERS
    unit: str = ""
    money: bool = False
    description: str = ""
    label: str = ""
    order: tuple[str, ...] = ()


def find_identifier(readings: Mapping[str, Reading]) -> str | None:
    """Return the column that tells customers apart: one that is named so before others, then the first."""
    suited = {name: _suits_as_identifier(name, reading) for name, reading in readings.items()}
    best_first = sorted((name for name in readings if suited[name]), key=lambda name: -suited[name])
    return next((name for name in best_first if readings[name].identifies), None)


def infer_role(name: str, reading: Reading, *, features: int = 0) -> tuple[Role, str]:
    """Judge one column, not the identifier, by its type, its name and its values; return its role and the reason.

    ``features`` is how many were found before it.
    """
    if reading.format.kind == "other":
        return "ignored", "neither numbers nor texts, such as lists"
    if not reading.known:
        return "ignored", "no row has a value"
    if reading.constant:
        what = "day" if reading.format.kind == "date" else "value"
        return "ignored", f"the same {what} in every row" + (" that has one" if reading.missing else "")
    if reading.missing > _MOST_MISSING * reading.rows:
        return "ignored", f"{percent(reading.missing / reading.rows)} missing"
    role, reason = _role_of_values(name, reading)
    if role == "feature" and features >= _MOST_FEATURES:
        return "ignored", f"{_MOST_FEATURES} features were found before it; choose it in place of another"
    return role, reason


def _suits_as_identifier(name: str, reading: Reading) -> int:
    """Return how well a column suits by its name and type: 2 where it is named so, 1 for any text, 0 not at all."""
    if _IDENTIFIER_NAME.search(name) or _CAMEL_IDENTIFIER.search(name):
        return 2 if reading.whole or reading.format.kind in ("text", "number as text") else 0
    return int(reading.format.kind == "text")


def _role_of_values(name: str, reading: Reading) -> tuple[Role, str]:
    if reading.format.kind == "date":
        return "ignored", "a date; as a feature it counts days"
    if reading.format.kind == "truth":
        return "category", "yes or no; as a feature it counts 1 or 0"
    if reading.format.countable:
        return _role_of_numbers(name, reading)
    if not reading.date_trouble and reading.distinct <= min(MOST_CATEGORIES, max(2, reading.known // 2)):
        return "category", f"{reading.distinct} different values"
    return "ignored", _why_not_read(reading)


def _why_not_read(reading: Reading) -> str:
    if reading.first_invalid is None:
        return reading.date_trouble or "free text"
    text, row = reading.first_invalid
    return f"not only numbers: {quote(text)} in row {row}; correct or empty such cells"


def _role_of_numbers(name: str, reading: Reading) -> tuple[Role, str]:
    if _CODE_NAME.search(name):
        return "ignored", "a code, judging by its name"
    if reading.whole and reading.known >= _FEWEST_ROWS_TO_JUDGE and reading.distinct <= MOST_CODES:
        return "category", f"only {reading.distinct} different whole numbers, so probably codes"
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
