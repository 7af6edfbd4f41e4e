"""Files that come while another is read: the last one wins, and nothing stands that is no longer so."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from typing import TYPE_CHECKING, Any

import pytest

from custseg import SegmentationModel, SettingError, migrate
from custseg.panes.parts.work import Work
from dashboard.data_picker import Intake
from dashboard.files_being_read import FilesBeingRead
from dashboard.followup_upload import Later
from dashboard.upload import Upload
from tests.corpus_formats import as_excel
from tests.panes.hands import press

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from custseg import CustomerTable

# Only what is broken waits as long as this.
PATIENCE = 20


class Gate:
    """Stands before the first call of a function: says that it has come, and holds it until opened."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function, self._first = function, True
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self._first:
            self._first = False
            self.reached.set()
            assert self.opened.wait(PATIENCE)
        return self._function(*arguments, **named)


def send(upload: Upload, name: str, content: str) -> None:
    upload.take({"name": name, "data": content.encode(), "chunk": 1, "total_chunks": 1})


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            # Lets what is due on the event loop have its turn.
            await asyncio.to_thread(threading.get_ident)


def customers(feature: str, rows: int = 30) -> str:
    return f"customer_id,{feature}\n" + "".join(f"W{row:03},{row * row}\n" for row in range(1, rows + 1))


@pytest.fixture
def intake(table: CustomerTable) -> Iterator[Intake]:
    intake = Intake(SegmentationModel(table), source="wholesale")
    yield intake
    intake.leave()


@pytest.fixture
def problems() -> list[Any]:
    """Collect what an event loop could give to nobody."""
    return []


def run(scenario: Callable[[], Any], problems: list[Any]) -> None:
    async def watched() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        await scenario()

    asyncio.run(watched())


@pytest.mark.parametrize("stage", ["sheets_of", "look_at_rows"])
def test_a_second_file_wins_over_one_that_is_still_read(
    stage: str, intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    gate = Gate(getattr(intake.reader, stage))
    monkeypatch.setattr(intake.reader, stage, gate)

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        send(intake.upload, "second.csv", customers("second"))
        await until(lambda: intake.model.table.title == "second")
        gate.opened.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert intake.model.table.features == ("second",)
    assert intake.model.error is None
    assert "“second” is shown." in intake.note
    assert problems == []


def test_what_is_said_of_a_file_goes_when_the_next_begins_to_come(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    gate = Gate(intake.reader.look_at_rows)
    monkeypatch.setattr(intake.reader, "look_at_rows", gate)

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        await until(lambda: "Checking first.csv" in intake.note)
        intake.upload.take({"name": "second.csv", "data": b"customer_id", "chunk": 1, "total_chunks": 2})
        assert "Checking" not in intake.note
        gate.opened.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert problems == []
    assert "first" not in intake.note


def test_no_run_begins_of_the_table_before_while_a_file_is_still_coming(intake: Intake, problems: list[Any]) -> None:
    text = customers("first").encode()

    async def scenario() -> None:
        intake.upload.take({"name": "first.csv", "data": text[:50], "chunk": 1, "total_chunks": 2})
        assert intake.model.question == "“first.csv” is still being sent. Wait for it, or send another file."
        with pytest.raises(SettingError, match=r"“first\.csv” is still being sent"):
            intake.model.run_clustering()
        intake.upload.take({"name": "first.csv", "data": text[50:], "chunk": 2, "total_chunks": 2})
        await until(lambda: intake.model.table.title == "first")
        await until(lambda: len(asyncio.all_tasks()) == 1)
        assert intake.model.question == ""
        # One that is refused, for its size, is not waited for.
        intake.upload.take({"name": "second.csv", "data": text, "chunk": 1, "total_chunks": 2})
        intake.upload.take({"name": "second.csv", "data": b"0" * 201_000_000, "chunk": 2, "total_chunks": 2})

    run(scenario, problems)
    assert (intake.model.question, problems) == ("", [])
    assert "larger than 200 MB" in str(intake.model.error)


def test_how_far_a_file_is_read_is_said_while_it_is_waited_for(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    look, go_on = intake.reader.look_at_rows, threading.Event()

    def slow(path: Path, sheet: str | None, wanted: Any, **more: Any) -> Any:
        wanted.tell("row 20,000 of 541,909")
        assert go_on.wait(PATIENCE)
        return look(path, sheet, wanted, **more)

    monkeypatch.setattr(intake.reader, "look_at_rows", slow)

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        await until(lambda: "Checking first.csv: row 20,000 of 541,909 ..." in intake.note)
        go_on.set()
        await until(lambda: intake.model.table.title == "first")
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert "is shown" in intake.note
    assert problems == []


def test_the_only_sheet_of_a_spreadsheet_is_looked_at_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    looks, look = [], intake.reader.look_at_rows

    def counted(*arguments: Any, **more: Any) -> Any:
        looks.append(arguments)
        return look(*arguments, **more)

    monkeypatch.setattr(intake.reader, "look_at_rows", counted)
    content = as_excel(A=[["customer_id", "spend"], *([f"W{row}", row * row] for row in range(1, 31))])

    async def scenario() -> None:
        intake.upload.take({"name": "clients.xlsx", "data": content, "chunk": 1, "total_chunks": 1})
        await until(lambda: intake.model.table.title == "clients")
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert len(looks) == 1
    assert problems == []


def fail_with(problem: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise problem

    return fail


class PanicError(BaseException):
    """As what a library written in Rust raises: no Exception."""


@pytest.mark.parametrize("stage", ["sheets_of", "look_at_rows", "customers_of"])
@pytest.mark.parametrize("problem", [ZeroDivisionError("cell 4711"), OSError(28, "4711"), PanicError("4711")])
def test_an_error_that_nobody_foresaw_is_said_and_what_stood_before_stays(
    stage: str,
    problem: BaseException,
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
    problems: list[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(intake.reader, stage, fail_with(problem))
    before = intake.model.table

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        await until(lambda: intake.model.error is not None)
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert "“first.csv” cannot be read" in str(intake.model.error)
    assert intake.model.table is before
    assert "first.csv" not in intake.note
    assert problems == []
    assert len(caplog.messages) == 1
    assert "4711" not in caplog.text


def test_a_file_that_cannot_be_kept_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    upload = Upload(1)
    upload.take({"name": "first.csv", "data": b"customer_id", "chunk": 1, "total_chunks": 2})
    # As when the disk is full, or somebody has tidied up.
    for folder in tmp_path.iterdir():
        shutil.rmtree(folder)
    upload.take({"name": "first.csv", "data": b",spend", "chunk": 2, "total_chunks": 2})
    assert upload.path is None
    assert upload.refusal == "“first.csv” cannot be kept on the server: No such file or directory. Try again later."
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    send(upload, "second.csv", customers("second"))
    assert "“second.csv” cannot be kept on the server" in upload.refusal
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    send(upload, "third.csv", customers("third"))
    assert getattr(upload.path, "name", "") == "third.csv"
    assert upload.refusal == ""
    upload.discard()


def test_files_that_wait_to_be_read_hold_up_nobody_elses_run(
    table: CustomerTable, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    intakes = [Intake(SegmentationModel(table, k=3, seed=0), source="wholesale") for _ in range(40)]
    gates = [Gate(intake.reader.sheets_of) for intake in intakes]
    for intake, gate in zip(intakes, gates, strict=True):
        monkeypatch.setattr(intake.reader, "sheets_of", gate)
    model = SegmentationModel(table, k=3, seed=0)

    async def scenario() -> None:
        for intake in intakes:
            send(intake.upload, "clients.csv", customers("v"))
        for gate in gates:
            assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        model.param.trigger("run")
        await until(lambda: model.result is not None)
        # None of them has given up meanwhile.
        assert [intake.model.error for intake in intakes] == [None] * len(intakes)
        for intake, gate in zip(intakes, gates, strict=True):
            intake.leave()
            gate.opened.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert problems == []


def test_of_two_later_tables_the_second_is_followed(
    table_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    model = SegmentationModel(table_path, k=3, seed=0)
    model.run_clustering()
    gate = Gate(migrate)
    monkeypatch.setattr("dashboard.followup_upload.migrate", gate)
    later = Later(model)
    content = table_path.read_text(encoding="utf-8")

    async def scenario() -> None:
        send(later.upload, "march.csv", content)
        assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        send(later.upload, "april.csv", content)
        await until(lambda: model.migration is not None)
        gate.opened.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    later.leave()
    assert "april.csv" in later.note
    assert problems == []


def test_files_that_are_read_are_said_beside_other_work_and_given_up_with_it(
    table_path: Path, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    model = SegmentationModel(table_path, k=3, seed=0)
    model.run_clustering()
    intake, later, work = Intake(model, source="wholesale"), Later(model), Work(model)
    shown = model.table
    readers, gates = FilesBeingRead(work), (Gate(intake.reader.look_at_rows), Gate(migrate))
    readers.follow(intake)
    readers.follow(later)
    monkeypatch.setattr(intake.reader, "look_at_rows", gates[0])
    monkeypatch.setattr("dashboard.followup_upload.migrate", gates[1])
    content = table_path.read_text(encoding="utf-8")

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        send(later.upload, "april.csv", content)
        for gate in gates:
            assert await asyncio.to_thread(gate.reached.wait, PATIENCE)
        await until(lambda: "Checking first.csv; Reading april.csv" in work.state().text)
        press(work, "Cancel")
        assert not work.state().visible
        for gate in gates:
            gate.opened.set()
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert problems == []
    assert (model.migration, model.table, model.question) == (None, shown, "")
    assert later.state().controls["Follow the customers into “april.csv” again"].enabled
    intake.leave()
    later.leave()
