"""The run that a press on Run would bring, computed while somebody rests: the press then only has to show it."""

from __future__ import annotations

import asyncio
from threading import Lock
from typing import TYPE_CHECKING

from custseg.language import in_the_same_language
from custseg.session.background import in_thread_of_its_own

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from custseg.session.next_run import NextRun
    from custseg.session.run_result import RunResult

# How long settings stay as they are before their run is computed.
SECONDS_OF_REST = 0.1
# A run of more takes so long that it is computed for those alone who ask for it.
MOST_CUSTOMERS = 20_000
# All sessions together compute one at a time: it is work that nobody has asked for.
_turn = Lock()


class RunAhead:
    """At most one run that nobody has asked for yet; it is dropped as soon as another one would be asked for."""

    def __init__(self) -> None:
        self._rest: asyncio.Task[None] | None = None
        self._next: NextRun | None = None
        self._found: Future[RunResult] | None = None

    def plan(self, ask: Callable[[], NextRun | None], compute: Callable[[NextRun], RunResult]) -> None:
        """Compute what is asked for after a rest, unless anything is planned or dropped before; without a loop nothing.

        ``ask`` returns None where there is nothing to compute.
        """
        following = ask()
        if self._next is not None and following is not None and following.brings_what(self._next):
            return
        self.drop()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._rest = loop.create_task(self._compute(in_the_same_language(ask), in_the_same_language(compute)))

    def drop(self) -> None:
        """Let go of what was planned or computed."""
        if self._rest is not None:
            self._rest.cancel()
        self._rest = self._next = self._found = None

    def take(self, wanted: NextRun) -> Future[RunResult] | None:
        """Return the run that is wanted, once, where it was computed or is being computed; else None."""
        found = self._found if self._next is not None and wanted.brings_what(self._next) else None
        self.drop()
        return found

    async def _compute(self, ask: Callable[[], NextRun | None], compute: Callable[[NextRun], RunResult]) -> None:
        await asyncio.sleep(SECONDS_OF_REST)
        while (following := ask()) is not None and len(following.table) <= MOST_CUSTOMERS:
            if _turn.acquire(blocking=False):
                self._next, self._found = following, in_thread_of_its_own(_in_turn, compute, following)
                return
            await asyncio.sleep(SECONDS_OF_REST)


def _in_turn(compute: Callable[[NextRun], RunResult], following: NextRun) -> RunResult:
    try:
        return compute(following)
    finally:
        _turn.release()
