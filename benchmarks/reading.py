"""Reading a large file against ``pandas.read_csv``."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd

import custseg
from custseg.tables.sources import read_file as read_file_of

if TYPE_CHECKING:
    from collections.abc import Callable

_ROUNDS = 5
_ROUNDS_OF_WORKBOOKS = 3
_NAMES = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


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


def workbook(rows: int = 541_909) -> tuple[float, float]:
    """Return milliseconds to read rows x 8 from Excel, as many as Online Retail has, and of ``pandas.read_excel``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.xlsx"
        _write_orders(path, rows)
        # In turns, so that a busy moment of the machine affects both.
        pairs = [
            (_timed(lambda: read_file_of(path)), _timed(lambda: pd.read_excel(path, engine="calamine")))
            for _ in range(_ROUNDS_OF_WORKBOOKS)
        ]
    ours, peer = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(peer)


def _write_orders(path: Path, rows: int) -> None:
    generator = np.random.default_rng(0)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Orders")
    sheet.append(
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    )
    products, pieces, customers = (generator.integers(1, most, rows).tolist() for most in (4000, 50, 4400))
    for row, (product, quantity, customer) in enumerate(zip(products, pieces, customers, strict=True)):
        order, back = 536_365 + row // 20, row % 600 < 20
        day = dt.datetime(2024, 1, 1, 8) + dt.timedelta(minutes=row // 20 * 15)  # noqa: DTZ001 - Excel has no time zones
        sheet.append([
            f"C{order}" if back else order, f"{product}A" if product % 10 == 0 else 20_000 + product,
            f"product {product}", -quantity if back else quantity, day, product % 1999 / 100,
            None if customer > 3300 else 12_000 + customer, "United Kingdom",
        ])  # fmt: skip
    book.save(path)


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)
