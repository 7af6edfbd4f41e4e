"""A Parquet file that is broken anywhere is read, or refused in a sentence; nothing shows later."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from custseg import CustomerTable, DataError, SettingError, from_transactions, understand
from tests.corpus_formats import as_parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = 60
WHOLE = as_parquet(
    pa.table({
        "customer": [f"ü{row % 40}" for row in range(ROWS)],
        "kind": pa.array(["x", "y", "zä"] * 20).dictionary_encode(),
        "amount": [row * 1.5 for row in range(ROWS)],
        "visits": list(range(ROWS)),
        "day": [dt.date(2024, 1, 1 + row % 28) for row in range(ROWS)],
        "moment": pa.array(range(ROWS), pa.timestamp("us", tz="Europe/Berlin")),
        "truth": [True, None, False] * 20,
        "price": [Decimal("1.5")] * ROWS,
        "list": [[1]] * ROWS,
    })
)  # fmt: skip


def broken(seed: int) -> bytes:
    """Return the file with one to four bytes changed, most of them where the columns are described."""
    generator, content = np.random.default_rng(seed), bytearray(WHOLE)
    for _ in range(int(generator.integers(1, 5))):
        content[int(generator.integers(4, len(content)))] = int(generator.integers(256))
    return bytes(content)


def use_as_customers(path: Path) -> None:
    table = CustomerTable.read(path)
    assert len(table.identifiers) == len(table.to_pandas()) == len(table.matrix(table.features))
    assert table.notes


def use_as_purchases(path: Path) -> None:
    if not any(doubt.matters for doubt in understand(path, rows="orders").doubts):
        assert len(from_transactions(path)) > 0


@pytest.mark.parametrize("use", [use_as_customers, use_as_purchases])
def test_a_broken_file_is_used_or_refused_in_a_sentence(use: Callable[[Path], None], tmp_path: Path) -> None:
    path, refused = tmp_path / "clients.parquet", set()
    for seed in range(150):
        path.write_bytes(broken(seed))
        try:
            use(path)
        except (DataError, SettingError) as problem:
            refused.add(str(problem))
    assert "“clients.parquet” is a Parquet file that is broken or cut off. Write or copy it again." in refused
    assert all(sentence.endswith(".") and str(tmp_path) not in sentence for sentence in refused)


def test_a_date_beyond_the_calendar_is_refused_with_its_column(tmp_path: Path) -> None:
    path = tmp_path / "clients.parquet"
    path.write_bytes(as_parquet(pa.table({"v": [1, 2], "since": pa.array([0, 3_000_000], pa.date32())})))
    with pytest.raises(
        DataError, match=r"years 1 to 9999 were expected, but “since” in “clients\.parquet” holds others"
    ):
        CustomerTable.read(path)
