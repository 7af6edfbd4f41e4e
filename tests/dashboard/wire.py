"""A client that speaks Bokeh's protocol to a server as a browser does, and as one would who means it harm."""

from __future__ import annotations

import hashlib
import json
import re
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tornado.websocket import WebSocketClientConnection

_SECONDS = 60


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, str, dict[str, str]]:
    """Ask for an address, and return the status, the text and the headers of the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, headers=named, method=method), timeout=_SECONDS) as answer:  # noqa: S310 - our server
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode(), dict(refused.headers)


def wait_until_ready(probe: str) -> None:
    """Wait while a server reads its table for the first time."""
    end = time.monotonic() + _SECONDS
    while ask(probe)[0] != 200:
        assert time.monotonic() < end
        time.sleep(0.05)


def token_in(page: str) -> str:
    """Return the token that stands in a page."""
    found = re.search(r'"token":"([\w.-]+)"', page)
    assert found, page[:300]
    return found[1]


@asynccontextmanager
async def socket(url: str, token: str, **headers: str) -> AsyncIterator[Wire]:
    """Open a socket to the page at this address. Raises HTTPClientError where the server refuses it."""
    request = HTTPRequest(f"{url.replace('http', 'ws', 1)}/ws", headers=headers, request_timeout=_SECONDS)
    connection = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=10**9)
    wire = Wire(connection)
    try:
        # What comes earlier, Bokeh can't take.
        assert await wire.receive() == ("ACK", {})
        yield wire
    finally:
        connection.close()
        while not wire.ended:
            await wire.receive()


class Wire:
    """An open socket."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self.connection = connection
        self.ended = False

    async def receive(self) -> tuple[str, Any] | None:
        """Return the kind and the content of the next message, None where the server has closed the socket."""
        message = await self._next()
        return message and (message[0], with_buffers(json.loads(message[1] or "{}"), message[2]))

    async def read(self) -> tuple[str, str] | None:
        """Return the kind and the text of the next message, None where the server has closed the socket."""
        message = await self._next()
        return message and message[:2]

    async def _next(self) -> tuple[str, str, dict[str, Any]] | None:
        header, _, content = [await self._part() for _ in range(3)]
        described = json.loads(header or "{}")
        buffers: dict[str, Any] = {}
        for _ in range(described.get("num_buffers", 0)):
            name = json.loads(await self._part() or "{}").get("id", "")
            buffers[name] = await self._part()
        return None if self.ended else (described["msgtype"], str(content), buffers)

    async def _part(self) -> str | bytes | None:
        # Once it is closed, which it may be within a message, one more part would be waited for in vain.
        part = None if self.ended else await self.connection.read_message()
        self.ended = self.ended or part is None
        return part

    async def send(self, kind: str, content: Any) -> None:
        """Send a message."""
        for part in ({"msgid": "1", "msgtype": kind}, {}, content):
            await self.connection.write_message(json.dumps(part))

    async def answer_to(self, kind: str, content: Any, *expected: str) -> tuple[str, Any] | None:
        """Send a message and return the next of the expected kind, None where the server closes the socket first."""
        await self.send(kind, content)
        while message := await self.receive():
            if message[0] in expected:
                return message
        return None

    async def patch(self, *changes: dict[str, Any]) -> str | None:
        """Send changes in a message, and return the words with which they are refused, None where they are not."""
        answer = await self.answer_to("PATCH-DOC", {"events": list(changes)}, "OK", "ERROR")
        assert answer is not None
        return answer[1]["text"] if answer[0] == "ERROR" else None

    async def document(self) -> dict[str, Any]:
        """Return the document of the session."""
        answer = await self.answer_to("PULL-DOC-REQ", {}, "PULL-DOC-REPLY")
        assert answer is not None
        document: dict[str, Any] = answer[1]["doc"]
        return document


def with_buffers(content: Any, buffers: dict[str, Any]) -> Any:
    """Return a content with the bytes that were sent beside it, in the place of their names."""
    if isinstance(content, list):
        return [with_buffers(part, buffers) for part in content]
    if not isinstance(content, dict):
        return content
    if len(content) == 1 and content.get("id") in buffers:
        return hashlib.sha256(buffers[content["id"]]).hexdigest()
    return {key: with_buffers(part, buffers) for key, part in content.items()}


def models_in(described: Any) -> list[dict[str, Any]]:
    """Return the models that a document describes, however deep they lie."""
    if isinstance(described, list):
        return [model for part in described for model in models_in(part)]
    if not isinstance(described, dict):
        return []
    own = [described] if described.get("type") == "object" and "id" in described else []
    return own + [model for part in described.values() for model in models_in(part)]


def the(document: dict[str, Any], name: str, **attributes: Any) -> dict[str, Any]:
    """Return the reference to the first model of this class whose attributes are these."""
    for model in models_in(document["roots"]):
        there = model.get("attributes", {})
        if model["name"].rpartition(".")[2] == name and all(there.get(key) == it for key, it in attributes.items()):
            return {"id": model["id"]}
    msg = f"There is no {name} with {attributes}"
    raise AssertionError(msg)


def changed(model: dict[str, Any], name: Any, value: Any) -> dict[str, Any]:
    """Return a change of a property of a model, as a browser sends it."""
    return {"kind": "ModelChanged", "model": {"id": model["id"]}, "attr": name, "new": value}


def pressed(model: dict[str, Any], event: str = "button_click", **values: Any) -> dict[str, Any]:
    """Return an event of a model, as a browser sends it."""
    return told(event, model={"id": model["id"]}, **values)


def told(event: str, **values: Any) -> dict[str, Any]:
    """Return an event, of a model or of the page, as a browser sends it."""
    data = {"type": "event", "name": event, "values": as_map(values)}
    return {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data}


def as_map(values: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping as a browser sends it."""
    return {"type": "map", "entries": [*map(list, values.items())]}
