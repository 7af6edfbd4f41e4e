"""How a run grows with the number of customers: in memory to ten million, and lazily from Parquet to a hundred million.

The hundred million are made when ``CUSTSEG_BENCHMARK_LAZILY`` is set, since they take 5 GB of disk and many minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import run

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTING = "CUSTSEG_BENCHMARK_LAZILY"
IN_MEMORY, FROM_PARQUET = "in memory", "from Parquet"
_ROWS, _MOST = (10_000, 100_000, 1_000_000, 10_000_000), 100_000_000
_PIECE = 1_000_000
_PROGRAM = """
import resource, sys, time
import custseg
table = custseg.CustomerTable.read(sys.argv[1], most_in_memory=1)
began, worked = time.perf_counter(), time.process_time()
custseg.segment(table, k=4, seed=0)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(time.perf_counter() - began, time.process_time() - worked, peak)
"""


@dataclass(frozen=True)
class Grown:
    """What a run of so many customers takes: seconds, those of the processor, and bytes of the process at the peak."""

    where: str
    customers: int
    seconds: float
    processor: float
    peak: int


def measure() -> Iterator[Grown]:
    """Measure a run of more and more customers, each table in a process of its own."""
    for rows in (*_ROWS, *((_MOST,) if os.environ.get(SETTING) else ())):
        if rows < _MOST:
            runs = run.measure(rows, 3)
            yield Grown(IN_MEMORY, rows, runs.later / 1000, runs.processor / 1000, runs.peak)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.parquet"
            _write(path, rows)
            command = [sys.executable, "-c", _PROGRAM, str(path)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        yield Grown(FROM_PARQUET, rows, float(told[0]), float(told[1]), int(told[2]))


def _write(path: Path, rows: int) -> None:
    """Write customers a million at a time, so that they are never all in memory."""
    import pyarrow as pa
    from pyarrow import parquet

    generator, writer = np.random.default_rng(0), None
    centres = generator.normal(size=(4, 6)) * 3
    for first in range(0, rows, _PIECE):
        groups = generator.integers(0, 4, min(_PIECE, rows - first))
        columns = {
            f"spend_{name}": np.exp((centres[groups, place] + generator.normal(size=len(groups))) / 3) * 100
            for place, name in enumerate("abcdef")
        }
        piece = pa.table(columns)
        writer = writer or parquet.ParquetWriter(path, piece.schema)
        writer.write_table(piece)
    if writer is not None:
        writer.close()
