"""The scatter as plain functions: columns in, a Bokeh figure out. Nothing here knows of the model's state.

hvPlot makes the figure; its sources are then updated in place, which takes a few milliseconds where a new plot takes a
hundred. All customers are in one source, and each colour is a view of it, so that the legend can hide a segment and a
selection would count rows of the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import holoviews as hv
import hvplot.pandas  # noqa: F401 - gives DataFrame its .hvplot
import numpy as np
import pandas as pd
from bokeh.core.properties import value
from bokeh.models import CDSView, GroupFilter, HoverTool, NumeralTickFormatter, Range1d
from bokeh.models.annotations import Legend, LegendItem

from custseg.panes.style import LEGEND_STYLE, PLOT_STYLE, SEGMENT_COLOURS, UNASSIGNED_COLOUR, plain_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.model import Outcome
    from custseg.table import CustomerTable

    Columns = dict[str, NDArray[Any]]

MOST_POINTS = 20_000
UNASSIGNED = "none"
_PADDING = 0.04


@dataclass(frozen=True, eq=False)
class Picture:
    """A Bokeh figure and the parts of it that are updated in place. Bokeh's own types miss much of what is set here."""

    figure: Any
    customers: Any
    centroids: Any
    legend: Any
    by_slot: tuple[Any, ...]


def shown_rows(customers: int) -> NDArray[np.intp]:
    """Rows to draw: all, or a fixed sample of MOST_POINTS where a browser would choke on all."""
    if customers <= MOST_POINTS:
        return np.arange(customers)
    return np.sort(np.random.default_rng(0).choice(customers, MOST_POINTS, replace=False))


def customer_columns(table: CustomerTable, rows: NDArray[np.intp], x: str, y: str) -> Columns:
    """Return the columns that don't depend on a result: position, identifier, and every feature as f0, f1, ..."""
    values = table.matrix(table.features)[rows]
    columns: Columns = {f"f{position}": column for position, column in enumerate(values.T)}
    columns |= {"customer": table.identifiers[rows]}
    columns |= {"x": values[:, table.features.index(x)], "y": values[:, table.features.index(y)]}
    return columns | segment_columns(None, rows)


def segment_columns(outcome: Outcome | None, rows: NDArray[np.intp]) -> Columns:
    """Return the columns that a result sets: the colour slot and the segment's number and name."""
    if outcome is None:
        return {"slot": np.full(len(rows), UNASSIGNED, dtype=object), "segment": np.full(len(rows), "", dtype=object)}
    positions = outcome.segmentation.labels[rows] - 1
    slots = np.array([str(slot) for slot in outcome.slots], dtype=object)
    names = np.array([segment_label(outcome, number) for number in range(1, len(slots) + 1)], dtype=object)
    return {"slot": slots[positions], "segment": names[positions]}


def segment_label(outcome: Outcome, number: int) -> str:
    """Return the number and name of a segment, as plain text."""
    return plain_label(f"{number} {outcome.words.names[number - 1]}")


def centroid_columns(outcome: Outcome | None, x: str, y: str) -> Columns:
    """Return where the centroids lie in the picture; empty before the first run.

    A feature that is shown but was not compared has no coordinate in a centroid, so its mean per segment stands in.
    """
    if outcome is None:
        none = np.array([], dtype=object)
        return {"x": np.array([]), "y": np.array([]), "number": none, "colour": none}
    return {
        "x": _centre(outcome, x),
        "y": _centre(outcome, y),
        "number": np.array([str(number) for number in range(1, outcome.segmentation.k + 1)], dtype=object),
        "colour": np.array([SEGMENT_COLOURS[slot] for slot in outcome.slots], dtype=object),
    }


def _centre(outcome: Outcome, feature: str) -> NDArray[np.float64]:
    result = outcome.segmentation
    if feature in result.features:
        return result.centroids[:, result.features.index(feature)]
    column = result.table.matrix([feature])[:, 0]
    return np.array([column[result.labels == number].mean() for number in range(1, result.k + 1)])


def axis_title(table: CustomerTable, feature: str) -> str:
    """Return the feature and its unit, if one is known."""
    unit = table.unit(feature)
    return plain_label(f"{feature} ({unit})" if unit else feature)


def axis_range(values: NDArray[np.float64], *, log: bool) -> tuple[float, float]:
    """Return limits that hold all values with a little room; on a log axis, all values above zero."""
    if log:
        values = np.log10(values[values > 0])
    if not len(values):
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    room = (high - low) * _PADDING or abs(high) * _PADDING or 1.0
    low, high = low - room, high + room
    return (10**low, 10**high) if log else (low, high)


def build_picture(table: CustomerTable, customers: Columns, centroids: Columns, *, log: bool) -> Picture:
    """Draw the figure once; everything else is an update of its sources, ranges and titles."""
    features = [f"f{position}" for position in range(len(table.features))]
    points = pd.DataFrame(customers).hvplot.points(
        "x", "y", hover_cols=["customer", "segment", "slot", *features], hover=False, responsive=True, min_height=320,
        logx=log, logy=log, grid=True, color=UNASSIGNED_COLOUR, size=42, alpha=0.7, toolbar="above",
    )  # fmt: skip
    # A layer of no points would have no columns to draw from, so the first centroid is a placeholder until a run.
    first = pd.DataFrame({"x": [1.0], "y": [1.0], "number": [""], "colour": [""]})
    crosses = first.hvplot.points(
        "x", "y", hover_cols=["number", "colour"], hover=False, responsive=True, marker="plus", size=600, color="#fff"
    )
    figure: Any = hv.render(points * crosses, backend="bokeh")
    base, cross = figure.renderers
    source, centres = base.data_source, cross.data_source
    source.data, centres.data = dict(customers), dict(centroids)
    base.view = _only(UNASSIGNED)
    by_slot = tuple(
        figure.scatter(
            "x", "y", source=source, view=_only(str(slot)), size=base.glyph.size, fill_color=colour, fill_alpha=0.75,
            line_color="#ffffff", line_alpha=0.5, line_width=0.5,
        )
        for slot, colour in enumerate(SEGMENT_COLOURS)
    )  # fmt: skip
    _draw_centroids_last(figure, cross)
    legend = Legend(items=[], click_policy="hide", stylesheets=[LEGEND_STYLE], **_LEGEND)
    figure.add_layout(legend, "above")
    _finish(figure, table, features, [base, *by_slot])
    return Picture(figure, source, centres, legend, by_slot)


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


def _only(slot: str) -> CDSView:
    return CDSView(filter=GroupFilter(column_name="slot", group=slot))


def _draw_centroids_last(figure: Any, cross: Any) -> None:
    """Draw a large cross, dark under white under the segment's colour, so that it shows on any ground."""
    source = cross.data_source
    for size, fill, line, width in ((30, "#10151c", "#10151c", 5), (28, "#ffffff", "#ffffff", 2)):
        figure.scatter(
            "x", "y", source=source, marker="plus", size=size, fill_color=fill, line_color=line, line_width=width
        )
    figure.scatter("x", "y", source=source, marker="plus", size=24, fill_color="colour", line_color=None)
    figure.text(
        "x", "y", text="number", source=source, x_offset=20, y_offset=-12, anchor="center", padding=(2, 5),
        border_radius=4, background_fill_color="#ffffff", border_line_color="#10151c", text_color="#10151c",
        text_font=value("sans-serif"), text_font_size="13px", text_font_style="bold",
    )  # fmt: skip
    figure.renderers.remove(cross)


def _finish(figure: Any, table: CustomerTable, features: list[str], points: list[Any]) -> None:
    tooltips = [("Customer", "@customer"), ("Segment", "@segment")]
    tooltips += [
        (plain_label(name), f"@{field}{{0,0.[00]}}") for field, name in zip(features, table.features, strict=True)
    ]
    figure.add_tools(HoverTool(renderers=points, tooltips=tooltips))
    figure.x_range, figure.y_range = Range1d(start=0, end=1), Range1d(start=0, end=1)
    figure.stylesheets = [PLOT_STYLE]
    figure.toolbar.logo = None
    figure.axis.axis_label_text_font_style = "normal"
    figure.axis.axis_label_text_font_size = "13px"
    figure.axis.major_label_text_font_size = "12px"
    figure.axis.formatter = NumeralTickFormatter(format="0,0.[00]")
    figure.xaxis.ticker.desired_num_ticks = 5


def set_axes(
    picture: Picture, titles: tuple[str, str], limits: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """Name the axes and set what they span; reset goes back to that."""
    figure = picture.figure
    for axis, span, title, (low, high) in zip(
        (figure.xaxis[0], figure.yaxis[0]), (figure.x_range, figure.y_range), titles, limits, strict=True
    ):
        axis.axis_label = title
        span.update(start=low, end=high, reset_start=low, reset_end=high)


def set_legend(picture: Picture, outcome: Outcome | None) -> None:
    """List the segments by number. A segment hidden before shows again: its colour may mean another now."""
    for renderer in picture.by_slot:
        if not renderer.visible:
            renderer.visible = True
    items = []
    if outcome is not None:
        items = [
            LegendItem(label=segment_label(outcome, number), renderers=[picture.by_slot[slot]])
            for number, slot in enumerate(outcome.slots, start=1)
        ]
    picture.legend.items = items
