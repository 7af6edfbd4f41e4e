"""What to do next: for each segment, what to stock, how to reach it, what to offer, and why."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, get_args

import panel as pn

from custseg.narrative.playbook import Area
from custseg.panes.base.style import ACTIONS_STYLE, SEGMENT_COLOURS, TEXT_STYLE, WORDS_STYLE
from custseg.panes.base.view import View
from custseg.wording import capitalised

if TYPE_CHECKING:
    from custseg.narrative.interpretation import Action
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = "<p>Run the clustering first. Suggestions for each segment will then appear here.</p>"
_NONE = "<p>The playbook suggests nothing for these segments.</p>"
_AREAS: tuple[Area, ...] = get_args(Area)


class Actions(View):
    """A table of suggestions, a row per segment."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML(
            self._html(), stylesheets=[TEXT_STYLE, WORDS_STYLE, ACTIONS_STYLE], sizing_mode="stretch_width", margin=0
        )
        self.watch(self._follow, "run", "names")

    def _follow(self, _: frozenset[str]) -> None:
        self._layout.object = self._html()

    def _html(self) -> str:
        return _NOT_YET if self.model.outcome is None else actions_html(self.model.outcome)


def actions_html(outcome: RunResult) -> str:
    """List the segments with what is suggested for each; pointing at it shows the claim that justifies it."""
    words = outcome.words
    if not words.actions:
        return _NONE
    heads = "".join(f'<th scope="col">{capitalised(area)}</th>' for area in _AREAS)
    rows = []
    for position, (name, slot) in enumerate(zip(words.names, outcome.slots, strict=True), start=1):
        suggested = {action.area: action for action in words.actions_for(position)}
        cells = "".join(_cell(area, suggested.get(area)) for area in _AREAS)
        dot = f'<span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span>'
        rows.append(f'<tr><th scope="row">{dot} {position} {html.escape(name)}</th>{cells}</tr>')
    return f'<table class="actions"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _cell(area: str, action: Action | None) -> str:
    if action is None:
        return f'<td data-area="{area}">-</td>'
    evidence = html.escape(" ".join(action.claim.evidence.split()), quote=True)
    text = html.escape(action.text)
    return f'<td data-area="{area}"><p><span class="claim" data-evidence="{evidence}">{text}</span></p></td>'
