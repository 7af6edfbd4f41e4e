"""Work off the event loop: the latest counts, and what was overtaken is nobody's business."""

from __future__ import annotations

import asyncio
import threading

import pytest

from custseg.session.background import LatestTask, SupersededError, Ticket

PATIENCE = 30


def test_it_returns_what_was_found_and_works_in_another_thread() -> None:
    found = asyncio.run(LatestTask().compute(lambda _: threading.current_thread()))
    assert found is not threading.current_thread()


def test_slow_work_is_announced_and_quick_work_is_not() -> None:
    said: list[str] = []
    go_on = threading.Event()

    def announce() -> None:
        said.append("slow")
        go_on.set()

    asyncio.run(LatestTask().compute(lambda _: go_on.wait(PATIENCE), announce))
    asyncio.run(LatestTask().compute(lambda _: None, lambda: said.append("quick")))
    assert said == ["slow"]


@pytest.mark.parametrize("end", [lambda: 1, lambda: int("no number")])
def test_what_was_overtaken_neither_returns_nor_fails(end: object) -> None:
    began, go_on = threading.Event(), threading.Event()
    turns: list[Ticket] = []

    def first(ticket: Ticket) -> object:
        turns.append(ticket)
        began.set()
        go_on.wait(PATIENCE)
        return end()  # type: ignore[operator]

    async def scenario() -> list[bool]:
        latest = LatestTask()
        early = asyncio.ensure_future(latest.compute(first))
        assert await asyncio.to_thread(began.wait, PATIENCE)
        counted = [turns[0].counts]
        assert await latest.compute(lambda _: "later") == "later"
        counted.append(turns[0].counts)
        go_on.set()
        with pytest.raises(SupersededError):
            await early
        return counted

    assert asyncio.run(scenario()) == [True, False]


def test_work_can_look_whether_it_was_given_up() -> None:
    began, given_up = threading.Event(), threading.Event()

    def work(ticket: Ticket) -> None:
        began.set()
        given_up.wait(PATIENCE)
        ticket.check()
        pytest.fail("It went on.")

    async def scenario() -> None:
        latest = LatestTask()
        task = asyncio.ensure_future(latest.compute(work))
        assert await asyncio.to_thread(began.wait, PATIENCE)
        latest.supersede()
        given_up.set()
        with pytest.raises(SupersededError):
            await task

    asyncio.run(scenario())


def test_what_counts_fails_as_it_failed() -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(LatestTask().compute(lambda _: 1 // 0))


def test_how_far_work_is_is_heard_on_the_loop_until_other_work_begins() -> None:
    heard: list[tuple[str, threading.Thread]] = []
    began, go_on = threading.Event(), threading.Event()

    def work(ticket: Ticket) -> None:
        ticket.tell("half")
        began.set()
        assert go_on.wait(PATIENCE)
        ticket.tell("nearly")

    async def scenario() -> None:
        latest = LatestTask()
        task = asyncio.ensure_future(
            latest.compute(work, on_progress=lambda text: heard.append((text, threading.current_thread())))
        )
        assert await asyncio.to_thread(began.wait, PATIENCE)
        await asyncio.sleep(0)
        latest.supersede()
        go_on.set()
        with pytest.raises(SupersededError):
            await task

    asyncio.run(scenario())
    assert heard == [("half", threading.current_thread())]
