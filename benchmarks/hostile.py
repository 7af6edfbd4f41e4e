"""What others notice while somebody uploads files that are made to harm: the times of their clicks."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.dashboard.visitor import visit
from tests.hostile_files import HOSTILE
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from tests.dashboard.visitor import Visitor

# Seconds within which a click should be answered whatever others bring.
PROMPT = 0.3
_SECONDS_BETWEEN_CLICKS = 0.5
_CLICKS_BEFORE_EACH_FILE = 4
# As those of the tests, which say what is said of each file.
_LIMITS = {"CUSTSEG_READING_MEGABYTES": "800", "CUSTSEG_UNPACKED_MEGABYTES": "100"}
# Anew for each click: a run that somebody made before is only looked up.
_SEEDS = count(1000)
QUIET, BESIDE = "nobody else there", "while a file is sent and read"


@dataclass
class Clicks:
    """The seconds that clicks took, by what another session did meanwhile, and what each file took to be refused.

    Quiet clicks lie between the files, so that what else the machine does is the same for all.
    """

    clicks: dict[str, list[float]] = field(default_factory=lambda: {QUIET: [], BESIDE: []})
    files: dict[str, float] = field(default_factory=dict)


def measure() -> Clicks:
    """Click in one session, and upload all files that are made to harm in another."""
    os.environ.update(_LIMITS)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), options=SETUP) as server:
        return asyncio.run(_measured(server.url, Path(folder)))


async def _measured(url: str, folder: Path) -> Clicks:
    found = Clicks()
    async with visit(url) as clicking, visit(url) as uploading:
        await clicking.run()
        place = uploading.model("FileDropper")
        for name, write, said in HOSTILE:
            await asyncio.to_thread(write, folder / name)
            for _ in range(_CLICKS_BEFORE_EACH_FILE):
                await _click(clicking, found.clicks[QUIET])
            harm = asyncio.create_task(_upload(uploading, place, folder / name, said))
            while not harm.done():
                await _click(clicking, found.clicks[BESIDE])
            found.files[name] = await harm
    return found


async def _click(visitor: Visitor, times: list[float]) -> None:
    """Click once, for a run that nobody made before, and note how long it took."""
    await visitor.choose_seed(next(_SEEDS))
    times.append(await visitor.run())
    await asyncio.sleep(_SECONDS_BETWEEN_CLICKS)


async def _upload(visitor: Visitor, place: str, path: Path, said: str) -> float:
    """Send a file; return the seconds from then until it is refused in a sentence."""
    await visitor.drop(place, path.name, await asyncio.to_thread(path.read_bytes))
    began = time.perf_counter()
    await visitor.until(said)
    return time.perf_counter() - began
