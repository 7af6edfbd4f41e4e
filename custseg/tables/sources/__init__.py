"""Files in: CSV, Parquet, Excel and JSON Lines, told apart by what they hold and not by their name alone."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, quote, reason_of_system
from custseg.language import say
from custseg.tables.sources.signature import Format, format_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb
    import narwhals as nw
    import pyarrow as pa

    from custseg.tables.engine.engine_frame import EngineFrame

_LINE = re.compile(r"on Line: (\d+)")


@dataclass(frozen=True, eq=False)
class SourceTable:
    """What a source holds, and how it was understood, in sentences.

    Of a table that stays in an engine, ``frame`` is a sample, and ``elsewhere`` all of it.
    """

    frame: nw.DataFrame[Any]
    notes: tuple[str, ...] = ()
    elsewhere: EngineFrame | None = None


def read_file(path: Path, sheet: str | None = None) -> SourceTable:
    """Read a file of customers. ``sheet`` chooses one of an Excel file; the first that holds anything by default.

    Raises
    ------
    DataError
        There is no such file, or it is no table of a format that can be read.

    """
    try:
        table: SourceTable = _reader(path).read(path, sheet)
    except OSError as problem:
        msg = say(
            "{name} cannot be opened: {why}.",
            name=quote(path.name),
            why=reason_of_system(problem),
        )
        raise DataError(msg) from problem
    return table


def read_once(path: Path, sheet: str | None = None) -> Path | SourceTable:
    """Read a file that can only be read whole, for whoever looks at it several times; leave any other to ``scan``."""
    return path if hasattr(_reader(path), "scan") else read_file(path, sheet)


@contextmanager
def scan(path: Path, sheet: str | None = None) -> Iterator[duckdb.DuckDBPyRelation]:
    """Look at the rows of a file through DuckDB, without reading all of them into memory (but those of Excel).

    Raises
    ------
    DataError
        There is no such file, or it turns out while it is read that it is no table.

    """
    import duckdb

    try:
        with _scanned(path, sheet) as relation:
            yield relation
    except (duckdb.Error, UnicodeDecodeError) as problem:
        # A text that is broken shows when it becomes one of Python's.
        line = _LINE.search(str(problem))
        name = quote(path.name)
        msg = (
            say(
                "{name} cannot be read as a table: line {line} differs from the others. Correct it.",
                name=name,
                line=line[1],
            )
            if line
            else say("{name} cannot be read as a table. Write it again as CSV or Parquet.", name=name)
        )
        raise DataError(msg) from problem


@contextmanager
def _scanned(path: Path, sheet: str | None) -> Iterator[duckdb.DuckDBPyRelation]:
    reader = _reader(path)
    if hasattr(reader, "scan"):
        with reader.scan(path) as relation:
            yield relation
        return
    from custseg.tables.sources.database import connect

    table: pa.Table = reader.read(path, sheet).frame.to_arrow()
    with connect() as connection:
        yield connection.from_arrow(table)


@contextmanager
def stream(path: Path, rows: int) -> Iterator[tuple[pa.Schema, Iterator[pa.RecordBatch]]]:
    """Go through the rows of a file in their order, so many at a time; the cells of a text file are texts.

    No row is left out. Raises DataError as ``scan`` does.
    """
    reader = _reader(path)
    if hasattr(reader, "batches"):
        with reader.batches(path, rows) as found:
            yield found
        return
    table: pa.Table = reader.read(path).frame.to_arrow()
    yield table.schema, iter(table.to_batches(rows))


def sheets_of(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets of an Excel file; none for a file of another format."""
    return _reader(path).sheets(path) if _format(path) is Format.EXCEL else ()


def _reader(path: Path) -> Any:
    return import_module(f"custseg.tables.sources.{_format(path).value}")


def _format(path: Path) -> Format:
    if not path.is_file():
        msg = say(
            "There is no file {name} to read customers from. Check the path, or choose another file.",
            name=quote(path.name),
        )
        raise DataError(msg)
    return format_of(path)
