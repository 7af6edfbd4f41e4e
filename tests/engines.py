"""One table in several engines, and a table of random customers that is hard on them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("DuckDB", "Polars", "Dask", "Spark", "Ibis")
NAMES = ("spend; DROP TABLE x", 'we"ird.amount', "`tick`", "amount 'q'")
REGION = 'région.; "x"'


def random_customers(seed: int, rows: int = 700) -> pd.DataFrame:
    """Draw customers of four groups, with gaps, zeros, refunds, counts, booleans and names that look like SQL."""
    generator = np.random.default_rng(seed)
    group = generator.integers(0, 4, rows)
    columns: dict[str, Any] = {"customer": [f"C{row:05d}" for row in range(rows)]}
    for place, name in enumerate(NAMES):
        amounts = generator.lognormal(2 + (group + place) % 4, 0.5, rows) - (20 if place == 1 else 0)
        amounts[generator.random(rows) < (0.4 if place == 2 else 0)] = 0
        amounts[generator.random(rows) < 0.04] = np.nan
        columns[name] = amounts
    columns["visits"] = generator.poisson(3 + group, rows)
    columns["member"] = generator.random(rows) < 0.2 + 0.15 * group
    regions = np.array(["north", "s'; --", 'we "st"', None], dtype=object)
    columns[REGION] = regions[(group + generator.integers(0, 2, rows)) % 4]
    return pd.DataFrame(columns)


class Engines:
    """Opens a Parquet file in an engine. Spark starts when it is first asked for, and once."""

    def __init__(self) -> None:
        self._started: Any = None

    def open(self, kind: str, path: Path) -> Any:
        """Return the file as the engine's own kind of lazy table."""
        return getattr(self, f"_{kind.lower()}")(str(path))

    def close(self) -> None:
        if self._started is not None:
            self._started.stop()

    def _duckdb(self, path: str) -> Any:
        import duckdb

        return duckdb.connect().read_parquet(path)

    def _polars(self, path: str) -> Any:
        import polars as pl

        return pl.scan_parquet(path)

    def _dask(self, path: str) -> Any:
        import dask.dataframe as dd

        return dd.read_parquet(path)

    def _ibis(self, path: str) -> Any:
        import ibis

        return ibis.duckdb.connect().read_parquet(path)

    def _spark(self, path: str) -> Any:
        return self.session().read.parquet(path)

    def session(self) -> Any:
        from pyspark.sql import SparkSession

        if self._started is None:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
            builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.driver.memory", "1g")
            self._started = builder.getOrCreate()
            self._started.sparkContext.setLogLevel("ERROR")
        return self._started
