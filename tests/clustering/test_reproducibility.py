"""One seed, one result: in every process, with any number of threads. No seed: another start each time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info, threadpool_limits

from custseg import CustomerTable, Segmentation, segment
from custseg.clustering.engines import memory

ROOT = Path(__file__).resolve().parents[2]
DIGEST = "from tests.clustering.test_reproducibility import digest; print(digest())"
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@cache
def digest() -> str:
    """Fold the bits of many labels and centroids into one text."""
    bundled = CustomerTable.read(ROOT / "data" / "wholesale_customers.csv")
    many = pd.DataFrame(np.random.default_rng(0).lognormal(8, 1, (20_000, 6)), columns=list("abcdef"))
    # More than the largest coreset holds.
    more = pd.DataFrame(np.random.default_rng(1).lognormal(8, 2, (memory.REFINED_ROWS + 5000, 3)), columns=list("abc"))
    results = [segment(bundled, k=k, seed=42) for k in (2, 3, 4, 7, 10)]
    results += [segment(many, k=8, seed=1), segment(more, k=3, seed=2)]
    bits = b"".join(bits_of(result) for result in results)
    return hashlib.sha256(bits).hexdigest()


def bits_of(result: Segmentation) -> bytes:
    return result.labels.tobytes() + result.centroids.tobytes()


@pytest.mark.parametrize(("threads", "hash_seed"), [("1", "0"), ("4", "1")])
def test_one_seed_gives_the_same_bits_in_any_process(threads: str, hash_seed: str) -> None:
    environment = os.environ | dict.fromkeys(THREADS, threads) | {"PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", DIGEST],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == (digest(), "")


def test_scikit_learn_computes_in_one_thread(table: CustomerTable, monkeypatch: pytest.MonkeyPatch) -> None:
    # Its sums depend on how threads meet, which only sometimes shows in a result.
    threads: list[int] = []
    fit = KMeans.fit

    def spy(self: Any, *arguments: Any, **options: Any) -> Any:
        threads.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp")
        return fit(self, *arguments, **options)

    monkeypatch.setattr(KMeans, "fit", spy)
    with threadpool_limits(3):
        segment(table, k=4, seed=42)
    assert set(threads) == {1}


def test_the_same_seed_gives_the_same_bits_again(table: CustomerTable, result: Segmentation) -> None:
    assert bits_of(segment(table, k=4, seed=42)) == bits_of(result)


def test_what_was_run_before_does_not_matter(table: CustomerTable, result: Segmentation) -> None:
    np.random.seed(1)  # noqa: NPY002 - the global state is what must not matter
    segment(table, k=7, seed=None)
    assert bits_of(segment(table, k=4, seed=42)) == bits_of(result)


def test_without_a_seed_every_run_draws_another_and_records_it(table: CustomerTable) -> None:
    runs = [segment(table, k=2, seed=None) for _ in range(4)]
    assert len({run.seed for run in runs}) == 4
    assert not any(run.seeded for run in runs)


def test_running_again_with_the_recorded_seed_gives_the_same_bits(table: CustomerTable) -> None:
    drawn = segment(table, k=6, seed=None)
    again = segment(table, k=6, seed=drawn.seed)
    assert bits_of(again) == bits_of(drawn)
    assert again.seeded
