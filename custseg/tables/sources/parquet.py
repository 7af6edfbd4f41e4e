"""Parquet files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import narwhals as nw

from custseg.errors import DataError, quote
from custseg.tables.sources import SourceTable
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.database import connect, plainly_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read a Parquet file. Raises DataError where it is broken."""
    del sheet
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as problem:
        raise _broken(path) from problem
    check_names(table.column_names)
    return SourceTable(nw.from_native(table.rename_columns(filled_names(table.column_names)), eager_only=True))


@contextmanager
def scan(path: Path) -> Iterator[duckdb.DuckDBPyRelation]:
    """Look at the rows through DuckDB."""
    import duckdb

    with plainly_named(path) as name, connect() as connection:
        try:
            relation = connection.read_parquet(str(name))
        except duckdb.Error as problem:
            raise _broken(path) from problem
        yield relation


def _broken(path: Path) -> DataError:
    return DataError(f"{quote(path.name)} is a Parquet file that is broken or cut off. Write or copy it again.")
