"""A page that goes without a word, while the server still has what it sent before it, leaves no trace in the log."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from tests.dashboard.visitor import visit
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dashboard.visitor import Visitor

_PRESSES = 30


async def abandon(url: str) -> None:
    """Press many times at once, and tear the connection down as a computer does that goes to sleep or crashes."""
    visitor: Visitor
    async with visit(url) as visitor:
        await visitor.run()
        for number in range(_PRESSES):
            await visitor.choose_seed(number)
            await visitor.press("Run clustering")
        protocol: Any = visitor._wire.connection.protocol
        protocol.stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        protocol.stream.close()


async def look(url: str) -> None:
    async with visit(url) as visitor:
        await visitor.run()
        assert visitor.errors == []


def test_a_page_that_is_torn_down_while_the_server_asks_whether_it_is_there(tmp_path: Path) -> None:
    with serve(tmp_path, options=(*SETUP, "--keep-alive", "5")) as server:
        for _ in range(3):
            asyncio.run(abandon(server.url))
        asyncio.run(look(server.url))
        assert [line for line in server.remarks() if "Keep-alive ping" not in line] == []
