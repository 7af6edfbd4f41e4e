"""What others notice while somebody uploads files that are made to harm: the times of their clicks."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.dashboard.wire import Wire, ask, socket, token_in
from tests.hostile_files import HOSTILE
from tests.ui.server import DASHBOARD, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETUP = ("--setup", str(DASHBOARD.with_name("setup.py")))
_PIECE = 500_000
_SECONDS_BETWEEN_CLICKS = 0.5
_CLICKS_BEFORE = 20
_PATIENCE = 60
# As those of the tests, which say what is said of each file.
_LIMITS = {"CUSTSEG_READING_MEGABYTES": "800", "CUSTSEG_UNPACKED_MEGABYTES": "100"}


@dataclass
class Clicks:
    """The seconds that clicks took while nobody harmed the server and while somebody did, and what each file took."""

    before: list[float]
    meanwhile: list[float]
    files: dict[str, float]


def measure() -> Clicks:
    """Click in one session, and upload all files that are made to harm in another."""
    os.environ.update(_LIMITS)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), options=_SETUP) as server:
        return asyncio.run(_measured(server.url, Path(folder)))


async def _measured(url: str, folder: Path) -> Clicks:
    async with socket(url, token_in(ask(url)[1])) as mine, socket(url, token_in(ask(url)[1])) as other:
        clicking, uploading = _Page(mine, await mine.document()), _Page(other, await other.document())
        for page in (clicking, uploading):
            await page.stand()
        await clicking.click()
        before = [await clicking.click() for _ in range(_CLICKS_BEFORE)]
        meanwhile: list[float] = []
        harm = asyncio.create_task(_upload_all(uploading, folder))
        while not harm.done():
            meanwhile.append(await clicking.click())
            await asyncio.sleep(_SECONDS_BETWEEN_CLICKS)
        return Clicks(before, meanwhile, await harm)


async def _upload_all(page: _Page, folder: Path) -> dict[str, float]:
    return {
        name: await page.upload(name, await asyncio.to_thread(_content, write, folder / name), said)
        for name, write, said in HOSTILE
    }


def _content(write: Any, path: Path) -> bytes:
    write(path)
    return path.read_bytes()


class _Page:
    """A page as the server sees it."""

    def __init__(self, wire: Wire, document: dict[str, Any]) -> None:
        self._wire, self._ids = wire, dict(_by_class(document["roots"]))
        self._runs = 0

    async def stand(self) -> None:
        """Say what a browser says once all is drawn."""
        await self._tell("document_ready")

    async def click(self) -> float:
        """Run; return the seconds until the result is there."""
        self._runs += 1
        began = time.perf_counter()
        await self._tell("button_click", "run-clustering")
        await self._heard(re.compile(rf"Run {self._runs}: "))
        return time.perf_counter() - began

    async def upload(self, name: str, content: bytes, said: str) -> float:
        """Send a file; return the seconds from then until it is refused in a sentence."""
        pieces = [content[place : place + _PIECE] for place in range(0, len(content), _PIECE)]
        for number, piece in enumerate(pieces, start=1):
            data = {"type": "bytes", "data": base64.b64encode(gzip.compress(piece)).decode()}
            told = {"name": name, "chunk": number, "total_chunks": len(pieces), "data": data}
            await self._tell(
                "upload_event", "FileDropper", ["data", {"type": "map", "entries": [*map(list, told.items())]}]
            )
        began = time.perf_counter()
        await self._heard(re.compile(re.escape(said)))
        return time.perf_counter() - began

    async def _heard(self, wanted: re.Pattern[str]) -> None:
        async with asyncio.timeout(_PATIENCE):
            while message := await self._wire.receive():
                if wanted.search(json.dumps(message[1], ensure_ascii=False)):
                    return

    async def _tell(self, event: str, name: str = "", *more: list[Any]) -> None:
        values = {"type": "map", "entries": [["model", {"id": self._ids[name]}], *more] if name else []}
        told = {"type": "event", "name": event, "values": values}
        await self._wire.send(
            "PATCH-DOC", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": told}]}
        )


def _by_class(described: Any) -> Iterator[tuple[str, str]]:
    """Find the identities of models by their classes in the style sheet, and by the names of their kinds."""
    parts = described if isinstance(described, list) else [*described.values()] if isinstance(described, dict) else []
    if isinstance(described, dict) and described.get("type") == "object" and "id" in described:
        yield described["name"].rpartition(".")[2], described["id"]
        for name in described.get("attributes", {}).get("css_classes", []):
            yield name, described["id"]
    for part in parts:
        yield from _by_class(part)
