"""What comes out of a model: all that it has found, to read, to draw and to write to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.display import batch_updates, show
from custseg.errors import SettingError
from custseg.export.bundle import ResultBundle
from custseg.export.formats import save
from custseg.language import say
from custseg.session.download import DownloadLog
from custseg.session.how_many_search import HowManySearch
from custseg.session.model_parameters import ModelParameters
from custseg.session.multiverse_search import MultiverseSearch
from custseg.session.picture_axes import log_features, separating_pair
from custseg.session.project import Project
from custseg.session.run_history import RunHistory
from custseg.session.second_opinion_search import SecondOpinionSearch
from custseg.session.selection import CustomerSelection
from custseg.session.worth_search import WorthSearch
from custseg.settings import LEAST_GROUP

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from os import PathLike

    from custseg.change.comparison import Comparison
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
    from custseg.session.assessment import Assessment
    from custseg.session.run_result import RunResult
    from custseg.session.selection import Selection
    from custseg.tables.table import CustomerTable


class ModelOutputs(ModelParameters):
    """What is read of a ``SegmentationModel``, which changes it."""

    def __init__(self, table: CustomerTable, **settings: Any) -> None:
        self.runs, self.selection, self.downloads = RunHistory(), CustomerSelection(table), DownloadLog()
        self.search, self.multiverse_search = HowManySearch(), MultiverseSearch()
        self.worth_search, self.opinions = WorthSearch(), SecondOpinionSearch()
        super().__init__(table=table, **settings)

    # Of the last run.

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
        return log_features(self)

    @property
    def separating_pair(self) -> tuple[str, str] | None:
        """The two features whose picture separates the last segments best; None where there are no two to show."""
        return separating_pair(self, self.outcome)

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

    # Of the runs that are kept.

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

    # Of the customers that are selected.

    @property
    def selected(self) -> Selection | None:
        """The customers that are selected; None where none are."""
        return self.selection.selected

    @property
    def focused_segment(self) -> int | None:
        """The segment (from 1) that is looked at: of the last result the first, unless another one was chosen."""
        if self.outcome is None:
            return None
        slots, slot = self.outcome.slots, self.selection.focused_slot
        return slots.index(slot) + 1 if slot in slots else 1

    # Of what is looked for when somebody asks.

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

    @property
    def multiverse(self) -> Multiverse | None:
        """Under which other settings the last result holds; None until that was found out."""
        return self.multiverse_search.multiverse

    @property
    def worth(self) -> Worth | None:
        """What acting by the segments of the last result is worth; None until that was found out."""
        return self.worth_search.worth

    @property
    def second_opinion(self) -> SecondOpinion | None:
        """What a mixture says beside the last result; None until that was found out."""
        return self.opinions.opinion

    # Drawn. Panes are imported when first asked for, so that scripts don't wait for them.

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

    def batch_updates(self) -> AbstractContextManager[object]:
        """Return a context in which all changes reach whoever shows the model in one go."""
        return batch_updates()

    def __panel__(self) -> Any:
        return show(self, "explorer")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return show(self, "explorer")._repr_mimebundle_(include, exclude)

    # Written to files.

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

    @property
    def project(self) -> Project:
        """What was set, named and written, and the runs, without the customers."""
        return Project.of(self, self.history)
