"""One thread for NumPy and scikit-learn, also where runs of several sessions overlap."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadpoolctl import ThreadpoolController


class _Blas:
    """BLAS has one setting for the whole process: the first in sets it, the last out gives back what was there."""

    def __init__(self) -> None:
        self._lock, self._inside = Lock(), 0
        self._limit: Any = None

    def enter(self) -> None:
        with self._lock:
            if not self._inside:
                _free_control()
                self._limit = _controller("blas").limit(limits=1)
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                _free_control()
                self._limit.restore_original_limits()
                _free_control()


def _free_control() -> None:
    """Let the next thread set OpenBLAS: threadpoolctl else ignores all but the first that did, without a word."""
    from threadpoolctl import OpenBLASController

    OpenBLASController.clear_controlling_thread(force=True)


_blas = _Blas()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep NumPy and scikit-learn to one thread while the block runs in this one.

    Sums then don't depend on how threads meet, and many small products take less time, most of all on a busy machine.
    """
    _blas.enter()
    try:
        # OpenMP has a setting for each thread.
        with _controller("openmp").limit(limits=1):
            yield
    finally:
        _blas.leave()


@cache
def _controller(api: str) -> ThreadpoolController:
    """Select the libraries of one kind: a limiter gives back the settings of all that it was made for."""
    import sklearn.cluster  # noqa: F401 - the controller sees only what is loaded when it is made
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api=api)
