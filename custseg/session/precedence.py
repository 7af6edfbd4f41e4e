"""What somebody waits for comes before what nobody asked for: which of it goes on now, in all sessions of a process."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator

# How soon the event loop comes round where it has nothing to do.
_SECONDS_OF_A_ROUND = 0.005
# What is asked for and takes longer is no click: all else would wait for it for minutes.
_SECONDS_OF_A_CLICK = 1.0
# How soon who waits looks again.
_SECONDS_BETWEEN = 0.02
# Where somebody clicks all the time, or the machine is busy with other things, work goes on by one step after so long,
_LONGEST_WAIT = 3.0
# and waits no longer for each second in which it worked: else what has a hundred steps would take minutes.
_WAIT_FOR_A_SECOND_OF_WORK = 4.0
# How soon who waits for the event loop looks whether it still runs.
_SECONDS_OF_PATIENCE = 0.5
# When each piece of work began that somebody waits for now.
_begun: dict[object, float] = {}


@contextmanager
def somebody_waits() -> Iterator[None]:
    """Note that somebody waits for what is done in the block."""
    mark = object()
    _begun[mark] = time.monotonic()
    try:
        yield
    finally:
        del _begun[mark]


class Deference:
    """How a piece of work that nobody asked for lets others come first, step by step, and gets on all the same."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._patience = loop, _LONGEST_WAIT
        # When it last went on; before the first step it did nothing yet.
        self._resumed: float | None = None

    def let_others_first(self, check: Callable[[], None]) -> None:
        """Wait, in a thread, until nobody waits for anything else and the loop is at leisure, though not for ever.

        ``check`` is called meanwhile, and raises where the work that waits here is not wanted any more.
        """
        began = time.monotonic()
        if self._resumed is not None:
            self._patience += _WAIT_FOR_A_SECOND_OF_WORK * (began - self._resumed)
        end = began + min(self._patience, _LONGEST_WAIT)
        while time.monotonic() < end and self._loop.is_running():
            at_leisure = _seconds_of_a_round(self._loop) < _SECONDS_OF_A_ROUND and not _somebody_clicked()
            check()
            if at_leisure:
                break
            time.sleep(_SECONDS_BETWEEN)
        self._resumed = time.monotonic()
        self._patience -= self._resumed - began


def _somebody_clicked() -> bool:
    now = time.monotonic()
    return any(now - began < _SECONDS_OF_A_CLICK for began in list(_begun.values()))


def _seconds_of_a_round(loop: asyncio.AbstractEventLoop) -> float:
    """Return how long the loop takes for what it has to do when it has just come round."""
    _await_round(loop)
    began = time.monotonic()
    _await_round(loop)
    return time.monotonic() - began


def _await_round(loop: asyncio.AbstractEventLoop) -> None:
    came_round = Event()
    # It is closed where its server ends meanwhile.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(came_round.set)
        while loop.is_running() and not came_round.wait(_SECONDS_OF_PATIENCE):
            pass
