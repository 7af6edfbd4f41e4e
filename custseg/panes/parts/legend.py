"""The segments by colour, number and name, above the picture; a press selects one's customers."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import say
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.part import Part
from custseg.panes.base.style import APART_COLOUR, LEGEND_STYLE, SEGMENT_COLOURS

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult


class Legend(Part):
    """A list in one HTML pane: BokehJS writes a legend of its own anew at each change, and lays the plot out again.

    ``static`` makes it a list to read, where nobody would hear of a press.
    """

    def __init__(self, model: SegmentationModel, *, static: bool = False, **params: Any) -> None:
        super().__init__(model, **params)
        self._tag = "span" if static else "button"
        self._layout = pn.pane.HTML(
            self._html(), stylesheets=[LEGEND_STYLE], css_classes=["legend"], sizing_mode="stretch_width", margin=0
        )
        self.watch(self._follow, "run", "names", "k")

    def _follow(self, _: frozenset[str]) -> None:
        self._layout.object = self._html()

    def _html(self) -> str:
        outcome = self.model.outcome
        if outcome is None:
            # The room that the segments take after a run, so that the picture keeps its place.
            entries = [_room(number) for number in range(1, self.model.k + 1)]
        else:
            entries = [self._entry(outcome, number) for number in range(1, outcome.segmentation.k + 1)]
            if outcome.profile.exceptional is not None:
                entries.append(_item("span", APART_COLOUR, f'<span class="name">{say(EXCEPTIONAL)}</span>', ""))
        return f'<ul aria-label="{say("Segments in the picture")}">{"".join(entries)}</ul>'

    def _entry(self, outcome: RunResult, number: int) -> str:
        name = html.escape(outcome.words.names[number - 1])
        attributes = f'data-segment="{number}" title="{number} {name}"'
        if self._tag == "button":
            attributes += ' type="button"'
        text = f'<span class="number">{number}</span> <span class="name">{name}</span>'
        return _item(self._tag, SEGMENT_COLOURS[outcome.slots[number - 1]], text, attributes)


def _room(number: int) -> str:
    text = say("Segment {number}", number=number)
    return f'<li aria-hidden="true"><span class="room"><span class="key"></span>{text}</span></li>'


def _item(tag: str, colour: str, text: str, attributes: str) -> str:
    key = f'<span class="key" style="background: {colour}"></span>'
    return f'<li><{tag} class="entry" {attributes}>{key}{text}</{tag}></li>'
