"""Files to download: a button for each that many want, the others in a list, and what can't be written says why."""

from __future__ import annotations

import asyncio
import errno
import os
from io import BytesIO
from threading import Event
from typing import Any, BinaryIO

import pandas as pd
import panel as pn
import pytest
from xlsxwriter import Workbook

from custseg import CustomerTable, SegmentationModel
from custseg.export import workbook
from custseg.export.formats import FORMATS, Format
from custseg.language import current, spoken
from custseg.panes import Downloads
from custseg.panes.base.made_files import DownloadRefusedError
from tests.panes.hands import file_of, widget


def buttons(downloads: Downloads) -> dict[str, Any]:
    found: list[Any] = downloads.__panel__().select(pn.widgets.FileDownload)
    return {button.label: button for button in found}


def test_every_format_is_a_button_or_in_the_list(model: SegmentationModel, frame: pd.DataFrame) -> None:
    downloads = Downloads(model)
    others: Any = widget(downloads, "Another file")
    model.select(["W001", "W003"])
    model.follow(frame)
    listed = {title: name for group in others.groups.values() for title, name in group.items()}
    assert {*listed, *buttons(downloads)} - {"Save this file"} == {form.title for form in FORMATS}
    others.value = "selection"
    save = buttons(downloads)["Save this file"]
    assert save.filename.startswith(f"{model.table.title} selection ")
    assert pd.read_csv(file_of(save))["customer_id"].tolist() == ["W001", "W003"]


def test_what_nobody_did_yet_is_not_offered(model: SegmentationModel) -> None:
    others: Any = widget(Downloads(model), "Another file")
    assert not {"movers", "selection"} & {*others.groups["Customers"].values()}
    model.select(["W001"])
    assert "selection" in others.groups["Customers"].values()


def test_without_a_result_nothing_can_be_downloaded(table_path: Any) -> None:
    downloads = Downloads(SegmentationModel(table_path))
    assert all(button.disabled for button in buttons(downloads).values())
    assert widget(downloads, "Another file").disabled


def test_a_file_that_cannot_hold_the_customers_is_told_in_a_sentence(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = Downloads(model)
    save = buttons(downloads)["Customers (Excel)"]
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "_MOST_ROWS", 3)
        with pytest.raises(DownloadRefusedError):
            file_of(save)
    assert str(model.error).startswith("A sheet of Excel holds 2 rows")
    assert isinstance(file_of(save), BytesIO)


def test_a_press_that_arrives_once_the_result_is_gone_is_told_in_a_sentence(model: SegmentationModel) -> None:
    save = buttons(Downloads(model))["Customers (Excel)"]
    model.load(CustomerTable.read(pd.DataFrame({"spend": [5.0, 5.0, 7.5, 9.0] * 9, "visits": [1, 2, 2, 4] * 9})))
    with pytest.raises(DownloadRefusedError):
        file_of(save)
    assert model.error == "There is no result to save yet. Run the clustering first."


def test_a_disk_that_is_full_is_told_in_a_sentence_and_the_next_download_is_fine(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = buttons(Downloads(model))["Customers (Excel)"]

    def is_full(book: Workbook) -> None:
        store(book)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        store = Workbook._store_workbook
        patched.setattr(Workbook, "_store_workbook", is_full)
        with pytest.raises(DownloadRefusedError):
            file_of(save)
    assert model.error == "The file cannot be made on the server: No space left on device. Try again later."
    assert isinstance(file_of(save), BytesIO)


@pytest.mark.parametrize("drawn", [False, True])
def test_others_are_answered_while_a_file_is_written_unless_it_is_drawn(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch, *, drawn: bool
) -> None:
    answered = Event()
    seen: list[bool] = []

    def write(_: object, stream: BinaryIO) -> None:
        seen.append(answered.wait(timeout=0 if drawn else 60))
        stream.write(b"all")

    slow = Format("slow", "Slow", "Slow", ".txt", "text/plain", write, drawn=drawn)
    monkeypatch.setattr("custseg.panes.parts.downloads.FORMATS", [*FORMATS, slow])
    button = buttons(Downloads(model))["Slow"]

    async def press_and_answer() -> BytesIO:
        made: asyncio.Future[BytesIO] = asyncio.ensure_future(button.callback())
        await asyncio.sleep(0)
        answered.set()
        return await made

    assert asyncio.run(press_and_answer()).read() == b"all"
    assert seen == [not drawn]


def test_a_file_is_in_the_language_of_who_asks_for_it(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(_: object, stream: BinaryIO) -> None:
        stream.write(current().encode())

    told = Format("told", "Told", "Told", ".txt", "text/plain", write)
    monkeypatch.setattr("custseg.panes.parts.downloads.FORMATS", [*FORMATS, told])
    button = buttons(Downloads(model))["Told"]
    with spoken("fr"):
        assert file_of(button).read() == b"fr"
