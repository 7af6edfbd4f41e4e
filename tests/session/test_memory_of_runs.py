"""However often somebody runs, the memory for each customer is that of one run."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd

from custseg import SegmentationModel

CUSTOMERS, RUNS = 20_000, 20


def test_twenty_runs_take_no_more_memory_for_each_customer_than_one() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({name: generator.lognormal(size=CUSTOMERS) for name in ("milk_spend", "fresh_spend")})
    model = SegmentationModel(frame, k=2, seed=0)
    model.run_clustering()
    tracemalloc.start()
    try:
        after_one = _after_runs(model, 1)
        after_all = _after_runs(model, RUNS - 2)
    finally:
        tracemalloc.stop()
    assert len(model.history) == RUNS
    assert after_one
    assert after_all <= after_one


def _after_runs(model: SegmentationModel, runs: int) -> int:
    """Run, and return how many blocks of memory are held that have at least a byte for each customer."""
    for _ in range(runs):
        model.k = 5 - model.k
        model.run_clustering()
    return sum(trace.size >= CUSTOMERS for trace in tracemalloc.take_snapshot().traces)
