"""A fit where the customers are, from 10,000 to 100,000,000 in one Parquet file, and a click of 440 beside one.

``python -m benchmarks.scaling 100000000`` takes as many as are named, for whom it writes 55 bytes each to a temporary
folder.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from custseg import CustomerTable, Recipe, segment
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings

if TYPE_CHECKING:
    from custseg.clustering.engines.pushed_down import Progress

_PIECE, _FEATURES, _K = 1_000_000, 6, 6
ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
_CLICKS = 15


@dataclass(frozen=True)
class Fit:
    """Seconds until a table is open and for the fit, steps over everybody, and the most memory of the process."""

    opening: float
    fit: float
    steps: int
    peak: int


def write(path: Path, rows: int) -> None:
    """Write random customers in groups to a Parquet file, a million at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ["customer_id", *(f"spend {place}" for place in range(_FEATURES))]
    schema = pa.schema([(names[0], pa.int64()), *((name, pa.float64()) for name in names[1:])])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, _PIECE):
            generator, count = np.random.default_rng(first), min(_PIECE, rows - first)
            group = generator.integers(0, 6, count)
            spend = [generator.lognormal(2 + (group * (place + 1)) % 7 / 2, 0.5) for place in range(_FEATURES)]
            columns = [np.arange(first, first + count), *spend]
            writer.write_table(pa.table(dict(zip(names, columns, strict=True)), schema))


def measure(rows: int) -> Fit:
    """Measure a fit in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.parquet"
        write(path, rows)
        command = [sys.executable, "-m", "benchmarks.scaling", str(path)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Fit(float(told[0]), float(told[1]), int(told[2]), int(told[3]))


def _fit(path: Path) -> Fit:
    told: list[Progress] = []
    began = time.perf_counter()
    table = CustomerTable.read(path, rows="customers", roles={"customer_id": "identifier"}, most_in_memory=1)
    opened = time.perf_counter()
    segment(table, k=_K, seed=0, recipe=Recipe(log="auto"), on_progress=told.append)
    seconds = time.perf_counter() - opened
    return Fit(opened - began, seconds, len(told), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def beside(bundled: Path, rows: int = 10_000_000) -> tuple[float, float]:
    """Return milliseconds of a run of the bundled table while a fit of so many goes on in the process, and quiet."""
    table = CustomerTable.read(bundled)
    # Each with a seed of its own: what was run before would be recalled.
    seeds = count()
    begun, over = Event(), Event()

    def step(_: Progress) -> None:
        begun.set()
        if over.is_set():
            raise InterruptedError

    def fit(large: CustomerTable) -> None:
        while not over.is_set():
            segment(large, k=_K, seed=None, recipe=Recipe(log="auto"), on_progress=step)

    def click() -> float:
        began = time.perf_counter()
        run_pipeline(table, None, 1, RunSettings(table.features, 4, next(seeds), Recipe()))
        return 1000 * (time.perf_counter() - began)

    click()
    quiet = statistics.median(click() for _ in range(_CLICKS))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as threads:
        path = Path(folder) / "customers.parquet"
        write(path, rows)
        large = CustomerTable.read(path, rows="customers", roles={"customer_id": "identifier"}, most_in_memory=1)
        going = threads.submit(fit, large)
        begun.wait()
        busy = statistics.median(click() for _ in range(_CLICKS))
        over.set()
        going.exception()
    return busy, quiet


if __name__ == "__main__":
    (asked,) = sys.argv[1:]
    found = measure(int(asked)) if asked.isdigit() else _fit(Path(asked))
    print(found.opening, found.fit, found.steps, found.peak)
