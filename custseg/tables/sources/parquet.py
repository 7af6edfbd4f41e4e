"""Parquet files."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import narwhals as nw

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.sources import SourceTable
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.database import connect
from custseg.tables.sources.limits import check_cells, check_columns, most_unpacked, unpacks_to_too_much

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import pyarrow as pa
    from pyarrow import parquet

# The first and the last day of Python's calendar, in days after 1 January 1970.
_FIRST_DAY, _LAST_DAY = (day.toordinal() - dt.date(1970, 1, 1).toordinal() for day in (dt.date.min, dt.date.max))


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read a Parquet file. Raises DataError where it is broken."""
    del sheet
    try:
        table = _read_checked(path)
    except DataError:
        raise
    except Exception as problem:
        # Arrow raises a dozen kinds of errors for a broken file, UnicodeDecodeError and RuntimeError among them.
        raise _broken(path) from problem
    check_names(table.column_names)
    _check_dates(table, path)
    return SourceTable(nw.from_native(table.rename_columns(filled_names(table.column_names)), eager_only=True))


def rows_in(path: Path) -> int:
    """Return how many rows a Parquet file says that it has. Raises DataError where it is broken."""
    from pyarrow import parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except Exception as problem:
        raise _broken(path) from problem


@contextmanager
def scan(path: Path) -> Iterator[duckdb.DuckDBPyRelation]:
    """Look at the rows through DuckDB, read by Arrow: DuckDB's own reader never comes back from some broken files."""
    import pyarrow as pa
    from pyarrow import dataset, parquet

    with connect() as connection:
        try:
            # Rows are not counted, since they are never all in memory.
            check_columns(len(parquet.read_schema(path)), path)
            relation = connection.from_arrow(dataset.dataset(path, format="parquet"))
        except DataError:
            raise
        except Exception as problem:
            raise _broken(path) from problem
        try:
            yield relation
        except (pa.ArrowException, RuntimeError, OSError) as problem:
            raise _broken(path) from problem


@contextmanager
def batches(path: Path, rows: int) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
    """Go through the rows in their order, so many at a time. Raises DataError where the file is broken."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            check_columns(len(file.schema_arrow), path)
            check_names(file.schema_arrow.names)
            yield file.schema_arrow, file.iter_batches(rows)
    except (pa.ArrowException, RuntimeError, OSError, UnicodeDecodeError) as problem:
        if isinstance(problem, OSError) and problem.filename not in (None, str(path)):
            # What is read goes somewhere, and that is where it went wrong.
            raise
        raise _broken(path) from problem


def _read_checked(path: Path) -> pa.Table:
    """Read a file so that nothing that is wrong with it shows later, when a cell is asked for."""
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        _check_extent(file, path)
        table = file.read()
    table.validate(full=True)
    # Time zones, and what pandas once wrote about its columns, are looked at by pandas alone.
    table.schema.empty_table().to_pandas()
    return table


def _check_extent(file: parquet.ParquetFile, path: Path) -> None:
    """Raise DataError where the file itself says that it holds too much: some kilobytes can hold any number of rows."""
    facts = file.metadata
    check_cells(facts.num_rows, facts.num_columns, path)
    most = most_unpacked(sys.maxsize)
    if sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups)) > most:
        raise unpacks_to_too_much(path, most)


def _check_dates(table: pa.Table, path: Path) -> None:
    """Raise DataError where a date is beyond the calendar, as broken files have them."""
    import pyarrow as pa
    from pyarrow import compute

    for name, column in zip(table.column_names, table.columns, strict=True):
        if not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)) or column.null_count == len(
            column
        ):
            continue
        days = compute.min_max(compute.cast(column, pa.date32()).cast(pa.int32()))
        if days["min"].as_py() < _FIRST_DAY or days["max"].as_py() > _LAST_DAY:
            msg = say(
                "Dates from the years 1 to 9999 were expected, but {name} in {file} holds others. Correct "
                "these cells, or leave them empty.",
                name=quote(name),
                file=quote(path.name),
            )
            raise DataError(msg)


def _broken(path: Path) -> DataError:
    return DataError(
        say("{name} is a Parquet file that is broken or cut off. Write or copy it again.", name=quote(path.name))
    )
