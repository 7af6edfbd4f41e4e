"""Many people on one server, each of whom changes the number of segments and presses Run, again and again.

They look at one table, where a run that somebody made before is looked up; or each press takes a seed of its own, so
that all runs are made anew.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from tests.dashboard.visitor import visit
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE, SECONDS_BETWEEN, MINUTES = 50, 5.0, 10.0
# How long somebody looks at the slider before the press.
_SECONDS_OF_THOUGHT = 0.7
# Whoever comes does so alone; a page takes a second of the server's.
_SECONDS_BETWEEN_ARRIVALS = 1.0
_LEAST_PRESSES = 2


@dataclass
class Load:
    """What people waited for, in seconds, and the megabytes of the server at the middle and at the end.

    ``waits`` are those from when all have come; ``meanwhile`` those of who pressed while others still came.
    """

    waits: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    # Of the server's processor, a share of one.
    busy: float = 0.0

    def wait(self, *, all_there: bool, seconds: float) -> None:
        """Note how long a press took."""
        (self.waits if all_there else self.meanwhile).append(seconds)


@dataclass
class _Crowd:
    people: int
    between: float
    anew: bool
    all_there: asyncio.Event = field(default_factory=asyncio.Event)
    time_is_over: asyncio.Event = field(default_factory=asyncio.Event)
    seeds: Iterator[int] = field(default_factory=lambda: count(1000))


def quantile(waits: list[float], share: float) -> float:
    """Return the seconds within which that share of presses had their result."""
    return float(np.quantile(waits, share))


def measure(
    people: int = PEOPLE, minutes: float = MINUTES, between: float = SECONDS_BETWEEN, *, anew: bool = False
) -> Load:
    """Let people come one after another and press every so many seconds, until so long after the last one came."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), options=SETUP) as server:
        load, process = Load(), psutil.Process(server.process)
        asyncio.run(_all(load, server.url, process, _Crowd(people, between, anew), 60 * minutes))
        load.errors += server.remarks()
        return load


async def _all(load: Load, url: str, process: psutil.Process, crowd: _Crowd, seconds: float) -> None:
    # Where pages are asked for, and names looked up.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(crowd.people + 1))
    # What the first page brings in for all others.
    async with visit(url) as first:
        await first.run()
    pressing = asyncio.gather(*(_person(load, crowd, url, number) for number in range(crowd.people)))
    coming = asyncio.create_task(crowd.all_there.wait())
    # Where somebody can't come, the crowd ends with that.
    either: set[asyncio.Future[Any]] = {coming, pressing}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    began, worked = time.monotonic(), sum(process.cpu_times()[:2])
    if coming.done():
        await _watch(load, process, seconds)
    load.busy = (sum(process.cpu_times()[:2]) - worked) / (time.monotonic() - began)
    crowd.time_is_over.set()
    await pressing


async def _watch(load: Load, process: psutil.Process, seconds: float) -> None:
    for _ in range(2):
        await asyncio.sleep(seconds / 2)
        load.megabytes.append(process.memory_info().rss / 1e6)


async def _person(load: Load, crowd: _Crowd, url: str, number: int) -> None:
    await asyncio.sleep(_SECONDS_BETWEEN_ARRIVALS * number)
    came, k, chance = time.monotonic(), 4, random.Random(number)  # noqa: S311 - nothing is to be kept secret
    async with visit(url) as visitor:
        load.openings.append(time.monotonic() - came)
        if len(load.openings) == crowd.people:
            crowd.all_there.set()
        for turn in count():
            if turn >= _LEAST_PRESSES and crowd.time_is_over.is_set():
                break
            pressed, counts = time.monotonic(), crowd.all_there.is_set()
            k = chance.choice([other for other in range(2, 11) if other != k])
            await visitor.choose(k)
            if crowd.anew:
                await visitor.choose_seed(next(crowd.seeds))
            await asyncio.sleep(_SECONDS_OF_THOUGHT)
            load.wait(all_there=counts, seconds=await visitor.run())
            await asyncio.sleep(max(0.0, pressed + crowd.between - time.monotonic()))
        load.errors += visitor.errors
