"""Whole numbers keep their form, in identifiers, levels and exports, also where a gap has made them floating point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, profile, segment
from custseg.export.bundle import ResultBundle
from custseg.export.formats import save
from custseg.tables.whole_numbers import LARGEST_EXACT, are_whole, as_text

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 40
COLUMNS: dict[str, list[Any]] = {
    "CustomerID": [float(12347 + row) for row in range(ROWS)],
    "region": [None if row == 5 else float(row % 3) for row in range(ROWS)],
    "visits": [None if row == 7 else float(row * 7 % 23) for row in range(ROWS)],
    "spend": [row * 1.5 + 0.25 for row in range(ROWS)],
}


def as_csv(path: Path) -> Path:
    pd.DataFrame(COLUMNS).to_csv(path / "clients.csv", index=False)
    return path / "clients.csv"


def as_excel(path: Path) -> Path:
    pd.DataFrame(COLUMNS).to_excel(path / "clients.xlsx", index=False)
    return path / "clients.xlsx"


SOURCES: dict[str, Any] = {
    "pandas": lambda _: pd.DataFrame(COLUMNS),
    "polars": lambda _: pl.DataFrame(COLUMNS),
    "CSV": as_csv,
    "Excel": as_excel,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_identifiers_levels_and_exports_hold_no_point(kind: str, tmp_path: Path) -> None:
    table = CustomerTable.read(
        SOURCES[kind](tmp_path),
        roles={"CustomerID": "identifier", "region": "category", "visits": "feature", "spend": "feature"},
    )
    assert table.identifiers.tolist() == [str(12347 + row) for row in range(ROWS)]
    assert set(table.levels("region").texts) == {"0", "1", "2", None}
    save(ResultBundle(profile(segment(table, k=2))), tmp_path / "result.csv", "customers")
    lines = (tmp_path / "result.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("12347,0,0,0.25,")
    assert lines[6].startswith("12352,,") or lines[6].startswith('12352,"",')


@pytest.mark.parametrize("kind", SOURCES)
def test_a_number_that_a_gap_has_made_floating_point_may_be_the_identifier(kind: str, tmp_path: Path) -> None:
    assert CustomerTable.read(SOURCES[kind](tmp_path)).identifier == "CustomerID"


@given(st.lists(st.one_of(st.just(np.nan), st.integers(-LARGEST_EXACT, LARGEST_EXACT)), min_size=1))
def test_whole_is_whatever_is_written_without_a_point(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=np.float64)
    known = values[~np.isnan(values)]
    assert are_whole(values) == bool(len(known))
    assert [as_text(value) for value in known.tolist()] == [str(int(value)) for value in known]
    assert not are_whole(np.append(values, 0.5))
    assert not are_whole(np.append(values, np.inf))
