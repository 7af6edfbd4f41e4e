"""A visitor without a browser: opens the page, presses its buttons, drops files into it, and reads what it says."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.dashboard.wire import ask, socket, token_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.dashboard.wire import Wire

_SECONDS = 30


@asynccontextmanager
async def visit(url: str) -> AsyncIterator[Visitor]:
    """Open the page at this address, for as long as the block lasts."""
    async with socket(url.partition("?")[0], token_in(ask(url)[1])) as wire:
        visitor = Visitor(wire)
        visitor.see(await wire.document())
        # As BokehJS does once it has drawn the page: what was put off until then is done now.
        await visitor.tell("document_ready", {})
        yield visitor


class Visitor:
    """Whoever has the page open: knows all models of it, by what the server has sent."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.models: dict[str, dict[str, Any]] = {}
        self.said = ""

    def see(self, sent: Any) -> None:
        """Take in what the server has sent."""
        for one in _objects(sent):
            self.models[one["id"]] = one
        self.said += json.dumps(sent, ensure_ascii=False)

    async def until(self, *words: str) -> None:
        """Wait until the page has said one of these since it was asked for something."""
        while not any(word in self.said for word in words):
            try:
                message = await asyncio.wait_for(self.wire.receive(), _SECONDS)
            except TimeoutError:
                pytest.fail(f"None of {words} was said, but {self.said[-2000:]}")
            assert message is not None, f"The connection ended before any of {words} was said."
            self.said += message[0]
            self.see(message[1])

    def model(self, kind: str, place: int = 0, **attributes: Any) -> str:
        """Return which model is of this kind and has these attributes; of several the one at that place."""
        found = [
            name
            for name, one in self.models.items()
            if one["name"].endswith(kind) and attributes.items() <= one.get("attributes", {}).items()
        ]
        assert len(found) > place, f"There is no {kind} with {attributes} on the page."
        return found[place]

    async def change(self, model: str, attribute: str, value: Any) -> None:
        """Change a model, as a widget does."""
        await self._send({"kind": "ModelChanged", "model": {"id": model}, "attr": attribute, "new": value})

    async def press(self, label: str) -> None:
        """Press a button."""
        await self.tell("button_click", {"model": {"id": self.model("Button", label=label)}})

    async def drop(self, model: str, name: str, content: bytes) -> None:
        """Drop a file."""
        packed = {"type": "bytes", "data": base64.b64encode(gzip.compress(content)).decode()}
        piece = _map({"name": name, "data": packed, "chunk": 1, "total_chunks": 1, "type": ""})
        await self.tell("upload_event", {"model": {"id": model}, "data": piece})

    async def tell(self, name: str, values: dict[str, Any]) -> None:
        """Send an event, as BokehJS does."""
        event = {"type": "event", "name": name, "values": _map(values)}
        await self._send({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})

    async def _send(self, event: dict[str, Any]) -> None:
        self.said = ""
        await self.wire.send("PATCH-DOC", {"events": [event]})


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "map", "entries": [list(pair) for pair in values.items()]}


def _objects(sent: Any) -> Iterator[dict[str, Any]]:
    if isinstance(sent, dict):
        if sent.get("type") == "object" and "id" in sent:
            yield sent
        for part in sent.values():
            yield from _objects(part)
    elif isinstance(sent, list):
        for part in sent:
            yield from _objects(part)
