"""What stands in the report, and in which order: what a manager reads first, then the rest as the views have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.panes.parts.about import About
from custseg.panes.parts.actions import Actions
from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.how_many import HowManyAdvice
from custseg.panes.parts.influence import InfluenceBars
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.parts.scatter import Scatter
from custseg.panes.parts.second_opinion import SecondOpinionPart
from custseg.panes.parts.segment_cards import SegmentCards
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.worth import WorthPart
from custseg.panes.tables.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.panes.base.part import Part
    from custseg.session.model import SegmentationModel


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: its name in ``HEADINGS``, what makes it (with or without single customers), and when it is there."""

    name: str
    make: Callable[[SegmentationModel, bool], Part]
    there: Callable[[SegmentationModel], bool] = lambda _: True
    # Cards bring their own heading.
    headed: bool = True


def _checked(model: SegmentationModel) -> bool:
    return model.certainty is not None and model.rules is not None


SECTIONS = (
    ReportSection("words", lambda model, _: SegmentCards(model), headed=False),
    ReportSection("scatter", lambda model, customers: Scatter(model, static=True, points=customers)),
    ReportSection("summary", lambda model, _: Summary(model, static=True)),
    ReportSection("actions", lambda model, _: Actions(model, static=True)),
    ReportSection("segment_charts", lambda model, _: SegmentCharts(model, static=True)),
    ReportSection("segment_rules", lambda model, _: SegmentRules(model), _checked),
    ReportSection(
        "certainty", lambda model, customers: CertaintyPart(model, static=True, customers=customers), _checked
    ),
    ReportSection("influence", lambda model, _: InfluenceBars(model), _checked),
    ReportSection(
        "how_many_advice",
        lambda model, _: HowManyAdvice(model, static=True),
        lambda model: model.advice_on_the_result is not None,
    ),
    ReportSection(
        "other_settings", lambda model, _: OtherSettings(model, static=True), lambda model: model.multiverse is not None
    ),
    ReportSection(
        "second_opinion",
        lambda model, customers: SecondOpinionPart(model, static=True, customers=customers),
        lambda model: model.second_opinion is not None,
    ),
    ReportSection("worth", lambda model, _: WorthPart(model, static=True), lambda model: model.worth is not None),
    ReportSection(
        "compared_runs",
        lambda model, customers: RunHistoryPart(model, static=True, customers=customers),
        lambda model: len(model.history) > 1,
    ),
    ReportSection(
        "migration",
        lambda model, customers: CustomerMigration(model, customers=customers),
        lambda model: model.migration is not None,
    ),
    ReportSection("about", lambda model, _: About(model)),
)
