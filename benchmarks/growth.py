"""How a run grows with the number of customers: in memory to ten million, and lazily from Parquet to a hundred million.

The latter is made when ``CUSTSEG_BENCHMARK_LAZILY`` is set, since it takes 4 GB of disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import run

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTING = "CUSTSEG_BENCHMARK_LAZILY"
_IN_MEMORY = [10_000, 100_000, 1_000_000, 10_000_000]
_LAZILY = [1_000_000, 10_000_000, 100_000_000]
_PIECE = 1_000_000
_PROGRAM = """
import resource, sys, time
import custseg
table = custseg.CustomerTable.read(sys.argv[1], most_in_memory=1)
began, worked = time.perf_counter(), time.process_time()
custseg.segment(table, k=4, seed=0)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked), peak)
"""


def measure() -> Iterator[tuple[str, int, float, float, int]]:
    """Yield where customers are, how many, milliseconds of a run, those of the processor, and bytes at the peak."""
    for rows in _IN_MEMORY:
        runs = run.measure(rows, 3)
        yield "in memory", rows, runs.later, runs.processor, runs.peak
    for rows in _LAZILY if os.environ.get(SETTING) else ():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.parquet"
            _write(path, rows)
            command = [sys.executable, "-c", _PROGRAM, str(path)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        yield "from Parquet", rows, float(told[0]), float(told[1]), int(told[2])


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
