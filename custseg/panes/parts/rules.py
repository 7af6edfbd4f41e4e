"""What sets each segment apart: a rule for each, and how far it holds for customers who were held out."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import CERTAINTY_STYLE, SEGMENT_COLOURS, TEXT_STYLE
from custseg.panes.headings import HEADINGS

if TYPE_CHECKING:
    from custseg.insight.rules import Rules
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = mark("Run the clustering first. Each segment then gets a rule that tells it from the others.")
_NOT_CHECKED = mark("The rules come once the segments are checked, under “{heading}”.")


class SegmentRules(Part):
    """A list of rules."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML(
            self._html(), stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], sizing_mode="stretch_width", margin=0
        )
        self.watch(self._follow, "assessment", "assessing", "run", "names")

    def _follow(self, _: frozenset[str]) -> None:
        self._layout.object = self._html()

    def _html(self) -> str:
        model = self.model
        if model.rules is not None and model.outcome is not None:
            return rules_html(model.rules, model.outcome)
        if model.assessing:
            return f'<p role="status">{say("Looking for what sets each segment apart ...")}</p>'
        return (
            f"<p>{say(_NOT_YET)}</p>"
            if model.outcome is None
            else f"<p>{say(_NOT_CHECKED, heading=HEADINGS['certainty'])}</p>"
        )


def rules_html(rules: Rules, outcome: RunResult) -> str:
    """List the segments, each with its rule."""
    rows = "".join(
        f'<tr data-segment="{rule.segment}">'
        f'<td><span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span></td>'
        f'<th scope="row">{rule.segment} {html.escape(name)}</th><td>{html.escape(rule.sentence)}</td></tr>'
        for rule, name, slot in zip(rules.rules, outcome.words.names, outcome.slots, strict=True)
    )
    return f'<table class="rules">{rows}</table><p class="note">{html.escape(rules.note)}</p>'
