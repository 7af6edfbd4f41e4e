"""Work on pieces of very many customers on several cores: NumPy lets other threads go on while it computes."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import get_native_id
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Piece = TypeVar("Piece")
    Found = TypeVar("Found")

# One run takes no more cores than this, so that many people can share a large machine.
MOST_THREADS = 4
# How far work on very many customers stands behind who waits for a click, where processors are few (nice).
_GIVES_WAY = 10


def give_way() -> None:
    """Have this thread, and those that it starts, stand behind the others of this process, on Linux."""
    # On other systems a priority is that of a whole process; and none may be raised.
    if sys.platform == "linux" and os.getpriority(os.PRIO_PROCESS, get_native_id()) < _GIVES_WAY:
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _GIVES_WAY)


def in_parallel(work: Callable[[Piece], Found], pieces: Sequence[Piece]) -> list[Found]:
    """Return what is found of each piece, in their order, so that sums are the same on any number of cores."""
    threads = min(len(pieces), MOST_THREADS, _cores())
    if threads < 2:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(threads, thread_name_prefix="custseg", initializer=give_way) as pool:
        return list(pool.map(work, pieces))


def _cores() -> int:
    """Return on how many cores this process may run."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
