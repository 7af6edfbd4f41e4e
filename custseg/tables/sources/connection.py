"""A connection to DuckDB: its only table, or a sentence that says how to name one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, listed
from custseg.language import say

if TYPE_CHECKING:
    import duckdb


def is_connection(source: Any) -> bool:
    """Whether this is a connection to DuckDB; asked without importing it."""
    kind = type(source)
    return kind.__name__ == "DuckDBPyConnection" and kind.__module__.split(".")[0] in ("duckdb", "_duckdb")


def only_table(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    """Return the table of a connection. Raises DataError where there is none, or more than one to choose from."""
    names = [str(name) for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    if len(names) != 1:
        found = f"several ({listed(names)})" if names else "none"
        msg = say(
            "A connection to DuckDB with one table was expected, but got {found}. Pass the table itself, "
            'such as connection.table("customers").',
            found=found,
        )
        raise DataError(msg)
    return connection.table(names[0])
