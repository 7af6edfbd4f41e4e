"""Which column of purchases is which, and their lines in DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import SettingError
from custseg.language import say
from custseg.tables.date_order import with_settled_order
from custseg.tables.purchases.cells import Cells
from custseg.tables.purchases.checks import check_one_currency, checked_amount
from custseg.tables.purchases.lines import Lines, read_lines
from custseg.tables.purchases.recognition import guessed_columns
from custseg.tables.purchases.source_rows import first_rows
from custseg.tables.reading import Reading, read_columns

if TYPE_CHECKING:
    import datetime as dt

    import duckdb
    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.amount import Amount


def recognised(
    frame: nw.DataFrame[Any], columns: TransactionColumns | None, as_of: dt.date | None
) -> tuple[TransactionColumns, Amount | None, dict[str, Reading]]:
    """Return which column is which, what a purchase cost, and how the first rows were read.

    Raises DataError and SettingError as ``from_transactions`` does.
    """
    readings = read_columns(frame)
    columns = columns or guessed_columns(frame, readings)
    amount = checked_amount(columns, readings)
    if amount:
        check_one_currency(frame, amount, readings)
    if as_of and not columns.date:
        msg = say("as_of is a day to count back from, but no column holds dates. Give date, or leave as_of out.")
        raise SettingError(msg)
    return columns, amount, readings


def recognised_lines(
    relation: duckdb.DuckDBPyRelation,
    columns: TransactionColumns | None,
    as_of: dt.date | None,
    workspace: duckdb.DuckDBPyConnection | None = None,
) -> Lines:
    """Read the lines of a relation; see ``read_lines`` for the workspace."""
    frame = first_rows(relation)
    columns, amount, readings = recognised(frame, columns, as_of)
    readings = with_settled_order(relation, readings, columns.date)
    return read_lines(relation, columns, amount, Cells.of(relation, frame, readings), as_of, workspace)
