"""Which columns of a table of purchases are which, as the first rows show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.rows import find_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.reading import Reading


def guessed_columns(frame: nw.DataFrame[Any], readings: Mapping[str, Reading]) -> TransactionColumns:
    """Return which column is which, as the first rows were read. Raises DataError where they are no purchases."""
    meaning = find_rows(find_facts(frame, readings))
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
