"""One line on the whole result, which says more as more is known of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.narrative.result_verdict import say_verdict
from custseg.panes.base.part import Part
from custseg.panes.base.style import OVERVIEW_STYLE

if TYPE_CHECKING:
    from custseg.how_many.advice import Advice
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult


class Verdict(Part):
    """The line; nothing before the first run."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML("", stylesheets=[OVERVIEW_STYLE], sizing_mode="stretch_width", margin=0)
        self._say()
        self.watch(self._say, "run", "assessment", "advice", "table")

    def _say(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        self._layout.visible = outcome is not None
        if outcome is not None:
            assessment = outcome.assessment
            line = say_verdict(
                outcome.segmentation.sizes.tolist(),
                assessment.certainty.stability if assessment else (),
                assessment.separation if assessment else (),
                self._advice_for(outcome),
                so_far=assessment is not None and not assessment.complete,
            )
            self._layout.object = f'<p class="verdict" role="status">{html.escape(line)}</p>'

    def _advice_for(self, outcome: RunResult) -> Advice | None:
        """Return the advice where it is on what was run: it follows the settings, which may be others by now."""
        model, made_of = self.model, outcome.settings
        same = (made_of.features, made_of.recipe) == (tuple(model.features), model.recipe)
        return model.advice if same and outcome.segmentation.table is model.table else None
