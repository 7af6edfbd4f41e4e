"""Time of the advice on the number of segments against scikit-learn's KMeans alone, and its memory."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from sklearn.cluster import KMeans

import custseg
from custseg.clustering.preparation import Preparation

if TYPE_CHECKING:
    from pathlib import Path

# Run in a separate process, to measure its own peak memory. Linux counts in kilobytes, macOS in bytes.
_LARGE = """
import resource, sys, time
import numpy as np, pandas as pd
from sklearn.cluster import KMeans
import custseg
rows = int(sys.argv[1])
unit = 1 if sys.platform == "darwin" else 1024
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
generator = np.random.default_rng(0)
centres = generator.normal(size=(12, 6)) * 3
values = np.exp((centres[generator.integers(12, size=rows)] + generator.normal(size=(rows, 6))) / 3)
table = custseg.CustomerTable.read(pd.DataFrame(values, columns=list("abcdef")))
custseg.advise(table.sample(np.arange(500)), seed=0)
before = peak()
began = time.perf_counter()
custseg.advise(table, seed=0)
ours = time.perf_counter() - began
memory = (peak() - before) / (rows * 6 * 4)
prepared = (values - values.mean(axis=0)) / values.std(axis=0)
began = time.perf_counter()
KMeans(8, n_init=10, random_state=0).fit(prepared)
print(ours, time.perf_counter() - began, memory)
"""


def bundled(path: Path) -> tuple[float, float]:
    """Return milliseconds of the advice on the bundled table, and of KMeans(n_init=10) alone at each k."""
    table = custseg.CustomerTable.read(path)
    values = table.matrix(table.features)
    prepared = Preparation.fit(values, table.features).apply(values)
    custseg.advise(table, ks=[2], seed=0)
    began = time.perf_counter()
    custseg.advise(table, seed=0)
    middle = time.perf_counter()
    for k in range(2, 11):
        KMeans(k, n_init=10, random_state=0).fit(prepared)
    return 1000 * (middle - began), 1000 * (time.perf_counter() - middle)


def large(rows: int = 1_000_000) -> tuple[float, float, float]:
    """Return milliseconds of the advice, those of one KMeans(8, n_init=10), and the advice's peak memory.

    Memory is what the advice adds to a process with the table loaded, over the size of the features as float32.
    """
    done = subprocess.run([sys.executable, "-c", _LARGE, str(rows)], check=True, capture_output=True, text=True)
    ours, peer, memory = (float(number) for number in done.stdout.split())
    return 1000 * ours, 1000 * peer, memory
