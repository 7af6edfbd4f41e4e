"""Reading a large file against ``pandas.read_csv``, and ten million purchases against a pandas groupby."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5
_PURCHASES = """
COPY (
    SELECT i AS receipt, 'C' || lpad((hash(i) % 500000)::VARCHAR, 6, '0') AS customer_id,
        DATE '2026-01-01' + (hash(i * 7) % 365)::INT AS date, round(exp(hash(i * 11) % 1000 / 250.0 + 1), 2) AS amount,
        ['fresh', 'household', 'drinks', 'other'][(hash(i * 13) % 4 + 1)::INT] AS category
    FROM range({rows}) AS purchases(i)
) TO '{path}' (HEADER)
"""
_OURS = """
import custseg
print(len(custseg.from_transactions(path)))
"""
_PEER = """
import pandas as pd
purchases = pd.read_csv(path, parse_dates=["date"])
by_customer = purchases.groupby("customer_id")
customers = by_customer.agg(last=("date", "max"), first=("date", "min"), frequency=("amount", "size"),
                            monetary_value=("amount", "sum"), average_basket=("amount", "mean"))
shares = purchases.groupby(["customer_id", "category"])["amount"].sum().unstack(fill_value=0)
customers = customers.join(shares.div(customers["monetary_value"], axis=0))
print(len(customers))
"""
# Linux counts a process's peak memory in kilobytes, macOS in bytes.
_MEASURED = """
import resource, sys, time
path, began = sys.argv[1], time.perf_counter()
{program}
unit = 1 if sys.platform == "darwin" else 1024
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


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


def purchases(rows: int = 10_000_000) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return milliseconds and peak megabytes of turning purchases into customers, for custseg and for pandas."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "purchases.csv"
        duckdb.sql(_PURCHASES.format(rows=rows, path=path))
        ours, peer = (_in_a_process(program, path) for program in (_OURS, _PEER))
    return ours, peer


def _in_a_process(program: str, path: Path) -> tuple[float, float]:
    command = [sys.executable, "-c", _MEASURED.format(program=program), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()[-2:]
    return 1000 * float(seconds), float(peak) / 1e6


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)
