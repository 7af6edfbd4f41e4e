"""What goes wrong in an engine during a run is one sentence, and the result before it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from custseg import CustomerTable, DataError, SegmentationModel
from custseg.clustering.engines import pushed_down
from tests.engines import random_customers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fail_later(model: SegmentationModel, break_it: Callable[[], object]) -> str:
    """Run, break the engine, run with other settings, and return the sentence."""
    model.run_clustering()
    first, runs = model.outcome, model.history
    break_it()
    model.k = 5
    with pytest.raises(DataError) as failed:
        model.run_clustering()
    assert model.outcome is first
    assert model.history == runs
    assert not model.running
    assert model.error == str(failed.value)
    assert "\n" not in model.error
    return model.error


@pytest.fixture(autouse=True)
def _steps_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushed_down, "SAMPLE_SIZE", 200)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "customers.parquet"
    random_customers(0, rows=3000).to_parquet(path)
    return path


def opened(source: Any) -> SegmentationModel:
    return SegmentationModel(CustomerTable.read(source, most_in_memory=100), k=3, seed=0)


def test_an_engine_without_memory(path: Path) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE customers AS SELECT * FROM read_parquet(?)", [str(path)])
    model = opened(connection.table("customers"))
    said = fail_later(model, lambda: connection.execute("SET memory_limit = '100KB'"))
    assert said == "DuckDB could not answer: it ran out of memory. Give it more, or compare fewer features."
    connection.execute("SET memory_limit = '1GB'")
    assert model.run_clustering().k == 5


def test_a_table_with_more_customers_than_there_were(path: Path) -> None:
    said = fail_later(opened(path), lambda: random_customers(0, rows=3010).to_parquet(path))
    assert said == (
        "The table in DuckDB has changed since it was opened: it had 3,000 customers, and now has 3,010. Open it again."
    )


def test_files_that_are_gone(path: Path) -> None:
    said = fail_later(opened(path), path.unlink)
    assert said.startswith("DuckDB could not answer: the files of the table are no longer there.")


def test_a_column_that_is_gone(path: Path) -> None:
    frame = random_customers(0, rows=3000)
    said = fail_later(opened(path), lambda: frame.drop(columns="visits").to_parquet(path))
    assert said == "DuckDB could not answer: a column is no longer there, or has another name. Open the table again."
