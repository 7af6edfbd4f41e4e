"""A Lloyd step where the customers are against one in memory: 2,000,000 x 6, k = 8, everything read anew each time."""

from __future__ import annotations

import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from custseg import Recipe
from custseg.clustering.engines import lloyd, pushed_down
from custseg.clustering.preparation import Preparation
from custseg.tables.column_roles import Column
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.engine.engine_frame import EngineFrame

if TYPE_CHECKING:
    from collections.abc import Callable


_ROWS, _FEATURES, _K, _TIMES = 2_000_000, 6, 8, 5
ENGINES = ("Polars in memory", "Polars over Parquet", "DuckDB in memory", "DuckDB over Parquet", "Dask over Parquet")


def measure(names: tuple[str, ...] = ENGINES, rows: int = _ROWS) -> dict[str, tuple[float, float]]:
    """Return milliseconds of a step in each engine, and of one in memory just before and after it (medians)."""
    frame = random_amounts(rows)
    values = frame.to_numpy()
    preparation = Preparation.fit(values, tuple(frame.columns), Recipe(log="auto"))
    prepared = preparation.apply(values)
    centroids = prepared[:: rows // _K][:_K].copy()
    columns = tuple(Column(name, "feature", "") for name in frame.columns)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.parquet"
        frame.to_parquet(path, index=False)
        found = {}
        for name in names:
            customers = EngineCustomers(EngineFrame.of(_opened(name, path)), columns, None)
            steps = pushed_down.Steps(customers, preparation)
            found[name] = _side_by_side(partial(steps.step, centroids), partial(lloyd.step, prepared, centroids))
    return found


def random_amounts(rows: int) -> pd.DataFrame:
    """Draw skewed amounts of customers in groups."""
    generator = np.random.default_rng(0)
    group = generator.integers(0, 5, rows)
    return pd.DataFrame(
        {f"spend {place}": generator.lognormal(2 + (group + place) % 3, 0.8) for place in range(_FEATURES)}
    )


def _opened(name: str, path: Path) -> Any:
    import duckdb
    import polars as pl

    if name == "Polars in memory":
        return pl.read_parquet(path).lazy()
    if name == "Polars over Parquet":
        return pl.scan_parquet(path)
    if name == "DuckDB in memory":
        connection = duckdb.connect()
        connection.execute("CREATE TABLE customers AS SELECT * FROM read_parquet(?)", [str(path)])
        return connection.table("customers")
    if name == "DuckDB over Parquet":
        return duckdb.connect().read_parquet(str(path))
    import dask.dataframe as dd

    return dd.read_parquet(path, split_row_groups=True)


def _side_by_side(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    one()
    times: list[tuple[float, float]] = [(_seconds(one), _seconds(other)) for _ in range(_TIMES)]
    first, second = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    return first, second


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    for name, (pushed, memory) in measure().items():
        print(f"{name:<24} {pushed:>8.0f} ms {memory:>8.0f} ms in memory {pushed / memory:>6.1f}")
