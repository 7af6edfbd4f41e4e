"""Several sessions ask one table in DuckDB at the same time, each from a thread of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, segment
from custseg.tables.expressions import SEGMENT, Count, Total
from custseg.tables.placed import Grid, placed
from custseg.tables.shapes import OnFeatures

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 3000


@pytest.fixture(params=["Parquet", "relation"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> CustomerTable:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(3, 1, (ROWS, 3)).round(2), columns=["milk", "bread", "fish"])
    frame.insert(0, "customer_id", [f"C{number}" for number in range(ROWS)])
    if request.param == "relation":
        return CustomerTable.read(duckdb.connect().from_df(frame), most_in_memory=10)
    frame.to_parquet(tmp_path / "customers.parquet", index=False)
    return CustomerTable.read(tmp_path / "customers.parquet", most_in_memory=10)


def test_sessions_in_threads_get_the_answers_that_one_alone_gets(table: CustomerTable) -> None:
    alone = segment(table, k=3, seed=0)
    total = table.customers.aggregate([Total("milk")])[Total("milk")]
    box = Grid((0, 100), (0, 100), 10, 10)

    def ask(number: int) -> bool:
        # Other roles make other customers of it, of whom nothing is kept.
        same = table.change(money={"milk": bool(number % 2)})
        result = segment(same, k=3, seed=0)
        sizes = result.assignment.aggregate([Count()], by=(SEGMENT,))[Count()][1:-1]
        summed = same.customers.aggregate([Total("milk")])[Total("milk")]
        counts = placed(result.assignment, OnFeatures(("milk", "fish"))).counts(box, SEGMENT)
        listed = result.assignment.page(order="milk", limit=5)
        return (
            np.array_equal(sizes, alone.sizes)
            and np.isclose(summed, total)
            and int(counts.sum()) > 0
            and len(listed) == 5
        )

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ask, range(18)))
