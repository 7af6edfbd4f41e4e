"""Whether the segments hold under other settings: asked for by a button, answered in sentences, a map and claims."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.language import mark, say
from custseg.narrative.multiverse import DISSOLVED
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CERTAINTY_STYLE, SEGMENT_COLOURS, TEXT_STYLE
from custseg.panes.charts.settings_map import SettingsMap
from custseg.wording import count, percent

if TYPE_CHECKING:
    from custseg.narrative.multiverse import Multiverse
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = mark("<p>Run the clustering first. Then its segments can be looked for under other settings.</p>")
_HINT = mark(
    "<p>Other choices would have been as good: another scale, a column less, a segment more. Find "
    "out under how many of up to 64 of them each segment comes out again, and is described alike. "
    "The result on the page stays.</p>"
)


class OtherSettings(Part):
    """A button that asks, a sentence for each segment, a map of settings by segments, and how far each claim holds."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._map: SettingsMap | None = None
        self._draw()

    def _draw(self) -> None:
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": 0}
        self._text, self._note, self._claims = (
            pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide) for _ in range(3)
        )
        self._ask = pn.widgets.Button(label=say("Try other settings"), **button)
        self._stop = pn.widgets.Button(label=say("Stop"), **button)
        self._ask.on_click(lambda _: self.model.param.trigger("try_settings"))
        self._stop.on_click(lambda _: self.model.multiverse_search.stop())
        self._picture = pn.Column(**wide, styles={"overflow-x": "auto"})
        self._details = pn.Column(self._picture, self._note, self._claims, **wide)
        buttons = pn.FlexBox(self._ask, self._stop, gap="8px", **wide)
        self._follow()
        self._layout.objects = [self._text, *([] if self.static else [buttons]), self._details]
        self.watch(self._follow, "multiverse", "setting_tried", "run", "names")

    def _follow(self, *_: frozenset[str]) -> None:
        model, found, outcome = self.model, self.model.multiverse, self.model.outcome
        step = model.multiverse_search.setting_tried
        self._ask.visible = outcome is not None and found is None and step is None
        self._stop.visible = step is not None
        self._details.visible = found is not None
        if found is not None and outcome is not None:
            self._text.object = segments_html(found, outcome)
            self._note.object, self._claims.object = map_html(found), claims_html(found, outcome)
            self._show_map(found, outcome)
        elif step is not None:
            self._text.object = f'<p role="status">{_progress(step)}</p>'
        else:
            self._text.object = say(_NOT_YET) if outcome is None else say(_HINT)

    def _show_map(self, found: Multiverse, outcome: RunResult) -> None:
        with self.model.batch_updates():
            if self._map is None:
                self._map = SettingsMap()
                self._picture.objects = [
                    pn.pane.Bokeh(self._map.figure, sizing_mode="stretch_width", margin=(8, 0, 0, 0))
                ]
            self._map.show(found, outcome.words.names)


def _progress(step: tuple[int, int]) -> str:
    number, of = step
    return (
        say("Trying setting {number} of {of} ...", number=number, of=of)
        if of
        else say("Looking for other settings ...")
    )


def segments_html(found: Multiverse, outcome: RunResult) -> str:
    """List the segments, each with how often it is found again, and what breaks it."""
    rows = "".join(
        f"<tr>{_head(number, outcome)}<td>{html.escape(sentence)}</td></tr>"
        for number, sentence in enumerate(found.sentences, start=1)
    )
    return f'<table class="rules">{rows}</table>'


def map_html(found: Multiverse) -> str:
    """Say how to read the map, and which settings could not be used."""
    refused = ""
    if found.refused:
        reasons = "".join(
            f"<li>{html.escape(setting.words)}: {html.escape(reason)}</li>" for setting, reason in found.refused
        )
        refused = (
            "<details><summary>"
            + say("{count} could not be used", count=count(len(found.refused), "setting"))
            + f"</summary><ul>{reasons}"
        )
        refused += "</ul></details>"
    return (
        '<p class="note">'
        + say(
            "A column is a setting; point at it to see which. Each differs from the result in one choice "
            "or in two. Blue: found again, that is, of the customers in the segment or in the one most "
            "like it, more than {DISSOLVED} are in both. Brown: lost. The deeper, the clearer.",
            DISSOLVED=percent(DISSOLVED),
        )
        + f"</p>{refused}"
    )


def claims_html(found: Multiverse, outcome: RunResult) -> str:
    """List what is said of each segment, and in which share of the settings the same rule says it again."""
    parts = "".join(
        f'<tr class="group">{_head(number, outcome)}<td></td></tr>'
        + "".join(
            f'<tr><td></td><td>{html.escape(held.words)}</td><td class="number">{percent(held.share)}</td></tr>'
            for held in found.claims_of(number)
        )
        for number in range(1, found.segmentation.k + 1)
    )
    return (
        f"<details><summary>{say('What is said of each segment, and how often it is said again')}</summary>"
        f'<table class="rules">{parts}</table></details>'
    )


def _head(number: int, outcome: RunResult) -> str:
    colour, name = SEGMENT_COLOURS[outcome.slots[number - 1]], html.escape(outcome.words.names[number - 1])
    return f'<td><span class="dot" style="background:{colour}"></span></td><th scope="row">{number} {name}</th>'
