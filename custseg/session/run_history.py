"""The runs that are kept: which there are, which came before another, and how two compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import param

from custseg.change.comparison import Comparison, compare
from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.session.run_result import RunResult

MOST_RUNS = 20


class RunHistory(param.Parameterized):
    """The last runs on the same customers. Their numbers go on where the customers are others."""

    runs: tuple[RunResult, ...] = param.Parameter(
        default=(), constant=True, doc="The last runs, the oldest first; MOST_RUNS at most."
    )
    compared: Comparison | None = param.ClassSelector(
        class_=Comparison, constant=True, allow_None=True, doc="What compare() brought last."
    )

    def __init__(self) -> None:
        super().__init__()
        self._last_number = 0

    @property
    def next_number(self) -> int:
        """The number of the next run, from 1."""
        return self._last_number + 1

    def take_over(self, runs: tuple[RunResult, ...], compared: Comparison | None) -> None:
        """Hold the runs of another history as they are, and what was compared of them."""
        self._last_number = max((run.number for run in runs), default=0)
        assign(self, runs=runs, compared=compared)

    def keep(self, run: RunResult) -> None:
        """Put a run into the history, in the place of the one of its number if there is one."""
        other_runs = [other for other in self.runs if other.number != run.number]
        for other in other_runs:
            # What scores is kept, and not the segment of each of ten million customers, twenty times.
            other.release()
        self._last_number = max(self._last_number, run.number)
        assign(self, runs=tuple(sorted([*other_runs, run], key=lambda kept: kept.number)[-MOST_RUNS:]))

    def restore(self, runs: Sequence[RunResult]) -> None:
        """Put runs of an earlier session, the oldest first, in the place of those that are there."""
        self.clear()
        for run in runs:
            self.keep(run)

    def clear(self) -> None:
        """Forget all runs, as where the customers are others."""
        assign(self, runs=(), compared=None)

    def run(self, number: int) -> RunResult:
        """Return a run that is kept. Raises SettingError where there is none of this number."""
        run = next((run for run in self.runs if run.number == number), None)
        if run is not None:
            return run
        kept = ", ".join(str(run.number) for run in self.runs)
        choice = say("Choose from {names}.", names=kept) if kept else say("Run the clustering first.")
        msg = say("There is no run {number}. {choice}", number=quote(number), choice=choice)
        raise SettingError(msg)

    def before(self, run: RunResult | None) -> RunResult | None:
        """Return the run before another one, or None."""
        earlier = [other for other in self.runs if run is not None and other.number < run.number]
        return earlier[-1] if earlier else None

    def compare(self, before: int, after: int) -> Comparison:
        """Compare two runs that are kept, for ``compared``. Raises SettingError or DataError where that can't be."""
        earlier, later = self.run(before), self.run(after)
        comparison = compare(earlier.segmentation, later.segmentation)
        announce(self, compared=comparison)
        return comparison
