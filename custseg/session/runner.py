"""Making the runs of a session: at once, off the event loop, ahead of who asks, or so that they outlive their page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from custseg.display import batch_updates
from custseg.errors import DataError, SettingError
from custseg.run_limits import NO_LIMITS
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.next_run import NextRun
from custseg.session.run_ahead import RunAhead
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.session.long_runs import LongRuns
    from custseg.session.model_outputs import ModelOutputs
    from custseg.session.pace import Pace
    from custseg.session.run_result import RunResult

    # Called with what was found, and with what is still wrong.
    Accept = Callable[[Any, str | None], None]


class Runner:
    """Makes the runs that the settings of a model call for; of several only the latest counts.

    The model is told that a run takes its time (``running``, ``fit_progress``), and what went wrong (``error``).
    """

    def __init__(self, model: ModelOutputs, pace: Pace) -> None:
        self._model, self._pace = model, pace
        # A run in an engine waits for it most of the time.
        self._latest = LatestTask(waits=True)
        self._ahead: RunAhead | None = None
        self._long_runs: LongRuns | None = None
        self._long_run: NextRun | None = None
        self.limits = NO_LIMITS

    @property
    def next_run(self) -> NextRun:
        """The run that the settings call for."""
        return NextRun.of(self._model, self._model.runs.next_number)

    def run_now(self) -> RunResult:
        """Run while everything else waits. Raises DataError or SettingError, as ``error`` then says."""
        self._latest.supersede()
        try:
            self._check_answered()
            return self._make(self.next_run)
        except (DataError, SettingError) as problem:
            self._model.error = str(problem)
            raise
        finally:
            # A run off the loop may still be going; it no longer counts, and leaves this to the latest.
            if self._model.running:
                assign(self._model, running=False)

    def may_begin(self) -> bool:
        """Count a run that is asked for; where it may not begin, say why and return False."""
        try:
            self._check_answered()
            self._pace.count()
        except SettingError as problem:
            self._model.error = str(problem)
            return False
        return True

    async def run(self, accept: Accept) -> None:
        """Run off the event loop, unless the run was made ahead."""
        ahead = self._ahead.take(self.next_run) if self._ahead else None
        if ahead is not None and ahead.done() and ahead.exception() is None:
            self._latest.supersede()
            with batch_updates():
                accept(ahead.result().finished_now(), None)
                assign(self._model, running=False)
        else:
            await self.off_the_loop(self._run_wanted if ahead is None else lambda _: ahead.result(), accept)

    async def off_the_loop(self, compute: Callable[[Ticket], Any], accept: Accept) -> None:
        """Compute in a thread; what a later run, or other customers, took the place of is discarded."""
        model, complaint = self._model, self._model.error
        try:
            found = await self._latest.compute(
                compute,
                lambda: announce(model, running=True),
                lambda progress: announce(model, fit_progress=progress),
            )
        except SupersededError:
            return
        except (DataError, SettingError) as problem:
            announce(model, error=str(problem), running=False, fit_progress=None)
        except BaseException:
            announce(model, running=False, fit_progress=None)
            raise
        else:
            with batch_updates():
                # What was refused while this went on is still wrong.
                accept(found, None if model.error == complaint else model.error)
                assign(model, running=False, fit_progress=None)

    def supersede(self) -> None:
        """Let a run that is going on count no more."""
        self._latest.supersede()

    def stop(self) -> None:
        """Give up a run that is taking its time."""
        self._latest.supersede()
        announce(self._model, running=False, fit_progress=None)

    def work_ahead(self) -> None:
        """Make the run that the settings call for whenever they rest; nothing of it shows."""
        self._ahead = RunAhead()
        self.plan_ahead()

    def plan_ahead(self) -> None:
        """See which run the settings call for by now."""
        if self._ahead is not None:
            self._ahead.plan(self._asked_next, self._make)

    def share_long_runs(self, runs: LongRuns) -> None:
        """Have long runs go on without this session, and take up one that does."""
        self._long_runs = runs
        model, wanted = self._model, self.next_run
        if model.outcome is None and not model.running and wanted.is_long and runs.has(wanted):
            model.param.trigger("run")

    def leave(self) -> None:
        """Keep a long run for whoever comes back to it; here nobody is shown anything any more."""
        if self._long_runs is not None and self._long_run is not None:
            self._long_runs.leave(self._long_run)
        self._latest.supersede()

    def count_run_as_seen(self) -> None:
        """Let go of the long run that others might have waited for."""
        if self._long_runs is not None and self._long_run is not None:
            self._long_runs.seen(self._long_run)

    def _check_answered(self) -> None:
        if self._model.question:
            raise SettingError(self._model.question)

    def _run_wanted(self, ticket: Ticket) -> RunResult:
        """Run in a thread; a run that nobody waits for any more ends with its next step."""

        def on_progress(progress: Progress) -> None:
            ticket.check()
            ticket.tell(str(progress))

        wanted = self.next_run
        if self._long_runs is not None and wanted.is_long:
            self._long_run = wanted
            return self._long_runs.run(wanted, on_progress, self._make)
        return self._make(wanted, on_progress)

    @property
    def _make(self) -> Callable[..., RunResult]:
        return partial(NextRun.make, limits=self.limits)

    def _asked_next(self) -> NextRun | None:
        """Return the run that the settings call for, None where there is none: as they are, all is shown already."""
        model = self._model
        rests = model.question or model.running or not (model.outcome is None or model.stale)
        return None if rests else self.next_run
