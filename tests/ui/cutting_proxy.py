"""A proxy in front of a server that can cut all its connections, as those between people and servers sometimes do."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_PIECE = 65_536
_SECONDS_TO_START = 10


class CuttingProxy:
    """Hands on what comes to a port of its own, to ``target`` on this machine; nothing where that is None."""

    def __init__(self) -> None:
        self.port = 0
        self.target: int | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()

    def cut(self) -> None:
        """Break all connections at once, without a word."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    async def _cut(self) -> None:
        for writer in self._open.copy():
            writer.transport.abort()

    def serve(self, ready: Event) -> None:
        """Hand on until it is over, in a thread of its own."""
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    def end(self) -> None:
        """Cut all connections and take no others."""
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self, ready: Event) -> None:
        listening = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        ready.set()
        await self._over.wait()
        listening.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            async with self._held(writer):
                there, back = await asyncio.open_connection("127.0.0.1", self.target or 1)
                async with self._held(back):
                    await asyncio.wait(
                        [asyncio.create_task(_hand_on(reader, back)), asyncio.create_task(_hand_on(there, writer))],
                        return_when=asyncio.FIRST_COMPLETED,
                    )

    @asynccontextmanager
    async def _held(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._open.add(writer)
        try:
            yield
        finally:
            self._open.discard(writer)
            writer.close()


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()


@contextmanager
def cutting_proxy() -> Iterator[CuttingProxy]:
    """Start a proxy, which leads nowhere yet, until the block ends."""
    proxy, ready = CuttingProxy(), Event()
    thread = Thread(target=proxy.serve, args=[ready], daemon=True)
    thread.start()
    assert ready.wait(_SECONDS_TO_START)
    try:
        yield proxy
    finally:
        proxy.end()
        thread.join(_SECONDS_TO_START)
