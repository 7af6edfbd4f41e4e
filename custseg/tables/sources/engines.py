"""Tables in an engine: which sources are such, and how they are opened without reading their rows.

An address is ``duckdb:///customers.db?table=customers``, ``postgresql://host/database?table=customers``,
``spark://host:15002?table=customers`` or ``dask://host:8786?path=customers.parquet``; a folder of Parquet files, or a
pattern of their names, is read by DuckDB. Who may read what is for the engine's own configuration and the environment
to say: an address with a password is refused, since addresses are shown and logged.
"""

from __future__ import annotations

import os
import socket
import weakref
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import narwhals as nw

from custseg.errors import DataError, listed, quote
from custseg.language import say
from custseg.tables.engine.engine_frame import EngineFrame, say_nothing_of_dask
from custseg.tables.engine.failures import failure, first_line
from custseg.tables.sources.parquet import rows_in
from custseg.tables.sql_quoting import name_sql

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

_PATTERN = frozenset("*?[")
_SPARK, _DASK, _POSTGRESQL = "Spark", "Dask", "PostgreSQL"
# So many seconds a server may take to answer at all.
_PATIENCE = 10
_SPARK_PORT, _DASK_PORT = 15002, 8786
# They take about five seconds, each four times as long as the one before.
_SPARK_RETRIES = 4


@dataclass(frozen=True, slots=True)
class Address:
    """Where a table is: an engine, a server, and what there is asked for."""

    scheme: str
    host: str
    port: int | None
    path: str
    user: str
    table: str
    file: str

    @property
    def server(self) -> str:
        """The host with its port, as far as they are given."""
        return f"{self.host}:{self.port}" if self.port else self.host


def open_engine(source: object, most_in_memory: int) -> EngineFrame | None:
    """Return a source as a table in an engine, its rows unread; None for what is no such source.

    A single Parquet file is one where it holds more customers than that.

    Raises
    ------
    DataError
        An address cannot be understood, or nothing answers there.

    """
    if isinstance(source, EngineFrame):
        return source
    if is_address(source):
        address = parse_address(str(source))
        return _OPENED[address.scheme](address)
    if isinstance(source, str | os.PathLike):
        try:
            return _parquet_files(Path(source), most_in_memory)
        except OSError:
            # Whoever reads it says what is wrong with such a name.
            return None
    return EngineFrame.of(source) if is_lazy(source) else None


def is_lazy(source: object) -> bool:
    """Whether a source is what Narwhals sees as a table whose rows are not in memory."""
    say_nothing_of_dask()
    try:
        return isinstance(nw.from_native(source, pass_through=True), nw.LazyFrame)
    except nw.exceptions.DuplicateError:
        # It is in memory, and is refused with the names that are there twice.
        return False


def title_of(source: str | os.PathLike[str]) -> str:
    """Return what to call the table at a path or an address: the name of the table, or of the file or folder."""
    if is_address(source):
        address = parse_address(str(source))
        return address.table or Path(address.file).stem
    path = Path(source)
    named = path.parent if _PATTERN & set(path.name) else path
    return Path(named.name.removesuffix(".gz")).stem


def is_address(source: object) -> bool:
    """Whether a source is an address, and no path."""
    return isinstance(source, str) and "://" in source


def parse_address(text: str) -> Address:
    """Understand an address. Raises DataError, in which no password is repeated."""
    try:
        parts = urlsplit(text)
        port, asked = parts.port, {name: values[-1] for name, values in parse_qs(parts.query).items()}
    except ValueError as problem:
        msg = say("The address of a table cannot be understood. Write it as engine://host:port?table=name.")
        raise DataError(msg) from problem
    if parts.scheme not in _OPENED:
        msg = say(
            "There is no engine {scheme} to read a table from. Choose from {names}.",
            scheme=quote(parts.scheme),
            names=listed(list(_OPENED)),
        )
        raise DataError(msg)
    if parts.password is not None or {"password", "token"} & asked.keys():
        msg = say(
            "The address of a table in {scheme} holds a password, and addresses are shown and logged. "
            "Leave it out, and give it to the engine by its own configuration or the environment (such "
            "as PGPASSWORD).",
            scheme=parts.scheme,
        )
        raise DataError(msg)
    wanted = "path" if parts.scheme == "dask" else "table"
    if not asked.get(wanted):
        msg = say(
            "The address of a table in {scheme} must say which: add ?{wanted}=name.", scheme=parts.scheme, wanted=wanted
        )
        raise DataError(msg)
    return Address(
        parts.scheme, parts.hostname or "", port, parts.path, parts.username or "", asked.get("table", ""),
        asked.get("path", ""),
    )  # fmt: skip


def _parquet_files(path: Path, most_in_memory: int) -> EngineFrame | None:
    """Return a folder of Parquet files, or those that a pattern names, or a large one; None for any other file."""
    if path.is_file():
        large = path.suffix == ".parquet" and rows_in(path) > most_in_memory
        return _read_parquet([path], path.name) if large else None
    if path.is_dir():
        found = sorted(path.rglob("*.parquet"))
        pattern = str(path / "**" / "*.parquet")
    elif _PATTERN & set(str(path)):
        found = sorted(Path(path.anchor or ".").glob(str(path.relative_to(path.anchor) if path.anchor else path)))
        pattern = str(path)
    else:
        return None
    if not found:
        msg = say(
            "There are no Parquet files in {name}. Check the path, or choose another folder.", name=quote(path.name)
        )
        raise DataError(msg)
    return _read_parquet(found, pattern)


def _read_parquet(files: list[Path], called: str) -> EngineFrame:
    import duckdb

    from custseg.tables.sources.database import Database, plain_name

    names = [plain_name(file) for file in files]
    database = Database(files=files)

    def open_table() -> duckdb.DuckDBPyRelation:
        # What one file has and another has not is empty there.
        return database.connection().read_parquet(names, hive_partitioning=True, union_by_name=True)

    try:
        _check_types(database.connection(), open_table(), names)
        return EngineFrame.opened(open_table)
    except duckdb.Error as problem:
        msg = say(
            "{name} cannot be read as one table of Parquet files: {why} Write the files again with the same columns.",
            name=quote(Path(called).name),
            why=_first_line(problem),
        )
        raise DataError(msg) from problem


def _check_types(connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, names: list[str]) -> None:
    """Raise DataError where a column is text in some files alone, for which DuckDB makes it text in all."""
    told = connection.execute(
        "SELECT name, arg_min(file_name, type = 'BYTE_ARRAY') FROM parquet_schema(?) WHERE num_children IS NULL "
        "GROUP BY name HAVING count(DISTINCT type = 'BYTE_ARRAY') > 1",
        [names],
    ).fetchall()
    texts = {name for name, dtype in zip(relation.columns, relation.types, strict=True) if str(dtype) == "VARCHAR"}
    for name, file in told:
        if name in texts:
            msg = say(
                "{name} is text in some of these files, and something else in others, such as {file}. Write "
                "the files again with the same types.",
                name=quote(name),
                file=quote(Path(file).name),
            )
            raise DataError(msg)


def _from_duckdb(address: Address) -> EngineFrame:
    import duckdb

    path = Path(address.path.removeprefix("/") if os.name == "nt" else address.path)
    if not path.is_file():
        msg = say("There is no file {name} to read a table from. Check the path in the address.", name=quote(path.name))
        raise DataError(msg)
    from custseg.tables.sources.database import Database

    try:
        database = Database(path)
        connection = database.connection()
        names = [str(name) for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        names += [str(name) for (name,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()]  # fmt: skip
        _check_there(address, names)
        return EngineFrame.opened(lambda: database.connection().table(name_sql(address.table)))
    except duckdb.Error as problem:
        raise _not_opened(address, "DuckDB", problem) from None


def _from_spark(address: Address) -> EngineFrame:
    try:
        import pyspark.sql.connect.session  # noqa: F401 - it says whether all is there that a client needs
    except ImportError as problem:
        raise _not_installed(_SPARK) from problem
    try:
        _check_answers(address, _SPARK_PORT)
        session = _spark_session(f"{address.host}:{address.port or _SPARK_PORT}")
        _check_there(address, [table.name for table in session.catalog.listTables()])
        return EngineFrame.of(session.table(f"`{address.table.replace('`', '``')}`"))
    except DataError:
        raise
    except Exception as problem:  # noqa: BLE001 - Spark's errors come in as many kinds as it has versions
        raise _not_opened(address, _SPARK, problem) from None


def _spark_session(server: str) -> Any:
    """Return the session at a server; a new one where that has ended, or the server started again since."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    sessions = _spark_sessions(server)
    if sessions and not sessions[-1].is_stopped:
        try:
            sessions[-1].catalog.currentDatabase()
        except Exception:  # noqa: BLE001, S110 - whatever ended it, another one is begun
            pass
        else:
            return sessions[-1]
    session = SparkSession.builder.remote(f"sc://{server}").create()
    # Spark itself would go on knocking for ten minutes.
    session.client.set_retry_policies([DefaultPolicy(max_retries=_SPARK_RETRIES)])
    sessions.append(session)
    return session


@cache
def _spark_sessions(server: str) -> list[Any]:
    """Return the sessions at a server so far. None is let go, since that closes what all others in the process use."""
    del server
    return []


def _from_dask(address: Address) -> EngineFrame:
    try:
        import dask.dataframe as dd
        import distributed  # noqa: F401 - without it nothing but this machine is asked
    except ImportError as problem:
        raise _not_installed(_DASK) from problem
    try:
        _check_answers(address, _DASK_PORT)
        _become_client(f"tcp://{address.host}:{address.port or _DASK_PORT}")
        return EngineFrame.of(dd.read_parquet(address.file))
    except Exception as problem:  # noqa: BLE001 - of a scheduler, of its network, or of the files
        raise _not_opened(address, _DASK, problem) from None


def _become_client(scheduler: str) -> None:
    """Have what this process computes with Dask from now on computed there."""
    from distributed import Client, default_client

    try:
        client = default_client()  # type: ignore[no-untyped-call]
    except ValueError:
        client = None
    if client is None or client.status != "running" or client.scheduler.address != scheduler:
        Client(scheduler, timeout=_PATIENCE)  # type: ignore[no-untyped-call]


def _from_postgresql(address: Address) -> EngineFrame:
    try:
        import ibis
    except ImportError as problem:
        raise _not_installed(_POSTGRESQL) from problem
    given = {"host": address.host, "port": address.port, "user": address.user, "database": address.path.strip("/")}
    # What is not given comes from the environment (PGUSER, PGPASSWORD) or from ~/.pgpass.
    known = {name: value for name, value in given.items() if value}

    def connect() -> Any:
        connection = ibis.postgres.connect(**known, connect_timeout=_PATIENCE)
        # Nobody else closes it once no table of it is looked at.
        weakref.finalize(connection, connection.con.close)
        return connection

    def open_table() -> Any:
        try:
            return connect().table(address.table)
        except Exception as problem:  # noqa: BLE001 - of the network, the server or the driver
            raise _not_opened(address, _POSTGRESQL, problem) from None

    try:
        _check_there(address, connect().list_tables())
    except DataError:
        raise
    except Exception as problem:  # noqa: BLE001 - of the network, the server or the driver
        raise _not_opened(address, _POSTGRESQL, problem) from None
    # A question in the middle of another's transaction would end both.
    return EngineFrame.opened(open_table)


_OPENED: dict[str, Callable[[Address], EngineFrame]] = {
    "duckdb": _from_duckdb,
    "postgresql": _from_postgresql,
    "spark": _from_spark,
    "dask": _from_dask,
}


def _check_there(address: Address, names: list[str]) -> None:
    if address.table not in names:
        there = say("Choose from {names}.", names=listed(sorted(names))) if names else say("There are none.")
        msg = say(
            "There is no table {table} in {scheme} that may be read. {there}",
            table=quote(address.table),
            scheme=address.scheme,
            there=there,
        )
        raise DataError(msg)


def _check_answers(address: Address, port: int) -> None:
    """Raise OSError where nothing answers: engines themselves go on knocking for long."""
    socket.create_connection((address.host, address.port or port), timeout=_PATIENCE).close()


def _not_installed(engine: str) -> DataError:
    return DataError(
        say(
            "Reading from {engine} needs an extra: install custseg[{extra}] where this runs.",
            engine=engine,
            extra=engine.lower(),
        )
    )


def _not_opened(address: Address, engine: str, problem: Exception) -> DataError:
    return failure(f"{engine} at {quote(address.server or Path(address.path).name)}", problem)


def _first_line(problem: Exception) -> str:
    """Return the first line of what an engine complains about, shortened, without what is in quotation marks."""
    return f"{quote(first_line(str(problem)))[1:-1].rstrip('.')}."
