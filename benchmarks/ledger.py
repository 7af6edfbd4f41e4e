"""What a ledger takes of many customers over many periods: seconds of each, memory at the peak, and size of the file.

From one period to the next two in a hundred customers leave and as many come, and one in twenty has other habits.
Segments are kept, but for one period in which they are found anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

CUSTOMERS, PERIODS, FOUND_ANEW = 1_000_000, 12, 6
_FEATURES, _GROUPS = 6, 4
_PART_NEW, _PART_OTHER = 0.02, 0.05
_PROGRAM = """
import sys
from benchmarks import ledger
ledger.add(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
"""


@dataclass(frozen=True)
class Kept:
    """One more period: seconds to add it, of the processor, and to read all; megabytes of the file and at the peak."""

    period: int
    seconds: float
    processor: float
    reading: float
    megabytes: float
    peak: float


def measure(customers: int = CUSTOMERS, periods: int = PERIODS) -> Iterator[Kept]:
    """Keep so many customers over so many periods, each added by a process of its own, as by the night."""
    with tempfile.TemporaryDirectory() as folder:
        for period in range(1, periods + 1):
            path = str(Path(folder, "ledger.duckdb"))
            command = [sys.executable, "-c", _PROGRAM, path, str(customers), str(period)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            yield Kept(**json.loads(told))


def add(path: str, customers: int, period: int) -> None:
    """Add a period to the ones before, and print what that took."""
    import resource
    import time

    from custseg import Ledger

    book, table = Ledger.open(path), _table_of(period, customers)
    settings: dict[str, Any] = {"k": _GROUPS, "seed": 0} if period == 1 else {}
    began, worked = time.perf_counter(), time.process_time()
    book.add(f"{period:02}", table, segments="anew" if period == FOUND_ANEW else "kept", **settings)
    added = time.perf_counter()
    told = {
        "period": period,
        "seconds": added - began,
        "processor": time.process_time() - worked,
        "megabytes": Path(path).stat().st_size / 1e6,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    began = time.perf_counter()
    book.history()
    print(json.dumps(told | {"reading": time.perf_counter() - began}), flush=True)


def _table_of(period: int, customers: int) -> pd.DataFrame:
    """Return the customers of a period, from 1, who are mostly those of the one before."""
    import pandas as pd

    generator = np.random.default_rng(0)
    centres = generator.normal(size=(_GROUPS, _FEATURES)) * 2
    names, groups = np.arange(customers), generator.integers(0, _GROUPS, customers)
    for _ in range(period - 1):
        fresh = generator.random(customers) < _PART_NEW
        names = np.where(fresh, names.max() + 1 + np.arange(customers), names)
        other = fresh | (generator.random(customers) < _PART_OTHER)
        groups = np.where(other, generator.integers(0, _GROUPS, customers), groups)
    values = np.exp((centres[groups] + generator.normal(size=(customers, _FEATURES)) * 0.3) / 2) * 100
    columns = {f"spend_{name}": values[:, place] for place, name in enumerate("abcdef")}
    return pd.DataFrame({"customer_id": np.char.add("C", names.astype(str))} | columns)
