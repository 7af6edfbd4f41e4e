"""What small figures share: HoloViews makes them, they follow the theme, and their ticks change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import holoviews.plotting.bokeh
from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LinearAxis, Text
from bokeh.models.renderers import GlyphRenderer

from custseg.panes.base.style import INK, PAPER, PLOT_STYLE
from custseg.panes.charts.drawn_once import drawn_once
from custseg.panes.charts.lighting import FADES, fading
from custseg.wording import capitalised, plain_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.insight.groups import Groups
    from custseg.tables.column_roles import Column

    Columns = dict[str, list[Any]]

_LONGEST = 18
# Pixels that the names of features take, and that a number such as +10.5 or a key needs.
_NAMES_WIDTH, _GROUP_WIDTH = 130, 34
# For an axis that only names rows.
_NO_LINE = {"--bk-axis-line-color": "transparent", "--bk-major-tick-line-color": "transparent"}
_PILL: dict[str, Any] = {
    "anchor": "center",
    "padding": (5, 3),
    "border_radius": 4,
    "background_fill_color": PAPER,
    "border_line_color": "line",
    "border_line_dash": "dash",
    "border_line_width": 2,
    "text_color": INK,
    "text_font": value("sans-serif"),
    "text_font_size": "12px",
    "text_font_style": "bold",
}


def render_figure(element: Any) -> Any:
    """Render a HoloViews element, and return its Bokeh figure.

    HoloViews keeps the last plot of a renderer, and attaches each plot to the current document until that ends: outside
    a session, and in a task of one, that is a document of the whole process, which never ends. So a separate renderer
    draws it, and the plot is cleaned up once the figure is there.
    """
    plot: Any = hv.renderer("bokeh").instance().get_plot(element)
    figure = plot.state
    plot.cleanup()
    return figure


def small_figure(element: Any) -> Any:
    """Render an element, and return its Bokeh figure emptied, ready for layers.

    It is drawn once for elements of a kind, whose data don't matter.
    """
    return drawn_once(type(element).__name__, lambda: _emptied(element))


def _emptied(element: Any) -> Any:
    figure = render_figure(element.opts(responsive=True, height=240, toolbar=None, show_legend=False))
    figure.renderers = []
    figure.tools = []
    figure.stylesheets = [PLOT_STYLE]
    figure.output_backend = "canvas"
    for axis in figure.axis:
        axis.update(ticker=FixedTicker(), axis_label="", axis_label_text_font_style="normal")
        axis.update(axis_label_text_font_size="13px", major_label_text_font_size="12px")
    return figure


def add_layer(figure: Any, source: ColumnDataSource, glyph: Any) -> Any:
    """Draw a source with a glyph, on top of the other layers."""
    layer = GlyphRenderer(data_source=source, glyph=glyph, nonselection_glyph=glyph, muted_glyph=glyph, name=FADES)
    figure.renderers.append(layer)
    return layer


def add_hover(figure: Any, layer: Any, tooltips: Sequence[tuple[str, str]]) -> None:
    """Show these tooltips for what is under the pointer."""
    figure.add_tools(HoverTool(renderers=[layer], tooltips=list(tooltips), limit=1))


def add_right_axis(figure: Any) -> Any:
    """Add an axis on the right, for text beside the rows."""
    axis: Any = LinearAxis(major_label_text_font_size="12px")
    axis.ticker = FixedTicker()
    name_rows(axis)
    figure.add_layout(axis, "right")
    return axis


def name_rows(axis: Any) -> None:
    """Reduce an axis to the labels of its rows."""
    axis.styles = _NO_LINE


def key_glyph(source: ColumnDataSource) -> Text:
    """Return a glyph that writes a group's key (column ``key``) on a pill outlined in its colour."""
    return Text(x="x", y="y", text="key", text_alpha=fading(source), border_line_alpha=fading(source), **_PILL)


def set_ticks(axis: Any, ticks: Mapping[float, str]) -> None:
    """Label an axis at these positions. Models stay, since Bokeh walks the whole document for a new one."""
    positions, labels = list(ticks), dict(ticks)
    if axis.ticker.ticks != positions:
        axis.ticker.ticks = positions
    if axis.major_label_overrides != labels:
        axis.major_label_overrides = labels


def set_range(span: Any, start: float, end: float) -> None:
    """Set the range of an axis."""
    if (span.start, span.end) != (start, end):
        span.update(start=start, end=end, reset_start=start, reset_end=end)


def set_height(figure: Any, height: float) -> None:
    """Set the height of a figure, in pixels."""
    if figure.height != round(height):
        figure.height = round(height)


def set_least_width(figure: Any, groups: int) -> None:
    """Keep room for the text of each group; on a phone that has less, the chart scrolls sideways."""
    # A style, since Panel would apply a property to everything around the figure too.
    styles = {"min-width": f"{_NAMES_WIDTH + _GROUP_WIDTH * groups}px"}
    if figure.styles != styles:
        figure.styles = styles


def columns_of(groups: Groups) -> list[Column]:
    """Return the columns of the compared features, in order."""
    result = groups.profile.segmentation
    return [result.schema.column(name) for name in result.features]


def label_of(column: Column) -> str:
    """Return what a feature is called, as plain text."""
    return plain_label(capitalised(column.label or column.name))


def short_label(column: Column) -> str:
    """Return what a feature is called as plain text, cut where it would take up the chart."""
    one_line = " ".join(capitalised(column.label or column.name).split())
    return plain_label(one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…")
