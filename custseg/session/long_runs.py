"""Runs of very many customers that go on when the page is closed, and are there for whoever opens the same settings."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from custseg.session.background import SupersededError
from custseg.session.run_result import in_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.session.next_run import NextRun
    from custseg.session.run_result import RunResult

    Listener = Callable[[Progress], None]

# What is finished and not asked for any more takes memory.
_MOST_FINISHED = 4


@dataclass(eq=False)
class _LongRun:
    """A run that goes on or is finished, who hears of its steps, and until when it is of interest to anybody."""

    wanted: NextRun
    listeners: list[Listener]
    found: Future[RunResult] = field(default_factory=Future)
    until: float | None = None

    @property
    def over(self) -> bool:
        """Whether its time is over."""
        return self.until is not None and time.monotonic() > self.until

    def tell(self, progress: Progress) -> None:
        """Tell whoever listens. Raises SupersededError where nobody does, and it is not kept for its minutes."""
        for listener in list(self.listeners):
            try:
                listener(progress)
            except SupersededError:
                self.listeners.remove(listener)
        if not self.listeners and (self.until is None or self.over):
            raise SupersededError

    def is_for(self, wanted: NextRun) -> bool:
        """Whether another one has the same customers and settings."""
        mine, its = self.wanted, wanted
        return (
            mine.table.frame is its.table.frame
            and mine.table.columns == its.table.columns
            and (mine.settings, mine.settings.playbook) == (its.settings, its.settings.playbook)
        )


class LongRuns:
    """The long runs of all sessions of a process; each is kept for some minutes once its page is gone.

    Where the same run is wanted meanwhile, it is waited for and not made a second time.
    """

    def __init__(self, minutes: float) -> None:
        self._seconds, self._runs, self._lock = 60 * minutes, list[_LongRun](), Lock()

    def run(self, wanted: NextRun, listener: Listener, compute: Callable[[NextRun, Listener], RunResult]) -> RunResult:
        """Run, or wait for the same run; ``listener`` is told of each step, and raises where it is no longer wanted.

        Raises what ``compute`` does, and SupersededError where all have given it up.
        """
        with self._lock:
            run = self._known(wanted)
            if run is None:
                run = _LongRun(wanted, [listener])
                self._runs.append(run)
                mine = True
            else:
                run.listeners.append(listener)
                run.until, mine = None, False
        if not mine:
            return in_history(run.found.result(), wanted.before, wanted.number)
        try:
            found = compute(wanted, run.tell)
        except BaseException as problem:
            self._forget(run)
            run.found.set_exception(problem)
            raise
        run.found.set_result(found)
        return found

    def has(self, wanted: NextRun) -> bool:
        """Whether such a run goes on, or is there."""
        with self._lock:
            return self._known(wanted) is not None

    def seen(self, wanted: NextRun) -> None:
        """Let go of what somebody has seen."""
        with self._lock:
            self._runs = [run for run in self._runs if not (run.found.done() and run.is_for(wanted))]

    def leave(self, wanted: NextRun) -> None:
        """Keep a run for its minutes from now on, since a page that waited for it is gone."""
        with self._lock:
            run = self._known(wanted)
            if run is not None:
                run.until = time.monotonic() + self._seconds

    def _known(self, wanted: NextRun) -> _LongRun | None:
        self._runs = [run for run in self._runs if not (run.found.done() and run.over)]
        finished = [run for run in self._runs if run.found.done()]
        for run in finished[:-_MOST_FINISHED]:
            self._runs.remove(run)
        return next((run for run in self._runs if run.is_for(wanted)), None)

    def _forget(self, run: _LongRun) -> None:
        with self._lock:
            self._runs = [one for one in self._runs if one is not run]
