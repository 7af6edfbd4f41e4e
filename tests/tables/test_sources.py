"""Files in: what is read of each format, that a scan sees the same rows, and what was understood of it."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from custseg import CustomerTable, DataError
from custseg.tables.sources import read_file, scan, sheets_of
from custseg.tables.sources.column_names import check_names, filled_names
from tests.corpus_formats import as_excel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FRAME = pd.DataFrame({
    "id": ["a", 'b "quoted"', "c\nd", "e"],
    "whole": [1, 2, 3, 5],
    "fraction": [1.5, None, 0.25, -4],
    "kind": ["x", None, "NA", "y, z"],
})  # fmt: skip
ROWS: list[tuple[Any, ...]] = [
    ("a", 1, 1.5, "x"), ('b "quoted"', 2, None, None), ("c\nd", 3, 0.25, "NA"), ("e", 5, -4, "y, z")
]  # fmt: skip


def write_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode()))


def write_json(path: Path) -> None:
    lines = [json.dumps(dict(zip(FRAME.columns, row, strict=True))) for row in ROWS]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_excel(path: Path) -> None:
    path.write_bytes(as_excel(Clients=[list(FRAME.columns), *map(list, ROWS)]))


WRITERS: dict[str, Callable[[Path], object]] = {
    "commas.csv": lambda path: FRAME.to_csv(path, index=False),
    "semicolons.csv": lambda path: FRAME.to_csv(path, index=False, sep=";"),
    "tabs.tsv": lambda path: FRAME.to_csv(path, index=False, sep="\t"),
    "utf16.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-16"),
    "packed.csv.gz": write_gzip,
    "table.parquet": lambda path: parquet.write_table(pa.Table.from_pandas(FRAME, preserve_index=False), path),
    "lines.jsonl": write_json,
    "sheet.xlsx": write_excel,
    "a[1]*?.csv": lambda path: FRAME.to_csv(path, index=False),
    "a[1]*?.parquet": lambda path: parquet.write_table(pa.Table.from_pandas(FRAME, preserve_index=False), path),
    "a[1]*?.jsonl": write_json,
}


@pytest.fixture(params=WRITERS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = tmp_path / request.param
    WRITERS[request.param](path)
    return path


def test_every_format_gives_the_same_rows_with_whole_numbers_as_such(path: Path) -> None:
    frame = read_file(path).frame
    assert frame.columns == list(FRAME.columns)
    assert frame.rows() == ROWS
    assert frame["whole"].dtype.is_integer()
    assert frame["fraction"].dtype.is_float()


def test_a_scan_sees_the_same_rows(path: Path) -> None:
    with scan(path) as relation:
        assert relation.columns == list(FRAME.columns)
        ids, numbers = (
            relation.select("id").fetchall(),
            relation.aggregate("sum(whole::DOUBLE)").fetchall(),
        )
    assert sorted(ids) == sorted((row[0],) for row in ROWS)
    assert numbers == [(11,)]


def test_nothing_stays_in_the_temporary_folder(
    path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    read_file(path)
    with scan(path) as relation:
        relation.fetchall()
    assert list(folder.iterdir()) == []


def test_every_format_makes_the_same_customers(path: Path) -> None:
    table = CustomerTable.read(path)
    assert table.features == ("whole", "fraction")
    assert list(table.identifiers) == [row[0] for row in ROWS]
    np.testing.assert_array_equal(table.matrix(["fraction"])[:, 0], [1.5, np.nan, 0.25, -4])


def test_other_formats_than_excel_have_no_sheets(path: Path) -> None:
    assert sheets_of(path) == (("Clients",) if path.suffix == ".xlsx" else ())


def test_the_sheets_of_a_workbook_are_named_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    sheets: dict[str, list[list[Any]]] = {"<b>Empty": [], "Zürich 2024": [["v"], [1], [2]], "A": [["w"], [3], [4]]}
    path.write_bytes(as_excel(**sheets))
    assert sheets_of(path) == ("<b>Empty", "Zürich 2024", "A")
    assert read_file(path).notes == ("Read from the sheet “Zürich 2024” of 3.",)
    assert read_file(path, "A").frame.rows() == [(3,), (4,)]
    with pytest.raises(DataError, match="Choose from “<b>Empty”, “Zürich 2024”, “A”"):
        read_file(path, "B")
    with scan(path, "A") as relation:
        assert relation.fetchall() == [(3,), (4,)]


def test_cells_of_a_spreadsheet_keep_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    day = dt.datetime(2024, 1, 31)  # noqa: DTZ001 - a spreadsheet knows no time zones
    path.write_bytes(as_excel(A=[["day", "truth", "mixed", "big"], [day, True, 7.0, 2**60], [None, False, "x", 0.5]]))
    assert read_file(path).frame.rows() == [(day, True, "7", 2.0**60), (None, False, "x", 0.5)]


def test_a_spreadsheet_without_the_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(as_excel(A=[["v"], [1]]))
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(DataError, match=r"needs an optional package: install custseg\[excel\]"):
        read_file(path)


@pytest.mark.parametrize("name", ["gone.csv", "gone.parquet", "gone.xlsx", "gone.jsonl"])
def test_a_file_that_is_not_there_is_refused_by_every_way_in(tmp_path: Path, name: str) -> None:
    for way in (read_file, sheets_of, lambda path: scan(path).__enter__()):
        with pytest.raises(DataError, match=f"There is no file “{name}” to read customers from"):
            way(tmp_path / name)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("v\n1\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("custseg.tables.sources.text._unpacked", refuse)
    with pytest.raises(DataError, match=r"^“secret\.csv” cannot be opened: Permission denied\.$"):
        read_file(path)


def test_a_broken_file_is_refused_by_a_scan_too(tmp_path: Path) -> None:
    for name, content in (
        ("a.parquet", b"PAR1 junk PAR1"),
        ("b.jsonl", b'{"v":1'),
        ("c.csv", b""),
        ("d.csv", b"%PDF-"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError), scan(tmp_path / name) as relation:
            relation.fetchall()


@pytest.mark.parametrize("wrong", ["b,2,3,4", "b,2"])
def test_a_scan_names_a_wrong_line_as_reading_does(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "purchases.csv"
    lines = ["id,v,w", *(f"c{row},{row},{row}" for row in range(30_000)), "", wrong]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as scanned, scan(path) as relation:
        relation.fetchall()
    with pytest.raises(DataError) as read:
        read_file(path)
    assert "3 values were expected in line 30003, as there are column names" in str(scanned.value)
    assert str(scanned.value) == str(read.value)


def test_a_scan_of_text_leaves_out_the_lines_above_the_column_names(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Report of customers\n\nid;v\na;1,5\nb;2,5\n", encoding="cp1252")
    with scan(path) as relation:
        assert (relation.columns, relation.fetchall()) == (["id", "v"], [("a", "1,5"), ("b", "2,5")])


def test_columns_without_a_name_are_named_by_their_place() -> None:
    assert filled_names(["a", "", " ", "b"]) == ["a", "column 2", "column 3", "b"]


def test_a_name_may_be_missing_twice_but_not_come_twice() -> None:
    check_names(["", "", "a"])
    with pytest.raises(DataError, match="“a”, “b” more than once"):
        check_names(["a", "b", "a", "b", "b"])


def test_a_column_that_is_called_as_one_without_a_name_would_be_keeps_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("column 2,,v\n1,5,3\n2,6,5\n", encoding="utf-8")
    table = CustomerTable.read(path)
    assert [column.name for column in table.columns] == ["column 2", "column 2 without a name", "v"]


def test_lines_of_json_stay_in_their_order_however_many_threads_read(tmp_path: Path) -> None:
    path = tmp_path / "clients.jsonl"
    write_json(path)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: read_file(path).frame.rows(), range(200))
    assert all(rows == ROWS for rows in found)
