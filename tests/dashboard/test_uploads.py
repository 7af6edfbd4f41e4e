"""Files that come while another is read: the last one wins, and nothing stands that is no longer so."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from custseg import SegmentationModel, look_for_purchases, migrate
from custseg.tables.sources import sheets_of
from dashboard.data_picker import Intake
from dashboard.followup_upload import Later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from custseg import CustomerTable
    from dashboard.upload import Upload

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


@pytest.mark.parametrize("stage", [sheets_of, look_for_purchases])
def test_a_second_file_wins_over_one_that_is_still_read(
    stage: Callable[..., Any], intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    gate = Gate(stage)
    monkeypatch.setattr(f"dashboard.data_picker.{stage.__name__}", gate)

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
    gate = Gate(look_for_purchases)
    monkeypatch.setattr("dashboard.data_picker.look_for_purchases", gate)

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


def test_an_error_that_nobody_foresaw_takes_the_note_away_and_is_not_hidden(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, problems: list[Any]
) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "Nobody foresaw this."
        raise ZeroDivisionError(msg)

    gate = Gate(fail)
    monkeypatch.setattr("dashboard.data_picker.look_for_purchases", gate)

    async def scenario() -> None:
        send(intake.upload, "first.csv", customers("first"))
        await until(lambda: "Checking first.csv" in intake.note)
        gate.opened.set()
        await until(lambda: "Checking" not in intake.note)
        await until(lambda: len(asyncio.all_tasks()) == 1)

    run(scenario, problems)
    assert any("Nobody foresaw this." in str(problem["exception"]) for problem in problems)


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
