"""A whole run, from table to words, against the engine alone and against scikit-learn with pandas; memory of ten runs.

The peer does by far less: it standardises, runs ``KMeans(n_init=10)``, and asks pandas for what ``groupby`` has.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

# Run in a separate process, to measure its own memory.
_PROGRAM = """
import json, statistics, sys, time
import numpy as np, pandas as pd, psutil
import custseg
from custseg.clustering import engines
rows, runs = int(sys.argv[1]), int(sys.argv[2])
generator = np.random.default_rng(0)
centres = generator.normal(size=(4, 6)) * 3
groups = generator.integers(0, 4, rows, dtype=np.int8)
columns = {
    f"spend_{name}": np.exp((centres[groups, position] + generator.normal(size=rows)) / 3) * 100
    for position, name in enumerate("abcdef")
}
frame = pd.DataFrame(columns)
del groups, columns
process = psutil.Process()
memory, times, worked = [], [], []
model = custseg.SegmentationModel(frame, k=4, seed=42)
del frame
for number in range(runs):
    # A different number each time, so that runs differ.
    model.k = 4 + number % 3 if runs > 5 else 4
    began, used = time.perf_counter(), time.process_time()
    model.run_clustering()
    times.append(time.perf_counter() - began)
    worked.append(time.process_time() - used)
    memory.append(process.memory_info().rss)
import resource
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
result = model.result
prepared = result.preparation.apply(result.table.matrix(result.features))
engine = []
for _ in range(3):
    began = time.perf_counter()
    engines.fit("memory", prepared, result.k, 42)
    engine.append(time.perf_counter() - began)
peer, peer_worked = 0.0, 0.0
if rows <= 1_000_000:
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler
    frame = result.table.to_pandas()[list(result.features)]
    began, used = time.perf_counter(), time.process_time()
    labels = KMeans(4, n_init=10, random_state=0).fit_predict(StandardScaler().fit_transform(frame))
    frame.groupby(labels).agg(["count", "mean", "std", "sum"])
    frame.groupby(labels).quantile([0.25, 0.5, 0.75])
    peer, peer_worked = time.perf_counter() - began, time.process_time() - used
print(json.dumps({
    "first": times[0], "later": statistics.median(times[1:]), "engine": statistics.median(engine), "peak": peak,
    "memory": memory, "processor": statistics.median(worked[1:]), "peer": peer, "peer_processor": peer_worked,
}))
"""


@dataclass(frozen=True)
class Runs:
    """Milliseconds of the first run, of a later one, of the engine alone and of the peer, 0 where that isn't asked.

    ``processor`` are milliseconds of the processor, which other work on the machine does not lengthen as much;
    ``peak`` and ``memory`` are bytes at the peak and after each run.
    """

    first: float
    later: float
    engine: float
    peer: float
    processor: float
    peer_processor: float
    peak: int
    memory: list[int]


def measure(rows: int, runs: int) -> Runs:
    """Run this many times on rows x 6, and return the time and memory."""
    command = [sys.executable, "-c", _PROGRAM, str(rows), str(runs)]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    names = ("first", "later", "engine", "peer", "processor", "peer_processor")
    milliseconds = {name: 1000 * measured[name] for name in names}
    return Runs(**milliseconds, peak=measured["peak"], memory=measured["memory"])
