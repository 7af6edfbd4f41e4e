"""Work off the event loop: the latest counts, and what was overtaken is nobody's business."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

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


def test_what_nobody_asked_for_takes_turns_and_is_not_begun_where_it_no_longer_counts() -> None:
    going, most, done, lock = [0], [0], list[int](), threading.Lock()
    go_on, two_go = threading.Event(), threading.Event()

    def work(number: int, ticket: Ticket) -> None:
        with lock:
            going[0] += 1
            most[0] = max(most[0], going[0])
            if going[0] == 2:
                two_go.set()
        go_on.wait(PATIENCE)
        with lock:
            going[0] -= 1
            done.append(number)
        ticket.check()

    async def scenario() -> list[object]:
        people = [LatestTask() for _ in range(12)]
        waiting = [
            asyncio.ensure_future(one.compute(partial(work, number), unasked=True)) for number, one in enumerate(people)
        ]
        # Somebody presses a button meanwhile.
        assert await LatestTask().compute(lambda _: "at once") == "at once"
        assert await asyncio.to_thread(two_go.wait, PATIENCE)
        people[-1].supersede()
        go_on.set()
        return await asyncio.gather(*waiting, return_exceptions=True)

    found = asyncio.run(scenario())
    assert isinstance(found[-1], SupersededError)
    assert sorted(done) == list(range(11))
    assert most[0] == 2


def test_what_nobody_asked_for_waits_while_the_event_loop_is_busy() -> None:
    order: list[str] = []
    began, busy = threading.Event(), threading.Event()

    def work(ticket: Ticket) -> None:
        began.set()
        assert busy.wait(PATIENCE)
        ticket.give_way()
        order.append("what nobody asked for")

    async def scenario() -> None:
        going = asyncio.ensure_future(LatestTask().compute(work, unasked=True))
        await asyncio.to_thread(began.wait, PATIENCE)
        # A click that takes its time: what comes of it is said before anything else goes on.
        busy.set()
        while not going.get_loop()._ready:  # type: ignore[attr-defined]
            pass
        order.append("what somebody asked for")
        await going

    asyncio.run(scenario())
    assert order == ["what somebody asked for", "what nobody asked for"]
