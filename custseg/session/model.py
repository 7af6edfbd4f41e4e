"""The one reactive state: what a person asked for, the last result, and what went wrong. No interface, no plots."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import param

from custseg.change.migration import Migration, migrate
from custseg.display import batch_updates
from custseg.errors import SettingError
from custseg.export.files import whole_file
from custseg.language import say
from custseg.session.closer_look import CloserLook
from custseg.session.model_outputs import ModelOutputs
from custseg.session.model_state import ModelState
from custseg.session.pace import TOO_MANY_RUNS, Pace
from custseg.session.parameters import Features
from custseg.session.picture_axes import PictureAxes
from custseg.session.runner import Runner
from custseg.session.saved_work import SavedWork
from custseg.session.searches import Searches
from custseg.session.shown_run import ShownRun
from custseg.session.state import announce, assign
from custseg.tables.table import CustomerTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from custseg.change.comparison import Comparison
    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.certainty import Certainty
    from custseg.run_limits import RunLimits
    from custseg.session.long_runs import LongRuns
    from custseg.session.project import Project
    from custseg.session.run_result import RunResult
    from custseg.session.selection import Selection
    from custseg.tables.expressions import Condition


class SegmentationModel(ModelOutputs):
    """Customers, the settings of the next run, and the result of the last one.

    Clustering is an action: nothing is computed until ``run_clustering()`` is called or ``run`` is triggered.
    ``x`` and ``y`` only choose the picture.

    Parameters
    ----------
    customers
        A CustomerTable, a dataframe, or the path of a file.
    k, seed, features, recipe, playbook, x, y, picture, log_scale, ks, smallest_share, smallest_size
        See the parameters (``ModelParameters``).

    Attributes
    ----------
    runs, selection, search, multiverse_search, worth_search, opinions, downloads
        The runs that are kept, the customers that are selected, the searches for how many segments to use, for
        other settings under which the result holds, for what it is worth, and for a second opinion, and the last file
        that was taken along: each with parameters of its own to watch.

    Raises
    ------
    DataError
        The table cannot be used.
    SettingError
        A setting is not allowed. Setting one later raises the same.

    """

    def __init__(self, customers: object, **settings: Any) -> None:
        table = CustomerTable.read(customers)
        own = {name: settings.pop(name) for name in ("features", "x", "y") if name in settings}
        super().__init__(table, **settings)
        self._make_parts()
        self._offer(table)
        names = table.features
        chosen = {"features": list(names), "x": names[0], "y": names[min(1, len(names) - 1)], **own}
        axes_chosen = settings.get("axes_chosen", bool(own.keys() & {"x", "y"}))
        # Last, since another x or y is a choice.
        self.param.update(**{**chosen, "features": Features.as_list(chosen["features"], names)})
        self.axes_chosen = axes_chosen

    def _make_parts(self) -> None:
        """Make what acts on the parameters; each part is handed what it needs of the model."""
        self._pace, self._axes = Pace(TOO_MANY_RUNS), PictureAxes(self)
        self._runner, self._searches = Runner(self, self._pace), Searches(self, self._pace)
        self._closer_look = CloserLook(self, self._show_more)
        self._shown_run = ShownRun(self, self._axes, self._closer_look)
        self._saved_work = SavedWork(self, self.load, self._runner, self._shown_run, self._closer_look, self._pace)
        self.downloads.param.watch(self._say_why_no_file_comes, ["refused"])

    # Runs.

    def run_clustering(self) -> Segmentation:
        """Segment the customers with the settings as they are, and return the result.

        Raises
        ------
        DataError, SettingError
            With the sentence that ``error`` then holds; the previous result stays.

        """
        outcome = self._runner.run_now()
        with batch_updates():
            self._shown_run.accept(outcome)
        return outcome.segmentation

    @param.depends("run", watch=True)
    async def _run_off_the_loop(self) -> None:
        if not self._runner.may_begin():
            return
        ticket = self._closer_look.supersede()
        try:
            await self._runner.run(partial(self._shown_run.accept, ticket=ticket))
        except BaseException:
            assign(self, assessing=False)
            raise
        await self._closer_look.look(ticket)

    def stop_run(self) -> None:
        """Give up a run that is taking its time; the result before it stays."""
        self._runner.stop()

    def work_ahead(self) -> None:
        """Compute from here on, where an event loop runs, what a run would bring while settings rest.

        Nothing shows before somebody runs it, and it brings the same as without.
        """
        self._runner.work_ahead()

    def limit_runs(self, limits: RunLimits) -> None:
        """Refuse from here on, in a sentence, what takes more than this."""
        self._runner.limits, self._pace.most = limits, limits.a_minute

    def share_long_runs(self, runs: LongRuns) -> None:
        """Have runs of very many customers go on without this session, and take up one that does."""
        self._runner.share_long_runs(runs)

    def leave_long_runs(self) -> None:
        """Keep a run that goes on for whoever comes back to it; here nobody is shown anything any more."""
        self._runner.leave()
        self._closer_look.leave()

    def count_run_as_seen(self) -> None:
        """Let go of the run that others might have waited for."""
        self._runner.count_run_as_seen()

    # A closer look at the run that is shown.

    def run_assessment(self) -> Certainty | None:
        """Find out how sure the result is, and the rules; return the former, None before the first run."""
        self._closer_look.assess_now()
        return self.certainty

    def stop_assessment(self) -> None:
        """Give up finding out how sure the result is; what was found of it so far stays."""
        self._closer_look.stop_assessing()

    @param.depends("assess", watch=True)
    async def _assess_off_the_loop(self) -> None:
        await self._closer_look.assess()

    @param.depends("compare_evened_out", watch=True)
    async def _compare_evened_out_off_the_loop(self) -> None:
        await self._closer_look.compare_evened_out()

    # What follows from another setting, or another run.

    @param.depends("x", "y", watch=True)
    def _note_choice(self) -> None:
        self._axes.note_choice()

    @param.depends("assessing", "outcome", watch=True)
    def _count_resamples(self) -> None:
        self._closer_look.count_resamples()

    @param.depends("k", "seed", "features", "recipe", "playbook", "table", "question", "outcome", watch=True)
    def _plan_ahead(self) -> None:
        self._runner.plan_ahead()

    @param.depends("playbook", watch=True)
    def _say_in_other_words(self) -> None:
        if self.outcome is not None:
            self._show_more(self._shown_run.in_the_words_wanted(self.outcome))

    @param.depends("k", "seed", "features", "recipe", "table", "outcome", watch=True)
    def _derive_stale(self) -> None:
        assign(self, stale=self._runner.next_run.differs)

    # A session that goes on elsewhere or later.

    def save_project(self, path: str | PathLike[str]) -> None:
        """Write what was set, named and written to a file, without the customers. Raises OSError as ``save``."""
        with whole_file(path) as stream:
            stream.write(self.write_project())

    def write_project(self) -> bytes:
        """Return the document of the project; what people called segments then counts as saved."""
        return self._saved_work.write()

    def count_words_as_saved(self) -> None:
        """Take what people call segments by now for saved, as where it comes from a file that somebody has."""
        self._saved_work.count_words_as_saved()

    @property
    def words_unsaved(self) -> bool:
        """Whether there are names or notes of people that no project holds."""
        return self._saved_work.words_unsaved

    def open_project(self, source: str | PathLike[str] | Project) -> tuple[str, ...]:
        """Bring back what a project holds: on the same customers all runs, on others the settings and the last run.

        Returns
        -------
        tuple of str
            A sentence for each thing that these customers don't allow.

        Raises
        ------
        SettingError, OSError
            The file is no project of custseg, or cannot be read.

        """
        return self._saved_work.open(source)

    async def reopen(self, project: Project) -> tuple[str, ...]:
        """Bring back what a project holds, as ``open_project`` does, off the event loop."""
        return await self._saved_work.reopen(project)

    # Other customers.

    def load(self, customers: object) -> None:
        """Put other customers, or the same with other roles of their columns, in the place of those that are there.

        Of the same customers the result stays, and is stale where it would come out otherwise; what is told of
        categories and outcomes follows their roles at once. Of others nothing stays but k and the seed. What cannot be
        used leaves all as it was.

        Raises
        ------
        DataError
            The table cannot be used.

        """
        table = CustomerTable.read(customers)
        # A run that is still going is of the customers that were there.
        self._runner.supersede()
        same = table.has_the_customers_of(self.table)
        left_out = set(self.table.features) - set(self.features) if same else set()
        features = [name for name in table.features if name not in left_out] or list(table.features)
        axes = self._axes.for_table(table, same_customers=same)
        if same:
            self.selection.move_to(table)
        else:
            self._closer_look.supersede()
            self.runs.clear()
            self.selection.start_anew(table)
        with param.parameterized.batch_call_watchers(self):
            self._offer(table)
            if same:
                self._tell_by_roles_of(table)
            else:
                self._shown_run.forget()
            assign(self, table=table, features=features, **axes, error=None, running=False)

    def _tell_by_roles_of(self, table: CustomerTable) -> None:
        if self.outcome is not None and (outcome := self.outcome.with_roles_of(table)) is not self.outcome:
            self._show_more(outcome)

    def _offer(self, table: CustomerTable) -> None:
        for name in ("features", "x", "y"):
            self.param[name].objects = list(table.features)

    @property
    def state(self) -> ModelState:
        """What the model holds now, for another one; see ``of_state``."""
        return ModelState.of(self, self._searches.findings)

    @classmethod
    def of_state(cls, state: ModelState) -> SegmentationModel:
        """Return a model of its own that holds what another one held."""
        model = cls(state.table, **state.settings)
        model.runs.take_over(state.runs, state.compared)
        assign(model, outcome=state.outcome, migration=state.migration, evened_out=state.evened_out)
        assign(model.selection, selected=state.selected)
        model._searches.take_over(state.findings)
        return model

    def copy(self) -> SegmentationModel:
        """Return a model of its own with the same settings, the same runs, and all that was found out of them."""
        return self.of_state(replace(self.state, selected=None))

    # The runs that are kept, and what people call their segments.

    def compare_runs(self, before: int, after: int) -> Comparison:
        """Compare two runs that are kept, for ``compared``. Raises SettingError or DataError where that can't be."""
        return self.runs.compare(before, after)

    def undo(self) -> None:
        """Return to the run before the one that is shown, with its settings; do nothing where there is none."""
        if self.previous is not None:
            self.return_to(self.previous.number)

    def return_to(self, number: int) -> None:
        """Show a run again, and set all that made it as it was. Raises SettingError where it is not kept."""
        outcome = self._shown_run.in_the_words_wanted(self.runs.run(number))
        # What is going on is of the settings that are there now.
        self._runner.supersede()
        self._closer_look.supersede()
        with batch_updates(), param.parameterized.batch_call_watchers(self):
            if outcome.segmentation.table is not self.table:
                self.load(outcome.segmentation.table)
            self._shown_run.return_to(outcome)

    def rename(self, segment: int, name: str) -> None:
        """Call a segment (from 1) of the last result by a name of one's own; an empty one takes that back.

        Raises
        ------
        SettingError
            There is no such segment, or the name is too long or another segment's.

        """
        self._show_more(self._shown(say("There is no segment to name yet.")).rename(segment, name))

    def annotate(self, segment: int, note: str) -> None:
        """Write a note about a segment (from 1) of the last result. Raises SettingError as ``rename`` does."""
        self._show_more(self._shown(say("There is no segment to write about yet.")).annotate(segment, note))

    def recolour(self, segment: int, slot: int) -> None:
        """Give a segment (from 1) of the last result another colour (from 0), in exchange where another one has it.

        Raises
        ------
        SettingError
            There is no such segment or colour, or a run is going on, which takes over the colours that there were.

        """
        if self.running:
            msg = say("Colours can be exchanged once the run that is going on has ended.")
            raise SettingError(msg)
        outcome = self._shown(say("There is no segment to colour yet.")).recolour(segment, slot)
        looked_at = self.focused_segment
        with batch_updates():
            self._show_more(outcome)
            if looked_at is not None:
                self.selection.focus_segment(looked_at, outcome)

    def follow(self, customers_now: object) -> Migration:
        """Find out what became of the customers of the last result in a later table, for ``migration``.

        Raises
        ------
        DataError, SettingError
            There is no result yet, or the table doesn't hold these customers.

        """
        migration = migrate(self._shown(say("There are no segments to follow yet.")).segmentation, customers_now)
        self.show_migration(migration)
        return migration

    def show_migration(self, migration: Migration) -> None:
        """Show a migration that was found elsewhere, such as in a thread, unless it is of another result by now."""
        if self.outcome is not None and migration.before is self.outcome.segmentation:
            announce(self, migration=migration)

    def _shown(self, otherwise: str) -> RunResult:
        if self.outcome is None:
            msg = say("{otherwise} Run the clustering first.", otherwise=otherwise)
            raise SettingError(msg)
        return self.outcome

    def _show_more(self, outcome: RunResult, **parameters: object) -> None:
        """Show more of the same run: what was found out, or what somebody called a segment."""
        self.runs.keep(outcome)
        announce(self, outcome=outcome, **parameters)

    # Customers that are selected, and the one that is looked at.

    @property
    def focused_customer(self) -> str | None:
        """The identifier of the customer that is looked at, or None."""
        return self.selection.focused_customer

    @focused_customer.setter
    def focused_customer(self, identifier: str | None) -> None:
        self.selection.focus(identifier)

    def select(self, who: Condition | Iterable[str], how: str = "identifiers") -> Selection:
        """Select customers by their identifiers, or all of whom a condition holds.

        Raises
        ------
        SettingError
            There is no customer of such an identifier.

        """
        return self.selection.select(who, how)

    def select_segment(self, number: int) -> Selection:
        """Select the customers of a segment (from 1). Raises SettingError where there is none of that number."""
        return self.selection.select_segment(number, self.outcome)

    def focus_segment(self, number: int) -> None:
        """Look at a segment (from 1), selecting nobody. Raises SettingError where there is none of that number."""
        self.selection.focus_segment(number, self.outcome)

    def select_exceptional(self) -> Selection:
        """Select the customers that the last run set apart as exceptional."""
        return self.selection.select_exceptional(self.outcome)

    def clear_selection(self) -> None:
        """Select nobody."""
        self.selection.clear()

    def find(self, identifier: str) -> str:
        """Return the identifier of a customer that is called or begins so, as ``find_customer`` does."""
        return self.selection.find(identifier)

    # What is looked for when somebody asks.

    def stop_advice(self) -> None:
        """Give up looking for advice; what was found before stays."""
        self.search.stop()

    @param.depends("suggest", watch=True)
    async def _suggest_off_the_loop(self) -> None:
        await self._searches.suggest()

    @param.depends("table", "features", "recipe", "seed", "ks", "smallest_share", "smallest_size", watch=True)
    def _drop_advice(self) -> None:
        # It was for other settings.
        self.search.forget()

    @param.depends("try_settings", watch=True)
    async def _try_settings_off_the_loop(self) -> None:
        await self._searches.try_settings()

    @param.depends("weigh", watch=True)
    async def _weigh_off_the_loop(self) -> None:
        await self._searches.weigh()

    @param.depends("run", watch=True)
    def _end_searches_of_the_result(self) -> None:
        self._searches.stop_those_of_the_result()

    @param.depends("outcome", watch=True)
    def _drop_what_is_of_another_result(self) -> None:
        self._searches.keep_what_is_of_the_result()

    @param.depends("ask_second_opinion", watch=True)
    async def _ask_off_the_loop(self) -> None:
        await self._searches.ask_second_opinion()

    def stop_second_opinion(self) -> None:
        """Give up looking for a second opinion; what was found before stays."""
        self.opinions.stop()

    def use_second_opinion(self) -> None:
        """Make the groups of the second opinion the segments of the next run: their method and their number.

        Raises
        ------
        SettingError
            There is no second opinion that sees groups which fit better.

        """
        opinion = self.second_opinion
        if opinion is None or opinion.groups is None or not opinion.fits_better:
            msg = say("No groups that fit better were found. Ask for a second opinion first.")
            raise SettingError(msg)
        with param.parameterized.batch_call_watchers(self):
            self.param.update(recipe=replace(self.recipe, method="mixture", trim=0.0), k=opinion.groups)

    def _say_why_no_file_comes(self, event: param.parameterized.Event) -> None:
        if event.new:
            self.error = event.new
