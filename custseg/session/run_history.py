"""The runs that a model keeps: return to one, compare two, name their segments, follow their customers over time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import param

from custseg.change.comparison import Comparison, compare
from custseg.change.migration import Migration, migrate
from custseg.errors import SettingError, quote
from custseg.session.annotations import SegmentAnnotation, check_name, check_note
from custseg.session.state import State

if TYPE_CHECKING:
    from custseg.session.run_result import Assessment, RunResult
    from custseg.tables.table import CustomerTable

# A large table's labels are some megabytes a run.
MOST_RUNS = 20
NO_RUNS: dict[str, Any] = {"history": (), "compared": None, "migration": None}


class Runs(State):
    """What a model knows of its runs. It goes with the customers."""

    history: tuple[RunResult, ...] = param.Parameter(
        default=(), constant=True, doc="The last runs, the oldest first; MOST_RUNS at most."
    )
    compared: Comparison | None = param.ClassSelector(
        class_=Comparison, constant=True, allow_None=True, doc="What compare_runs brought."
    )
    migration: Migration | None = param.ClassSelector(
        class_=Migration, constant=True, allow_None=True, doc="What became of the customers of the last result since."
    )

    # What the model that this is a part of has.
    table: CustomerTable
    _outcome: RunResult | None
    _assessments: dict[int, Assessment]

    def run_number(self, number: int) -> RunResult:
        """Return a run that is kept. Raises SettingError where there is none of this number."""
        found = next((run for run in self.history if run.number == number), None)
        if found is not None:
            return found
        kept = ", ".join(str(run.number) for run in self.history)
        msg = f"There is no run {quote(number)}. " + (f"Choose from {kept}." if kept else "Run the clustering first.")
        raise SettingError(msg)

    @property
    def previous(self) -> RunResult | None:
        """The run before the one that is shown, or None."""
        earlier = [run for run in self.history if self._outcome is not None and run.number < self._outcome.number]
        return earlier[-1] if earlier else None

    def undo(self) -> None:
        """Return to the run before the one that is shown, with its settings; do nothing where there is none."""
        if self.previous is not None:
            self.return_to(self.previous.number)

    def return_to(self, number: int) -> None:
        """Show a run again, and set everything as it was for it. Raises SettingError where it is not kept."""
        outcome = self.run_number(number)
        with self.batch_updates(), param.parameterized.batch_call_watchers(self):
            self._show_again(outcome)

    def compare_runs(self, before: int, after: int) -> Comparison:
        """Compare two runs that are kept, for ``compared``. Raises SettingError or DataError where that can't be."""
        earlier, later = self.run_number(before), self.run_number(after)
        found = compare(earlier.segmentation, later.segmentation)
        self._announce(compared=found)
        return found

    def rename(self, segment: int, name: str) -> None:
        """Call a segment (from 1) of the last result by a name of one's own; an empty one takes that back.

        Raises
        ------
        SettingError
            There is no such segment, or the name is too long or another segment's.

        """
        outcome = self._named(segment)
        others = tuple(other for position, other in enumerate(outcome.words.names, start=1) if position != segment)
        self._give(outcome, segment, name=check_name(name, others))

    def annotate(self, segment: int, note: str) -> None:
        """Write a note about a segment (from 1) of the last result. Raises SettingError as ``rename`` does."""
        self._give(self._named(segment), segment, note=check_note(note))

    def follow(self, customers_now: object) -> Migration:
        """Find out what became of the customers of the last result in a later table, for ``migration``.

        Raises
        ------
        DataError, SettingError
            There is no result yet, or the table doesn't hold these customers.

        """
        if self._outcome is None:
            msg = "There are no segments to follow yet. Run the clustering first."
            raise SettingError(msg)
        found = migrate(self._outcome.segmentation, customers_now)
        self.show_migration(found)
        return found

    def show_migration(self, migration: Migration) -> None:
        """Show a migration that was found elsewhere, such as in a thread, unless it is of another result by now."""
        if self._outcome is not None and migration.before is self._outcome.segmentation:
            self._announce(migration=migration)

    def _named(self, segment: int) -> RunResult:
        outcome = self._outcome
        if outcome is None or isinstance(segment, bool) or segment not in range(1, outcome.segmentation.k + 1):
            there = f"Choose from 1 to {outcome.segmentation.k}." if outcome else "Run the clustering first."
            msg = f"There is no segment {quote(segment)}. {there}"
            raise SettingError(msg)
        return outcome

    def _give(self, outcome: RunResult, segment: int, *, name: str | None = None, note: str | None = None) -> None:
        slot = outcome.slots[segment - 1]
        was = outcome.annotations.get(slot)
        now = was or SegmentAnnotation("", "", outcome.words.suggested[segment - 1], outcome.segmentation, segment)
        if note is not None:
            now = replace(now, note=note)
        if name is not None:
            # From now on it is this segment that the name was given to.
            now = SegmentAnnotation(name, now.note, outcome.words.suggested[segment - 1], outcome.segmentation, segment)
        self._outcome = outcome.with_annotations({**outcome.annotations, slot: now})
        self._keep(self._outcome)
        with self.batch_updates():
            self.param.trigger("result")

    def _keep(self, outcome: RunResult) -> None:
        """Put a run into the history, in the place of the one of its number if there is one."""
        others = [run for run in self.history if run.number != outcome.number]
        runs = sorted([*others, outcome], key=lambda run: run.number)[-MOST_RUNS:]
        for number in self._assessments.keys() - {run.number for run in runs}:
            del self._assessments[number]
        self._set(history=tuple(runs))

    def _show_again(self, outcome: RunResult) -> None:
        raise NotImplementedError
