"""Which columns of a table of purchases are which, as the first rows show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.tables.reading import read_columns
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.rows import find_rows

if TYPE_CHECKING:
    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns


def guessed_columns(frame: nw.DataFrame[Any]) -> TransactionColumns:
    """Return which column is which. Raises DataError where the rows are no purchases."""
    meaning = find_rows(find_facts(frame, read_columns(frame)))
    found = meaning.columns
    for doubt in meaning.doubts:
        if doubt.matters and found is not None:
            msg = f"{doubt.sentence} Answer with {doubt.answers} in TransactionColumns; all else could be {found}."
            raise DataError(msg)
    if found is None:
        msg = (
            "One row per purchase was expected, with customers who appear more than once, a date and an amount, but "
            f"these were not found among {listed(frame.columns)}. Say which column is which."
        )
        raise DataError(msg)
    return found
