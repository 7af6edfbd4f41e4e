"""Which columns of a table of purchases are which, as the first rows show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.tables.purchases.source_rows import first_rows, opened
from custseg.tables.reading import read_columns
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.rows import find_rows

if TYPE_CHECKING:
    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns


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
    facts = find_facts(frame, read_columns(frame))
    dates = tuple(name for name, column in facts.items() if column.is_date)
    amounts = tuple(name for name, column in facts.items() if column.numeric)
    return Purchases(tuple(facts), dates, amounts, find_rows(facts).columns)


def guessed_columns(frame: nw.DataFrame[Any]) -> TransactionColumns:
    """Return which column is which. Raises DataError where the rows are no purchases."""
    meaning = find_rows(find_facts(frame, read_columns(frame)))
    found = meaning.columns
    for doubt in meaning.doubts:
        if doubt.matters and found is not None:
            answers = ", or ".join(f"{doubt.argument}={value}" for value, _ in doubt.choices)
            msg = f"{doubt.sentence} Answer with {answers} in TransactionColumns; all else could be {found}."
            raise DataError(msg)
    if found is None:
        msg = (
            "One row per purchase was expected, with customers who appear more than once, a date and an amount, but "
            f"these were not found among {listed(frame.columns)}. Say which column is which."
        )
        raise DataError(msg)
    return found
