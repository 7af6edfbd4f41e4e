"""A whole run, from the table to words, beside the engine's own time; and the memory of ten runs of ten million."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

# In a process of its own, so that its memory is its own.
_PROGRAM = """
import json, statistics, sys, time
import numpy as np, pandas as pd, psutil
import custseg
from custseg.clustering import engines
rows, runs = int(sys.argv[1]), int(sys.argv[2])
generator = np.random.default_rng(0)
centres = generator.normal(size=(4, 6)) * 3
own = generator.integers(0, 4, rows, dtype=np.int8)
columns = {
    f"spend_{name}": np.exp((centres[own, position] + generator.normal(size=rows)) / 3) * 100
    for position, name in enumerate("abcdef")
}
frame = pd.DataFrame(columns)
del own, columns
process = psutil.Process()
memory, times = [], []
model = custseg.SegmentationModel(frame, k=4, seed=42)
del frame
for number in range(runs):
    # Another number each time, so that no two runs are alike.
    model.k = 4 + number % 3 if runs > 5 else 4
    began = time.perf_counter()
    model.run_clustering()
    times.append(time.perf_counter() - began)
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
print(json.dumps({
    "first": times[0], "later": statistics.median(times[1:]), "engine": statistics.median(engine), "peak": peak,
    "memory": memory,
}))
"""


@dataclass(frozen=True)
class Runs:
    """Milliseconds of the first run, of a later one, and of the engine alone; bytes at the peak and after each run."""

    first: float
    later: float
    engine: float
    peak: int
    memory: list[int]


def measure(rows: int, runs: int) -> Runs:
    """Run that often on rows x 6, and return what it took."""
    command = [sys.executable, "-c", _PROGRAM, str(rows), str(runs)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    first, later, engine = (1000 * found[name] for name in ("first", "later", "engine"))
    return Runs(first, later, engine, found["peak"], found["memory"])
