"""What others notice while somebody uploads files that are made to harm: the times of their clicks."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.dashboard.visitor import Visitor, visit
from tests.hostile_files import HOSTILE
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds within which a click should be answered whatever others bring.
PROMPT = 0.3
_SECONDS_BETWEEN_CLICKS = 0.5
_CLICKS_BEFORE = 20
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
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), options=SETUP) as server:
        return asyncio.run(_measured(server.url, Path(folder)))


async def _measured(url: str, folder: Path) -> Clicks:
    async with visit(url) as clicking, visit(url) as uploading:
        await clicking.run()
        before = [await _click(clicking) for _ in range(_CLICKS_BEFORE)]
        meanwhile: list[float] = []
        harm = asyncio.create_task(_upload_all(uploading, folder))
        while not harm.done():
            meanwhile.append(await _click(clicking))
        return Clicks(before, meanwhile, await harm)


async def _click(visitor: Visitor) -> float:
    seconds = await visitor.run()
    await asyncio.sleep(_SECONDS_BETWEEN_CLICKS)
    return seconds


async def _upload_all(visitor: Visitor, folder: Path) -> dict[str, float]:
    place = visitor.model("FileDropper")
    return {name: await _upload(visitor, place, folder / name, write, said) for name, write, said in HOSTILE}


async def _upload(visitor: Visitor, place: str, path: Path, write: Callable[[Path], None], said: str) -> float:
    """Send a file; return the seconds from then until it is refused in a sentence."""
    await asyncio.to_thread(write, path)
    await visitor.drop(place, path.name, await asyncio.to_thread(path.read_bytes))
    began = time.perf_counter()
    await visitor.until(said)
    return time.perf_counter() - began
