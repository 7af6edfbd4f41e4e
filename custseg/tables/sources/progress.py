"""How far the reading of a file is, told to whoever asked to be told."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Listener = Callable[[str], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Have the listener told while the block runs, in a few words each time: “row 20,000 of 541,909”."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def tell(progress: str) -> None:
    """Say how far the reading is; nobody hears it outside ``told_to``."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(progress)
