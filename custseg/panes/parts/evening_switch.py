"""The switch that evens out skewed amounts in the next run, and what the last one is with and without."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.clustering.recipe import AUTO
from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE, TEXT_STYLE

if TYPE_CHECKING:
    import param

    from custseg.change.evened_out import EvenedOutComparison
    from custseg.session.model import SegmentationModel

_SWITCH = mark("Even out skewed amounts")
_MEANING = mark("Off, what counts is how much more one customer has than another; on, how many times as much.")


class EveningSwitch(Part):
    """The switch, what it means, and what is known of both ways; nothing where no feature is skewed."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        # A group of one: a check box alone has no name that a screen reader could say.
        self._switch = pn.widgets.CheckBoxGroup(
            label=say(_SWITCH), options=[say(_SWITCH)], stylesheets=[CONTROL_STYLE], **wide
        )
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE], **wide | {"margin": (0, 0, 10, 0)})
        self._layout = pn.Column(self._switch, self._text, visible=False, **wide)
        self._switch.param.watch(self._choose, ["value"])
        self._show()
        self.watch(self._show, "table", "features", "recipe", "run", "evened_out")

    def _show(self, *_: frozenset[str]) -> None:
        model = self.model
        self._switch.value = [say(_SWITCH)] if model.recipe.log else []
        known = model.evened_out
        said = [say(_MEANING), *([known.say_sizes(), known.say_suggestion()] if known else [])]
        # One line, before and after a run, so that what stands below keeps its place.
        self._text.object = _folded(_short(known), said)
        self._layout.visible = bool(model.recipe.log) or not set(model.table.skewed).isdisjoint(model.features)

    def _choose(self, event: param.parameterized.Event) -> None:
        recipe = self.model.recipe
        if bool(event.new) != bool(recipe.log):
            self.model.recipe = replace(recipe, log=AUTO if event.new else ())


def _short(known: EvenedOutComparison | None) -> str:
    if known is None:
        return say("What it does")
    return say("Suggested: on") if known.evening_suggested else say("Suggested: off")


def _folded(summary: str, sentences: list[str]) -> str:
    inside = "".join(f'<p class="note">{html.escape(sentence)}</p>' for sentence in sentences)
    return f'<details class="note"><summary>{html.escape(summary)}</summary>{inside}</details>'
