"""Many sessions that are opened, run and closed, one after another: what the server has left of them."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from custseg.panes.views.catalogue import VIEWS
from tests.dashboard.visitor import visit
from tests.dashboard.wire import ask, socket, token_in
from tests.ui.server import ROOT, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the first sessions load and compile stays.
FIRST = 50
# Who is on the page at the same time.
PEOPLE = 4
# What is said of pages that close, which these do by the hundred.
_USUAL = ("nused sessions", "Failed sending message as connection was closed")
# How soon Bokeh lets go of a session that nobody is connected to, half a minute by default. On a busy machine a page
# takes a while to connect.
OPTIONS = ("--unused-session-lifetime", "4000", "--check-unused-sessions", "250")
_SECONDS_TO_GO = 20


@dataclass(frozen=True)
class Left:
    """What a server has once some sessions are closed: megabytes, and how many things of each kind are alive."""

    sessions: int
    seconds: float
    megabytes: float
    alive: dict[str, int]


def soak(sessions: int, every: int = FIRST, people: int = PEOPLE) -> Iterator[Left]:
    """Open, run and close that many sessions; tell what is left whenever so many more of them are gone."""
    app, began = ROOT / "tests" / "ui" / "counted_app.py", time.monotonic()
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), app=app, options=OPTIONS) as server:
        process = psutil.Process(server.process)
        for done in range(0, sessions, every):
            more = min(every, sessions - done)
            asyncio.run(_visit_one_after_another(server.url, more, people))
            alive = asyncio.run(_once_all_are_gone(server.url))
            yield Left(done + more, time.monotonic() - began, process.memory_info().rss / 1e6, alive)
        remarks = [line for line in server.remarks() if not any(usual in line for usual in _USUAL)]
        if remarks:
            msg = "The server complained:\n" + "\n".join(remarks)
            raise RuntimeError(msg)


async def _visit_one_after_another(url: str, sessions: int, people: int) -> None:
    numbers = iter(range(sessions))

    async def person() -> None:
        for number in numbers:
            async with visit(url) as visitor:
                await visitor.choose(2 + number % 9)
                await visitor.run()
                await visitor.turn(VIEWS[number % len(VIEWS)].address)
                if visitor.errors:
                    raise RuntimeError(visitor.errors[0])

    await asyncio.gather(*(person() for _ in range(people)))


async def _once_all_are_gone(url: str) -> dict[str, int]:
    """Return what is alive once no model is, or for too long some are."""
    end = time.monotonic() + _SECONDS_TO_GO
    while True:
        async with socket(url, token_in(ask(f"{url}?count")[1])) as wire:
            told = re.search(r"models=\d+ views=\d+ tables=\d+", json.dumps(await wire.document()))
        alive = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", told[0] if told else "")}
        # Where the machine is busy, the session may be gone before the socket asks for it.
        if alive.get("models") == 0 or time.monotonic() > end:
            return alive
        await asyncio.sleep(0.5)
