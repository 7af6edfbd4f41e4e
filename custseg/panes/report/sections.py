"""What a report with customers holds beyond its document, and in which order: the rest as the views have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.panes.parts.about import About
from custseg.panes.parts.certainty import CertaintyPart
from custseg.panes.parts.how_many import HowManyAdvice
from custseg.panes.parts.influence import InfluenceBars
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.run_history import RunHistoryPart
from custseg.panes.parts.second_opinion import SecondOpinionPart
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.worth import WorthPart

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.panes.base.part import Part
    from custseg.session.model import SegmentationModel


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section: its name in ``HEADINGS``, what makes it, and when it is there."""

    name: str
    make: Callable[[SegmentationModel], Part]
    there: Callable[[SegmentationModel], bool] = lambda _: True


def _checked(model: SegmentationModel) -> bool:
    return model.certainty is not None and model.rules is not None


SECTIONS = (
    ReportSection("segment_charts", lambda model: SegmentCharts(model, static=True)),
    ReportSection("segment_rules", SegmentRules, _checked),
    ReportSection("certainty", lambda model: CertaintyPart(model, static=True), _checked),
    ReportSection("influence", InfluenceBars, _checked),
    ReportSection(
        "how_many_advice",
        lambda model: HowManyAdvice(model, static=True),
        lambda model: model.advice_on_the_result is not None,
    ),
    ReportSection(
        "other_settings", lambda model: OtherSettings(model, static=True), lambda model: model.multiverse is not None
    ),
    ReportSection(
        "second_opinion",
        lambda model: SecondOpinionPart(model, static=True),
        lambda model: model.second_opinion is not None,
    ),
    ReportSection("worth", lambda model: WorthPart(model, static=True), lambda model: model.worth is not None),
    ReportSection(
        "compared_runs",
        lambda model: RunHistoryPart(model, static=True),
        lambda model: len(model.history) > 1,
    ),
    ReportSection(
        "migration",
        CustomerMigration,
        lambda model: model.migration is not None,
    ),
    ReportSection("about", About),
)
