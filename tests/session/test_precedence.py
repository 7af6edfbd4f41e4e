"""What nobody asked for waits for what somebody does, and goes on nevertheless."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from threading import Event

import pytest

from custseg.session import precedence
from custseg.session.precedence import Deference, somebody_waits

SECONDS = 20


def nothing() -> None:
    """All that waits is still wanted."""


async def begun() -> tuple[asyncio.Task[None], Event]:
    """Begin work that lets others first; return it, and what says that its turn has come."""
    loop, came = asyncio.get_running_loop(), Event()

    def work() -> None:
        Deference(loop).let_others_first(nothing)
        came.set()

    return asyncio.create_task(asyncio.to_thread(work)), came


def test_where_nobody_waits_for_anything_it_goes_on() -> None:
    async def go() -> None:
        work, came = await begun()
        await asyncio.wait_for(work, SECONDS)
        assert came.is_set()

    asyncio.run(go())


def test_it_goes_on_once_nobody_waits_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "_LONGEST_WAIT", SECONDS)
    monkeypatch.setattr(precedence, "_SECONDS_OF_A_CLICK", SECONDS)

    async def go() -> None:
        with somebody_waits():
            work, came = await begun()
            await asyncio.sleep(0.3)
            assert not came.is_set()
        await asyncio.wait_for(work, SECONDS)
        assert came.is_set()

    asyncio.run(go())


def test_it_goes_on_after_a_while_where_somebody_waits_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "_LONGEST_WAIT", 0.1)
    monkeypatch.setattr(precedence, "_SECONDS_OF_A_CLICK", SECONDS)

    async def go() -> None:
        with somebody_waits():
            work, _ = await begun()
            await asyncio.wait_for(work, SECONDS)

    asyncio.run(go())


def test_work_of_many_steps_waits_no_longer_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    # A clock that only waiting and working move: somebody clicks all the time.
    clock = Clock()
    monkeypatch.setattr(precedence, "time", clock)
    monkeypatch.setattr(precedence, "_seconds_of_a_round", lambda _: 0.0)
    monkeypatch.setattr(precedence, "_somebody_clicked", lambda: True)

    async def go() -> None:
        deference = Deference(asyncio.get_running_loop())
        for _ in range(100):
            clock.now += 0.01
            deference.let_others_first(nothing)

    asyncio.run(go())
    worked = 100 * 0.01
    assert 3 <= clock.now - worked <= 3 + 4 * worked + 100 * 0.02


@dataclass
class Clock:
    """A clock that goes on where somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_what_takes_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "_LONGEST_WAIT", SECONDS)
    monkeypatch.setattr(precedence, "_SECONDS_OF_A_CLICK", 0.2)

    async def go() -> None:
        with somebody_waits():
            work, _ = await begun()
            await asyncio.wait_for(work, SECONDS)

    asyncio.run(go())


def test_it_waits_while_the_event_loop_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "_LONGEST_WAIT", SECONDS)

    async def go() -> None:
        work, came = await begun()
        for _ in range(20):
            # A handler that takes long, as drawing does, and what it puts off.
            time.sleep(0.03)  # noqa: ASYNC251 - it keeps the loop busy
            assert not came.is_set()
            await asyncio.sleep(0)
        await asyncio.wait_for(work, SECONDS)

    asyncio.run(go())


def test_what_is_not_wanted_any_more_ends() -> None:
    def unwanted() -> None:
        raise InterruptedError

    async def go() -> None:
        with somebody_waits(), pytest.raises(InterruptedError):
            await asyncio.to_thread(Deference(asyncio.get_running_loop()).let_others_first, unwanted)

    asyncio.run(go())
