"""A few processes of one kind, started ahead; who asks waits for the first that is free."""

from __future__ import annotations

import atexit
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from dashboard.worker_process import PATIENCE, WorkerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboard.work_limits import WorkLimits
    from dashboard.worker_process import Wanted


class PoolEndedError(Exception):
    """The server ends, and with it all processes."""


class WorkerPool:
    """Processes that do one piece of work at a time each; one that failed is replaced."""

    def __init__(self, worker: str, limits: WorkLimits, processes: int) -> None:
        self._all = [WorkerProcess(worker, limits) for _ in range(processes)]
        self._idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        self._over = False
        for process in self._all:
            process.make_ready()
            self._idle.put(process)
        atexit.register(self.end)

    @contextmanager
    def free(self, wanted: Wanted) -> Iterator[WorkerProcess]:
        """Wait for a process that is free, and have it to oneself.

        Raises
        ------
        PoolEndedError
            The server ends.
        OSError
            The system has no room for another process.
        Exception
            What ``wanted`` raises as soon as nobody waits any more.

        """
        process = self._next(wanted)
        try:
            process.make_ready()
            yield process
        finally:
            # Ahead of who asks next, to whom it is said where that fails.
            with suppress(OSError):
                if not self._over:
                    process.make_ready()
            self._idle.put(process)

    def _next(self, wanted: Wanted) -> WorkerProcess:
        while not self._over:
            wanted.check()
            with suppress(Empty):
                return self._idle.get(timeout=PATIENCE)
        raise PoolEndedError

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The numbers that the system gave the processes."""
        return tuple(process.identifier for process in self._all if process.identifier is not None)

    def end(self) -> None:
        """End all processes, whatever they do."""
        self._over = True
        atexit.unregister(self.end)
        for process in self._all:
            process.end()
