"""What takes time to find of a table, and is asked for again by the next run or by another session."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from custseg.language import current

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Found = TypeVar("Found")

_MOST = 16


class Kept:
    """Holds the newest few; what is in it never changes."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._found: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what was found under a key, else find it; two who ask at once may both find it.

        What is found may say something, so each language has its own.
        """
        key = current(), key
        with self._lock:
            if key in self._found:
                known: Found = self._newest(key)
                return known
        found = find()
        with self._lock:
            self._found[key] = found
            if len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return found

    def recall(self, key: Hashable) -> Any:
        """Return what was found under a key; None where nothing was, or it is gone by now."""
        key = current(), key
        with self._lock:
            return self._newest(key) if key in self._found else None

    def _newest(self, key: Hashable) -> Any:
        self._found[key] = self._found.pop(key)
        return self._found[key]
