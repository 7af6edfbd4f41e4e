"""A DuckDB connection that reads what it is told to, keeps to its memory, and asks nobody for more."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # DuckDB would else fetch an extension from its makers when a file seems to need one.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "preserve_insertion_order": "false",
}
_WILDCARDS = frozenset("*?[]{}")
# What a table that stays where it is may take of this process's memory.
_MEMORY_FOR_GOOD = "1GB"


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory. What doesn't fit spills into a folder that goes with the connection."""
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="custseg-") as folder,
        duckdb.connect(config=_SETTINGS | {"temp_directory": folder}) as connection,
    ):
        # It would be written among what a program prints.
        connection.execute("SET enable_progress_bar = false")
        yield connection


def open_for_good(path: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database file to read from, or one in memory, for as long as tables of it are looked at."""
    import duckdb

    settings = _SETTINGS | {"temp_directory": _spill_folder().name, "memory_limit": _MEMORY_FOR_GOOD}
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=path is not None, config=settings)
    connection.execute("SET enable_progress_bar = false")
    return connection


class Database:
    """A database to read from for as long as tables of it are looked at, on a connection of its own for each thread."""

    def __init__(self, path: Path | None = None) -> None:
        # It answers nothing itself: a connection refuses whatever is asked while it answers something else.
        self._root, self._one_at_a_time = open_for_good(path), Lock()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return another connection."""
        with self._one_at_a_time:
            return self._root.cursor()


class Workspace(Database):
    """A database of our own on disk, to write to: larger than memory, and gone once nobody looks at its tables."""

    def __init__(self) -> None:
        import duckdb

        folder = tempfile.mkdtemp(prefix="custseg-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        settings = _SETTINGS | {"temp_directory": f"{folder}/spilled", "memory_limit": _MEMORY_FOR_GOOD}
        self._root = duckdb.connect(f"{folder}/customers.duckdb", config=settings)
        self._root.execute("SET enable_progress_bar = false")
        self._one_at_a_time = Lock()


@cache
def _spill_folder() -> tempfile.TemporaryDirectory[str]:
    # It goes with the process.
    return tempfile.TemporaryDirectory(prefix="custseg-")


@cache
def _sniffer() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config=_SETTINGS | {"threads": 1})


def sniffer() -> duckdb.DuckDBPyConnection:
    """Return a connection for looking at a few lines: opening one of its own takes longer than that does."""
    return _sniffer().cursor()


@contextmanager
def plainly_named(path: Path) -> Iterator[Path]:
    """Give a file a name that DuckDB can't take for a pattern of names, while the block runs."""
    if not _WILDCARDS & set(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="custseg-") as folder:
        link = type(path)(folder) / f"file{path.suffix if not _WILDCARDS & set(path.suffix) else ''}"
        link.symlink_to(path.resolve())
        yield link
