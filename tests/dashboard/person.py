"""Somebody on the page who draws nothing: costs a test and a benchmark little, and the server what a browser does."""

from __future__ import annotations

import asyncio
import json
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.dashboard.wire import ask, socket, token_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.dashboard.wire import Wire

# Only what is broken takes as long.
_PATIENCE = 60


@asynccontextmanager
async def come(url: str) -> AsyncIterator[Person]:
    """Open the page at an address, as a browser does, until the block ends."""
    # Off the event loop, on which others may come.
    _, page, _ = await asyncio.to_thread(ask, url)
    async with socket(url.partition("?")[0], token_in(page)) as wire:
        person = Person(wire, await wire.document())
        listening = asyncio.create_task(person.listen())
        try:
            await person.say_that_it_stands()
            yield person
        finally:
            wire.connection.close()
            await listening


class Person:
    """One open page.

    Attributes
    ----------
    errors
        What the server answered that it could not do.
    told
        The line on the last run.
    alerts
        What stood on the page when it was opened that was wrong.

    """

    def __init__(self, wire: Wire, document: dict[str, Any]) -> None:
        self._wire = wire
        self._ids = dict(_by_class(document["roots"]))
        self._awaited: dict[re.Pattern[str], asyncio.Event] = {}
        self._runs = 0
        self.errors: list[str] = []
        self.told = ""
        self.alerts = re.findall(r"role=.{1,8}alert.{1,8}&gt;(.*?)&lt;/p", json.dumps(document, ensure_ascii=False))

    async def listen(self) -> None:
        """Hear what comes: where nobody does, the server waits."""
        while message := await self._wire.read():
            kind, text = message
            if kind == "ERROR":
                self.errors.append(text)
            for awaited, heard in self._awaited.items():
                if found := awaited.search(text):
                    self.told = found[0]
                    heard.set()

    async def say_that_it_stands(self) -> None:
        """Say what a browser says once all is drawn."""
        await self._tell("document_ready")

    async def turn(self, view: str) -> None:
        """Turn to a view by its address."""
        await self._set("Location", "hash", f"#{view}")

    async def choose(self, k: int) -> None:
        """Choose a number of segments."""
        await self._set("segment-number", "value", k)

    async def run(self) -> float:
        """Press the button; return the seconds until the line is there that is sent after all else of the result."""
        self._runs += 1
        result, heard = re.compile(rf"run-status.{{0,80}}Run {self._runs}: [^&<]*"), asyncio.Event()
        self._awaited = {result: heard}
        began = time.perf_counter()
        await self._tell("button_click", "run-clustering")
        async with asyncio.timeout(_PATIENCE):
            await heard.wait()
        return time.perf_counter() - began

    async def _set(self, name: str, attribute: str, value: object) -> None:
        change = {"kind": "ModelChanged", "model": {"id": self._ids[name]}, "attr": attribute, "new": value}
        await self._send(change)

    async def _tell(self, event: str, name: str = "") -> None:
        entries = [["model", {"id": self._ids[name]}]] if name else []
        values = {"type": "map", "entries": entries}
        told = {"type": "event", "name": event, "values": values}
        await self._send({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": told})

    async def _send(self, event: dict[str, Any]) -> None:
        await self._wire.send("PATCH-DOC", {"events": [event]})


def _by_class(described: Any) -> Iterator[tuple[str, str]]:
    """Find the identities of models by their classes in the style sheet, and by the names of their kinds."""
    if isinstance(described, list):
        for part in described:
            yield from _by_class(part)
    elif isinstance(described, dict):
        if described.get("type") == "object" and "id" in described:
            yield described["name"].rpartition(".")[2], described["id"]
            for name in described.get("attributes", {}).get("css_classes", []):
                yield name, described["id"]
        for part in described.values():
            yield from _by_class(part)
