"""Which columns of a table of purchases are which, as the first rows show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.language import say
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.rows import columns_if_purchases, find_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.reading import Reading


def guessed_columns(frame: nw.DataFrame[Any], readings: Mapping[str, Reading]) -> TransactionColumns:
    """Return which column is which, as the first rows were read. Raises DataError where they are no purchases."""
    facts = find_facts(frame, readings)
    meaning = find_rows(facts)
    found = meaning.columns
    for doubt in meaning.doubts:
        if doubt.matters and found is not None:
            msg = say(
                "{sentence} Answer with {answers} in TransactionColumns; all else could be {found}.",
                sentence=doubt.sentence,
                answers=doubt.answers,
                found=found,
            )
            raise DataError(msg)
    if found is None:
        possible = columns_if_purchases(facts)
        msg = say(
            "One row per purchase was expected, with customers who appear more than once, a date and an "
            "amount, but these were not found for sure among {columns}. Say which column is which.",
            columns=listed(frame.columns),
        )
        if possible:
            msg = f"{msg} {say('It could be {columns}.', columns=possible)}"
        raise DataError(msg)
    return found
