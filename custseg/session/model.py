"""The one reactive state: what a person asked for, the last result, and what went wrong. No interface, no plots."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import param

from custseg.clustering.recipe import SKEWED, Recipe
from custseg.clustering.segmentation import Segmentation
from custseg.display import show
from custseg.errors import DataError, SettingError
from custseg.export.bundle import ResultBundle
from custseg.export.formats import save
from custseg.insight.certainty import Certainty
from custseg.insight.rules import Rules
from custseg.narrative.playbook import Playbook
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.how_many_search import Suggesting
from custseg.session.parameters import Axis, Features, Picture, Seed, SegmentCount
from custseg.session.run_history import NO_RUNS, Runs
from custseg.session.run_result import Assessment, RunResult, assess_result, run_pipeline
from custseg.session.selection import NOTHING_SELECTED, Selecting
from custseg.settings import DEFAULT_K, DEFAULT_SEED, K_RANGE, LARGEST_SEED, PICTURES
from custseg.tables.table import CustomerTable

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from custseg.insight.profile import Profile
    from custseg.insight.projections import Plane
    from custseg.narrative.interpretation import Interpretation


# How long a result stands before it is judged.
_SECONDS_OF_REST = 0.8
_NOT_ASSESSED: dict[str, Any] = {"certainty": None, "rules": None, "assessing": False}


class SegmentationModel(Runs, Suggesting, Selecting):
    """Customers, the settings of the next run, and the result of the last one.

    Clustering is an action: nothing is computed until ``run_clustering()`` is called or ``run`` is triggered.
    ``x`` and ``y`` only choose the picture.

    Parameters
    ----------
    customers
        A CustomerTable, a dataframe, or the path of a file.
    k, seed, features, recipe, playbook, x, y
        See the parameters.

    Raises
    ------
    DataError
        The table cannot be used.
    SettingError
        A setting is not allowed. Setting one later raises the same.

    """

    # What the annotations say is what reading the attribute gives; param puts the parameter itself on the class.
    table: CustomerTable = param.ClassSelector(
        class_=CustomerTable, constant=True, doc="The customers; load() puts others in their place."
    )
    features: list[str] = Features(default=[], objects=[], doc="Columns to compare; all numeric features at first.")
    x: str = Axis(default=None, objects=[], doc="The feature across the picture.")
    y: str = Axis(default=None, objects=[], doc="The feature up the picture.")
    picture: str = Picture(
        default=PICTURES[0],
        objects=list(PICTURES),
        doc="What is shown: the features x and y, or once there is a result one of the planes through all features.",
    )
    k: int = SegmentCount(default=DEFAULT_K, bounds=K_RANGE, doc="How many segments.")
    seed: int | None = Seed(
        default=DEFAULT_SEED,
        bounds=(0, LARGEST_SEED),
        allow_None=True,
        doc="The same seed gives the same segments each time; None is a fresh random start.",
    )
    recipe: Recipe = param.ClassSelector(
        class_=Recipe,
        default=Recipe(),
        allow_None=False,
        doc="How features are made comparable; a new one, not changed.",
    )
    playbook: Playbook | None = param.ClassSelector(
        class_=Playbook, allow_None=True, doc="Names and suggestions for the next run; None for those of custseg."
    )
    run = param.Event(doc="Trigger to segment the customers with the settings as they are, off the event loop.")
    compare_log_transform = param.Event(
        doc="Trigger to run with and without the logarithm of skewed features, for log_comparison."
    )
    assess = param.Event(
        doc="Trigger to judge the result off the event loop, for certainty and rules. A triggered run does so too."
    )
    certainty: Certainty | None = param.ClassSelector(
        class_=Certainty, constant=True, allow_None=True, doc="How sure the result is; None until that was found out."
    )
    rules: Rules | None = param.ClassSelector(
        class_=Rules, constant=True, allow_None=True, doc="What sets each segment apart; it comes with certainty."
    )
    assessing: bool = param.Boolean(default=False, constant=True, doc="Whether the result is being judged.")
    result: Segmentation | None = param.ClassSelector(
        class_=Segmentation, constant=True, allow_None=True, doc="The last result; it stays until another replaces it."
    )
    log_comparison: tuple[RunResult, RunResult] | None = param.Parameter(
        default=None, constant=True, doc="What compare brought: without and with the logarithm."
    )
    error: str | None = param.String(default=None, allow_None=True, doc="What went wrong, in a sentence for people.")
    running: bool = param.Boolean(default=False, constant=True, doc="Whether a run is taking its time.")
    stale: bool = param.Boolean(
        default=False, constant=True, doc="Whether what matters to clustering has changed since the result was made."
    )

    def __init__(self, customers: object, **settings: Any) -> None:
        table = CustomerTable.read(customers)
        self._outcome: RunResult | None = None
        self._runs, self._assessments = 0, {}
        self._segmenting, self._advising, self._assessing = LatestTask(), LatestTask(), LatestTask()
        # How the changes that a result brings are announced together. A page puts its own way here.
        self.batch_updates: Callable[[], AbstractContextManager[object]] = nullcontext
        own = {name: settings.pop(name) for name in ("features", "x", "y") if name in settings}
        super().__init__(table=table, **settings)
        self._offer(table)
        names = table.features
        chosen = {"features": list(names), "x": names[0], "y": names[min(1, len(names) - 1)], **own}
        self.param.update(**{**chosen, "features": Features.as_list(chosen["features"], names)})

    @property
    def outcome(self) -> RunResult | None:
        """All that the last run brought, or None before the first."""
        return self._outcome

    @property
    def profile(self) -> Profile | None:
        """The last result in numbers, or None before the first run."""
        return self._outcome.profile if self._outcome else None

    @property
    def plane(self) -> Plane | None:
        """The plane through all features that the picture shows; None where it shows two features."""
        return self._outcome.plane(self.picture) if self._outcome else None

    @property
    def words(self) -> Interpretation | None:
        """The last result in words, or None before the first run."""
        return self._outcome.words if self._outcome else None

    def copy(self) -> SegmentationModel:
        """Return a model of its own with the same settings and the same last result."""
        names = ("features", "x", "y", "picture", "k", "seed", "recipe", "playbook", "ks", "smallest_share")
        twin = SegmentationModel(self.table, **{name: getattr(self, name) for name in names})
        twin._outcome, twin._runs, twin._assessments = self._outcome, self._runs, dict(self._assessments)
        twin._set(result=self.result, certainty=self.certainty, rules=self.rules, history=self.history)
        return twin

    def load(self, customers: object) -> None:
        """Put other customers, or the same with other roles of their columns, in the place of those that are there.

        Of the same customers the result stays, and is stale where it would come out otherwise; of others nothing
        stays but k and the seed. What cannot be used leaves all as it was.

        Raises
        ------
        DataError
            The table cannot be used.

        """
        table = CustomerTable.read(customers)
        # A run that is still going is of the customers that were there.
        self._segmenting.supersede()
        same = table.has_the_customers_of(self.table)
        names, before = table.features, set(self.table.features) - set(self.features)
        features = [name for name in names if name not in before] if same else []
        axes = [name if name in names else None for name in (self.x, self.y)]
        free = [name for name in names if name not in axes] or list(names)
        axes = [name or free.pop(0) if free else names[0] for name in axes]
        with param.parameterized.batch_call_watchers(self):
            self._offer(table)
            if not same:
                self._outcome = None
                self._assessing.supersede()
                self._assessments.clear()
                gone = NO_RUNS | NOTHING_SELECTED | _NOT_ASSESSED
                self._set(result=None, log_comparison=None, recipe=Recipe(), **gone)
            self._set(table=table, features=features or list(names), x=axes[0], y=axes[1], error=None, running=False)

    def run_clustering(self) -> Segmentation:
        """Segment the customers with the settings as they are, and return the result.

        Raises
        ------
        DataError, SettingError
            With the sentence that ``error`` then holds; the previous result stays.

        """
        self._segmenting.supersede()
        try:
            outcome = self._compute(self.recipe)
        except (DataError, SettingError) as problem:
            self.error = str(problem)
            raise
        finally:
            # A run off the loop may still be going; it is overtaken now, and leaves this to the latest.
            if self.running:
                self._set(running=False)
        with self.batch_updates():
            self._accept(outcome)
        return outcome.segmentation

    def run_assessment(self) -> Certainty | None:
        """Find out how sure the result is, and the rules; return the former, None before the first run."""
        if self.result is not None:
            self._assessing.supersede()
            self._take_over(assess_result(self.result))
        return self.certainty

    @param.depends("run", watch=True)
    async def _run_off_the_loop(self) -> None:
        ticket = self._assessing.supersede()
        try:
            await self._off_the_loop(lambda: self._compute(self.recipe), partial(self._accept, ticket=ticket))
        except BaseException:
            self._set(assessing=False)
            raise
        # Who changes settings quickly shall not wait for this.
        await asyncio.sleep(_SECONDS_OF_REST)
        if ticket.counts and self.result is not None and self.certainty is None:
            await self._assess_off_the_loop()

    @param.depends("compare_log_transform", watch=True)
    async def _compare_log_transform_off_the_loop(self) -> None:
        def compute() -> tuple[RunResult, RunResult]:
            return self._compute(replace(self.recipe, log=())), self._compute(replace(self.recipe, log=SKEWED))

        await self._off_the_loop(compute, lambda pair, error: self._set(log_comparison=pair, error=error))

    async def _off_the_loop(self, compute: Callable[[], Any], accept: Callable[[Any, str | None], None]) -> None:
        """Compute in a thread; what was overtaken by a later run, or by other customers, is discarded."""
        complaint = self.error
        try:
            found = await self._segmenting.compute(lambda _: compute(), lambda: self._announce(running=True))
        except SupersededError:
            return
        except (DataError, SettingError) as problem:
            self._announce(error=str(problem), running=False)
        except BaseException:
            self._announce(running=False)
            raise
        else:
            with self.batch_updates():
                # What was refused while this went on is still wrong.
                accept(found, None if self.error == complaint else self.error)
                self._set(running=False)

    @param.depends("assess", watch=True)
    async def _assess_off_the_loop(self) -> None:
        result = self.result
        if result is None:
            return
        self._announce(assessing=True)
        try:
            found = await self._assessing.compute(lambda ticket: assess_result(result, lambda _: ticket.check()))
        except SupersededError:
            return
        except BaseException:
            self._announce(assessing=False)
            raise
        self._take_over(found)

    def _take_over(self, found: Assessment) -> None:
        if self._outcome is not None:
            self._assessments[self._outcome.number] = found
        self._announce(assessing=False, **found)

    @param.depends("table", "features", "recipe", "seed", "ks", "smallest_share", watch=True)
    def _drop_advice(self) -> None:
        # It was for other settings.
        self._advising.supersede()
        self._set(advice=None, current_k=None)

    def _compute(self, recipe: Recipe) -> RunResult:
        """Run and describe, without touching any parameter: this happens in a thread."""
        return run_pipeline(
            self.table,
            self._outcome,
            self._runs + 1,
            features=self.features,
            k=self.k,
            seed=self.seed,
            recipe=recipe,
            playbook=self.playbook,
        )

    def _accept(self, outcome: RunResult, error: str | None = None, *, ticket: Ticket | None = None) -> None:
        """Put a result in the place of the last; it is judged later where the turn for that still counts."""
        before = self._outcome
        if before is not None and before.segmentation is not outcome.segmentation:
            # Somebody may have named segments while the run went on.
            outcome = outcome.with_annotations_of(before)
        self._outcome, self._runs = outcome, outcome.number
        if ticket is None:
            self._assessing.supersede()
        assessing = ticket is not None and ticket.counts
        self._keep(outcome)
        assessed = _NOT_ASSESSED | {"assessing": assessing}
        self._set(result=outcome.segmentation, error=error, migration=None, **assessed)

    def _show_again(self, outcome: RunResult) -> None:
        result = outcome.segmentation
        # What is going on is of the settings that are there now.
        self._segmenting.supersede()
        self._assessing.supersede()
        if result.table is not self.table:
            self.load(result.table)
        self._outcome = outcome
        self.param.update(
            k=result.k,
            seed=result.seed if result.seeded else None,
            features=list(result.features),
            recipe=result.preparation.recipe,
            playbook=outcome.playbook,
        )
        assessed = _NOT_ASSESSED | dict(self._assessments.get(outcome.number, {}))
        self._set(result=result, error=None, running=False, migration=None, **assessed)

    @param.depends("k", "seed", "features", "recipe", "playbook", "table", "result", watch=True)
    def _derive_stale(self) -> None:
        result = self.result
        self._set(
            stale=result is not None
            and self._outcome is not None
            and (
                self.k,
                self.seed,
                tuple(self.features),
                self.recipe,
                self.table.money(self.features),
                self.playbook,
            )
            != (
                result.k,
                result.seed if result.seeded else None,
                result.features,
                result.preparation.recipe,
                result.table.money(result.features),
                self._outcome.playbook,
            )
        )

    def _offer(self, table: CustomerTable) -> None:
        for name in ("features", "x", "y"):
            self.param[name].objects = list(table.features)
        self.param.focused_customer.bounds = (0, len(table) - 1)

    # What follows shows the model. Panes are imported when first asked for, so that scripts don't wait for them.

    @property
    def scatter(self) -> Any:
        """The picture alone, as a Panel viewer."""
        return show(self, "scatter")

    @property
    def summary(self) -> Any:
        """The table of segments alone, as a Panel viewer."""
        return show(self, "summary")

    @property
    def interpretation(self) -> Any:
        """The words alone, as a Panel viewer."""
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
            msg = "There is no result to save yet. Run the clustering first."
            raise SettingError(msg)
        certainty = self.certainty
        if certainty is not None and certainty.segmentation is not outcome.segmentation:
            certainty = None
        return ResultBundle(outcome.profile, outcome.words, certainty, model=self)

    def save(self, path: str | PathLike[str], format: str | None = None) -> None:  # noqa: A002 - the word for it
        """Write the last result to a file: a ``report`` (HTML), the ``segments`` or the ``customers`` (CSV).

        Without a format the file's name decides; one that ends in ``.csv`` needs one. The file takes the place of one
        that is there once all of it is written.

        Raises
        ------
        SettingError
            Nothing was run yet, or it isn't clear which format is wanted.
        OSError
            The file cannot be written.

        """
        save(self.bundle(), path, format)

    def save_html(self, path: str | PathLike[str], *, customers: bool = True) -> None:
        """Write one HTML file with the picture, the table and the words, which opens without a network.

        ``customers=False`` leaves the single customers out of the file: no points, no identifiers.
        """
        show(self, "report").save(path, customers=customers)

    def __panel__(self) -> Any:
        return show(self, "explorer")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return show(self, "explorer")._repr_mimebundle_(include, exclude)
