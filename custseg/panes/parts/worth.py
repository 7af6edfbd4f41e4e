"""Is it worth acting on? Shown where the table says what became of customers: a choice, a button, and the answer."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.insight.outcome_values import later_columns
from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import (
    BUTTON_STYLE,
    CERTAINTY_STYLE,
    CONTROL_STYLE,
    SECTION_STYLE,
    TEXT_STYLE,
    WORTH_STYLE,
)
from custseg.panes.headings import HEADINGS
from custseg.wording import percent, plain_label

if TYPE_CHECKING:
    from custseg.insight.worth import Difference, Worth
    from custseg.session.model import SegmentationModel

_HINT = mark(
    "<p>Find out what contacting the best segments first would reach, on customers who were held out "
    "when the segments were found. The result on the page stays.</p>"
)
_WAYS = {
    "treating all alike": mark("Treating all alike"),
    "random segments": mark("Random segments of the same sizes"),
    "groups by spend": mark("As many groups by spend"),
}


class WorthPart(Part):
    """What acting by segment is worth, or a button to find out; nothing where the table holds no outcome."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": 0}
        heading = pn.pane.HTML(f"<h2>{HEADINGS['worth']}</h2>", stylesheets=[TEXT_STYLE, WORTH_STYLE], **wide)
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE, WORTH_STYLE], **wide)
        self._column = pn.widgets.Select(
            label=say("By what became of customers"), width=260, description=None, stylesheets=[CONTROL_STYLE],
            margin=0,
        )  # fmt: skip
        self._ask = pn.widgets.Button(label=say("Find out"), **button)
        self._stop = pn.widgets.Button(label=say("Stop"), **button)
        self._ask.on_click(self._find_out)
        self._stop.on_click(lambda _: self.model.worth_search.stop())
        asking = pn.FlexBox(
            self._column, self._ask, self._stop, gap="0 12px", align_items="flex-end", margin=(0, 0, 10, 0),
            sizing_mode="stretch_width",
        )  # fmt: skip
        asked = [] if self.static else [heading, asking]
        classes = [] if self.static else ["section"]
        self._layout = pn.Column(*asked, self._text, css_classes=classes, stylesheets=[SECTION_STYLE], **wide)
        self._follow()
        self.watch(self._follow, "worth", "fold_tried", "run", "table")

    def _follow(self, *_: frozenset[str]) -> None:
        model, found, outcome = self.model, self.model.worth, self.model.outcome
        step = model.worth_search.fold_tried
        columns = () if outcome is None else later_columns(outcome.segmentation, model.table)
        self._layout.visible = bool(columns)
        if not columns:
            return
        options = _options(model, columns)
        if self._column.options != options:
            self._column.options = options
        if self._column.value not in columns:
            self._column.value = columns[0]
        self._ask.visible, self._stop.visible = step is None, step is not None
        if step is not None:
            at = say(", {step} of {all}", step=step[0], all=step[1]) if step[1] else ""
            self._text.object = f'<p role="status">{say("Trying on customers who are held out{at} ...", at=at)}</p>'
        else:
            self._text.object = say(_HINT) if found is None else worth_html(found)

    def _find_out(self, _: param.parameterized.Event) -> None:
        self.model.weighed_by = self._column.value
        self.model.param.trigger("weigh")


def _options(model: SegmentationModel, columns: tuple[str, ...]) -> dict[str, str]:
    """Name the columns as people call them, and those that are called alike by their place too."""
    called = [plain_label(model.table.label(name)) for name in columns]
    places = range(1, len(columns) + 1)
    return {
        f"{label} ({place})" if called.count(label) > 1 else label: name
        for label, name, place in zip(called, columns, places, strict=True)
    }


def worth_html(found: Worth) -> str:
    """Write the answer, and below it what each way to choose customers reaches."""
    rows = (
        f"<tr><th scope='row'>{say('The best segments')}</th><td class='number'>"
        f"{percent(found.reached)}</td><td></td></tr>"
    )
    ways = [("treating all alike", found.share, found.over_all_alike),
            ("random segments", found.by_random, found.against_random)]  # fmt: skip
    if found.by_spend is not None and found.against_spend is not None:
        ways.append(("groups by spend", found.by_spend, found.against_spend))
    rows += "".join(_row(say(_WAYS[way]), reached, difference) for way, reached, difference in ways)
    return (
        (
            f"<p><strong>{html.escape(found.sentence)}</strong></p><div class='wide'><table class='features'>"
            f"<tr><th scope='col'>{say('Contacted first')}</th><th scope='col' class='number'>"
            f"{say('Reached')}</th><th scope='col'>{say('Segments reach more by')}</th></tr>{rows}</table></div>"
            '<p class="note">'
        )
        + say(
            "Of {customers:,} customers, each held out when the segments were found and put in order. "
            "Intervals hold with 95% confidence.",
            customers=found.customers,
        )
        + "</p>"
    )


def _row(way: str, reached: float, difference: Difference) -> str:
    return f'<tr><th scope="row">{way}</th><td class="number">{percent(reached)}</td><td>{difference.words}</td></tr>'
