"""The run that a model shows: how another one, or none, takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.recipe import Recipe
from custseg.display import batch_updates
from custseg.session.assessing import recall_assessment
from custseg.session.state import assign

if TYPE_CHECKING:
    from custseg.session.background import Ticket
    from custseg.session.closer_look import CloserLook
    from custseg.session.model_outputs import ModelOutputs
    from custseg.session.picture_axes import PictureAxes
    from custseg.session.replay import Replay
    from custseg.session.run_result import RunResult


class ShownRun:
    """Puts runs in the place of the one that a model shows.

    A run that is shown with a ticket is looked at closely later, where the ticket still counts.
    """

    def __init__(self, model: ModelOutputs, axes: PictureAxes, closer_look: CloserLook) -> None:
        self._model, self._axes, self._closer_look = model, axes, closer_look

    def accept(self, run: RunResult, error: str | None = None, *, ticket: Ticket | None = None) -> None:
        """Show a run that was just made."""
        if self._model.outcome is not None:
            # Somebody may have named segments while it went on.
            run = run.with_annotations_of(self._model.outcome)
        run = _with_what_is_known(self.in_the_words_wanted(run))
        self._model.runs.keep(run)
        self._show(run, ticket, error=error, **self._axes.for_run(run))

    def accept_replay(self, found: Replay, ticket: Ticket | None = None) -> None:
        """Show the runs that a project brought back, in the place of those that were there."""
        with batch_updates():
            self._model.runs.restore(found.runs)
            self._show(found.shown, ticket, error=None)

    def return_to(self, run: RunResult) -> None:
        """Show a run again, with the settings that made it."""
        run = run.with_roles_of(self._model.table)
        settings = run.settings.as_parameters()
        self._model.runs.keep(run)
        self._show(run, None, error=None, running=False, **settings, **self._axes.for_run(run))

    def forget(self) -> None:
        """Show no run, with nothing that was chosen for the customers that it was of."""
        # One of custseg's was chosen for the customers that were there; a person's own stays.
        book = self._model.playbook
        self._show(None, None, recipe=Recipe())
        self._model.playbook = None if book is None or book.is_bundled else book

    def in_the_words_wanted(self, run: RunResult) -> RunResult:
        """Return a run in the words of the playbook that is set."""
        playbook = self._model.playbook
        return run if run.playbook == playbook else run.with_playbook(playbook)

    def _show(self, run: RunResult | None, ticket: Ticket | None, **parameters: object) -> None:
        if ticket is None:
            self._closer_look.supersede()
        self._closer_look.keep_comparison_of(run)
        known = run is not None and run.assessment is not None
        assessing = ticket is not None and ticket.counts and not known
        assign(self._model, outcome=run, migration=None, assessing=assessing, **parameters)


def _with_what_is_known(run: RunResult) -> RunResult:
    """Return a run with how sure it is, where another run or session has found that out of the same segments."""
    known = None if run.assessment is not None else recall_assessment(run.segmentation)
    return run if known is None else run.with_assessment(known)
