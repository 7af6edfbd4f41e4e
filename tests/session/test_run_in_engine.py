"""A run where the customers are: how far it is, what a stop leaves, and what fails there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import duckdb
import pytest

from custseg import CustomerTable, DataError, SegmentationModel
from tests.session.waiting import all_runs_are_over, change_of, trigger

if TYPE_CHECKING:
    from pathlib import Path

# More than a sample holds, so that steps over everybody follow.
CUSTOMERS = 260_000


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> CustomerTable:
    path = tmp_path_factory.mktemp("engine") / "customers.parquet"
    _write(path, CUSTOMERS)
    return CustomerTable.read(path, most_in_memory=1000)


def _write(path: Path, customers: int) -> None:
    asked = "SELECT 'C' || i AS customer_id, hash(i) % 1000 AS milk, hash(-i) % 700 AS fish FROM range(?) t(i)"
    found = duckdb.sql(asked, params=[customers])
    assert found is not None
    found.write_parquet(str(path))


def test_a_run_in_an_engine_says_how_far_it_is_and_can_be_given_up(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=5, seed=0)
    said: list[str] = []
    model.param.watch(lambda event: said.append(event.new), ["fit_progress"])

    async def run_and_stop() -> None:
        await change_of(model, "fit_progress", lambda: trigger(model))
        model.stop_run()
        await all_runs_are_over()

    asyncio.run(run_and_stop())
    assert "in DuckDB" in said[0]
    assert model.fit_progress is None
    assert not model.running
    assert model.outcome is None
    assert model.error is None


def test_what_a_run_in_an_engine_finds_is_of_everybody(table: CustomerTable) -> None:
    result = SegmentationModel(table, k=3, seed=0).run_clustering()
    assert result.sizes.sum() == CUSTOMERS
    assert result.engine == "DuckDB"
    assert "GROUP BY" in (result.statement or "").upper()
    assert result.part.sizes.sum() == len(table.part)
    with pytest.raises(DataError, match="not in memory"):
        _ = result.labels


def test_files_that_went_away_are_said_and_the_result_stays(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    _write(path, 5000)
    model = SegmentationModel(CustomerTable.read(path, most_in_memory=100), k=3, seed=0)
    before = model.run_clustering()
    path.unlink()
    model.k = 4
    with pytest.raises(DataError, match="DuckDB"):
        model.run_clustering()
    assert model.result is before
    assert "DuckDB" in (model.error or "")


def test_a_random_start_in_an_engine_comes_back_as_one(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3, seed=None)
    before = model.run_clustering()
    again = SegmentationModel(table, k=3)
    refused = again.open_project(model.project)
    assert refused == ()
    assert again.result is not None
    assert (again.result.seed, again.result.seeded, again.seed) == (before.seed, False, None)
    assert again.result.sizes.tolist() == before.sizes.tolist()
