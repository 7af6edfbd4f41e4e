"""A PostgreSQL server on this machine, reached by its address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import psycopg
import pytest
from psycopg import sql

from custseg import (
    CustomerTable,
    DataError,
    Segmentation,
    SegmentationModel,
    TransactionColumns,
    from_transactions,
    migrate,
    segment,
)
from custseg.tables.engine import batches
from custseg.tables.engine.engine_frame import EngineFrame
from custseg.tables.expressions import Both, Count, Identified, IdentifierContains, InSegments, Total
from tests.engines import random_customers
from tests.engines_real.servers import LOOPBACK, Server, free_port, postgresql
from tests.engines_real.shop import COUNT, FEW, assert_as_in_memory, customers, fitted, in_memory, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from custseg.tables.expressions import Aggregate

PASSWORD = "hidden-horse-7"  # noqa: S105 - of a server that lives as long as these tests
ODD = 'odd; "name" -- of.a table'


@pytest.fixture(scope="session")
def started() -> Iterator[Server]:
    with postgresql(PASSWORD) as server:
        with _owner(server) as owner:
            owner.execute(sql.SQL("CREATE ROLE reader LOGIN PASSWORD {}").format(PASSWORD))
            named = {
                "customers": customers(),
                "salaries": customers(),
                "later": later_customers(),
                ODD: random_customers(0),
            }
            for name, frame in named.items():
                _fill(owner, name, frame)
            owner.execute(sql.SQL("GRANT SELECT ON customers, later, {} TO reader").format(sql.Identifier(ODD)))
        yield server


@pytest.fixture
def server(started: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server, with the password in the environment as people give it."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return started


def _owner(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=LOOPBACK, port=server.port, user="owner", password=PASSWORD, dbname="postgres", autocommit=True
    )


def _fill(owner: psycopg.Connection[tuple[object, ...]], name: str, frame: pd.DataFrame) -> None:
    kinds = {"f": "double precision", "i": "bigint", "b": "boolean"}
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kinds.get(frame[column].dtype.kind, "text")))
        for column in frame.columns
    ]
    owner.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(name), sql.SQL(", ").join(columns)))
    with (
        owner.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as rows,
    ):
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            rows.write_row(row)


def later_customers() -> pd.DataFrame:
    """Some left, some came, and some are of another kind."""
    frame = customers().iloc[40:].reset_index(drop=True)
    frame.loc[:24, "customer_id"] = [f"N{number}" for number in range(25)]
    frame.loc[100:299, "fresh"] += 50
    return frame


def _address(server: Server, table: str = "customers") -> str:
    return f"postgresql://reader@{LOOPBACK}:{server.port}/postgres?table={table}"


@pytest.mark.usefixtures("steps_in_the_engine")
def test_a_fit_there_is_as_in_memory(server: Server) -> None:
    found, told = fitted(opened(_address(server)))
    assert len(told) > 1
    assert {progress.engine for progress in told} == {"PostgreSQL"}
    assert_as_in_memory(found)


def test_a_later_table_there_is_followed_as_in_memory(server: Server) -> None:
    expected = migrate(in_memory(), CustomerTable.read(later_customers()))
    found = migrate(fitted(opened(_address(server)))[0], opened(_address(server, "later")))
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    assert min(found.moved, found.left, found.came) > 20
    assert found.sentence == expected.sentence


def test_questions_about_segments_are_answered_there_as_in_memory(server: Server) -> None:
    found, _ = fitted(opened(_address(server)))
    there, here = found.assignment, in_memory().assignment
    wanted: list[Aggregate] = [Count(), Total("fresh")]
    answered, expected = (side.aggregate(wanted, by=("segment", "channel")) for side in (there, here))
    # Levels are in any order, the one of no value last.
    places = [answered.levels["channel"].index(level) for level in expected.levels["channel"]]
    for one in wanted:
        np.testing.assert_allclose(answered[one][:, places], expected[one][:, : len(places)], rtol=1e-9)
    some = Both(InSegments(frozenset({1})), IdentifierContains("c000"))
    first, expected_first = (side.page(some, order="fresh", descending=True, limit=5) for side in (there, here))
    assert first.identifiers.tolist() == expected_first.identifiers.tolist()
    assert first.of == expected_first.of
    single, expected_single = (side.page(Identified(("C00007",))) for side in (there, here))
    np.testing.assert_allclose(single.values, expected_single.values)


@pytest.mark.usefixtures("steps_in_the_engine")
def test_two_sessions_ask_at_once_and_each_gets_its_answers(server: Server) -> None:
    table = opened(_address(server))
    both = Barrier(2, timeout=60)

    def fit_beside_another(_: int) -> Segmentation:
        # After its first step each waits until the other has taken one too.
        waits = iter([True])
        return fitted(table, lambda _: next(waits, False) and both.wait())[0]

    with ThreadPoolExecutor(2) as threads:
        for found in threads.map(fit_beside_another, range(2)):
            assert_as_in_memory(found)


def test_a_sample_is_of_as_many_as_asked_and_comes_again_with_its_seed(server: Server) -> None:
    engine = opened(_address(server)).elsewhere
    assert isinstance(engine, EngineFrame)
    assert engine.count() == COUNT
    one, again, other = (engine.sample(200, seed=seed)["customer_id"].to_list() for seed in (1, 1, 2))
    assert len(set(one)) == 200
    assert one == again
    assert set(one) != set(other)


def test_all_customers_come_out_as_a_file_some_at_a_time(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ROWS_AT_A_TIME", 400)
    model = SegmentationModel(opened(_address(server)), k=4, seed=0)
    result = model.run_clustering()
    model.save(tmp_path / "customers.csv", "customers")
    written = pd.read_csv(tmp_path / "customers.csv").sort_values("customer_id")
    assert len(written) == COUNT
    assert written["segment"].value_counts().sort_index().tolist() == result.sizes.tolist()
    np.testing.assert_array_equal(written["segment"], in_memory().labels)


def test_purchases_are_added_up_there(server: Server) -> None:
    generator = np.random.default_rng(1)
    lines = pd.DataFrame(
        {
            "who": [f"c{number:03}" for number in generator.integers(0, 300, 2000)],
            "units": generator.integers(-1, 6, 2000),
            "price": generator.integers(100, 9000, 2000) / 100,
            "article": generator.choice(["tea", "ham", "oil"], 2000),
        }
    )
    columns = TransactionColumns("who", None, "units * price", category="article")
    with _owner(server) as owner:
        _fill(owner, "purchases", lines)
        owner.execute("GRANT SELECT ON purchases TO reader")
    expected = from_transactions(lines, columns)
    found = from_transactions(_address(server, "purchases"), columns, most_in_memory=FEW)
    assert found.elsewhere is not None
    wanted: list[Aggregate] = [Count(), *map(Total, expected.features)]
    there, here = (table.customers.aggregate(wanted) for table in (found, expected))
    for one in wanted:
        np.testing.assert_allclose(there[one], here[one], rtol=1e-9)
    assert segment(found, k=3, seed=0).sizes.tolist() == segment(expected, k=3, seed=0).sizes.tolist()


def test_names_that_look_like_sql_are_names(server: Server) -> None:
    table = opened(_address(server, "odd%3B%20%22name%22%20--%20of.a%20table"))
    found, expected = (segment(one, k=3, seed=0) for one in (table, CustomerTable.read(random_customers(0))))
    np.testing.assert_allclose(found.centroids, expected.centroids, rtol=1e-6)
    assert found.sizes.tolist() == expected.sizes.tolist()


def test_a_wrong_password_is_a_sentence_without_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "wrong-horse-8")
    with pytest.raises(DataError, match=r"PostgreSQL at .* could not answer: it refuses who signs in") as refused:
        CustomerTable.read(_address(server))
    _assert_no_secret(refused.value, "wrong-horse-8")


def test_no_password_is_a_sentence(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD")
    with pytest.raises(DataError, match=r"it refuses who signs in"):
        CustomerTable.read(_address(server))


def test_a_table_that_may_not_be_read_is_refused_as_one(server: Server) -> None:
    with pytest.raises(DataError, match=r"no table “salaries” in postgresql that may be read. Choose") as refused:
        CustomerTable.read(_address(server, "salaries"))
    _assert_no_secret(refused.value, PASSWORD)


def test_rights_that_are_taken_away_before_the_fit_are_a_sentence(server: Server) -> None:
    with _owner(server) as owner:
        _fill(owner, "lent", customers())
        owner.execute("GRANT SELECT ON lent TO reader")
        table = opened(_address(server, "lent"))
        owner.execute("REVOKE SELECT ON lent FROM reader")
    with pytest.raises(DataError, match=r"PostgreSQL could not answer: it refuses access to the table"):
        fitted(table)


def test_a_server_that_does_not_answer_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    port = free_port()
    with pytest.raises(DataError, match=rf"PostgreSQL at “{LOOPBACK}:{port}” could not answer: it cannot be") as away:
        CustomerTable.read(f"postgresql://reader@{LOOPBACK}:{port}/postgres?table=customers", most_in_memory=FEW)
    _assert_no_secret(away.value, PASSWORD)


@pytest.mark.usefixtures("steps_in_the_engine")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE {} DROP COLUMN IF EXISTS milk", "PostgreSQL could not answer: a column is no longer there"),
        ("INSERT INTO {} SELECT * FROM customers LIMIT 5", f"changed since it was opened: it had {COUNT:,} .* 1,505"),
        ("DROP TABLE IF EXISTS {}", "PostgreSQL could not answer"),
    ],
)
def test_a_table_that_changes_during_a_fit_is_a_sentence(server: Server, change: str, said: str) -> None:
    name = sql.Identifier("moving")
    with _owner(server) as owner:
        owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        _fill(owner, "moving", customers())
        owner.execute(sql.SQL("GRANT SELECT ON {} TO reader").format(name))
        table = opened(_address(server, "moving"))
        with pytest.raises(DataError, match=said):
            fitted(table, lambda _: owner.execute(sql.SQL(change).format(name)))


def _assert_no_secret(error: BaseException, secret: str) -> None:
    """Look at all that a log would show of it."""
    shown: BaseException | None = error
    while shown is not None:
        assert secret not in str(shown)
        shown = shown.__cause__ or (None if shown.__suppress_context__ else shown.__context__)
