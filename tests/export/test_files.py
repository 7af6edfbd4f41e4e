"""A file is written as a whole or not at all, in the format that was asked for."""

from __future__ import annotations

import errno
import os
import stat
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from custseg import SegmentationModel, SettingError, load
from custseg.export.files import WriteError, whole_file
from custseg.export.formats import FORMATS, Format
from custseg.export.summary_columns import SUMMARY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable


def write_half(path: Path) -> None:
    with whole_file(path) as stream:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("before", [None, "what was there"])
def test_a_disk_that_runs_full_leaves_what_was_there_and_is_told_with_the_path(
    tmp_path: Path, before: str | None
) -> None:
    path = tmp_path / "segments.csv"
    if before is not None:
        path.write_text(before)
    with pytest.raises(OSError, match="No space left on device") as raised:
        write_half(path)
    assert (raised.value.filename, raised.value.errno) == (str(path), errno.ENOSPC)
    assert [file.read_text() for file in tmp_path.iterdir()] == ([] if before is None else [before])


def test_an_error_without_a_number_is_told_with_the_path_too(tmp_path: Path) -> None:
    def write() -> None:
        with whole_file(tmp_path / "a.csv"):
            raise OSError("the share is gone")  # noqa: EM101 - as a library below might

    with pytest.raises(OSError, match="the share is gone") as raised:
        write()
    assert raised.value.filename == str(tmp_path / "a.csv")
    assert raised.value.strerror == "the share is gone"


def test_whatever_else_goes_wrong_leaves_no_file(tmp_path: Path) -> None:
    def write() -> None:
        with whole_file(tmp_path / "a.csv") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert not list(tmp_path.iterdir())


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="Is a directory") as raised, whole_file(tmp_path):
        pass
    assert (raised.value.filename, raised.value.errno) == (str(tmp_path), errno.EISDIR)


@pytest.mark.parametrize("save", [SegmentationModel.save, SegmentationModel.save_html])
def test_a_folder_that_is_not_there_is_told_in_a_sentence(
    model: SegmentationModel, tmp_path: Path, save: Callable[[SegmentationModel, Path], None]
) -> None:
    path = tmp_path / "no such folder" / "a.html"
    with pytest.raises(OSError, match="no such folder") as raised:
        save(model, path)
    assert str(raised.value) == f"{path} cannot be written: there is no folder {path.parent}. Make it first."
    assert raised.value.errno == errno.ENOENT
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Only Linux has a device that is always full.")
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("wholesale_customers", "wholesale_customers report 2026-03-09.html"),
        ("Kunden (März) & mehr", "Kunden (März) & mehr report 2026-03-09.html"),
        ('../a/b\\c: "d"?*|<e>\n.', "a b c d e report 2026-03-09.html"),
        ("...", "report 2026-03-09.html"),
    ],
)
def test_a_download_is_named_for_its_table_and_day_as_every_file_system_takes_it(title: str, name: str) -> None:
    assert FORMATS[0].filename_for(title, date(2026, 3, 9)) == name


@pytest.mark.parametrize("letter", ["a", "ü", "客", "\U0001d4d0"])
def test_the_name_of_a_download_is_short_enough_for_any_title(letter: str) -> None:
    assert len(FORMATS[0].filename_for(1000 * letter, date(2026, 3, 9)).encode()) < 200


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Only Linux has a device that is always full.")
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_full_device_is_told_in_a_sentence_whatever_the_format(model: SegmentationModel, form: Format) -> None:
    model.select(model.table.identifiers[:3])
    model.follow(model.table.to_pandas())
    with pytest.raises(OSError, match="No space") as raised:
        model.save("/dev/full", form.name)
    assert str(raised.value) == "/dev/full cannot be written: No space left on device."


def test_a_file_that_was_there_keeps_its_rights_and_a_link_stays(tmp_path: Path) -> None:
    path, link = tmp_path / "a.csv", tmp_path / "link.csv"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    with whole_file(link) as stream:
        stream.write(b"now")
    assert link.is_symlink()
    assert path.read_text() == "now"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_can_be_read_by_whoever_may_read_others(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "a.csv"
    usual.write_text("")
    with whole_file(path) as stream:
        stream.write(b"")
    assert path.stat().st_mode == usual.stat().st_mode


def test_a_device_is_written_to_and_not_replaced(model: SegmentationModel) -> None:
    model.save(os.devnull, "segments")
    assert not Path(os.devnull).is_file()


def test_the_name_decides_the_format_where_it_can(model: SegmentationModel, tmp_path: Path) -> None:
    assert model.result is not None
    assert model.words is not None
    report, segments, customers = (tmp_path / name for name in ("a.HTML", "b.csv", "c.txt"))
    model.save(report)
    assert report.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    model.save(segments, format="segments")
    assert pd.read_csv(segments)["customers"].tolist() == model.result.sizes.tolist()
    model.save(tmp_path / "d.model.json")
    assert load(tmp_path / "d.model.json").names == model.words.names
    model.save(customers, format="customers")
    assert pd.read_csv(customers)["segment"].tolist() == model.result.labels.tolist()


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("a.csv", None, "A file that ends in “.csv” could be any of “segments”, “customers”, "),
        ("a", None, "The name “a” must end in one of “.csv”, “.html”, “.json”, “.model.json”, “.parquet”, “."),
        (
            "a.csv",
            "excel",
            "There is no format called “excel”. Choose from “report”, “story”, “report with customers”, “segments”, ",
        ),
    ],
)
def test_a_format_that_is_not_clear_is_refused(
    model: SegmentationModel, tmp_path: Path, name: str, kind: str | None, sentence: str
) -> None:
    with pytest.raises(SettingError) as raised:
        model.save(tmp_path / name, kind)
    assert str(raised.value).startswith(sentence)
    assert not list(tmp_path.iterdir())


def test_nothing_is_saved_before_the_first_run(table_path: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"There is no result to save yet\. Run the clustering first\."):
        SegmentationModel(table_path).save(tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


def test_no_two_entries_of_a_list_have_one_name() -> None:
    for names in (
        [form.name for form in FORMATS],
        [form.title for form in FORMATS],
        [form.option or form.name for form in FORMATS],
        [column.name for column in SUMMARY_COLUMNS],
    ):
        assert len(set(names)) == len(names)
