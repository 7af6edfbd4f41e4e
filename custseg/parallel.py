"""Work on pieces of very many customers on several cores: NumPy lets other threads go on while it computes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Piece = TypeVar("Piece")
    Found = TypeVar("Found")

# One run takes no more cores than this, so that many people can share a large machine.
MOST_THREADS = 4


def in_parallel(work: Callable[[Piece], Found], pieces: Sequence[Piece]) -> list[Found]:
    """Return what is found of each piece, in their order, so that sums are the same on any number of cores."""
    threads = min(len(pieces), MOST_THREADS, _cores())
    if threads < 2:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(threads, thread_name_prefix="custseg") as pool:
        return list(pool.map(work, pieces))


def _cores() -> int:
    """Return on how many cores this process may run."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
