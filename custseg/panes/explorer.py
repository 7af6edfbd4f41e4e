"""All panes over one model in one layout, as a notebook shows it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.view import View
from custseg.panes.headings import HEADINGS
from custseg.panes.parts.actions import Actions
from custseg.panes.parts.category_hint import CategoryHint
from custseg.panes.parts.certainty import CertaintyView
from custseg.panes.parts.controls import Controls
from custseg.panes.parts.customer_detail import CustomerDetail
from custseg.panes.parts.how_many import HowManyAdvice
from custseg.panes.parts.interpretation import Words
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.migration import CustomerMigration
from custseg.panes.parts.multiverse import OtherSettings
from custseg.panes.parts.preparation import PreparationSteps
from custseg.panes.parts.rules import SegmentRules
from custseg.panes.parts.run_history import RunHistoryView
from custseg.panes.parts.scatter import Scatter
from custseg.panes.parts.second_opinion import SecondOpinionView
from custseg.panes.parts.segment_charts import SegmentCharts
from custseg.panes.parts.status import Problem, Status
from custseg.panes.parts.worth import WorthView
from custseg.panes.tables.column_editor import Columns
from custseg.panes.tables.customer_list import Customers
from custseg.panes.tables.summary import Summary

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

# What is looked up rather than read: it unfolds at a click.
FOLDED = (
    "segment_charts",
    "segment_rules",
    "run_history",
    "migration",
    "certainty",
    "other_settings",
    "how_many_advice",
    "second_opinion",
    "columns",
    "preparation_steps",
)


class Explorer(View):
    """The whole tool over one model. Its parts are attributes, for a page that lays them out itself."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self.scatter = Scatter(model)
        self.summary = Summary(model)
        self.customers = Customers(model)
        self.customer_detail = CustomerDetail(model)
        self.words = Words(model)
        self.actions = Actions(model)
        self.segment_charts = SegmentCharts(model)
        self.segment_rules = SegmentRules(model)
        self.run_history = RunHistoryView(model)
        self.migration = CustomerMigration(model)
        self.certainty = CertaintyView(model)
        self.other_settings = OtherSettings(model)
        self.worth = WorthView(model)
        self.key_figures = KeyFigures(model)
        self.problem = Problem(model)
        self.controls = Controls(model)
        self.how_many_advice = HowManyAdvice(model)
        self.second_opinion = SecondOpinionView(model)
        self.columns = Columns(model)
        self.preparation_steps = PreparationSteps(model)
        self.category_hint = CategoryHint(model)
        # Last, so that its line is sent when the picture, the table and the words are on their way.
        self.status = Status(model)

    @cached_property
    def _layout(self) -> pn.viewable.Viewable:
        # Made when it is first asked for: a page lays the parts out itself.
        picture = pn.Column(self.scatter, sizing_mode="stretch_width", min_width=360, height=580)
        return pn.Column(
            self.problem,
            self.category_hint,
            pn.Row(
                pn.Column(self.controls, width=240, margin=(0, 24, 0, 0)),
                pn.Column(self.status, self.key_figures, picture, sizing_mode="stretch_width"),
                sizing_mode="stretch_width",
            ),
            self.summary,
            self.words,
            self.actions,
            self.worth,
            self.customers,
            self.customer_detail,
            pn.Accordion(
                *((HEADINGS[name], getattr(self, name)) for name in FOLDED),
                sizing_mode="stretch_width",
            ),
            sizing_mode="stretch_width",
        )
