"""One customer: why it is in its segment, what would move it, and sliders to try that."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from custseg.insight.explanation import explain, place, what_would_move
from custseg.language import mark, say
from custseg.panes.base.numbers import axis_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import (
    BUTTON_STYLE,
    CONTROL_STYLE,
    CUSTOMER_STYLE,
    SEGMENT_COLOURS,
    TEXT_STYLE,
)
from custseg.panes.tables.cells import number_format
from custseg.tables.written_values import unit_in_words, with_unit, written
from custseg.wording import capitalised, percent, plain_label

if TYPE_CHECKING:
    import param

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.explanation import Placement
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# How many steps a slider has, about: few enough to walk through with the keys.
_STEPS = 200
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
_NOBODY = mark(
    '<p class="note">Choose a customer in the list, or search for one, to see why it is in its '
    "segment and what would move it to another.</p>"
)


class CustomerDetail(Part):
    """The customer that the model focuses on. Sliders are made for the first one."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CUSTOMER_STYLE], **_WIDE)
        self._layout = pn.Column(self._text, **_WIDE)
        self._setting = False
        self._compared: Segmentation | None = None
        self._sliders: dict[str, Any] = {}
        self._trying: pn.Column | None = None
        self.watch(self._follow, "focused_customer", "run", "names", "table")
        self._follow()

    def _make_trying(self) -> pn.Column:
        """Return what a person tries other numbers with: sliders, what would be then, and a way back."""
        title = pn.pane.HTML(
            f'<h3 class="then">{say("Try other numbers")}</h3>', stylesheets=[TEXT_STYLE, CUSTOMER_STYLE], **_WIDE
        )
        self._what_if = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CUSTOMER_STYLE], **_WIDE | {"margin": (8, 0, 0, 0)})
        self._panel = pn.FlexBox(gap="4px 24px", sizing_mode="stretch_width", margin=0)
        reset = pn.widgets.Button(label=say("Back to its own numbers"), stylesheets=[BUTTON_STYLE], margin=(8, 0, 0, 0))
        reset.on_click(lambda _: self._put_back())
        return pn.Column(title, self._panel, self._what_if, reset, **_WIDE)

    def _follow(self, *_: frozenset[str]) -> None:
        customer, outcome = self.model.focused_customer, self.model.outcome
        with self.model.batch_updates():
            if customer is not None and outcome is not None:
                self._show(customer, outcome)
                return
            if customer is None:
                self._text.object = say(_NOBODY)
            else:
                name = html.escape(customer)
                self._text.object = (
                    f"<p>{say('Run the clustering to see why customer {name} is in its segment.', name=name)}</p>"
                )
            if self._trying is not None:
                self._trying.visible = False

    def _show(self, customer: str, outcome: RunResult) -> None:
        result = outcome.segmentation
        self._placed = explain(result, customer)
        self._text.object = placement_html(self._placed, outcome)
        if self._trying is None:
            self._trying = self._make_trying()
            self._layout.append(self._trying)
        self._trying.visible = True
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
            format=axis_numbers(number_format(result.table, feature)),
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


_MOVES_AT = mark("Moves at: the value at which it would be in another segment, all else the same.")


def placement_html(placed: Placement, outcome: RunResult) -> str:
    """Return the sentence on a customer, and a table of its features with what value of each would move it."""
    result = outcome.segmentation
    own, other = placed.segment, placed.next_segment
    centres = [number for number in (own, other) if number]
    heads = [say("Feature"), say("Customer"), *([say("Moves at")] if own else [])]
    heads += [say("Centre of segment {number}", number=number) for number in centres]
    units = {name: unit_in_words(result.schema.column(name)) for name in result.features}
    shared = next(iter(units.values())) if len(set(units.values())) == 1 else ""
    lines = []
    for position, name in enumerate(result.features):
        value, column = placed.values[position], result.schema.column(name)
        cells = [with_unit(written(column, value), column, sign_only=True)]
        cells += [_moving(result, placed, name, float(value))] if own else []
        cells += [written(column, result.centroids[number - 1, position]) for number in centres]
        label = capitalised(column.label or name) + (f" ({units[name]})" if units[name] and not shared else "")
        numbers = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row">{html.escape(label)}</th>{numbers}</tr>')
    head = "".join(f'<th scope="col">{title}</th>' for title in heads)
    notes = [say(_MOVES_AT)] if own else []
    notes += [say("In {unit}.", unit=html.escape(shared))] if shared else []
    return (
        f"<h3>Customer {html.escape(placed.customer)}</h3>{_segment_html(own, outcome)}"
        f'<p role="status">{html.escape(placed.sentence)}</p><h3 class="then">What would move this customer?</h3>'
        '<div class="wide" tabindex="0" role="region" aria-label="What would move this customer?"><table><thead><tr>'
        f"{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
        f'<p class="note">{" ".join(notes)}</p>'
    )


def _segment_html(number: int, outcome: RunResult) -> str:
    """Name the segment of a customer, as something to point at and press; empty for none."""
    if not number:
        return ""
    colour, name = SEGMENT_COLOURS[outcome.slots[number - 1]], html.escape(outcome.words.names[number - 1])
    return (
        f'<p class="of" data-segment="{number}"><span class="dot" style="background:{colour}"></span>'
        f"{number} {name}</p>"
    )


def _moving(result: Segmentation, placed: Placement, feature: str, own: float) -> str:
    """Say at which value of a feature, all else the same, a customer would be in another segment."""
    move = what_would_move(result, placed, feature)
    low, high, _ = span_of(result, feature)
    if move is None or not low <= move.value <= high:
        return say("no value in this table")
    value = written(result.schema.column(feature), move.value)
    if move.value < own:
        return say("{value} or less: segment {segment}", value=value, segment=move.segment)
    return say("{value} or more: segment {segment}", value=value, segment=move.segment)


def what_if_html(segment: int, distances: np.ndarray, placed: Placement, outcome: RunResult) -> str:
    """Say in which segment a customer with these numbers would be, and how much nearer to it than to the next."""
    if not segment:
        return (
            '<p role="status">'
            f"{say('With these numbers it would be in no segment: it would be set apart as exceptional.')}</p>"
        )
    order = np.argsort(distances, kind="stable") + 1
    other = int(next(number for number in order if number != segment))
    margin = 1 - distances[segment - 1] / distances[other - 1] if distances[other - 1] > 0 else 0.0
    nearer = say("{margin} nearer", margin=percent(margin)) if margin > 0 else say("hardly nearer")
    surely = say("{nearer} than to segment {other}", nearer=nearer, other=other)
    if outcome.segmentation.mixture is not None:
        surely = say("with a probability of {value}", value=percent(1 / distances[segment - 1]))
    colour, name = SEGMENT_COLOURS[outcome.slots[segment - 1]], html.escape(outcome.words.names[segment - 1])
    where = {"segment": segment, "name": name, "surely": surely}
    if segment == placed.segment:
        said = say("With these numbers it stays in <b>segment {segment}</b> ({name}), {surely}.", **where)
    else:
        said = say("With these numbers it would be in <b>segment {segment}</b> ({name}), {surely}.", **where)
    return f'<p role="status"><span class="dot" style="background:{colour}"></span> {said}</p>'
