"""Customers leave with all that came in, as it came, and with what a result says of each; nobody is computed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg import DataError, Recipe, Segmentation, SegmentationModel, SettingError, certainty, profile, segment
from custseg.errors import quote
from custseg.export import workbook
from custseg.export.bundle import ResultBundle
from custseg.export.formats import FORMATS
from tests.hostile import hostile_table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from custseg.export.formats import Format

FORMAT = {form.name: form for form in FORMATS}
moment = datetime.fromisoformat


def written(form: str, bundle: ResultBundle) -> BytesIO:
    stream = BytesIO()
    FORMAT[form].write(bundle, stream)
    stream.seek(0)
    return stream


def first_sheet(content: BytesIO) -> Worksheet:
    sheet = openpyxl.load_workbook(content).worksheets[0]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    return sheet


@pytest.fixture
def mixed() -> pl.DataFrame:
    """Return customers with a column of each type, one with gaps among whole numbers."""
    return pl.DataFrame(
        {
            "card": ["00017", "=1+1", "C3", "C4"],
            "spend": [1.5, 2.25, 90.0, 91.125],
            "visits": pl.Series([3, None, 40, 41], dtype=pl.Int32),
            "since": [date(2020, 2, 29), date(2021, 1, 1), None, date(1850, 1, 1)],
            "last": [
                moment("2026-01-05 12:30:00"),
                None,
                moment("2026-01-06"),
                moment("2026-01-07 01:02:03"),
            ],
            "newsletter": [True, False, None, True],
            "number": [12345678901234567, 1, 2, 3],
        }
    )


def test_distance_and_margin_are_those_of_the_result(result: Segmentation) -> None:
    back = pd.read_csv(written("customers", ResultBundle(profile(result))))
    prepared = result.preparation.apply(result.table.matrix(result.compared))
    away = np.linalg.norm(prepared - result.prepared_centroids[result.labels - 1], axis=1)
    np.testing.assert_allclose(back["distance"], away)
    np.testing.assert_allclose(back["margin"], certainty(result, resamples=1).margin)


def test_who_is_in_no_segment_has_no_distance_and_no_margin() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 40, 41, 42], "b": [1.0, 1, np.nan, 9, 9, 8], "distance": list("xyzxyz")})
    result = segment(frame, features=["a", "b"], k=2, seed=0, recipe=Recipe(missing="drop"))
    back = pd.read_csv(written("customers", ResultBundle(profile(result))))
    assert list(back.columns) == ["a", "b", "distance", "segment", "distance_2", "margin"]
    assert back["segment"].isna().tolist() == back["margin"].isna().tolist() == back["distance_2"].isna().tolist()
    assert back["segment"].isna().tolist() == [False, False, True, False, False, False]


def test_parquet_keeps_order_and_types_of_every_column(mixed: pl.DataFrame) -> None:
    result = segment(mixed, features=["spend"], k=2, seed=0)
    back = pq.read_table(written("customers_parquet", ResultBundle(profile(result))))
    came = mixed.to_arrow()
    assert back.column_names == [*came.column_names, "segment", "distance", "margin"]
    assert back.select(came.column_names).equals(came)
    assert pa.types.is_integer(back.schema.field("segment").type)
    assert back["segment"].to_pylist() == result.labels.tolist()


def test_an_index_of_pandas_does_not_become_a_column(frame: pd.DataFrame) -> None:
    result = segment(frame[frame["Region"] != "Other"], k=2, seed=0)
    back = pq.read_table(written("customers_parquet", ResultBundle(profile(result))))
    assert back.column_names[: len(frame.columns)] == list(frame.columns)
    assert len(back.column_names) == len(frame.columns) + 3


def test_excel_has_numbers_days_and_truths_as_such_and_text_as_text(mixed: pl.DataFrame) -> None:
    result = segment(mixed, features=["spend"], k=2, seed=0)
    heading, *rows = first_sheet(written("customers_excel", ResultBundle(profile(result)))).iter_rows(values_only=True)
    assert heading == (*mixed.columns, "segment", "distance", "margin")
    assert [row[:7] for row in rows] == [
        (
            "00017",
            1.5,
            3,
            moment("2020-02-29"),
            moment("2026-01-05 12:30:00"),
            True,
            "12345678901234567",
        ),
        ("=1+1", 2.25, None, moment("2021-01-01"), None, False, 1),
        ("C3", 90, 40, None, moment("2026-01-06"), None, 2),
        ("C4", 91.125, 41, "1850-01-01 00:00:00", moment("2026-01-07 01:02:03"), True, 3),
    ]
    assert [row[7] for row in rows] == result.labels.tolist()


def test_raw_customers_are_as_they_came(mixed: pl.DataFrame) -> None:
    bundle = ResultBundle(profile(segment(mixed, features=["spend"], k=2, seed=0)))
    raw, safe = (pd.read_csv(written(form, bundle), dtype={"card": str}) for form in ("customers_raw", "customers"))
    assert raw["card"].tolist() == mixed["card"].to_list()
    assert safe["card"].tolist() == ["00017", "'=1+1", "C3", "C4"]
    for name in ("spend", "visits", "segment", "distance", "margin"):
        pd.testing.assert_series_equal(raw[name], safe[name])


def test_tables_of_segments_in_excel_say_what_csv_says_and_name_nobody(model: SegmentationModel) -> None:
    bundle = model.bundle()
    assert model.words is not None
    book = openpyxl.load_workbook(written("workbook", bundle))
    assert book.sheetnames == ["Segments", "What to do", "Evidence", "Rules"]
    for sheet, form in (("Segments", "segments"), ("Evidence", "evidence"), ("Rules", "rules")):
        in_csv = pd.read_csv(written(form, bundle))
        in_excel = pd.DataFrame(list(book[sheet].iter_rows(values_only=True))[1:], columns=in_csv.columns)
        pd.testing.assert_frame_equal(in_excel.replace("", np.nan), in_csv, check_dtype=False)
    assert [row[3] for row in book["What to do"].iter_rows(values_only=True)][1:] == [
        action.text for action in model.words.actions
    ]
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert not cells & set(model.table.identifiers)


def test_movers_borderline_and_selected_customers_are_those_of_the_model(
    model: SegmentationModel, frame: pd.DataFrame
) -> None:
    later = frame.iloc[::-1].assign(Grocery=frame["Grocery"] * 1.6)
    moved = model.follow(later).moved_customers
    assert len(moved)
    assert pd.read_csv(written("movers", model.bundle()))["customer"].tolist() == moved["customer"].tolist()
    border = certainty(model.bundle().segmentation, resamples=1).borderline_customers
    assert pd.read_csv(written("borderline", model.bundle()))["customer"].tolist() == border["customer"].tolist()
    model.select(["W003", "W001"])
    selected = pd.read_csv(written("selection", model.bundle()))
    everyone = pd.read_csv(written("customers", model.bundle()))
    pd.testing.assert_frame_equal(selected, everyone.iloc[[0, 2]].reset_index(drop=True))


@pytest.mark.parametrize(
    ("form", "sentence"), [("movers", "no later table of these customers"), ("selection", "Select some first")]
)
def test_what_is_not_known_yet_is_told_and_writes_nothing(
    model: SegmentationModel, tmp_path: Path, form: str, sentence: str
) -> None:
    with pytest.raises(SettingError, match=sentence):
        model.save(tmp_path / "file.csv", form)
    assert not list(tmp_path.iterdir())


def test_what_excel_cannot_hold_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = pd.DataFrame({"remark": ["x" * 40_000, "y", "z"], "a": [1.0, 2, 9]})
    model = SegmentationModel(long, k=2)
    model.run_clustering()
    path = tmp_path / "customers.xlsx"
    with pytest.raises(DataError, match=r"holds 32,767 characters, but a text in row 1 has 40,000\. Save it as CSV"):
        model.save(path, "customers_excel")
    monkeypatch.setattr(workbook, "_MOST_ROWS", 3)
    with pytest.raises(DataError, match=rf"holds 2 rows .* but {quote('Customers')} has 3 rows .* CSV or Parquet"):
        model.save(path, "customers_excel")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", [form for form in FORMATS if form.suffix == ".xlsx"], ids=lambda form: form.name)
def test_hostile_names_and_texts_are_text_in_every_workbook(form: Format) -> None:
    model = SegmentationModel(hostile_table(), k=3, seed=1)
    model.run_clustering()
    for sheet in openpyxl.load_workbook(written(form.name, model.bundle())).worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        marked = [cell.value for cell in cells[sheet.max_column :] if cell.quotePrefix]
        # Signs that can't be in XML stand in it as Excel writes them.
        assert all(re.match(r"(_x000[BD]_)?\s*[=+@\uff1d\uff0b\uff0d\uff20-]", str(text)) for text in marked)
        if form.name == "customers_excel":
            assert len(marked) > sheet.max_row / 4


KILLED = """
import os, signal, sys
from custseg.export.files import whole_file
with whole_file(sys.argv[1]) as stream:
    stream.write(b"half" * 100_000)
    stream.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes otherwise.")
def test_a_process_that_is_killed_while_it_writes_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("what was there")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "what was there"


def test_a_folder_that_is_read_only_is_told_in_a_sentence(model: SegmentationModel, tmp_path: Path) -> None:
    # Whoever may do all may write into any other folder.
    folder = Path("/sys") if os.name == "posix" and os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match=r"a\.csv cannot be written: Permission denied\."):
        model.save(folder / "a.csv", "segments")
    tmp_path.chmod(0o700)


def test_a_file_that_is_there_is_kept_where_that_is_asked_for(model: SegmentationModel, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("what was there")
    with pytest.raises(FileExistsError, match=r"a\.csv cannot be written: it is there already\."):
        model.save(path, "segments", overwrite=False)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["what was there"]
