"""What a connection to DuckDB that custseg opens can reach: the files it was given, and nothing else."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from threading import get_native_id
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custseg import CustomerTable, DataError
from custseg.tables.sources.database import Database, Workspace, connect, sniffing
from custseg.tables.sql_quoting import name_sql, text_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMERS = pd.DataFrame({"customer": [f"C{number}" for number in range(30)], "spend": range(30)})
_THREADS = Path("/proc/self/task")
OF_OTHERS = CUSTOMERS.assign(spend=7)


@contextmanager
def _of_file(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (folder / "own.db").unlink(missing_ok=True)
    duckdb.connect(folder / "own.db").close()
    yield Database(folder / "own.db").connection()


@contextmanager
def _sniffing(_: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with sniffing("a,b\n1,2\n") as (connection, file):
        assert connection.read_csv(str(file)).fetchall() == [(1, 2)]
        yield connection


@contextmanager
def _reading(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (folder / "given.csv").write_text("a,b\n1,2\n")
    with connect(folder / "given.csv") as connection:
        assert connection.read_csv(str(folder / "given.csv")).fetchall() == [(1, 2)]
        yield connection


@contextmanager
def _workspace(_: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    yield Workspace().connection()


@pytest.mark.parametrize("opened", [_reading, _of_file, _sniffing, _workspace])
def test_no_sql_reaches_beyond_what_was_given(tmp_path: Path, opened: object) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("customer,spend\nC1,5\n")
    duckdb.connect(tmp_path / "secret.db").close()
    attempts = [
        f"FROM read_csv({text_literal(str(secret))})",
        f"FROM {text_literal(str(secret))}",
        f"FROM read_text({text_literal(str(secret))})",
        f"FROM glob({text_literal(str(tmp_path / '*'))})",
        "FROM read_csv('https://example.com/customers.csv')",
        "FROM CUSTOMERS",
        f"COPY (SELECT 1) TO {text_literal(str(tmp_path / 'written.csv'))}",
        f"EXPORT DATABASE {text_literal(str(tmp_path / 'exported'))}",
        f"ATTACH {text_literal(str(tmp_path / 'secret.db'))}",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        f"SET allowed_paths = [{text_literal(str(secret))}]",
        "SET autoinstall_known_extensions = true",
        "SET memory_limit = '1TB'",
        "RESET memory_limit",
        "SET lock_configuration = false",
    ]
    with opened(tmp_path) as connection:  # type: ignore[operator]
        for sql in attempts:
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
    assert not (tmp_path / "written.csv").exists()


def test_the_connection_that_somebody_hands_in_stays_as_it_is(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.register("customers", CUSTOMERS)
        CustomerTable.read(connection.table("customers"))
        connection.execute(f"COPY customers TO {text_literal(str(tmp_path / 'theirs.csv'))}")
        connection.execute("SET memory_limit = '2GB'")
    assert (tmp_path / "theirs.csv").exists()


@pytest.mark.parametrize(
    "name", ["*", "a?b", "[ab]", "x[1]*", "{own,others}", "it's; DROP", 'two "quotes"', "own\n\u202e"]
)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_the_name_of_a_file_is_a_name(tmp_path: Path, name: str, suffix: str) -> None:
    folder = tmp_path / f"in {name}"
    folder.mkdir()
    write = {".csv": lambda frame, path: frame.to_csv(path, index=False),
             ".jsonl": lambda frame, path: frame.to_json(path, orient="records", lines=True),
             ".parquet": lambda frame, path: frame.to_parquet(path)}[suffix]  # fmt: skip
    write(CUSTOMERS, folder / f"{name}{suffix}")
    for other in ("own", "others", "a_b", "a", "x1y", "anything"):
        write(OF_OTHERS, folder / f"{other}{suffix}")
    table = CustomerTable.read(folder / f"{name}{suffix}")
    assert table.frame["spend"].to_list() == CUSTOMERS["spend"].to_list()


def test_large_files_in_an_engine_are_named_by_name_too(tmp_path: Path) -> None:
    folder = tmp_path / "in [1]*"
    years = folder / "year=[2024]", folder / "year=2"
    for year in (*years, tmp_path / "in 1" / "year=2"):
        year.mkdir(parents=True)
        for name in ("a*", "ab"):
            CUSTOMERS.assign(customer=CUSTOMERS["customer"] + f" {year.name} {name}").to_parquet(
                year / f"{name}.parquet"
            )
    alone = CustomerTable.read(years[0] / "a*.parquet", most_in_memory=10)
    assert alone.elsewhere is not None
    assert len(alone) == len(CUSTOMERS)
    assert len(CustomerTable.read(folder, most_in_memory=10)) == 4 * len(CUSTOMERS)


def test_a_linked_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    CUSTOMERS.to_parquet(tmp_path / "kept" / "now.parquet")
    (tmp_path / "latest.parquet").symlink_to(tmp_path / "kept" / "now.parquet")
    assert len(CustomerTable.read(tmp_path / "latest.parquet", most_in_memory=10)) == len(CUSTOMERS)


def test_a_view_of_other_files_is_refused_with_what_to_do(tmp_path: Path) -> None:
    OF_OTHERS.to_csv(tmp_path / "others.csv", index=False)
    with duckdb.connect(tmp_path / "shop.duckdb") as connection:
        connection.execute(f"CREATE VIEW customers AS FROM read_csv({text_literal(str(tmp_path / 'others.csv'))})")
    with pytest.raises(DataError, match=r"its own file alone.*Write it there as a table") as refused:
        CustomerTable.read(f"duckdb://{tmp_path / 'shop.duckdb'}?table=customers")
    assert str(tmp_path) not in str(refused.value)


_NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


@given(name=_NAMES, text=_NAMES)
@example(name='a"; DROP TABLE customers; --', text="a'; DROP TABLE customers; --")
@example(name="shop.customers", text="\\' OR 1 = 1")
@example(name="two\nlines\r\n", text="--\n/*")
@example(name="\u202eright to left\u200f", text="\ufeff\u2028")
@example(name='""', text="''")
def test_a_quoted_name_is_a_name_and_a_quoted_text_is_a_text(name: str, text: str) -> None:
    with connect() as connection:
        found = connection.execute(f"SELECT {text_literal(text)} AS {name_sql(name)}")
        assert [column[0] for column in found.description] == [name]
        assert found.fetchall() == [(text,)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a priority is that of a whole process")
@pytest.mark.parametrize("opened", [Database, Workspace])
def test_what_looks_through_a_table_that_stays_gives_way_to_who_waits(opened: type[Database]) -> None:
    """A run of 440 customers beside a fit of 10,000,000 took three to four times as long as alone."""
    before, own = set(_THREADS.iterdir()), os.getpriority(os.PRIO_PROCESS, get_native_id())
    database = opened()
    found = database.connection().execute("SELECT sum(i * i % 7) FROM range(5_000_000) AS t(i)").fetchall()
    assert found
    behind = {os.getpriority(os.PRIO_PROCESS, int(thread.name)) for thread in set(_THREADS.iterdir()) - before}
    # With one processor, DuckDB has no threads beside the one that asks.
    assert behind == {max(own, 10)} or os.cpu_count() == 1
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == own
