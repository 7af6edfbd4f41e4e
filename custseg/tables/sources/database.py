"""Connections to DuckDB that read the files they are given, keep to their memory, and ask nobody for more.

A connection that somebody hands in is theirs, and stays as it is.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from custseg.parallel import give_way
from custseg.tables.sql_quoting import text_literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    # DuckDB would else fetch an extension from its makers when a file seems to need one.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # Else a table that is not there could be a variable of ours.
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    "preserve_insertion_order": "false",
}
_WILDCARDS = str.maketrans({sign: f"[{sign}]" for sign in "*?["})
# What a table that stays where it is may take of this process's memory.
_MEMORY_FOR_GOOD = "1GB"


@contextmanager
def connect(*files: Path, in_order: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that reads these files. What doesn't fit spills into a folder that goes with it.

    Several threads read a file; where their rows are to stay in its order, that has to be said.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="custseg-") as folder:
        settings = _SETTINGS | {"temp_directory": folder, "preserve_insertion_order": in_order}
        with duckdb.connect(config=settings) as connection:
            _close_off(connection, files)
            yield connection


def open_for_good(path: Path | None = None, files: Iterable[Path] = ()) -> duckdb.DuckDBPyConnection:
    """Open a database file to read from, or one in memory that reads files, for as long as tables are looked at."""
    settings = _SETTINGS | {"temp_directory": _spill_folder(), "memory_limit": _MEMORY_FOR_GOOD}
    connection = _connected(str(path) if path else ":memory:", settings, read_only=path is not None)
    _close_off(connection, files)
    return connection


def _connected(
    path: str, settings: dict[str, str | bool | int | float | list[str]], *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open a database whose threads give way to the others of the process, as the thread does that starts them."""
    import duckdb

    with ThreadPoolExecutor(1, initializer=give_way) as thread:
        return thread.submit(duckdb.connect, path, read_only=read_only, config=settings).result()


class Database:
    """A database to read from for as long as tables of it are looked at, on a connection of its own for each thread."""

    def __init__(self, path: Path | None = None, files: Iterable[Path] = ()) -> None:
        # It answers nothing itself: a connection refuses whatever is asked while it answers something else.
        self._root, self._one_at_a_time = open_for_good(path, files), Lock()

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Return another connection."""
        with self._one_at_a_time:
            return self._root.cursor()


class Workspace(Database):
    """A database of our own on disk, to write to: larger than memory, and gone once nobody looks at its tables."""

    def __init__(self) -> None:
        folder = tempfile.mkdtemp(prefix="custseg-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        settings = _SETTINGS | {"temp_directory": f"{folder}/spilled", "memory_limit": _MEMORY_FOR_GOOD}
        self._root = _connected(f"{folder}/customers.duckdb", settings)
        _close_off(self._root)
        self._one_at_a_time = Lock()


@contextmanager
def sniffing(sample: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Write a few lines to a file, and return a connection that reads it: opening one of its own would take longer."""
    connection, samples = _sniffer()
    samples.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=samples) as folder, connection.cursor() as cursor:
        file = Path(folder) / "sample.csv"
        file.write_text(sample, encoding="utf-8", newline="")
        yield cursor, file


def plain_name(path: Path) -> str:
    """Return the name of a file as DuckDB takes it for that file, and for no pattern of names."""
    return str(path).translate(_WILDCARDS)


def keep_quiet(connection: duckdb.DuckDBPyConnection) -> None:
    """Have a connection draw no bar of progress: it would be written among what a program prints."""
    import duckdb

    with suppress(duckdb.InvalidInputException):
        # In a notebook without the package that draws it, which has none then, DuckDB refuses both answers.
        connection.execute("SET enable_progress_bar = false")


def _close_off(connection: duckdb.DuckDBPyConnection, files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
    """Leave nothing to a connection but these files, and what is in these folders, whatever SQL comes to it."""
    if connection.execute("SELECT current_setting('lock_configuration')").fetchall() == [(True,)]:
        # It is of a database file that was opened before: DuckDB opens a file once a process.
        return
    keep_quiet(connection)
    # Also where links lead to, and as it is asked for.
    named = {name for file in files for name in (str(file), str(file.resolve()), plain_name(file))}
    for setting, paths in (("allowed_paths", named), ("allowed_directories", map(str, folders))):
        connection.execute(f"SET {setting} = [{', '.join(map(text_literal, sorted(paths)))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


@cache
def _spill_folder() -> str:
    folder = tempfile.mkdtemp(prefix="custseg-")
    # It goes with the process; a TemporaryDirectory that does warns of it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _sniffer() -> tuple[duckdb.DuckDBPyConnection, Path]:
    import duckdb

    samples = Path(_spill_folder()) / "samples"
    connection = duckdb.connect(config=_SETTINGS | {"threads": 1})
    _close_off(connection, folders=[samples])
    return connection, samples
