"""A visitor without a browser: opens the page, presses its buttons, drops files into it, and hears what it says.

It draws nothing, so it costs a test and a benchmark little, and the server what a browser does.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.dashboard.wire import as_map, ask, changed, models_in, socket, token_in, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.dashboard.wire import Wire

# Only what is broken takes as long.
_SECONDS = 60
# A browser sends a file in pieces, which here are small enough to be sent compressed.
_PIECE = 500_000
_ALERT = re.compile(r"role=.{1,8}alert.{1,8}&gt;(.*?)&lt;/p")


@asynccontextmanager
async def visit(url: str) -> AsyncIterator[Visitor]:
    """Open the page at an address, as a browser does, until the block ends."""
    # Off the event loop, on which others may come.
    _, page, _ = await asyncio.to_thread(ask, url)
    async with socket(url.partition("?")[0], token_in(page)) as wire:
        visitor = Visitor(wire, await wire.document())
        listening = asyncio.create_task(visitor.listen())
        try:
            # As BokehJS does once it has drawn the page: what was put off until then is done now.
            await visitor.tell("document_ready")
            yield visitor
        finally:
            wire.connection.close()
            await listening


class Visitor:
    """Whoever has a page open.

    Attributes
    ----------
    models
        The models of the page when it was last looked at, by their identities.
    alerts
        What stood on the page when it was opened that was wrong.
    errors
        What the server answered that it could not do.
    told
        The line on the last run.

    """

    def __init__(self, wire: Wire, document: dict[str, Any]) -> None:
        self._wire = wire
        self._said, self._news = "", asyncio.Event()
        self._page = ""
        self._runs = 0
        self.models = _by_identity(document)
        self.alerts = _ALERT.findall(json.dumps(document, ensure_ascii=False))
        self.errors: list[str] = []
        self.told = ""

    @property
    def port(self) -> int:
        """The port on this side of the socket."""
        protocol: Any = self._wire.connection.protocol
        port: int = protocol.stream.socket.getsockname()[1]
        return port

    async def listen(self) -> None:
        """Hear what comes: where nobody does, the server waits."""
        while message := await self._wire.read():
            kind, text = message
            if kind == "ERROR":
                self.errors.append(text)
            if kind == "PULL-DOC-REPLY":
                self._page = text
            self._said += kind + text
            self._news.set()
        self._news.set()

    async def look(self) -> None:
        """Look at the page again: what has come to it since it was opened is among its models then."""
        await self._ask("PULL-DOC-REQ", {})
        await self.until("PULL-DOC-REPLY")
        self.models = _by_identity(json.loads(self._page)["doc"])

    async def until(self, *words: str) -> None:
        """Wait until the page has said one of these since it was asked for something."""
        # As they are written in a message.
        await self.heard("|".join(re.escape(json.dumps(word)[1:-1]) for word in words))

    async def heard(self, wanted: str) -> str:
        """Wait for what matches an expression, and return it."""
        try:
            async with asyncio.timeout(_SECONDS):
                while not (found := re.search(wanted, self._said)):
                    assert not self._wire.ended, f"The connection ended before the page said: {wanted}"
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            msg = f"The page did not say: {wanted}. It said: {self._said[-2000:]}"
            raise AssertionError(msg) from None
        return found[0]

    def model(self, kind: str, **attributes: Any) -> str:
        """Return the first model of this kind, or with this class in the style sheet, that has these attributes."""
        for name, one in self.models.items():
            there = one.get("attributes", {})
            if attributes.items() <= there.items() and (
                one["name"].endswith(kind) or kind in there.get("css_classes", [])
            ):
                return name
        msg = f"There is no {kind} with {attributes} on the page."
        raise AssertionError(msg)

    async def turn(self, view: str) -> None:
        """Turn to a view by its address."""
        await self.change(self.model("Location"), "hash", f"#{view}")

    async def choose(self, k: int) -> None:
        """Choose a number of segments."""
        await self.change(self.model("segment-number"), "value", k)

    async def choose_seed(self, seed: int) -> None:
        """Type a seed: a run with one that nobody took before is not recalled."""
        await self.change(self.model("TextInput", title="Seed"), "value", str(seed))

    async def run(self) -> float:
        """Press the button; return the seconds until the line is there that is sent after all else of the result."""
        self._runs += 1
        began = time.perf_counter()
        await self.press("Run clustering")
        self.told = await self.heard(rf"run-status.{{0,80}}Run {self._runs}: [^&<]*")
        return time.perf_counter() - began

    async def press(self, label: str) -> None:
        """Press a button."""
        await self.tell("button_click", self.model("Button", label=label))

    async def drop(self, model: str, name: str, content: bytes) -> None:
        """Drop a file."""
        pieces = [content[place : place + _PIECE] for place in range(0, len(content), _PIECE)]
        self._said = ""
        for number, piece in enumerate(pieces, start=1):
            packed = {"type": "bytes", "data": base64.b64encode(gzip.compress(piece)).decode()}
            of_piece = {"name": name, "data": packed, "chunk": number, "total_chunks": len(pieces), "type": ""}
            event = told("upload_event", model={"id": model}, data=as_map(of_piece))
            # What is said of an earlier piece counts too.
            await self._wire.send("PATCH-DOC", {"events": [event]})

    async def change(self, model: str, attribute: str, value: Any) -> None:
        """Change a model, as a widget does."""
        await self.send(changed({"id": model}, attribute, value))

    async def tell(self, name: str, model: str = "", **values: Any) -> None:
        """Send an event, of a model or of the page, as BokehJS does."""
        of = {"model": {"id": model}} if model else {}
        await self.send(told(name, **of, **values))

    async def send(self, event: dict[str, Any]) -> None:
        """Send a change or an event, whatever it is."""
        await self._ask("PATCH-DOC", {"events": [event]})

    async def _ask(self, kind: str, content: dict[str, Any]) -> None:
        self._said = ""
        await self._wire.send(kind, content)


def _by_identity(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {model["id"]: model for model in models_in(document["roots"])}
