"""JSON Lines, one object a customer; and a JSON array of such objects."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import narwhals as nw

from custseg.errors import DataError, quote
from custseg.language import mark, say
from custseg.tables.sources import SourceTable
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.database import connect, plain_name
from custseg.tables.sources.limits import check_cells, check_columns
from custseg.tables.sources.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_WHERE = re.compile(r"in (?:line|record/value) (\d+)|at byte \d+ in (?:line|record/value) (\d+)", re.IGNORECASE)


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read JSON Lines. Raises DataError where they are none, with the line where DuckDB tells it."""
    del sheet
    import duckdb

    with scan(path) as relation:
        try:
            table = relation.to_arrow_table()
        except duckdb.Error as problem:
            raise _broken(path, problem) from problem
    check_cells(table.num_rows, table.num_columns, path)
    check_names(table.column_names)
    return SourceTable(nw.from_native(table.rename_columns(filled_names(table.column_names)), eager_only=True))


@contextmanager
def scan(path: Path) -> Iterator[duckdb.DuckDBPyRelation]:
    """Look at the rows through DuckDB."""
    import duckdb

    with as_utf8(path) as text, connect(text.path, in_order=True) as connection:
        try:
            relation = connection.read_json(plain_name(text.path), sample_size=-1, maximum_object_size=1 << 24)
            columns = relation.columns
        except duckdb.Error as problem:
            raise _broken(path, problem) from problem
        if columns == ["json"]:
            msg = say(
                "{name} was expected to hold one JSON object per customer, but it holds values that are not objects. "
                "{advice}",
                name=quote(path.name),
                advice=say(_ADVICE),
            )
            raise DataError(msg)
        check_columns(len(columns), path)
        yield relation


_ADVICE = mark("Write one object per line, such as {“customer_id”: “C1”, “spend”: 12.5}.")


def _broken(path: Path, problem: Exception) -> DataError:
    if "duplicate" in str(problem).lower() or "differ only in case" in str(problem):
        return DataError(
            say(
                "{name} was expected to hold one JSON object per customer, but two names in an object are the same or "
                "differ only in capital letters. Rename one.",
                name=quote(path.name),
            )
        )
    where = _WHERE.search(str(problem))
    line = next((found for found in where.groups() if found), None) if where else None
    if line:
        return DataError(
            say(
                "{name} was expected to hold one JSON object per customer, but it cannot be read as JSON near line "
                "{line}. {advice}",
                name=quote(path.name),
                line=line,
                advice=say(_ADVICE),
            )
        )
    return DataError(
        say(
            "{name} was expected to hold one JSON object per customer, but it cannot be read as JSON. {advice}",
            name=quote(path.name),
            advice=say(_ADVICE),
        )
    )
