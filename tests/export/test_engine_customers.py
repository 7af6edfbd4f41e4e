"""Customers in an engine as a file: each of them once, in the segment that it has in memory, some at a time."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, SegmentationModel, SettingError
from custseg.clustering.segmentation import IsIn
from custseg.export.csv import write_some_customers
from custseg.export.customer_parts import customer_parts
from custseg.export.formats import FORMATS
from custseg.tables.engine import batches
from custseg.tables.expressions import Both, IdentifierContains, Passing
from tests.engines import KINDS, Engines, random_customers

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.export.formats import Format

# PySpark leaves the sockets open by which it brings rows.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


# Ibis is tried on PostgreSQL.
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "Ibis"])
@pytest.mark.parametrize("missing", ["median", "drop"])
def test_the_file_is_that_of_memory(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, missing: Any
) -> None:
    path = tmp_path / "customers.parquet"
    random_customers(0).to_parquet(path, index=False)
    monkeypatch.setattr(batches, "ROWS_AT_A_TIME", 200)
    found, expected = (
        SegmentationModel(table, k=3, seed=2, recipe=Recipe(missing=missing))
        for table in (CustomerTable.read(engines.open(kind, path), most_in_memory=100), CustomerTable.read(path))
    )
    for model in (found, expected):
        model.run_clustering()
        model.save(tmp_path / "out.csv", "customers")
        model.table.__dict__["written"] = pd.read_csv(tmp_path / "out.csv").sort_values("customer", ignore_index=True)
    assert found.table.elsewhere is not None
    pd.testing.assert_frame_equal(found.table.__dict__["written"], expected.table.__dict__["written"])


def test_no_more_of_them_are_in_memory_than_are_written(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "customers.parquet"
    random_customers(0, rows=9000).to_parquet(path, index=False)
    monkeypatch.setattr(batches, "ROWS_AT_A_TIME", 2048)
    model = SegmentationModel(CustomerTable.read(engines.open("DuckDB", path), most_in_memory=100), k=3, seed=2)
    model.run_clustering()
    sizes = [len(part.segmentation.table) for part in customer_parts(model.bundle())]
    assert max(sizes) <= 2048
    assert sum(sizes) == 9000


def test_some_of_them_are_those_of_whom_a_condition_holds(engines: Engines, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    random_customers(0).to_parquet(path, index=False)
    written = []
    for table in (CustomerTable.read(engines.open("DuckDB", path), most_in_memory=100), CustomerTable.read(path)):
        model = SegmentationModel(table, k=3, seed=2)
        second = IsIn(model.run_clustering(), frozenset({2}))
        stream = BytesIO()
        write_some_customers(model.bundle(), Both(IdentifierContains("7"), Passing(second)), stream)
        written.append(pd.read_csv(BytesIO(stream.getvalue())).sort_values("customer", ignore_index=True))
    pd.testing.assert_frame_equal(written[0], written[1])
    assert 0 < len(written[0]) < 700


def test_parts_heed_a_condition_wherever_customers_are(
    in_both: tuple[SegmentationModel, SegmentationModel],
) -> None:
    found = []
    for model in in_both:
        second = Passing(IsIn(model.bundle().segmentation, frozenset({2})))
        parts = [part.segmentation for part in customer_parts(model.bundle(), second)]
        assert {segment for part in parts for segment in part.labels.tolist()} == {2}
        found.append(sorted(name for part in parts for name in part.table.identifiers))
    assert found[0] == found[1]
    assert len(found[0]) == in_both[1].bundle().segmentation.sizes[1]


@pytest.fixture(scope="module")
def in_both(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> tuple[SegmentationModel, SegmentationModel]:
    path = tmp_path_factory.mktemp("both") / "customers.parquet"
    random_customers(0).to_parquet(path, index=False)
    tables = CustomerTable.read(engines.open("DuckDB", path), most_in_memory=100), CustomerTable.read(path)
    found, expected = (SegmentationModel(table, k=3, seed=2) for table in tables)
    for model in (found, expected):
        model.run_clustering()
    return found, expected


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("customers_parquet", pd.read_parquet),
        ("customers_excel", partial(pd.read_excel, engine="openpyxl")),
        ("customers_raw", pd.read_csv),
    ],
)
def test_other_files_of_customers_are_those_of_memory_too(
    in_both: tuple[SegmentationModel, SegmentationModel],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    read: Any,
) -> None:
    monkeypatch.setattr(batches, "ROWS_AT_A_TIME", 200)
    written = []
    for number, model in enumerate(in_both):
        path = tmp_path / f"{number}{next(each.suffix for each in FORMATS if each.name == kind)}"
        model.save(path, kind)
        written.append(read(path).sort_values("customer", ignore_index=True))
    pd.testing.assert_frame_equal(*written)


@pytest.mark.parametrize("form", FORMATS, ids=[each.name for each in FORMATS])
def test_every_file_of_theirs_is_written_or_refused_in_a_sentence(
    in_both: tuple[SegmentationModel, SegmentationModel], tmp_path: Path, form: Format
) -> None:
    path = tmp_path / f"out{form.suffix}"
    with suppress(DataError, SettingError):
        in_both[0].save(path, form.name)
        assert path.stat().st_size
