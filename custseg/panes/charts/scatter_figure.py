"""The scatter as plain functions: columns in, a Bokeh figure out. Nothing here knows of the model's state.

hvPlot makes the figure, once a process; the sources of each copy are updated in place, which takes a few milliseconds
where a new plot takes a hundred. All customers are one glyph on one source, coloured by their segment's number: BokehJS
prepares each glyph anew at every change of its source, so that one for each segment would take ten times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.core.properties import value
from bokeh.models import (
    CategoricalColorMapper,
    CustomJS,
    CustomJSHover,
    CustomJSTransform,
    HoverTool,
    Range1d,
    Scatter,
    Text,
)
from bokeh.models.renderers import GlyphRenderer

# Not hvplot.pandas: importing that loads its JavaScript into a notebook, from elsewhere.
from hvplot import hvPlotTabular

from custseg.language import mark, number_ways, say
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.style import (
    APART_COLOUR,
    PLOT_STYLE,
    SEGMENT_COLOURS,
    UNASSIGNED_COLOUR,
)
from custseg.panes.charts.axes import FeatureAxes
from custseg.panes.charts.axis_ticks import add_ticks, scale_of, set_scale
from custseg.panes.charts.drawn_once import drawn_once
from custseg.panes.charts.figures import render_figure
from custseg.panes.charts.overlays import CENTROIDS
from custseg.tables.customers import positions_of
from custseg.tables.expressions import SEGMENT
from custseg.wording import capitalised, plain_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.panes.charts.axes import Axes, Limits
    from custseg.session.run_result import RunResult
    from custseg.tables.customers import Sample
    from custseg.tables.table import CustomerTable

    Columns = dict[str, NDArray[Any] | list[Any]]

# What stands for a segment's number where a customer is in none.
UNASSIGNED, APART = "none", "apart"
_NUMBERS = [str(number) for number in range(1, len(SEGMENT_COLOURS) + 1)]
_LEFT_OUT = mark("none, since a value is missing")
# The layer of customers, by which the page's script finds it.
POINTS = "points"
# The column of customers that holds a feature, by its place.
_FEATURE = "f{}"


@dataclass(frozen=True, eq=False)
class Picture:
    """A Bokeh figure and the parts of it that are updated in place. Bokeh's own types miss much of what is set here."""

    figure: Any
    customers: Any
    centroids: Any
    colours: Any
    # What the hover calls the segments.
    called: Any


def customer_columns(drawn: Sample, places: NDArray[np.float64]) -> Columns:
    """Return the columns that don't depend on a result: position, identifier, and every feature as f0, f1, ..."""
    columns: Columns = {
        _FEATURE.format(position): column for position, column in enumerate(drawn.matrix(drawn.features).T)
    }
    columns |= {"customer": drawn.identifiers, "x": places[:, 0], "y": places[:, 1]}
    return columns | segment_columns(None, drawn)


def segment_columns(outcome: RunResult | None, drawn: Sample) -> Columns:
    """Return the column that a result sets: the segment's number."""
    if outcome is None:
        return {"number": np.full(len(drawn), UNASSIGNED, dtype=object)}
    k, codes = outcome.segmentation.k, drawn.labels[SEGMENT]
    # By code: those left out, the segments, and those set apart last.
    numbers = np.array([UNASSIGNED, *_NUMBERS[:k], APART], dtype=object)
    return {"number": numbers[positions_of(codes, k)]}


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


def _two_layers() -> Any:
    """Draw points and crosses, of which a layer of none would have no columns to draw from."""
    anywhere = hvPlotTabular(pd.DataFrame({"x": [1.0], "y": [1.0]}))
    points = anywhere.points(
        "x", "y", hover=False, responsive=True, min_height=320,
        grid=True, color=UNASSIGNED_COLOUR, size=42, alpha=0.7, toolbar="above",
    )  # fmt: skip
    crosses = anywhere.points("x", "y", hover=False, responsive=True, marker="plus", size=600, color="#fff")
    return render_figure(points * crosses)


def build_picture(table: CustomerTable, customers: Columns, centroids: Columns, height: int) -> Picture:
    """Draw the figure once; everything else is an update of its sources, ranges and titles."""
    features = [_FEATURE.format(position) for position in range(len(table.features))]
    figure = drawn_once("scatter", _two_layers)
    points, cross = figure.renderers
    points.data_source.update(data=dict(customers), name="customers")
    cross.data_source.data = dict(centroids)
    factors, palette = [UNASSIGNED, APART, *_NUMBERS], [UNASSIGNED_COLOUR, APART_COLOUR, *SEGMENT_COLOURS]
    colours = CategoricalColorMapper(factors=factors, palette=palette)
    _draw_points(points, colours, len(customers["x"]))
    _draw_centroids_last(figure, cross)
    called = CustomJSHover(code=_CALLED, args={"numbers": [], "names": []})
    _finish(figure, table, features, points, called)
    figure.update(sizing_mode="stretch_width", height=height, min_height=None)
    return Picture(figure, points.data_source, cross.data_source, colours, called)


# Where a segment is pointed at, its customers stand out. The page's root says which: that is known to every script, and
# is no property, which would be sent to the server.
_ALPHA = """
const lit = document.documentElement.dataset.litSegment;
return Array.from(xs, (number) => !lit ? alpha : number === lit ? 0.95 : 0.15 * alpha);
"""
_ON_HOVER = """
const {data_source, glyph} = cb_data.renderer, root = document.documentElement;
const number = data_source.get_column("number")[cb_data.index.indices.at(-1)];
const lit = Number(number) > 0 ? number : "";
if ((root.dataset.litSegment ?? "") === lit) return;
// A page with a script of its own (page.js) lights the segment everywhere.
document.dispatchEvent(new CustomEvent("custseg-lit", {detail: lit}));
if ((root.dataset.litSegment ?? "") === lit) return;
root.dataset.litSegment = lit;
glyph.change.emit();
"""
# A customer that is not selected where others are.
_FADED: dict[str, Any] = {"fill_alpha": 0.12, "line_alpha": 0}
# So many customers are drawn large, and each as if no other were near; the more there are, the smaller and the more
# transparent, so that where they lie densely still shows.
_FEW = 500
# Letters in a line below the picture, and how high one beside it is in pixels.
_LONGEST, _LETTER = 42, 6.6
_LINES_OF_A_TITLE = 2


def _draw_points(points: Any, colours: Any, customers: int) -> None:
    crowd = max(1.0, customers / _FEW)
    alpha = CustomJSTransform(args={"alpha": max(0.3, 0.8 * crowd**-0.25)}, v_func=_ALPHA)
    shown: Any = {"field": "number", "transform": alpha}
    look: dict[str, Any] = {
        "size": max(3.5, 7 * crowd**-0.17),
        "fill_color": {"field": "number", "transform": colours},
        "line_color": "#ffffff",
        "line_width": 0.5 if customers <= _FEW else 0,
    }
    points.name = POINTS
    points.glyph = Scatter(x="x", y="y", **look, fill_alpha=shown, line_alpha=shown)
    points.selection_glyph = points.muted_glyph = points.glyph
    points.nonselection_glyph = Scatter(x="x", y="y", **look | _FADED)


# Where the customers are drawn otherwise, how near one must come to a point that is not seen.
_NEAR = 13


def hide_points(picture: Picture) -> None:
    """Let the points be there to be pointed at, and not be seen."""
    (points,) = (layer for layer in picture.figure.renderers if layer.data_source is picture.customers)
    points.glyph = Scatter(x="x", y="y", size=_NEAR, fill_color=None, line_color=None)
    points.selection_glyph = points.nonselection_glyph = points.muted_glyph = points.glyph


_NUMBER: dict[str, Any] = {
    "x_offset": 26,
    "y_offset": 0,
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
    """Draw hollow diamonds, which hide nobody, dark under white under the segment's colour, to show on any ground."""
    layers: list[Any] = [
        Scatter(x="x", y="y", marker="diamond", size=30, fill_color=None, line_color=line, line_width=width)
        for line, width in (("#10151c", 6), ("#ffffff", 4.5), ("colour", 2.5))
    ]
    layers.append(Text(x="x", y="y", text="number", **_NUMBER))
    figure.renderers.remove(cross)
    figure.renderers.extend(
        GlyphRenderer(data_source=cross.data_source, glyph=layer, name=CENTROIDS) for layer in layers
    )


# Years have no separator, and shares are percentages.
_WRITTEN = """
if (!Number.isFinite(value)) { return noValue; }
const shown = quantity === "share" ? 100 * value : value;
const text = shown.toLocaleString(language, {maximumFractionDigits: 2, useGrouping: quantity !== "year"});
return quantity === "share" ? `${text}${percent}` : text;
"""


# By number, since a name would be sent for each customer.
_CALLED = 'return names[numbers.indexOf(value)] ?? "";'


def _finish(figure: Any, table: CustomerTable, features: list[str], points: Any, called: CustomJSHover) -> None:
    tooltips = [(say("Customer"), "@customer"), (say("Segment"), "@number{custom}")]
    named = list(zip(features, map(table.column, table.features), strict=True))
    tooltips += [
        (plain_label(capitalised(column.label or column.name)), f"@{field}{{custom}}") for field, column in named
    ]
    # One for each way to write numbers, not for each feature.
    quantities = {column.quantity for _, column in named}
    written = {
        kind: CustomJSHover(code=_WRITTEN, args={"quantity": kind, "noValue": say("no value"), **number_ways()})
        for kind in quantities
    }
    formatters: Any = {f"@{field}": written[column.quantity] for field, column in named} | {"@number": called}
    hover = HoverTool(renderers=[points], tooltips=tooltips, formatters=formatters, limit=2)
    hover.callback = CustomJS(code=_ON_HOVER)
    figure.add_tools(hover)
    figure.x_range, figure.y_range = Range1d(start=0, end=1), Range1d(start=0, end=1)
    figure.stylesheets = [PLOT_STYLE]
    figure.toolbar.logo = None
    # For this few points WebGL only costs: BokehJS copies its picture back into the canvas at every paint, which
    # takes a quarter of a second where a machine has no GPU.
    figure.output_backend = "canvas"
    figure.axis.axis_label_text_font_style = "normal"
    figure.axis.axis_label_text_font_size = "13px"
    figure.axis.major_label_text_font_size = "12px"
    for axis, grid, ticks in ((figure.xaxis[0], figure.xgrid[0], 6), (figure.yaxis[0], figure.ygrid[0], 7)):
        add_ticks(axis, ticks)
        grid.ticker = axis.ticker


def set_axes(picture: Picture, axes: Axes, limits: Limits) -> None:
    """Name the axes, and set their scales and what they span; reset goes back to that."""
    figure = picture.figure
    for axis, span, title, (low, high), knee, quantity in zip(
        (figure.xaxis[0], figure.yaxis[0]), (figure.x_range, figure.y_range),
        _titles_in_lines(figure, axes), limits, axes.knees, axes.quantities, strict=True,
    ):  # fmt: skip
        _set(axis, axis_label=title)
        set_scale(axis, knee, quantity)
        span.update(start=low, end=high, reset_start=low, reset_end=high)
    across, up = axes.titles
    name = say("Picture: customers by {across} and {up}. A table of it follows.", across=across, up=up)
    _set(figure, html_attributes={"role": "group", "aria-label": name})


# It is sent with each run, and a picture of more features takes longer for other reasons.
_MOST_AHEAD = 50


def tell_ahead(picture: Picture, table: CustomerTable, logged: tuple[str, ...], outcome: RunResult | None) -> None:
    """Tell the page's script how each feature would look on either axis, in their order.

    So it draws another axis before the server has heard of it (``dashboard/axes.js``).
    """
    names = table.features if len(table.features) <= _MOST_AHEAD else ()
    # On one axis a feature looks the same whichever is on the other.
    told = [_ahead(picture, FeatureAxes(table, (name, name), logged), outcome) for name in names]
    _set(picture.figure, tags=told)


def _ahead(picture: Picture, axes: FeatureAxes, outcome: RunResult | None) -> dict[str, Any]:
    ticks, written = scale_of(axes.knees[0], axes.quantities[0])
    return {
        "field": _FEATURE.format(axes.table.features.index(axes.shown[0])),
        "titles": _titles_in_lines(picture.figure, axes),
        "ticks": ticks,
        "written": written,
        "limits": list(axes.ends[0]),
        "centroids": [] if outcome is None else axes.centroids(outcome)[:, 0].tolist(),
    }


def _titles_in_lines(figure: Any, axes: Axes) -> list[str]:
    """Return the title of each axis in lines that it has room for."""
    room = _LONGEST, min(_LONGEST, int(figure.height / _LETTER))
    return [_in_lines(title, letters) for title, letters in zip(axes.titles, room, strict=True)]


def _in_lines(title: str, letters: int) -> str:
    """Return a title in lines that an axis has room for."""
    name, bracket, unit = title.rpartition(" (")
    parts = [name, f"({unit}"] if bracket and len(title) > letters else [title]
    # More than two lines would take too much of the picture.
    most = _LINES_OF_A_TITLE // len(parts)
    return "\n".join(line for part in parts for line in wrap(part, letters, max_lines=most, placeholder="…"))


def set_colours(picture: Picture, outcome: RunResult | None) -> None:
    """Colour the segments of a result by their slots."""
    colours = [SEGMENT_COLOURS[slot] for slot in outcome.slots] if outcome else []
    _set(picture.colours, palette=[UNASSIGNED_COLOUR, APART_COLOUR, *colours, *SEGMENT_COLOURS[len(colours) :]])


def set_names(picture: Picture, outcome: RunResult | None) -> None:
    """Have the hover call segments by number and name, as a result does."""
    names = {} if outcome is None else {UNASSIGNED: say(_LEFT_OUT), APART: say(EXCEPTIONAL)}
    if outcome is not None:
        every = range(1, outcome.segmentation.k + 1)
        names |= {_NUMBERS[number - 1]: segment_label(outcome, number) for number in every}
    _set(picture.called, args={"numbers": list(names), "names": list(names.values())})


def set_columns(source: Any, columns: Columns) -> None:
    """Set those columns of a source that differ, at once: BokehJS prepares all points anew at each change."""
    held = source.data
    different = {name: new for name, new in columns.items() if not np.array_equal(held[name], new)}
    if different:
        held.update(different)


def _set(model: Any, **properties: object) -> None:
    """Set what differs; even an equal value would else be sent to the browser."""
    changed = {name: new for name, new in properties.items() if getattr(model, name) != new}
    if changed:
        model.update(**changed)
