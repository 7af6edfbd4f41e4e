"""The ledger's file: a DuckDB database of known tables, in which each change is whole or not there at all."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from custseg.errors import DataError, quote
from custseg.language import mark, say
from custseg.tables.sources.database import keep_quiet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 2
# Older ones are read as they are, and brought up to date by whoever adds to them.
_READ = (1, VERSION)
# Nothing but this file is read or written, whatever stands in it.
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
_LOCKED = "set lock"
_TRIES, _SECONDS_BETWEEN_TRIES = 10, 0.2
# Period 1 is the first, and times are those of UTC. Segment 0 stands for none, GONE for a customer who is not there.
GONE = -1
FIGURES = "figures"
TABLES = {
    "custseg_ledger": {"version": "INTEGER"},
    "periods": {
        "period": "INTEGER",
        "name": "VARCHAR",
        "added": "TIMESTAMP",
        "source": "VARCHAR",
        "basis": "INTEGER",
        "found_anew": "BOOLEAN",
        "redrawn": "BIGINT",
        "remark": "VARCHAR",
    },
    "segments": {"period": "INTEGER", "segment": "INTEGER", "customers": "BIGINT", "described": "VARCHAR"},
    # Who is elsewhere than in the period before: who is not in it is where they were.
    "placements": {"period": "INTEGER", "customer": "VARCHAR", "segment": "INTEGER"},
    "flows": {"period": "INTEGER", "before": "INTEGER", "after": "INTEGER", "customers": "BIGINT"},
    "transitions": {"period": "INTEGER", "kind": "VARCHAR", "before": "INTEGER[]", "after": "INTEGER[]"},
    "alarms": {
        "period": "INTEGER",
        "kind": "VARCHAR",
        "subject": "VARCHAR",
        "sentence": "VARCHAR",
        "p_value": "DOUBLE",
        "new": "BOOLEAN",
        # What was found, to be said in the language of who reads it; version 1 had the sentence alone.
        FIGURES: "VARCHAR",
    },
    "words": {
        "period": "INTEGER",
        "written": "TIMESTAMP",
        "segment": "INTEGER",
        "name": "VARCHAR",
        "note": "VARCHAR",
    },
    # By the period in which segments were found: how to find them again. Their customers are in a table basis_<period>.
    "bases": {"period": "INTEGER", "document": "VARCHAR"},
}
_ALARMS_BEFORE = {name: kind for name, kind in TABLES["alarms"].items() if name != FIGURES}
_OF_A_PERIOD = ("periods", "segments", "placements", "flows", "transitions", "alarms", "words", "bases")


@dataclass(frozen=True)
class LedgerFile:
    """Where a ledger is kept."""

    path: Path

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open it to read. Raises DataError where it is no ledger, or is being written."""
        with self._open(read_only=True) as connection:
            # Where the first period was not written, there is nothing yet.
            if not is_empty(connection):
                check(connection, self.path)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open it for one change, which is kept once this is left without an error; it is made where there is none."""
        with self._open(read_only=False) as connection:
            connection.execute("BEGIN")
            if is_empty(connection):
                _create(connection)
            check(connection, self.path)
            if not has_figures(connection):
                _bring_up_to_date(connection)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        _check_kind(self.path)
        try:
            connection = self._connect(read_only=read_only, tries=1 if read_only else _TRIES)
        except (duckdb.Error, OSError) as problem:
            raise DataError(_cannot_open(self.path, problem)) from problem
        try:
            yield connection
        except duckdb.Error as problem:
            raise DataError(_cannot_use(self.path, problem)) from problem
        finally:
            # What was begun and not committed is undone.
            connection.close()

    def _connect(self, *, read_only: bool, tries: int) -> duckdb.DuckDBPyConnection:
        """Connect; who reads is done in a moment, so a writer tries more than once."""
        try:
            # As a whole path: others may stand for a database in memory, or one elsewhere.
            return _closed_off(duckdb.connect(self.path.absolute(), read_only=read_only, config=_CLOSED))
        except duckdb.IOException as problem:
            if tries < 2 or _LOCKED not in str(problem):
                raise
        time.sleep(_SECONDS_BETWEEN_TRIES)
        return self._connect(read_only=read_only, tries=tries - 1)


def _closed_off(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    keep_quiet(connection)
    # Of a file that this program has open already, it is locked.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET lock_configuration = true")
    return connection


def _check_kind(path: Path) -> None:
    """Raise DataError for a file that is no database, and for a name that DuckDB takes for a file of other data."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_MARK.stop)
    except OSError:
        beginning = None
    if beginning is not None and beginning[_MARK] != b"DUCK":
        msg = say("{name} is no ledger of custseg. Choose another file.", name=quote(str(path)))
        raise DataError(msg)
    if path.suffix.lower() not in ("", ".duckdb", ".ddb", ".db"):
        msg = say(
            "A ledger is a file such as ledger.duckdb, but got {name}. Choose another name.", name=quote(path.name)
        )
        raise DataError(msg)


# Where a DuckDB database says that it is one.
_MARK = slice(8, 12)
# Of tables alone: a view could stand for what is read in it.
_COLUMNS = (
    "SELECT tables.table_name, column_name, data_type FROM duckdb_columns() JOIN duckdb_tables() AS tables "
    "USING (table_oid) WHERE tables.schema_name = 'main' AND NOT tables.internal"
)


def check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise DataError unless the tables are those of this version of a ledger."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        found.setdefault(table, {})[column] = kind
    if found.get("custseg_ledger") != TABLES["custseg_ledger"]:
        msg = say("{path} is a database, but no ledger of custseg. Choose another file.", path=quote(str(path)))
        raise DataError(msg)
    versions = connection.execute("SELECT version FROM custseg_ledger LIMIT 2").fetchall()
    if len(versions) != 1 or versions[0][0] not in _READ:
        says = quote(versions[0][0]) if len(versions) == 1 else say("none")
        msg = say(
            "The ledger {path} is of version {says}, and this custseg reads version {version}. Install "
            "the custseg that wrote it, or a newer one.",
            path=quote(str(path)),
            says=says,
            version=VERSION,
        )
        raise DataError(msg)
    expected = TABLES if versions == [(VERSION,)] else TABLES | {"alarms": _ALARMS_BEFORE}
    wrong = next((name for name, columns_of in expected.items() if found.get(name) != columns_of), None)
    if wrong is not None:
        msg = say(
            "The ledger {path} was changed by something else: its table {wrong} is not as custseg makes "
            "it. Go back to a copy of the file.",
            path=quote(str(path)),
            wrong=quote(wrong),
        )
        raise DataError(msg)


def delete_period(connection: duckdb.DuckDBPyConnection, period: int) -> None:
    """Delete all that was written of the last period."""
    for table in _OF_A_PERIOD:
        connection.execute(f"DELETE FROM {table} WHERE period = ?", [period])  # noqa: S608 - a table of ours
    connection.execute(f"DROP TABLE IF EXISTS basis_{period:d}")


def has_figures(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a ledger keeps the figures of alarms; of an older one, it keeps their sentences alone."""
    query = "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'alarms' AND column_name = ? AND NOT internal"
    return connection.execute(query, [FIGURES]).fetchall() == [(1,)]


def _bring_up_to_date(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the ledger one of this version, as part of what is written now."""
    connection.execute(f"ALTER TABLE alarms ADD COLUMN {FIGURES} VARCHAR DEFAULT ''")
    connection.execute("UPDATE custseg_ledger SET version = ?", [VERSION])


def is_empty(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether nothing was written yet."""
    return connection.execute("SELECT count(*) FROM duckdb_tables() WHERE NOT internal").fetchall() == [(0,)]


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    for table, columns in TABLES.items():
        described = ", ".join(f'"{name}" {kind} NOT NULL' for name, kind in columns.items())
        # Two that write at once can't both add the same period.
        key = ", PRIMARY KEY (period)" if table in ("periods", "bases") else ""
        connection.execute(f"CREATE TABLE {table} ({described}{key})")
    connection.execute("INSERT INTO custseg_ledger VALUES (?)", [VERSION])


def _cannot_open(path: Path, problem: Exception) -> str:
    name, text = quote(str(path)), str(problem)
    if not path.parent.is_dir():
        return say(
            "There is no folder {folder} for a ledger. Make it, or choose another place.",
            folder=quote(str(path.parent)),
        )
    if path.is_dir():
        return say("{name} is a folder, and a ledger is a file. Choose a file, such as ledger.duckdb.", name=name)
    if not path.exists():
        return say("There is no ledger {name}. Check the path, or add a period, which makes one.", name=name)
    said = next((sentence for sign, sentence in _SIGNS.items() if sign in text), _ELSE)
    return say(said, name=name)


_SIGNS = {
    _LOCKED: mark("The ledger {name} is in use by something else, which may be adding a period. Try again in a while."),
    "different configuration": mark(
        "The ledger {name} is in use by this program already. Try again once that is done."
    ),
    "not a valid DuckDB": mark("{name} is no ledger of custseg. Choose another file."),
    "orrupt": mark("The ledger {name} was damaged. Go back to a copy of the file."),
    "ersion": mark("The ledger {name} was written by a newer version of DuckDB. Install a newer custseg to read it."),
}
_ELSE = mark("The ledger {name} can't be opened. See whether you may read and write it, and whether the disk is full.")


def _cannot_use(path: Path, problem: duckdb.Error) -> str:
    name = quote(str(path))
    if isinstance(problem, (duckdb.TransactionException, duckdb.ConstraintException)):
        return say(
            "Something else has written to the ledger {name} meanwhile, so nothing was changed. Try again.", name=name
        )
    if isinstance(problem, duckdb.IOException):
        return say(
            "The ledger {name} can't be written, so nothing was changed. See whether the disk is full.", name=name
        )
    return say(
        "The ledger {name} holds what a ledger can't hold, or was damaged. Go back to a copy of the file.", name=name
    )
