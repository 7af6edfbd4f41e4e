"""The rows of a file or dataframe of purchases, looked at through DuckDB."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import DataError
from custseg.language import say
from custseg.tables.sources import SourceTable, scan
from custseg.tables.sources.database import connect
from custseg.tables.table import CustomerTable, as_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ROWS_TO_RECOGNISE_BY = 50_000


@contextmanager
def opened(purchases: object, sheet: str | None) -> Iterator[duckdb.DuckDBPyRelation]:
    """Open a file, a dataframe, or what was read of a file. Raises DataError where it is none of these."""
    if isinstance(purchases, str | os.PathLike):
        with scan(Path(purchases), sheet) as relation:
            yield relation
        return
    frame = purchases.frame if isinstance(purchases, CustomerTable | SourceTable) else as_frame(purchases)
    with connect() as connection:
        yield connection.from_arrow(frame.to_arrow())


def first_rows(relation: duckdb.DuckDBPyRelation) -> nw.DataFrame[Any]:
    """Return the rows by which columns are recognised. Raises DataError where there are none."""
    rows = relation.limit(ROWS_TO_RECOGNISE_BY).to_arrow_table()
    # DuckDB takes over texts as they are in a file, broken ones too.
    rows.validate(full=True)
    frame: nw.DataFrame[Any] = nw.from_native(rows, eager_only=True)
    check_some(frame)
    return frame


def check_some(frame: nw.DataFrame[Any]) -> None:
    """Raise DataError where there are no purchases."""
    if not len(frame):
        msg = say("The table has no purchases, only column names. Add one row per purchase.")
        raise DataError(msg)
