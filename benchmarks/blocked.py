"""How long the event loop, and with it everybody else on a server, waits while a file of each format is made."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from custseg import SegmentationModel
from custseg.export.formats import FORMATS
from custseg.panes.base.made_files import made, make_files_with
from custseg.session.background import in_thread_of_its_own
from dashboard.making_limits import MakingLimits
from dashboard.making_process import MakingPool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from io import BytesIO

    from custseg.session.model_state import ModelState

CUSTOMERS = 100_000
_SECONDS_BETWEEN_BEATS = 0.005


def measure(customers: int = CUSTOMERS) -> Iterator[tuple[str, float, float]]:
    """Return what is made, for how many seconds the loop was blocked at the longest, and after how many it is there.

    Files are made as a server makes them.
    """
    model = SegmentationModel(_table(customers), k=4, seed=0)
    model.run_clustering()
    bundle, pool = model.bundle(), MakingPool(MakingLimits())

    async def make(write: Callable[..., None], state: ModelState, *more: object) -> BytesIO:
        return await asyncio.wrap_future(in_thread_of_its_own(pool.make, write, state, more, _Waiting()))

    make_files_with(make)
    for kind in FORMATS:
        if not kind.why_not(bundle):
            making = partial(made, model, kind.write, drawn=kind.drawn, here=kind.changes_model)
            yield kind.title, *asyncio.run(_beside_a_heart(making))
    pool.end()


class _Waiting:
    def check(self) -> None:
        """Wait for as long as it takes."""

    def tell(self, progress: str) -> None:
        """Hear nothing."""


async def _beside_a_heart(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Do some work, and return the longest time between two beats meanwhile beyond what it should be, and its time."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_SECONDS_BETWEEN_BEATS)
            longest = max(longest, time.perf_counter() - began - _SECONDS_BETWEEN_BEATS)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)
    began = time.perf_counter()
    await work()
    seconds = time.perf_counter() - began
    # The beat that the work put off is counted too.
    await asyncio.sleep(2 * _SECONDS_BETWEEN_BEATS)
    heart.cancel()
    return longest, seconds


def _table(customers: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    groups = random.integers(0, 4, customers)
    amounts = {f"amount {number}": random.lognormal(3 + groups % (number + 2), 0.6) for number in range(6)}
    identifiers = {"customer id": [f"C{number}" for number in range(customers)]}
    return pd.DataFrame({**identifiers, **amounts, "channel": random.choice(["shop", "web"], customers)})
