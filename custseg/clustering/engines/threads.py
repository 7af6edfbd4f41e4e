"""Keep NumPy and scikit-learn to one thread, even where runs of several sessions overlap."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from threadpoolctl import ThreadpoolController


class _Blas:
    """The process-wide setting of BLAS: the first to enter limits it, the last to leave restores it."""

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
    """Let the next thread set OpenBLAS: threadpoolctl silently ignores all threads but the first that did."""
    from threadpoolctl import OpenBLASController

    OpenBLASController.clear_controlling_thread(force=True)


_blas = _Blas()


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep NumPy and scikit-learn to one thread while the block runs.

    Sums then don't depend on the order of threads, and many small products are faster, above all on a busy machine.
    """
    _blas.enter()
    try:
        # OpenMP has a separate setting for each thread.
        with _controller("openmp").limit(limits=1):
            yield
    finally:
        _blas.leave()


@cache
def _controller(api: str) -> ThreadpoolController:
    """Select the libraries of one kind, since a limiter restores the settings of all it was made for."""
    import sklearn.cluster  # noqa: F401 - the controller sees only what is loaded when it is made
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api=api)
