"""Reading a large file against ``pandas.read_csv``."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5


def read_file(rows: int = 1_000_000) -> tuple[float, float]:
    """Return milliseconds to read and check rows x 8 as a CustomerTable, and of ``pandas.read_csv`` alone."""
    generator = np.random.default_rng(0)
    customers = pd.DataFrame(
        {"customer_id": [f"C{number:07}" for number in range(rows)], "region": generator.choice(["N", "S", "E"], rows)}
        | {f"spend_{position}": generator.lognormal(5, 1, rows).round(2) for position in range(5)}
        | {"visits": generator.poisson(9, rows)}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        customers.to_csv(path, index=False)
        # In turns, so that a busy moment of the machine affects both.
        pairs = [
            (_timed(lambda: custseg.CustomerTable.read(path)), _timed(lambda: pd.read_csv(path)))
            for _ in range(_ROUNDS + 1)
        ]
    ours, peer = zip(*pairs[1:], strict=True)
    return statistics.median(ours), statistics.median(peer)


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)
