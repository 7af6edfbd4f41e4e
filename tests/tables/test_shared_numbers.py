"""The numbers of a file are in memory once, cannot be changed, and are those of the file to the last digit."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, segment
from custseg.tables import in_memory as tables_in_memory
from custseg.tables.expressions import EVERYONE, IdentifierContains, Not, Total
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 200
LARGE = 2**24 + 1


@pytest.fixture
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    gaps = generator.lognormal(3, 1, ROWS)
    gaps[::7] = np.nan
    return pd.DataFrame(
        {
            "customer": [f"C{number}" for number in range(ROWS)],
            "milk_spend": generator.lognormal(3, 1, ROWS).round(2),
            "points": np.arange(LARGE, LARGE + ROWS)[::-1],
            "fresh_spend": generator.lognormal(9, 1, ROWS).round(2),
            "paper_spend": gaps,
        }
    )


@pytest.fixture
def path(frame: pd.DataFrame, tmp_path: Path) -> Path:
    frame.to_parquet(tmp_path / "customers.parquet", row_group_size=64)
    return tmp_path / "customers.parquet"


def test_what_is_computed_with_and_what_is_shown_are_the_same_numbers_in_memory(path: Path) -> None:
    table = CustomerTable.read(path)
    for name in ("milk_spend", "fresh_spend"):
        assert np.shares_memory(table.frame[name].to_numpy(), table.matrix([name]))


def test_numbers_are_those_of_the_file(path: Path, frame: pd.DataFrame) -> None:
    table = CustomerTable.read(path)
    pd.testing.assert_frame_equal(table.to_pandas(), frame, check_dtype=False)
    features = [*table.features]
    assert {"milk_spend", "points", "fresh_spend", "paper_spend"} <= {*features}
    np.testing.assert_array_equal(table.matrix(features), frame[features].to_numpy(float))
    assert int(table.matrix(["points"])[-1, 0]) == LARGE


def test_a_dataframe_of_somebody_else_stays_as_it_is(path: Path) -> None:
    given = pd.read_parquet(path)
    before = given.copy()
    table = CustomerTable.read(given)
    assert table.original is given
    pd.testing.assert_frame_equal(given, before)


def test_no_session_can_change_what_others_see(path: Path) -> None:
    table = CustomerTable.read(path)
    result = segment(table, k=3, seed=0)
    sample = in_memory(result.assignment).sample(50)
    shared = [
        table.matrix(table.features),
        table.frame["milk_spend"].to_numpy(),
        *(table.reading(name).floats for name in table.features),
        sample.labels["segment"] if sample.whole else in_memory(result.assignment).labels["segment"].codes,
        result.centroids,
        result.preparation.centre,
    ]
    assert not [array for array in shared if array.flags.writeable]


def test_a_session_with_other_roles_keeps_no_copy_of_the_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 50_000
    monkeypatch.setattr(tables_in_memory, "SAMPLE_SIZE", 1000)
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({f"spend_{name}": generator.lognormal(3, 1, rows).round(2) for name in "abcdef"})
    frame.insert(0, "customer", [f"C{number:06}" for number in range(rows)])
    frame.to_parquet(tmp_path / "customers.parquet")
    shared = CustomerTable.read(tmp_path / "customers.parquet")
    # What all sessions share is found by the first that asks.
    by_text = IdentifierContains("99")
    in_memory(shared.customers).where(by_text)
    result = segment(shared, k=3, seed=0)
    kept = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for ignored in ("spend_b", "spend_d"):
            own = shared.change(roles={ignored: "ignored"})
            labelled = in_memory(result.label(own.customers, "segment"))
            totals = labelled.aggregate([Total(name) for name in own.features], by=("segment",), where=by_text)
            labelled.page(Not(EVERYONE), order="spend_a")
            limits = np.nanmax(labelled.sample(rows).values, axis=0)
            kept.append((own, labelled, totals, limits, own.matrix(own.features[:1]), own.identifiers))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A byte for the segment of each; a copy of one column alone would be eight.
    assert after - before < 2 * rows * 3
    assert own.identifiers is shared.identifiers
    np.testing.assert_array_equal(own.matrix(own.features), frame[[*own.features]].to_numpy())
