"""A client that speaks Bokeh's protocol to a server as a browser does, and as one would who means it harm."""

from __future__ import annotations

import json
import re
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
        message = await self.read()
        return message and (message[0], json.loads(message[1] or "{}"))

    async def read(self) -> tuple[str, str] | None:
        """Return the kind and the text of the next message, None where the server has closed the socket."""
        header, _, content = [await self._part() for _ in range(3)]
        described = json.loads(header or "{}")
        for _ in range(2 * described.get("num_buffers", 0)):
            await self._part()
        return None if self.ended else (described["msgtype"], str(content))

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

    async def document(self) -> dict[str, Any]:
        """Return the document of the session."""
        answer = await self.answer_to("PULL-DOC-REQ", {}, "PULL-DOC-REPLY")
        assert answer is not None
        document: dict[str, Any] = answer[1]["doc"]
        return document
