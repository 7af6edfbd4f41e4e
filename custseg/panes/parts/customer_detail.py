"""One customer: why it is in its segment, what would move it, and sliders to try that."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from custseg.insight.explanation import explain, place, what_would_move
from custseg.panes.base.part import Part
from custseg.panes.base.style import (
    BUTTON_STYLE,
    CERTAINTY_STYLE,
    CONTROL_STYLE,
    SEGMENT_COLOURS,
    TEXT_STYLE,
)
from custseg.panes.tables.cells import number_format
from custseg.tables.written_values import written
from custseg.wording import capitalised, percent, plain_label

if TYPE_CHECKING:
    import param

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.explanation import Placement
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# How many steps a slider has, about: few enough to walk through with the keys.
_STEPS = 200


class CustomerDetail(Part):
    """The customer that the model focuses on. Nothing is made before there is one."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._made = self._setting = False
        self._compared: Segmentation | None = None
        self._sliders: dict[str, Any] = {}
        self.watch(self._follow, "focused_customer", "run", "names", "table")
        self._follow()

    def _make(self) -> None:
        self._made = True
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide)
        self._what_if = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide | {"margin": (8, 0, 0, 0)})
        self._panel = pn.FlexBox(gap="4px 24px", sizing_mode="stretch_width", margin=0)
        self._reset = pn.widgets.Button(label="Back to its own numbers", stylesheets=[BUTTON_STYLE], margin=(8, 0))
        self._reset.on_click(lambda _: self._put_back())
        title = pn.pane.HTML(
            "<h3>What would move this customer?</h3>", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide
        )
        self._trying = pn.Column(title, self._panel, self._what_if, self._reset, visible=False, **wide)
        self._layout.objects = [self._text, self._trying]

    def _follow(self, *_: frozenset[str]) -> None:
        customer, outcome = self.model.focused_customer, self.model.outcome
        if customer is None and not self._made:
            return
        if not self._made:
            self._make()
        self._layout.visible = customer is not None
        if customer is None:
            return
        self._trying.visible = outcome is not None
        if outcome is None:
            name = html.escape(customer)
            self._text.object = f"<p>Run the clustering to see why customer {name} is in its segment.</p>"
            return
        result = outcome.segmentation
        self._placed = explain(result, customer)
        self._text.object = placement_html(self._placed, outcome)
        # Of other roles of the columns too: tables are not compared, which would look at every cell.
        if (
            self._compared is None
            or self._compared.table is not result.table
            or self._compared.features != result.features
        ):
            self._compared = result
            self._sliders = {name: self._slider(result, name) for name in result.features}
            self._panel.objects = list(self._sliders.values())
        self._put_back()

    def _slider(self, result: Segmentation, feature: str) -> Any:
        low, high, step = span_of(result, feature)
        slider = pn.widgets.FloatSlider(
            label=plain_label(capitalised(result.schema.label(feature))),
            start=low,
            end=high,
            value=low,
            step=step,
            format=number_format(result.table, feature),
            width=240,
            stylesheets=[CONTROL_STYLE],
            margin=(4, 0),
        )
        slider.param.watch(self._try, ["value"])
        return slider

    def _put_back(self) -> None:
        """Put all sliders to the customer's own numbers; where it has none, to what stands in."""
        outcome = self.model.outcome
        if outcome is None:
            return
        result = outcome.segmentation
        own = result.preparation.filled(self._placed.values[None, : len(result.features)])[0]
        self._setting = True
        try:
            for slider, value in zip(self._sliders.values(), own.tolist(), strict=True):
                slider.value = value
        finally:
            self._setting = False
        self._try()

    def _try(self, *_: param.parameterized.Event) -> None:
        outcome = self.model.outcome
        if outcome is None or self._setting:
            return
        values = [slider.value for slider in self._sliders.values()]
        # Its levels of the categories stay its own.
        segment, distances = place(outcome.segmentation, [*values, *self._placed.values[len(values) :]])
        self._what_if.object = what_if_html(segment, distances, self._placed, outcome)


def span_of(result: Segmentation, feature: str) -> tuple[float, float, float]:
    """Return what a feature spans in the table, and a round step in which to walk through it."""
    reading = result.table.reading(feature)
    low, high = reading.least, reading.largest
    rough = (high - low) / _STEPS
    power = 10 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return low, max(high, low + step), float(step)


def placement_html(placed: Placement, outcome: RunResult) -> str:
    """Return the sentence on a customer, and a table of its features with what value of each would move it."""
    result = outcome.segmentation
    own, other = placed.segment, placed.next_segment
    centres = [number for number in (own, other) if number]
    heads = ["Feature", "This customer", *(f"Centre of segment {number}" for number in centres)]
    heads += ["Would move at"] if own else []
    lines = []
    for position, name in enumerate(result.features):
        value, column = placed.values[position], result.schema.column(name)
        cells = [written(column, value, unit=True)]
        cells += [written(column, result.centroids[number - 1, position]) for number in centres]
        cells += [_moving(result, placed, name, float(value))] if own else []
        label = capitalised(column.label or name)
        numbers = "".join(f'<td class="number">{html.escape(cell)}</td>' for cell in cells)
        lines.append(f'<tr><th scope="row">{html.escape(label)}</th>{numbers}</tr>')
    head = "".join(
        f'<th scope="col"{" class=number" if position else ""}>{title}</th>' for position, title in enumerate(heads)
    )
    return (
        f'<h3>Customer {html.escape(placed.customer)}</h3><p role="status">{html.escape(placed.sentence)}</p>'
        f'<div class="wide"><table class="features"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody>'
        "</table></div>"
    )


def _moving(result: Segmentation, placed: Placement, feature: str, own: float) -> str:
    """Say at which value of a feature, all else the same, a customer would be in another segment."""
    move = what_would_move(result, placed, feature)
    low, high, _ = span_of(result, feature)
    if move is None or not low <= move.value <= high:
        return "a value that does not occur"
    limit = "less" if move.value < own else "more"
    return f"{written(result.schema.column(feature), move.value)} or {limit}: segment {move.segment}"


def what_if_html(segment: int, distances: np.ndarray, placed: Placement, outcome: RunResult) -> str:
    """Say in which segment a customer with these numbers would be, and how much nearer to it than to the next."""
    if not segment:
        return (
            '<p role="status">With these numbers it would be in no segment: it would be set apart as exceptional.</p>'
        )
    order = np.argsort(distances, kind="stable") + 1
    other = int(next(number for number in order if number != segment))
    margin = 1 - distances[segment - 1] / distances[other - 1] if distances[other - 1] > 0 else 0.0
    verb = "stays" if segment == placed.segment else "would be"
    nearer = f"{percent(margin)} nearer" if margin > 0 else "hardly nearer"
    surely = f"{nearer} than to segment {other}"
    if outcome.segmentation.mixture is not None:
        surely = f"with a probability of {percent(1 / distances[segment - 1])}"
    colour, name = SEGMENT_COLOURS[outcome.slots[segment - 1]], html.escape(outcome.words.names[segment - 1])
    return (
        f'<p role="status"><span class="dot" style="background:{colour}"></span> With these numbers it {verb} in '
        f"<b>segment {segment}</b> ({name}), {surely}.</p>"
    )
