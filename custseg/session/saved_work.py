"""The work of a session as a project: written without the customers, and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custseg.errors import SettingError
from custseg.run_limits import within
from custseg.session.annotations import words_of_people
from custseg.session.project import Project
from custseg.session.replay import Replay, replay, take_settings, with_meaning
from custseg.session.state import announce

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from custseg.session.background import Ticket
    from custseg.session.closer_look import CloserLook
    from custseg.session.model_outputs import ModelOutputs
    from custseg.session.pace import Pace
    from custseg.session.runner import Runner
    from custseg.session.shown_run import ShownRun
    from custseg.tables.table import CustomerTable


class SavedWork:
    """Writes what was set, named and written in a model, and brings it back.

    ``load`` puts other customers, or columns of other roles, into the model.
    """

    def __init__(
        self,
        model: ModelOutputs,
        load: Callable[[CustomerTable], None],
        runner: Runner,
        shown_run: ShownRun,
        closer_look: CloserLook,
        pace: Pace,
    ) -> None:
        self._model, self._load, self._pace = model, load, pace
        self._runner, self._shown_run, self._closer_look = runner, shown_run, closer_look

    def write(self) -> bytes:
        """Return the document of the project; what people called segments then counts as saved."""
        document = self._model.project.write()
        self.count_words_as_saved()
        return document

    @property
    def words_unsaved(self) -> bool:
        """Whether there are names or notes of people that no project holds."""
        words = self._words_of_people
        return bool(words) and words != self._model.words_in_project

    def count_words_as_saved(self) -> None:
        """Take what people call segments by now for saved."""
        announce(self._model, words_in_project=self._words_of_people)

    def open(self, source: str | PathLike[str] | Project) -> tuple[str, ...]:
        """Bring back what a project holds, while everything else waits; return what these customers don't allow."""
        project = source if isinstance(source, Project) else Project.read(Path(source).read_bytes())
        refused, found = self._take_settings(project), replay(self._model.table, project)
        self._shown_run.accept_replay(found)
        self.count_words_as_saved()
        return (*refused, *found.refused)

    async def reopen(self, project: Project) -> tuple[str, ...]:
        """Bring back what a project holds off the event loop; return what these customers don't allow."""
        try:
            self._pace.count()
        except SettingError as problem:
            return (str(problem),)
        refused, table = [*self._take_settings(project)], self._model.table
        ticket = self._closer_look.supersede()

        def accept(found: Replay, _: str | None) -> None:
            refused.extend(found.refused)
            self._shown_run.accept_replay(found, ticket)

        def bring_back(_: Ticket) -> Replay:
            with within(self._runner.limits):
                return replay(table, project)

        await self._runner.off_the_loop(bring_back, accept)
        if self._model.outcome is not None:
            await self._closer_look.look(ticket)
        return tuple(refused)

    def _take_settings(self, project: Project) -> tuple[str, ...]:
        """Have columns and settings be as a project says, and return a sentence for each thing that can't be."""
        table, refused = with_meaning(self._model.table, project)
        self._load(table)
        return (*refused, *take_settings(self._model, project))

    @property
    def _words_of_people(self) -> tuple[tuple[int, str, str], ...]:
        outcome = self._model.outcome
        return words_of_people(outcome.annotations) if outcome else ()
