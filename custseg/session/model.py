"""The one reactive state: what a person asked for, the last result, and what went wrong. No interface, no plots."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import param

from custseg.change.evened_out import compare_evened_out
from custseg.change.migration import Migration, migrate
from custseg.clustering.recipe import Recipe
from custseg.display import batch_updates, show
from custseg.errors import DataError, SettingError
from custseg.export.bundle import ResultBundle
from custseg.export.files import whole_file
from custseg.export.formats import save
from custseg.language import say
from custseg.run_limits import NO_LIMITS, RunLimits, within
from custseg.session.annotations import words_of_people
from custseg.session.assessing import Assessing
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.download import DownloadLog
from custseg.session.how_many_search import HowManySearch
from custseg.session.model_parameters import ModelParameters
from custseg.session.multiverse_search import MultiverseSearch
from custseg.session.next_run import NextRun
from custseg.session.pace import Pace
from custseg.session.parameters import Features
from custseg.session.project import Project
from custseg.session.replay import Replay, replay, take_settings, with_meaning
from custseg.session.run_ahead import RunAhead
from custseg.session.run_history import RunHistory
from custseg.session.run_result import Assessment, RunResult, assess_result
from custseg.session.second_opinion_search import SecondOpinionSearch
from custseg.session.selection import CustomerSelection, Selection
from custseg.session.state import announce, assign
from custseg.session.worth_search import WorthSearch
from custseg.settings import LEAST_GROUP
from custseg.tables.table import CustomerTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from contextlib import AbstractContextManager
    from os import PathLike

    from custseg.change.comparison import Comparison
    from custseg.clustering.engines.pushed_down import Progress
    from custseg.clustering.segmentation import Segmentation
    from custseg.how_many.advice import Advice
    from custseg.insight.certainty import Certainty
    from custseg.insight.profile import Profile
    from custseg.insight.projections import Plane
    from custseg.insight.rules import Rules
    from custseg.insight.second_opinion_result import SecondOpinion
    from custseg.insight.worth import Worth
    from custseg.narrative.interpretation import Interpretation
    from custseg.narrative.multiverse import Multiverse
    from custseg.session.long_runs import LongRuns
    from custseg.tables.expressions import Condition

# How long a result stands before it is assessed.
_SECONDS_OF_REST = 0.8
# What a copy of a model takes over.
_SETTINGS = (
    "features",
    "x",
    "y",
    "picture",
    "axes_chosen",
    "log_scale",
    "k",
    "seed",
    "recipe",
    "playbook",
    "ks",
    "smallest_share",
    "smallest_size",
)


class SegmentationModel(ModelParameters):
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
        self.runs, self.search, self.selection = RunHistory(), HowManySearch(), CustomerSelection(table)
        self.multiverse_search, self.worth_search = MultiverseSearch(), WorthSearch()
        self.opinions, self.downloads = SecondOpinionSearch(), DownloadLog()
        self.downloads.param.watch(self._say_why_no_file_comes, ["refused"])
        # A run in an engine waits for it most of the time.
        self._segmenting, self._assessing, self._evening = LatestTask(waits=True), Assessing(), LatestTask(unasked=True)
        self._ahead: RunAhead | None = None
        self._long_runs: LongRuns | None = None
        self._long_run: NextRun | None = None
        self._own_axes: tuple[str, str] | None = None
        self._limits, self._pace = NO_LIMITS, Pace("runs")
        own = {name: settings.pop(name) for name in ("features", "x", "y") if name in settings}
        super().__init__(table=table, **settings)
        self._offer(table)
        names = table.features
        chosen = {"features": list(names), "x": names[0], "y": names[min(1, len(names) - 1)], **own}
        axes_chosen = settings.get("axes_chosen", bool(own.keys() & {"x", "y"}))
        # Last, since another x or y is a choice.
        self.param.update(**{**chosen, "features": Features.as_list(chosen["features"], names)})
        self.axes_chosen = axes_chosen

    # What is read from the outcome.

    @property
    def result(self) -> Segmentation | None:
        """The segments of the last run, or None before the first."""
        return self.outcome.segmentation if self.outcome else None

    @property
    def profile(self) -> Profile | None:
        """The last result in numbers, or None before the first run."""
        return self.outcome.profile if self.outcome else None

    @property
    def words(self) -> Interpretation | None:
        """The last result in words, or None before the first run."""
        return self.outcome.words if self.outcome else None

    @property
    def plane(self) -> Plane | None:
        """The plane through all features that the picture shows; None where it shows two features."""
        return self.outcome.plane(self.picture) if self.outcome else None

    @property
    def log_features(self) -> tuple[str, ...]:
        """The features that are shown on a logarithmic scale; years are none of them.

        Where nobody chose, these are the skewed amounts: a few people more in a household are better seen as they are.
        """
        table = self.table
        every = table.features if self.log_scale else ()
        names = table.money(table.skewed) if self.log_scale is None else every
        return tuple(name for name in names if table.column(name).quantity != "year")

    @property
    def separating_pair(self) -> tuple[str, str] | None:
        """The two features whose picture separates the last segments best; None where there are no two to show."""
        return self._separating_pair_of(self.outcome)

    def _separating_pair_of(self, outcome: RunResult | None) -> tuple[str, str] | None:
        pair = None if outcome is None else outcome.separating_pair(self.log_features)
        # What was compared may be no feature by now.
        return pair if pair is not None and set(pair) <= set(self.table.features) else None

    @param.depends("x", "y", watch=True)
    def _note_choice(self) -> None:
        if (self.x, self.y) != self._own_axes:
            self.axes_chosen = True

    def _axes_for(self, outcome: RunResult) -> dict[str, str]:
        """Return the axes that a run is shown on, as parameters: those of a person stay."""
        pair = None if self.axes_chosen else self._separating_pair_of(outcome)
        return {} if pair is None or set(pair) == {self.x, self.y} else self._own(*pair)

    def _own(self, x: str, y: str) -> dict[str, str]:
        """Return axes as parameters that are nobody's choice."""
        self._own_axes = x, y
        return {"x": x, "y": y}

    @property
    def assessment(self) -> Assessment | None:
        """All that is found out of the last result once it stands; None until that was."""
        return self.outcome.assessment if self.outcome else None

    @property
    def certainty(self) -> Certainty | None:
        """How sure the last result is; None until that was found out."""
        return self.outcome.certainty if self.outcome else None

    @property
    def rules(self) -> Rules | None:
        """What sets each segment apart; it comes with certainty."""
        return self.outcome.rules if self.outcome else None

    # Runs.

    def run_clustering(self) -> Segmentation:
        """Segment the customers with the settings as they are, and return the result.

        Raises
        ------
        DataError, SettingError
            With the sentence that ``error`` then holds; the previous result stays.

        """
        self._segmenting.supersede()
        try:
            self._check_answered()
            outcome = self._run_within(self._next_run)
        except (DataError, SettingError) as problem:
            self.error = str(problem)
            raise
        finally:
            # A run off the loop may still be going; it no longer counts, and leaves this to the latest.
            if self.running:
                assign(self, running=False)
        with batch_updates():
            self._accept(outcome)
        return outcome.segmentation

    def run_assessment(self) -> Certainty | None:
        """Find out how sure the result is, and the rules; return the former, None before the first run."""
        if self.outcome is not None:
            self._assessing.supersede()
            self._accept_assessment(assess_result(self.outcome.segmentation))
        return self.certainty

    def _check_answered(self) -> None:
        if self.question:
            raise SettingError(self.question)

    @param.depends("run", watch=True)
    async def _run_off_the_loop(self) -> None:
        try:
            self._check_answered()
            self._pace.count()
        except SettingError as problem:
            self.error = str(problem)
            return
        ticket = self._assessing.supersede()
        ahead = self._ahead.take(self._next_run) if self._ahead else None
        accept = partial(self._accept, ticket=ticket)
        try:
            if ahead is not None and ahead.done() and ahead.exception() is None:
                self._segmenting.supersede()
                with batch_updates():
                    accept(ahead.result().finished_now())
                    assign(self, running=False)
            else:
                await self._off_the_loop(self._run_wanted if ahead is None else lambda _: ahead.result(), accept)
        except BaseException:
            assign(self, assessing=False)
            raise
        await self._look_closer(ticket)

    async def _look_closer(self, ticket: Ticket) -> None:
        """Find out what takes longer than a run, once it stands, for as long as the ticket counts."""
        # Who changes settings quickly shall not wait for this.
        await asyncio.sleep(_SECONDS_OF_REST)
        if ticket.counts and self.evened_out is None:
            try:
                await self._compare_evened_out_off_the_loop()
            except BaseException:
                announce(self, assessing=False)
                raise
        if ticket.counts and self.outcome is not None and self.certainty is None:
            await self._assess_off_the_loop()

    @param.depends("compare_evened_out", watch=True)
    async def _compare_evened_out_off_the_loop(self) -> None:
        if self.outcome is None:
            return
        result = self.outcome.segmentation
        try:
            found = await self._evening.compute(lambda ticket: compare_evened_out(result, lambda _: ticket.give_way()))
        except (SupersededError, DataError, SettingError):
            # Where the other way can't be gone, there is nothing to choose.
            return
        announce(self, evened_out=found)

    def stop_run(self) -> None:
        """Give up a run that is taking its time; the result before it stays."""
        self._segmenting.supersede()
        announce(self, running=False, fit_progress=None)

    async def _off_the_loop(self, compute: Callable[[Ticket], Any], accept: Callable[[Any, str | None], None]) -> None:
        """Compute in a thread; what a later run, or other customers, took the place of is discarded."""
        complaint = self.error
        try:
            found = await self._segmenting.compute(
                compute,
                lambda: announce(self, running=True),
                lambda progress: announce(self, fit_progress=progress),
            )
        except SupersededError:
            return
        except (DataError, SettingError) as problem:
            announce(self, error=str(problem), running=False, fit_progress=None)
        except BaseException:
            announce(self, running=False, fit_progress=None)
            raise
        else:
            with batch_updates():
                # What was refused while this went on is still wrong.
                accept(found, None if self.error == complaint else self.error)
                assign(self, running=False, fit_progress=None)

    @param.depends("assess", watch=True)
    async def _assess_off_the_loop(self) -> None:
        """Find out in a thread how sure the outcome is: the first words are shown while the rest follows."""
        if self.outcome is None:
            return
        result, found = self.outcome.segmentation, self.outcome.assessment
        found = None if found is not None and found.complete else found
        announce(self, assessing=True)
        try:
            while found is None or not found.complete:
                found = await self._assess_more(result, found)
                if not self._holds(found):
                    # Whoever was told of it has begun something else.
                    return
        except SupersededError:
            return
        except BaseException:
            announce(self, assessing=False)
            raise

    async def _assess_more(self, result: Segmentation, before: Assessment | None) -> Assessment:
        found = await self._assessing.find_more(result, before, lambda drawn: announce(self, resamples_drawn=drawn))
        self._accept_assessment(found)
        return found

    def stop_assessment(self) -> None:
        """Give up finding out how sure the result is; what was found of it so far stays."""
        outcome = self._assessing.stop(self.outcome)
        if outcome is not None and outcome is not self.outcome:
            self._replace_outcome(outcome, assessing=False)
        else:
            announce(self, assessing=False)

    @param.depends("assessing", "outcome", watch=True)
    def _count_resamples(self) -> None:
        """Begin to count where an assessment begins, and end with it."""
        if not self.assessing:
            assign(self, resamples_drawn=None)
        elif self.resamples_drawn is None or self.assessment is None:
            assign(self, resamples_drawn=0)

    def _holds(self, found: Assessment) -> bool:
        return self.outcome is not None and self.outcome.assessment is found

    def _run_wanted(self, ticket: Ticket) -> RunResult:
        """Run in a thread; a run that nobody waits for any more ends with its next step."""

        def on_progress(progress: Progress) -> None:
            ticket.check()
            ticket.tell(str(progress))

        wanted = self._next_run
        if self._long_runs is not None and wanted.is_long:
            self._long_run = wanted
            return self._long_runs.run(wanted, on_progress, self._run_within)
        return self._run_within(wanted, on_progress)

    @property
    def _run_within(self) -> Callable[..., RunResult]:
        return partial(NextRun.make, limits=self._limits)

    @property
    def _next_run(self) -> NextRun:
        return NextRun.of(self, self.runs.next_number)

    def work_ahead(self) -> None:
        """Compute from here on, where an event loop runs, what a run would bring while settings rest.

        Nothing shows before somebody runs it, and it brings the same as without.
        """
        self._ahead = RunAhead()
        self._plan_ahead()

    def limit_runs(self, limits: RunLimits) -> None:
        """Refuse from here on, in a sentence, what takes more than this."""
        self._limits, self._pace.most = limits, limits.a_minute

    def share_long_runs(self, runs: LongRuns) -> None:
        """Have runs of very many customers go on without this session, and take up one that does."""
        self._long_runs = runs
        if self.outcome is None and not self.running and self._next_run.is_long and runs.has(self._next_run):
            self.param.trigger("run")

    def leave_long_runs(self) -> None:
        """Keep a run that goes on for whoever comes back to it; here nobody is shown anything any more."""
        if self._long_runs is not None and self._long_run is not None:
            self._long_runs.leave(self._long_run)
        self._segmenting.supersede()
        self._assessing.supersede()
        self._evening.supersede()

    def count_run_as_seen(self) -> None:
        """Let go of the run that others might have waited for."""
        if self._long_runs is not None and self._long_run is not None:
            self._long_runs.seen(self._long_run)

    @param.depends("k", "seed", "features", "recipe", "playbook", "table", "question", "outcome", watch=True)
    def _plan_ahead(self) -> None:
        if self._ahead is not None:
            self._ahead.plan(self._asked_next, self._run_within)

    def _asked_next(self) -> NextRun | None:
        """Return the run that the settings call for, None where there is none: as they are, all is shown already."""
        rests = self.question or self.running or not (self.outcome is None or self.stale)
        return None if rests else self._next_run

    def _accept(self, outcome: RunResult, error: str | None = None, *, ticket: Ticket | None = None) -> None:
        """Put a run in the place of the last; it is assessed later where the ticket for that still counts."""
        if self.outcome is not None:
            # Somebody may have named segments while the run went on.
            outcome = outcome.with_annotations_of(self.outcome)
        outcome = self._in_the_words_wanted(outcome)
        if ticket is None:
            self._assessing.supersede()
        self.runs.keep(outcome)
        self._keep_comparison_of(outcome)
        assessing = ticket is not None and ticket.counts
        assign(self, outcome=outcome, error=error, migration=None, assessing=assessing, **self._axes_for(outcome))

    def _keep_comparison_of(self, outcome: RunResult | None) -> None:
        """Give up what is known of evening out, or being found out, unless an outcome is one of the two ways."""
        self._evening.supersede()
        if self.evened_out is not None and (outcome is None or not self.evened_out.is_of(outcome.segmentation)):
            assign(self, evened_out=None)

    def _in_the_words_wanted(self, outcome: RunResult) -> RunResult:
        return outcome if outcome.playbook == self.playbook else outcome.with_playbook(self.playbook)

    @param.depends("playbook", watch=True)
    def _say_in_other_words(self) -> None:
        if self.outcome is not None:
            self._replace_outcome(self._in_the_words_wanted(self.outcome))

    def _accept_assessment(self, found: Assessment) -> None:
        if self.outcome is not None:
            self._replace_outcome(self.outcome.with_assessment(found), assessing=not found.complete)

    def _replace_outcome(self, outcome: RunResult, **parameters: object) -> None:
        """Show more of the same run: what was found out, or what somebody called a segment."""
        self.runs.keep(outcome)
        announce(self, outcome=outcome, **parameters)

    @param.depends("k", "seed", "features", "recipe", "table", "outcome", watch=True)
    def _derive_stale(self) -> None:
        assign(self, stale=self._next_run.differs)

    # A session that goes on elsewhere or later.

    @property
    def project(self) -> Project:
        """What was set, named and written, and the runs, without the customers."""
        return Project.of(self, self.history)

    def save_project(self, path: str | PathLike[str]) -> None:
        """Write what was set, named and written to a file, without the customers. Raises OSError as ``save``."""
        with whole_file(path) as stream:
            stream.write(self.write_project())

    def write_project(self) -> bytes:
        """Return the document of the project; what people called segments then counts as saved."""
        document = self.project.write()
        self.count_words_as_saved()
        return document

    def count_words_as_saved(self) -> None:
        """Take what people call segments by now for saved, as where it comes from a file that somebody has."""
        announce(self, words_in_project=self._words_of_people)

    @property
    def words_unsaved(self) -> bool:
        """Whether there are names or notes of people that no project holds."""
        return bool(self._words_of_people) and self._words_of_people != self.words_in_project

    @property
    def _words_of_people(self) -> tuple[tuple[int, str, str], ...]:
        return words_of_people(self.outcome.annotations) if self.outcome else ()

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
        project = source if isinstance(source, Project) else Project.read(Path(source).read_bytes())
        refused, found = self._take_up(project), replay(self.table, project)
        self._accept_replay(found)
        self.count_words_as_saved()
        return (*refused, *found.refused)

    async def reopen(self, project: Project) -> tuple[str, ...]:
        """Bring back what a project holds, as ``open_project`` does, off the event loop."""
        try:
            self._pace.count()
        except SettingError as problem:
            return (str(problem),)
        refused, table = [*self._take_up(project)], self.table
        ticket = self._assessing.supersede()

        def accept(found: Replay, _: str | None) -> None:
            refused.extend(found.refused)
            self._accept_replay(found, ticket)

        def bring_back(_: Ticket) -> Replay:
            with within(self._limits):
                return replay(table, project)

        await self._off_the_loop(bring_back, accept)
        if self.outcome is not None:
            await self._look_closer(ticket)
        return tuple(refused)

    def _take_up(self, project: Project) -> tuple[str, ...]:
        """Have columns and settings be as a project says, and return a sentence for each thing that can't be."""
        table, refused = with_meaning(self.table, project)
        self.load(table)
        return (*refused, *take_settings(self, project))

    def _accept_replay(self, found: Replay, ticket: Ticket | None = None) -> None:
        if ticket is None:
            self._assessing.supersede()
        with batch_updates():
            self.runs.restore(found.runs)
            self._keep_comparison_of(found.shown)
            assign(
                self, outcome=found.shown, error=None, migration=None, assessing=ticket is not None and ticket.counts
            )

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
        self._segmenting.supersede()
        same = table.has_the_customers_of(self.table)
        left_out = set(self.table.features) - set(self.features)
        features = [name for name in table.features if name not in left_out] if same else []
        # Axes that were chosen for other customers say nothing of these, unless both are there.
        axes_chosen = self.axes_chosen and (same or {self.x, self.y} <= set(table.features))
        axes = self._own(*_axes_of(table.features, self.x, self.y))
        if same:
            self.selection.move_to(table)
        else:
            self._forget_customers(table)
        with param.parameterized.batch_call_watchers(self):
            self._offer(table)
            if not same:
                self._keep_comparison_of(None)
                assign(self, outcome=None, migration=None, assessing=False, recipe=Recipe())
                # One of custseg's was chosen for the customers that were there; a person's own stays.
                self.playbook = None if self.playbook is None or self.playbook.is_bundled else self.playbook
            elif self.outcome is not None:
                self._tell_by_roles(self.outcome.with_roles_of(table))
            features = features or list(table.features)
            assign(self, table=table, features=features, **axes, axes_chosen=axes_chosen, error=None, running=False)

    def _tell_by_roles(self, outcome: RunResult) -> None:
        if outcome is not self.outcome:
            self._replace_outcome(outcome)

    def _forget_customers(self, table: CustomerTable) -> None:
        self._assessing.supersede()
        self.runs.clear()
        self.selection.start_anew(table)

    def _offer(self, table: CustomerTable) -> None:
        for name in ("features", "x", "y"):
            self.param[name].objects = list(table.features)

    def copy(self) -> SegmentationModel:
        """Return a model of its own with the same settings, the same runs, and all that was found out of them."""
        twin = SegmentationModel(self.table, **{name: getattr(self, name) for name in _SETTINGS})
        twin.runs = self.runs.copy()
        assign(twin, outcome=self.outcome, migration=self.migration, evened_out=self.evened_out)
        twin.search.take_over(self.search)
        twin.multiverse_search.take_over(self.multiverse_search)
        twin.worth_search.take_over(self.worth_search)
        twin.opinions.take_over(self.opinions)
        return twin

    # The runs that are kept, and what people call their segments.

    @property
    def history(self) -> tuple[RunResult, ...]:
        """The last runs, the oldest first."""
        return self.runs.runs

    @property
    def compared(self) -> Comparison | None:
        """What compare_runs brought last."""
        return self.runs.compared

    @property
    def previous(self) -> RunResult | None:
        """The run before the one that is shown, or None."""
        return self.runs.before(self.outcome)

    def compare_runs(self, before: int, after: int) -> Comparison:
        """Compare two runs that are kept, for ``compared``. Raises SettingError or DataError where that can't be."""
        return self.runs.compare(before, after)

    def undo(self) -> None:
        """Return to the run before the one that is shown, with its settings; do nothing where there is none."""
        if self.previous is not None:
            self.return_to(self.previous.number)

    def return_to(self, number: int) -> None:
        """Show a run again, and set all that made it as it was. Raises SettingError where it is not kept."""
        outcome = self._in_the_words_wanted(self.runs.run(number))
        # What is going on is of the settings that are there now.
        self._segmenting.supersede()
        self._assessing.supersede()
        with batch_updates(), param.parameterized.batch_call_watchers(self):
            if outcome.segmentation.table is not self.table:
                self.load(outcome.segmentation.table)
            outcome = outcome.with_roles_of(self.table)
            settings = outcome.settings.as_parameters()
            self.runs.keep(outcome)
            self._keep_comparison_of(outcome)
            axes = self._axes_for(outcome)
            assign(
                self, **settings, **axes, outcome=outcome, error=None, running=False, migration=None, assessing=False
            )

    def rename(self, segment: int, name: str) -> None:
        """Call a segment (from 1) of the last result by a name of one's own; an empty one takes that back.

        Raises
        ------
        SettingError
            There is no such segment, or the name is too long or another segment's.

        """
        self._replace_outcome(self._shown(say("There is no segment to name yet.")).rename(segment, name))

    def annotate(self, segment: int, note: str) -> None:
        """Write a note about a segment (from 1) of the last result. Raises SettingError as ``rename`` does."""
        self._replace_outcome(self._shown(say("There is no segment to write about yet.")).annotate(segment, note))

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
            self._replace_outcome(outcome)
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

    # Customers that are selected, and the one that is looked at.

    @property
    def selected(self) -> Selection | None:
        """The customers that are selected; None where none are."""
        return self.selection.selected

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

    @property
    def focused_segment(self) -> int | None:
        """The segment (from 1) that is looked at: of the last result the first, unless another one was chosen."""
        if self.outcome is None:
            return None
        slots, slot = self.outcome.slots, self.selection.focused_slot
        return slots.index(slot) + 1 if slot in slots else 1

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

    # How many segments to use.

    @property
    def advice(self) -> Advice | None:
        """How many segments to use, for the settings as they are; None until that was found out."""
        return self.search.advice

    @property
    def advice_on_the_result(self) -> Advice | None:
        """The advice where it is on what was run: it follows the settings, which may be others by now."""
        outcome = self.outcome
        if outcome is None or outcome.segmentation.table is not self.table:
            return None
        made_of = outcome.settings
        same = (made_of.features, made_of.recipe) == (tuple(self.features), self.recipe)
        return self.advice if same else None

    @property
    def current_k(self) -> int | None:
        """The k that advice is being looked for at; None if at none."""
        return self.search.current_k

    def stop_advice(self) -> None:
        """Give up looking for advice; what was found before stays."""
        self.search.stop()

    @param.depends("suggest", watch=True)
    async def _suggest_off_the_loop(self) -> None:
        names = ("ks", "features", "seed", "recipe", "smallest_share", "smallest_size")
        try:
            self._pace.count()
            await self.search.look(self.table, **{name: getattr(self, name) for name in names})
        except (DataError, SettingError) as problem:
            announce(self, error=str(problem))

    @param.depends("table", "features", "recipe", "seed", "ks", "smallest_share", "smallest_size", watch=True)
    def _drop_advice(self) -> None:
        # It was for other settings.
        self.search.forget()

    # Whether the result holds under other settings, and what it is worth.

    @property
    def multiverse(self) -> Multiverse | None:
        """Under which other settings the last result holds; None until that was found out."""
        return self.multiverse_search.multiverse

    @property
    def worth(self) -> Worth | None:
        """What acting by the segments of the last result is worth; None until that was found out."""
        return self.worth_search.worth

    @param.depends("try_settings", watch=True)
    async def _try_settings_off_the_loop(self) -> None:
        if self.outcome is not None:
            await self._told_of_errors(partial(self.multiverse_search.look, self.outcome.segmentation))

    @param.depends("weigh", watch=True)
    async def _weigh_off_the_loop(self) -> None:
        if self.outcome is not None and self.weighed_by is not None:
            await self._told_of_errors(partial(self.worth_search.look, self.outcome.segmentation, self.weighed_by))

    async def _told_of_errors(self, search: Callable[[], Awaitable[None]]) -> None:
        try:
            self._pace.count()
            await search()
        except (DataError, SettingError) as problem:
            announce(self, error=str(problem))

    @param.depends("run", watch=True)
    def _end_searches_of_the_result(self) -> None:
        for search in (self.multiverse_search, self.worth_search):
            search.stop()

    @param.depends("outcome", watch=True)
    def _drop_what_is_of_another_result(self) -> None:
        for search in (self.multiverse_search, self.worth_search, self.opinions):
            search.keep_what_is_of(self.result)

    # A second opinion.

    @property
    def second_opinion(self) -> SecondOpinion | None:
        """What a mixture says beside the last result; None until that was found out."""
        return self.opinions.opinion

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

    @param.depends("ask_second_opinion", watch=True)
    async def _ask_off_the_loop(self) -> None:
        if self.outcome is not None:
            await self._told_of_errors(partial(self.opinions.ask, self.outcome.segmentation))

    def _say_why_no_file_comes(self, event: param.parameterized.Event) -> None:
        if event.new:
            self.error = event.new

    # What shows the model. Panes are imported when first asked for, so that scripts don't wait for them.

    @property
    def scatter(self) -> Any:
        """The picture alone, as a Panel viewer: the same one each time."""
        return show(self, "scatter")

    @property
    def summary(self) -> Any:
        """The table of segments alone, as a Panel viewer: the same one each time."""
        return show(self, "summary")

    @property
    def interpretation(self) -> Any:
        """The words alone, as a Panel viewer: the same one each time."""
        return show(self, "interpretation")

    def bundle(self) -> ResultBundle:
        """Return the last result with all that is known of it, as tables and files take it.

        Raises
        ------
        SettingError
            Nothing was run yet.

        """
        outcome = self.outcome
        if outcome is None:
            msg = say("There is no result to save yet. Run the clustering first.")
            raise SettingError(msg)
        certainty = self.certainty
        if certainty is not None and certainty.segmentation is not outcome.segmentation:
            certainty = None
        separation = outcome.assessment.separation if certainty is not None and outcome.assessment else None
        return ResultBundle(
            outcome.profile, outcome.words, certainty, model=self, rules=outcome.rules, separation=separation
        )

    def save(
        self,
        path: str | PathLike[str],
        format: str | None = None,  # noqa: A002 - the word for it
        *,
        overwrite: bool = True,
    ) -> None:
        """Write the last result to a file: a ``report`` (HTML), the ``segments`` or the ``customers`` (CSV).

        Without a format the file's name decides; one that ends in ``.csv`` needs one. The file takes the place of one
        that is there once all of it is written; without ``overwrite`` that is refused.

        Raises
        ------
        SettingError
            Nothing was run yet, or it isn't clear which format is wanted.
        OSError
            The file cannot be written.

        """
        save(self.bundle(), path, format, overwrite=overwrite)

    def batch_updates(self) -> AbstractContextManager[object]:
        """Return a context in which all changes reach whoever shows the model in one go."""
        return batch_updates()

    def to_document(self) -> Any:
        """Return what scores customers as a document, with the names and notes of the segments; see ``ModelDocument``.

        Raises
        ------
        SettingError
            Nothing was run yet.

        """
        bundle = self.bundle()
        return bundle.segmentation.to_document(*bundle.names_and_notes)

    def save_html(self, path: str | PathLike[str], *, customers: bool = False, least: int = LEAST_GROUP) -> None:
        """Write one HTML file with the picture, the table and the words, which opens without a network.

        In the file another number of segments and other axes can be chosen, and it tells which segment a new customer
        would join. Without ``customers`` every figure is of at least ``least`` of them, and no two figures differ by
        fewer; with them, single customers and all that the views tell are in it.
        """
        show(self, "report").save(path, customers=customers, least=least)

    def __panel__(self) -> Any:
        return show(self, "explorer")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return show(self, "explorer")._repr_mimebundle_(include, exclude)


def _axes_of(features: tuple[str, ...], *axes: str) -> list[str]:
    """Return the axes, with the first features that are on none of them in the place of those that are gone."""
    free = iter([name for name in features if name not in axes])
    return [name if name in features else next(free, features[0]) for name in axes]
