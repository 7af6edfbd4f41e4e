"""Ten million order lines to customers against a pandas groupby: time, and the peak memory of a process of its own."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb

# Three lines an order and twenty a customer; one line in fifty is returned under a number that begins with C.
_LINES = """
COPY (
    SELECT CASE WHEN hash(i * 17) % 50 = 0 THEN 'C' ELSE '' END || (i // 3) AS order_number,
        'C' || lpad((hash(i // 3) % 500000)::VARCHAR, 6, '0') AS customer_id,
        DATE '2026-01-01' + (hash(i // 3 * 7) % 365)::INT AS date,
        (hash(i * 5) % 9 + 1)::INT * CASE WHEN hash(i * 17) % 50 = 0 THEN -1 ELSE 1 END AS quantity,
        round(exp(hash(i * 11) % 1000 / 250.0 + 1), 2) AS price,
        ['fresh', 'household', 'drinks', 'other'][(hash(i * 13) % 4 + 1)::INT] AS category
    FROM range({rows}) AS lines(i)
) TO '{path}' (HEADER)
"""
_OURS = """
from custseg import TransactionColumns, from_transactions
columns = TransactionColumns("customer_id", "date", "quantity * price", "category", {order})
table = from_transactions(path, columns)
print(len(table), table.to_pandas()["monetary_value"].sum(), table.to_pandas()["frequency"].sum())
"""
_PEER = """
import pandas as pd
lines = pd.read_csv(path, parse_dates=["date"], dtype={{"order_number": str}})
lines["amount"] = lines["quantity"] * lines["price"]
lines["key"] = {key}
orders = lines.groupby(["customer_id", "key"]).agg(day=("date", "min"), amount=("amount", "sum")).reset_index()
# What was bought and returned is 0, and not what is left of floating point numbers.
orders["amount"] = orders["amount"].round(4)
spent = orders.groupby("customer_id")["amount"].sum()
counted = orders[orders["amount"] > 0]
by_customer = counted.groupby("customer_id")
customers = by_customer.agg(last=("day", "max"), first=("day", "min"), frequency=("amount", "size"),
                            average_basket=("amount", "mean"))
customers["monetary_value"] = spent
bought = lines[lines["amount"] > 0]
shares = bought.groupby(["customer_id", "category"])["amount"].sum().unstack(fill_value=0)
customers = customers.join(shares.div(shares.sum(axis=1), axis=0))
print(len(customers), customers["monetary_value"].sum(), customers["frequency"].sum())
"""
# Each line a purchase, and each order one.
_WAYS = {
    "each row a purchase": ("", "lines.index"),
    "orders of several lines": (
        "order='order_number', return_mark='C'",
        "lines['order_number'].str.removeprefix('C')",
    ),
}
# Linux counts a process's peak memory in kilobytes, macOS in bytes.
_MEASURED = """
import resource, sys, time
path, began = sys.argv[1], time.perf_counter()
{program}
unit = 1 if sys.platform == "darwin" else 1024
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
"""


class Cost(NamedTuple):
    """What a process took, in milliseconds and megabytes, and what it found: customers, their spend, their orders."""

    time: float
    peak: float
    answer: tuple[float, ...]


def measure(rows: int = 10_000_000) -> dict[str, tuple[Cost, Cost]]:
    """Return for each way to count purchases what it costs custseg and pandas.

    Raises RuntimeError where both don't find the same customers, sums and orders.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.csv"
        with duckdb.connect() as connection:
            connection.execute(_LINES.format(rows=rows, path=path))
        for way, (order, key) in _WAYS.items():
            ours, peer = _in_a_process(_OURS.format(order=order), path), _in_a_process(_PEER.format(key=key), path)
            if not all(map(math.isclose, ours.answer, peer.answer)):
                msg = f"{way}: custseg found {ours.answer}, and pandas {peer.answer}."
                raise RuntimeError(msg)
            found[way] = (ours, peer)
    return found


def _in_a_process(program: str, path: Path) -> Cost:
    command = [sys.executable, "-c", _MEASURED.format(program=program), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    *answer, seconds, peak = (float(number) for number in done.stdout.split())
    return Cost(1000 * seconds, peak / 1e6, tuple(answer))
