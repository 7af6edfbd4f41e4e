"""The picture of a report: a Bokeh figure that its script fills, for whatever is chosen in the file."""

from __future__ import annotations

from typing import Any

from bokeh.events import MouseLeave, MouseMove
from bokeh.models import (
    BoxZoomTool,
    ColumnDataSource,
    CustomJS,
    CustomJSTickFormatter,
    HoverTool,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    WheelZoomTool,
)
from bokeh.plotting import figure

from custseg.language import number_ways, say
from custseg.panes.base.style import INK, PAPER, PLOT_STYLE

_WRITTEN = "return Number(tick.toPrecision(10)).toLocaleString(language, {maximumSignificantDigits: 10});"
_POINTED = """document.dispatchEvent(new CustomEvent("custseg-pointed",
  {detail: {x: cb_obj.x, y: cb_obj.y, away: cb_obj.event_name === "mouseleave"}}));"""


def live_picture() -> Any:
    """Return the figure with its layers, empty; the script of the report finds them by their names."""
    wheel = WheelZoomTool()
    plot: Any = figure(
        name="report picture", height=440, sizing_mode="stretch_width", x_range=Range1d(), y_range=Range1d(),
        toolbar_location="above", stylesheets=[PLOT_STYLE], output_backend="canvas",
    )  # fmt: skip
    plot.tools = [PanTool(), BoxZoomTool(), wheel, ResetTool(), SaveTool()]
    plot.toolbar.update(active_scroll=wheel, logo=None)
    for axis, name in ((plot.xaxis[0], "report x"), (plot.yaxis[0], "report y")):
        axis.update(name=name, axis_label_text_font_style="normal")
        axis.formatter = CustomJSTickFormatter(code=_WRITTEN, args=number_ways())
    drawn = ("colour", "alpha", "shown", "segment", "key")
    density = plot.quad(
        "left", "right", "top", "bottom", name="report density",
        source=_source("left", "right", "bottom", "top", *drawn),
        fill_color="colour", fill_alpha="shown", line_color=None,
    )  # fmt: skip
    points = plot.scatter(
        "x", "y", source=_source("x", "y", "customer", *drawn), name="points", size=7, fill_color="colour",
        fill_alpha="shown", line_color=None,
    )  # fmt: skip
    _number_centroids(plot)
    plot.add_tools(HoverTool(renderers=[density], tooltips=[(say("Segment"), "@segment")]))
    plot.add_tools(
        HoverTool(renderers=[points], tooltips=[(say("Customer"), "@customer"), (say("Segment"), "@segment")])
    )
    plot.js_on_event(MouseMove, CustomJS(code=_POINTED))
    plot.js_on_event(MouseLeave, CustomJS(code=_POINTED))
    return plot


def _number_centroids(plot: Any) -> None:
    source = _source("x", "y", "number", "colour")
    plot.text(
        "x", "y", "number", source=source, name="report centroids", anchor="center", padding=(5, 3), border_radius=4,
        background_fill_color=PAPER, border_line_color="colour", border_line_width=2, text_color=INK,
        text_font={"value": "sans-serif"}, text_font_size={"value": "12px"}, text_font_style="bold",
    )  # fmt: skip


def _source(*columns: str) -> ColumnDataSource:
    return ColumnDataSource({column: [] for column in columns})
