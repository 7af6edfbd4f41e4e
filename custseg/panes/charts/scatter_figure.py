"""The scatter as plain functions: columns in, a Bokeh figure out. Nothing here knows of the model's state.

hvPlot makes the figure; its sources are then updated in place, which takes a few milliseconds where a new plot takes a
hundred. All customers are one glyph on one source, coloured by their segment's number: BokehJS prepares each glyph anew
at every change of its source, so that one for each segment would take ten times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.core.properties import value
from bokeh.models import (
    CategoricalColorMapper,
    CDSView,
    ColumnDataSource,
    CustomJS,
    CustomJSFilter,
    CustomJSHover,
    HoverTool,
    NumeralTickFormatter,
    Range1d,
    Scatter,
    Text,
)
from bokeh.models.annotations import Legend, LegendItem
from bokeh.models.renderers import GlyphRenderer

# Not hvplot.pandas: importing that loads its JavaScript into a notebook, from elsewhere.
from hvplot import hvPlotTabular

from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.style import (
    APART_COLOUR,
    LEGEND_STYLE,
    PLOT_STYLE,
    SEGMENT_COLOURS,
    UNASSIGNED_COLOUR,
)
from custseg.panes.charts.figures import render_figure
from custseg.panes.charts.overlays import CENTROIDS
from custseg.tables.customers import positions_of
from custseg.tables.expressions import SEGMENT
from custseg.wording import capitalised, plain_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.panes.charts.axes import Axes, Limits
    from custseg.session.run_result import RunResult
    from custseg.tables.column_roles import Quantity
    from custseg.tables.customers import Sample
    from custseg.tables.table import CustomerTable

    Columns = dict[str, NDArray[Any] | list[Any]]

MOST_POINTS = 20_000
# What stands for a segment's number where a customer is in none.
UNASSIGNED, APART = "none", "apart"
_NUMBERS = [str(number) for number in range(1, len(SEGMENT_COLOURS) + 1)]
_LEFT_OUT = "none, since a value is missing"
_LARGE = 10_000


@dataclass(frozen=True, eq=False)
class Picture:
    """A Bokeh figure and the parts of it that are updated in place. Bokeh's own types miss much of what is set here."""

    figure: Any
    customers: Any
    centroids: Any
    colours: Any
    entries: tuple[Any, ...]
    shown: Any


def customer_columns(drawn: Sample, places: NDArray[np.float64]) -> Columns:
    """Return the columns that don't depend on a result: position, identifier, and every feature as f0, f1, ..."""
    columns: Columns = {f"f{position}": column for position, column in enumerate(drawn.matrix(drawn.features).T)}
    columns |= {"customer": drawn.identifiers, "x": places[:, 0], "y": places[:, 1]}
    return columns | segment_columns(None, drawn)


def segment_columns(outcome: RunResult | None, drawn: Sample) -> Columns:
    """Return the columns that a result sets: the segment's number, and its number and name for people."""
    if outcome is None:
        unassigned = np.full(len(drawn), UNASSIGNED, dtype=object)
        return {"number": unassigned, "segment": np.full(len(drawn), "", dtype=object)}
    k, codes = outcome.segmentation.k, drawn.labels[SEGMENT]
    # By code: those left out, the segments, and those set apart last.
    numbers = np.array([UNASSIGNED, *_NUMBERS[:k], APART], dtype=object)
    labels = (segment_label(outcome, number) for number in range(1, k + 1))
    names = np.array([_LEFT_OUT, *labels, EXCEPTIONAL], dtype=object)
    positions = positions_of(codes, k)
    return {"number": numbers[positions], "segment": names[positions]}


def segment_label(outcome: RunResult, number: int) -> str:
    """Return the number and name of a segment, as plain text."""
    return plain_label(f"{number} {outcome.words.names[number - 1]}")


def centroid_columns(outcome: RunResult | None, axes: Axes) -> Columns:
    """Return where the centroids lie in the picture; empty before the first run."""
    if outcome is None:
        return {"x": [], "y": [], "number": [], "colour": []}
    # Lists, since Bokeh sends an array as a message of its own.
    x, y = axes.centroids(outcome).T.tolist()
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots]
    return {"x": x, "y": y, "number": _NUMBERS[: outcome.segmentation.k], "colour": colours}


def build_picture(table: CustomerTable, customers: Columns, centroids: Columns, *, log: bool) -> Picture:
    """Draw the figure once; everything else is an update of its sources, ranges and titles."""
    features = [f"f{position}" for position in range(len(table.features))]
    points = hvPlotTabular(pd.DataFrame(customers)).points(
        "x", "y", hover_cols=["customer", "segment", "number", *features], hover=False, responsive=True, min_height=320,
        logx=log, logy=log, grid=True, color=UNASSIGNED_COLOUR, size=42, alpha=0.7, toolbar="above",
    )  # fmt: skip
    # A layer of no points would have no columns to draw from, so the first centroid is a placeholder until a run.
    first = pd.DataFrame({"x": [1.0], "y": [1.0], "number": [""], "colour": [""]})
    crosses = hvPlotTabular(first).points(
        "x", "y", hover_cols=["number", "colour"], hover=False, responsive=True, marker="plus", size=600, color="#fff"
    )
    figure = render_figure(points * crosses)
    points, cross = figure.renderers
    points.data_source.update(data=dict(customers), name="customers")
    cross.data_source.data = dict(centroids)
    factors, palette = [UNASSIGNED, APART, *_NUMBERS], [UNASSIGNED_COLOUR, APART_COLOUR, *SEGMENT_COLOURS]
    colours = CategoricalColorMapper(factors=factors, palette=palette)
    points.glyph = Scatter(x="x", y="y", fill_color={"field": "number", "transform": colours}, **_POINT)
    points.selection_glyph = points.muted_glyph = points.glyph
    points.nonselection_glyph = Scatter(
        x="x", y="y", fill_color={"field": "number", "transform": colours}, **_POINT | _FADED
    )
    entries, shown = _add_legend(figure, points)
    _draw_centroids_last(figure, cross)
    _finish(figure, table, features, points)
    return Picture(figure, points.data_source, cross.data_source, colours, entries, shown)


_POINT: dict[str, Any] = {
    "size": 6.5,
    "fill_alpha": 0.75,
    "line_color": "#ffffff",
    "line_alpha": 0.5,
    "line_width": 0.5,
}
# A customer that is not selected where others are.
_FADED: dict[str, Any] = {"fill_alpha": 0.12, "line_alpha": 0}
_LEGEND: dict[str, Any] = {
    "background_fill_alpha": 0,
    "border_line_alpha": 0,
    "inactive_fill_alpha": 0.6,
    "orientation": "horizontal",
    "margin": 0,
    "padding": 4,
    "glyph_width": 16,
    "glyph_height": 16,
    "label_text_font_size": "13px",
}
# Customers are shown unless the key of their segment is hidden.
_SHOWN = """
const key = (number) => number === "apart" ? keys.at(-1) : keys[number - 1];
return Array.from(source.get_column("number"), (number) => key(number)?.visible ?? true);
"""
# The event comes before the key itself is hidden or shown, so look at that a moment later.
_ON_CLICK = "setTimeout(() => shown.change.emit())"


def _add_legend(figure: Any, points: Any) -> tuple[tuple[Any, ...], Any]:
    """Add a legend that hides a segment; return its entries, and the filter that hides.

    There is an entry for each number, and one for those set apart. None of them is listed yet.

    BokehJS writes the whole legend anew at every change of anything that an entry leads to. So each entry has a key of
    its own, which changes seldom, and not the points, which change with every run; a filter on the points looks at it.
    """
    keys = [_unseen_key(figure, colour) for colour in (*SEGMENT_COLOURS, APART_COLOUR)]
    entries = tuple(LegendItem(label=value(None), renderers=[key]) for key in keys)
    shown = CustomJSFilter(args={"keys": keys}, code=_SHOWN)
    points.view = CDSView(filter=shown)
    legend = Legend(items=list(entries), click_policy="hide", stylesheets=[LEGEND_STYLE], **_LEGEND)
    legend.js_on_event("legend_item_click", CustomJS(args={"shown": shown}, code=_ON_CLICK))
    figure.add_layout(legend, "above")
    return entries, shown


def _unseen_key(figure: Any, colour: str) -> Any:
    """Draw one point at no place: without any, the legend would have nothing to draw."""
    source = ColumnDataSource({"x": [np.nan], "y": [np.nan]})
    key = GlyphRenderer(data_source=source, glyph=Scatter(x="x", y="y", fill_color=colour, **_POINT))
    figure.renderers.append(key)
    return key


_NUMBER: dict[str, Any] = {
    "x_offset": 20,
    "y_offset": -12,
    "anchor": "center",
    "padding": (2, 5),
    "border_radius": 4,
    "background_fill_color": "#ffffff",
    "border_line_color": "#10151c",
    "text_color": "#10151c",
    "text_font": value("sans-serif"),
    "text_font_size": "13px",
    "text_font_style": "bold",
}


def _draw_centroids_last(figure: Any, cross: Any) -> None:
    """Draw a large cross, dark under white under the segment's colour, so that it shows on any ground."""
    layers: list[Any] = [
        Scatter(x="x", y="y", marker="plus", size=size, fill_color=fill, line_color=line, line_width=width)
        for size, fill, line, width in (
            (30, "#10151c", "#10151c", 5),
            (28, "#ffffff", "#ffffff", 2),
            (24, "colour", None, 0),
        )
    ]
    layers.append(Text(x="x", y="y", text="number", **_NUMBER))
    figure.renderers.remove(cross)
    figure.renderers.extend(
        GlyphRenderer(data_source=cross.data_source, glyph=layer, name=CENTROIDS) for layer in layers
    )


# Years have no separator, and shares are percentages.
_WRITTEN = """
if (!Number.isFinite(value)) { return "no value"; }
const shown = quantity === "share" ? 100 * value : value;
const text = shown.toLocaleString("en-US", {maximumFractionDigits: 2, useGrouping: quantity !== "year"});
return quantity === "share" ? `${text}%` : text;
"""


def _finish(figure: Any, table: CustomerTable, features: list[str], points: Any) -> None:
    tooltips = [("Customer", "@customer"), ("Segment", "@segment")]
    named = list(zip(features, map(table.column, table.features), strict=True))
    tooltips += [
        (plain_label(capitalised(column.label or column.name)), f"@{field}{{custom}}") for field, column in named
    ]
    # One for each way to write numbers, not for each feature.
    quantities = {column.quantity for _, column in named}
    written = {kind: CustomJSHover(code=_WRITTEN, args={"quantity": kind}) for kind in quantities}
    formatters: Any = {f"@{field}": written[column.quantity] for field, column in named}
    figure.add_tools(HoverTool(renderers=[points], tooltips=tooltips, formatters=formatters, limit=2))
    figure.x_range, figure.y_range = Range1d(start=0, end=1), Range1d(start=0, end=1)
    figure.stylesheets = [PLOT_STYLE]
    figure.toolbar.logo = None
    # For this few points WebGL only costs: BokehJS copies its picture back into the canvas at every paint, which
    # takes a quarter of a second where a machine has no GPU.
    figure.output_backend = "canvas"
    figure.axis.axis_label_text_font_style = "normal"
    figure.axis.axis_label_text_font_size = "13px"
    figure.axis.major_label_text_font_size = "12px"
    for axis in figure.axis:
        # One for each: they are set to what each axis spans.
        axis.formatter = NumeralTickFormatter()
    figure.xaxis.ticker.desired_num_ticks = 5


def set_axes(
    picture: Picture, titles: tuple[str, str], limits: Limits, quantities: tuple[Quantity, Quantity] = ("", "")
) -> None:
    """Name the axes and set what they span; reset goes back to that."""
    figure = picture.figure
    for axis, span, title, (low, high), quantity in zip(
        (figure.xaxis[0], figure.yaxis[0]), (figure.x_range, figure.y_range), titles, limits, quantities, strict=True
    ):
        axis.axis_label = title
        axis.formatter.format = _tick_format(high, high - low, quantity)
        span.update(start=low, end=high, reset_start=low, reset_end=high)


def _tick_format(high: float, span: float, quantity: Quantity) -> str:
    """Return how to write the numbers on an axis: 20k where they are large, more digits where they are close."""
    if quantity == "year":
        return "0"
    if quantity == "share":
        return "0.[00]%"
    if high >= _LARGE:
        return "0.[000]a"
    decimals = min(12, max(2, 3 - int(np.floor(np.log10(span)))))
    return f"0,0.[{'0' * decimals}]"


def show_segments(picture: Picture, outcome: RunResult | None) -> None:
    """Colour and list the segments of a result. A segment that was hidden shows again: it may be another now.

    The legend keeps its ten entries, of which those without a label are not listed: Bokeh's server walks the whole
    document when a list of models is replaced, which takes longer than all else that a run changes. They say numbers,
    not the names that change with each run, for the same reason: BokehJS writes the whole legend anew, and lays out the
    plot, when a label changes. A name that a person gave stays, so it is said.
    """
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots] if outcome else []
    _set(picture.colours, palette=[UNASSIGNED_COLOUR, APART_COLOUR, *colours, *SEGMENT_COLOURS[len(colours) :]])
    for position, entry in enumerate(picture.entries[:-1]):
        if position < len(colours):
            (key,) = entry.renderers
            _set(key, visible=True)
            _set(key.glyph, fill_color=colours[position])
        _set(entry, label=value(_legend_label(outcome, position + 1) if position < len(colours) else None))
    apart = outcome is not None and outcome.profile.exceptional is not None
    if apart:
        _set(picture.entries[-1].renderers[0], visible=True)
    _set(picture.entries[-1], label=value(EXCEPTIONAL if apart else None))


def _legend_label(outcome: RunResult | None, number: int) -> str:
    annotations = outcome.annotations.get(outcome.slots[number - 1]) if outcome else None
    return plain_label(f"{number} {annotations.name}") if annotations and annotations.name else f"Segment {number}"


def hide_as_in(before: Picture, after: Picture) -> None:
    """Hide the segments that are hidden in another picture of the same result."""
    for old, new in zip(before.entries, after.entries, strict=True):
        _set(new.renderers[0], visible=old.renderers[0].visible)


def _set(model: Any, **properties: object) -> None:
    """Set what differs; even an equal value would else be sent to the browser."""
    changed = {name: new for name, new in properties.items() if getattr(model, name) != new}
    if changed:
        model.update(**changed)
