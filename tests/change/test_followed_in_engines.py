"""Customers followed into a later table where they stay in an engine: what memory finds of the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Migration, Segmentation, migrate, segment
from custseg.change import migration
from custseg.change.who_changed import who_changed
from custseg.tables import table
from custseg.tables.table import open_source
from tests.engines import NAMES, Engines, random_customers

if TYPE_CHECKING:
    from pathlib import Path

# Spark leaves connections to its Java behind.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

SEGMENT_NAMES = ["One", "Two", "Three"]


def later_customers() -> pd.DataFrame:
    """Some left, some came, and some spend more, in another order."""
    frame = random_customers(0).iloc[30:].copy()
    frame.loc[frame.index[:12], "customer"] = [f"N{number}" for number in range(12)]
    frame.loc[frame.index[100:260], NAMES[0]] *= 4
    return frame.sample(frac=1, random_state=0, ignore_index=True)


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    for name, frame in (("before", random_customers(0)), ("now", later_customers())):
        frame.to_parquet(tmp_path / f"{name}.parquet", index=False)
    return tmp_path / "before.parquet", tmp_path / "now.parquet"


def read(engines: Engines, kind: str, path: Path) -> CustomerTable:
    if kind == "memory":
        return CustomerTable.read(path)
    return CustomerTable.read(engines.open(kind, path), most_in_memory=100)


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("customer", ignore_index=True)


# Engines speak one language, so one pair of each two kinds tells.
@pytest.mark.parametrize(
    "kinds",
    [("DuckDB", "DuckDB"), ("DuckDB", "memory"), ("memory", "Polars"), ("Polars", "Dask"), ("Spark", "Spark")],
    ids="-".join,
)
def test_what_is_found_is_that_of_memory(engines: Engines, paths: tuple[Path, Path], kinds: tuple[str, str]) -> None:
    result = segment(read(engines, "memory", paths[0]), k=3, seed=2)
    expected = migrate(result, read(engines, "memory", paths[1]))
    before, now = (read(engines, kind, path) for kind, path in zip(kinds, paths, strict=True))
    found = migrate(segment(before, k=3, seed=2), now)
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    assert min(found.moved, found.left, found.came) > 10
    for one, other in ((found.spend_before, expected.spend_before), (found.spend_now, expected.spend_now)):
        assert one is not None
        assert other is not None
        np.testing.assert_allclose(one, other)
    assert (found.sentence, found.spend_sentence) == (expected.sentence, expected.spend_sentence)
    assert found.warnings == expected.warnings
    assert found.drawn_sentence == ""
    pd.testing.assert_frame_equal(in_order(found.moved_customers), in_order(expected.moved_customers))
    changed = [in_order(who_changed(one, SEGMENT_NAMES)) for one in (found, expected)]
    pd.testing.assert_frame_equal(changed[0], changed[1], check_dtype=False)
    assert (changed[0]["why"] != "").sum() > 10
    assert len(who_changed(found, SEGMENT_NAMES, 5)) == 15


def test_a_later_file_that_stays_where_it_is_is_followed_whole(
    engines: Engines, paths: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else those who are not among the few that were drawn would be said to have left."""
    result = segment(read(engines, "memory", paths[0]), k=3, seed=2)
    expected = migrate(result, later_customers())
    monkeypatch.setattr(table, "SAMPLE_SIZE", 150)
    monkeypatch.setattr(migration, "SAMPLE_SIZE", 150)
    later = CustomerTable.read(engines.open("DuckDB", paths[1]), most_in_memory=100)
    assert len(later.frame) == 150
    found = migrate(result, later)
    np.testing.assert_array_equal(found.matrix, expected.matrix)
    assert found.drawn_sentence == (
        "What has changed in the features, and what new segments would be, was found from 150 customers before and 150 "
        "now, drawn at random."
    )


def changed_table(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    if what == "twice":
        return pd.concat([frame, frame.iloc[:1]])
    if what == "blank":
        return frame.assign(customer=frame["customer"].mask(frame.index == 3))
    return frame.assign(customer="X" + frame["customer"])


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("twice", r"“C\d+|N\d+” is in “customer” of the later table more than once. Keep one row per customer"),
        ("blank", "“customer” is empty in 1 row of the later table"),
        ("others", "none of those in “customer” now, such as “XC00042”, was in “customer” before, such as “C00000”"),
    ],
)
def test_customers_who_cannot_be_matched_are_refused_in_a_sentence(
    engines: Engines, tmp_path: Path, paths: tuple[Path, Path], what: str, sentence: str
) -> None:
    result = segment(read(engines, "DuckDB", paths[0]), k=3, seed=2)
    changed_table(later_customers(), what).to_parquet(tmp_path / "wrong.parquet", index=False)
    later = open_source(engines.open("DuckDB", tmp_path / "wrong.parquet"), most_in_memory=100)
    with pytest.raises(DataError, match=sentence):
        migrate(result, later)


def test_lists_of_all_are_refused_in_a_sentence(engines: Engines, paths: tuple[Path, Path]) -> None:
    result: Segmentation = segment(read(engines, "DuckDB", paths[0]), k=3, seed=2)
    found: Migration = migrate(result, read(engines, "memory", paths[1]))
    with pytest.raises(DataError, match="no list of all customers, since some of them are in an engine"):
        _ = found.labels
