"""One line on the whole result, which says more as more is known of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.narrative.result_verdict import say_verdict
from custseg.panes.base.part import Part
from custseg.panes.base.style import OVERVIEW_STYLE

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel


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
                self.model.advice_on_the_result,
                so_far=assessment is not None and not assessment.complete,
            )
            self._layout.object = f'<p class="verdict" role="status">{html.escape(line)}</p>'
