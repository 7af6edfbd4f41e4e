"""Which columns of a table of purchases are which, judged by their names and by the first rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.purchases.source_rows import first_rows, opened
from custseg.tables.reading import read_columns

if TYPE_CHECKING:
    import narwhals as nw

_CUSTOMER = re.compile(
    r"customer|client|member|card|account|user|buyer|household|kund|shopper|subscriber", re.IGNORECASE
)
_DATE = re.compile(r"date|day|time|when|datum", re.IGNORECASE)
_AMOUNT = re.compile(
    r"amount|total|revenue|sales|spen[dt]|value|price|paid|turnover|betrag|umsatz|monetary", re.IGNORECASE
)
_CATEGORY = re.compile(r"categor|department|group|section|class|type|range|kategorie|gruppe", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a table of purchases offers: its columns that can be dates or amounts, and the best guess at all four."""

    names: tuple[str, ...]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]
    guess: TransactionColumns | None


def look_for_purchases(purchases: object, sheet: str | None = None) -> Purchases:
    """Say which columns of a file or dataframe could make it a table of purchases.

    ``guess`` is None where it looks like one row per customer: no date, no amount, or no customer that comes twice.
    """
    with opened(purchases, sheet) as relation:
        frame = first_rows(relation)
    dates, amounts = _candidates(frame)
    return Purchases(tuple(frame.columns), dates, amounts, _guess(frame, dates, amounts))


def _candidates(frame: nw.DataFrame[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns that can be dates, and those that can be amounts."""
    kinds = {name: reading.format.kind for name, reading in read_columns(frame).items()}
    dates = tuple(name for name, kind in kinds.items() if kind == "date")
    return dates, tuple(name for name, kind in kinds.items() if kind in ("number", "number as text"))


def _guess(frame: nw.DataFrame[Any], dates: tuple[str, ...], amounts: tuple[str, ...]) -> TransactionColumns | None:
    customer = next((name for name in frame.columns if _CUSTOMER.search(name) and _repeats(frame[name])), None)
    amount = next((name for name in amounts if _AMOUNT.search(name) and name != customer), None)
    if customer is None or amount is None or not dates:
        return None
    date = next((name for name in dates if _DATE.search(name)), dates[0])
    others = (name for name in frame.columns if name not in (customer, amount, date))
    category = next((name for name in others if _CATEGORY.search(name) and _repeats(frame[name])), None)
    return TransactionColumns(customer, date, amount, category)


def _repeats(series: nw.Series[Any]) -> bool:
    return 1 < series.n_unique() < len(series)


def guessed_columns(frame: nw.DataFrame[Any]) -> TransactionColumns:
    """Return the best guess at which column is which. Raises DataError where the rows are no purchases."""
    guess = _guess(frame, *_candidates(frame))
    if guess is None:
        msg = (
            "One row per purchase was expected, with customers who appear more than once, a date and an amount, but "
            f"these were not found among {listed(frame.columns)}. Say which column is which."
        )
        raise DataError(msg)
    return guess
