"""What small figures have in common: made by HoloViews, dressed for light and dark, with ticks that change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import holoviews.plotting.bokeh
from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, LinearAxis, Text
from bokeh.models.renderers import GlyphRenderer

from custseg.panes.base.style import INK, PAPER, PLOT_STYLE, plain_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Columns = dict[str, list[Any]]

_LONGEST = 18
# Pixels that the names of features take, and those that +10.5 or a key needs.
_NAMES_WIDTH, _GROUP_WIDTH = 130, 34
# An axis that only names rows.
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

    HoloViews keeps the last plot of a renderer, and hangs each one on the document that is current, to be told of its
    end: outside of a session, and in a task of one, that is a document of the whole process, which never ends. So it is
    drawn by a renderer of its own, and let go of once the figure is there.
    """
    plot: Any = hv.renderer("bokeh").instance().get_plot(element)
    figure = plot.state
    plot.cleanup()
    return figure


def small_figure(element: Any) -> Any:
    """Render an element, and return its Bokeh figure without what it has drawn: layers are added to it."""
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
    """Draw a source with a glyph, on top of what is there."""
    layer = GlyphRenderer(data_source=source, glyph=glyph, nonselection_glyph=glyph, muted_glyph=glyph)
    figure.renderers.append(layer)
    return layer


def add_hover(figure: Any, layer: Any, tooltips: Sequence[tuple[str, str]]) -> None:
    """Tell about what is under the pointer."""
    figure.add_tools(HoverTool(renderers=[layer], tooltips=list(tooltips), limit=1))


def add_right_axis(figure: Any) -> Any:
    """Add an axis at the right for what is to be written beside the rows."""
    axis: Any = LinearAxis(major_label_text_font_size="12px")
    axis.ticker = FixedTicker()
    name_rows(axis)
    figure.add_layout(axis, "right")
    return axis


def name_rows(axis: Any) -> None:
    """Leave of an axis only the words beside its rows."""
    axis.styles = _NO_LINE


def key_glyph() -> Text:
    """Return a glyph that writes a group's key (column ``key``) on a pill in its colour."""
    return Text(x="x", y="y", text="key", **_PILL)


def set_ticks(axis: Any, ticks: Mapping[float, str]) -> None:
    """Write these words at these places of an axis. Models stay: Bokeh walks the whole document for a new one."""
    places, words = list(ticks), dict(ticks)
    if axis.ticker.ticks != places:
        axis.ticker.ticks = places
    if axis.major_label_overrides != words:
        axis.major_label_overrides = words


def set_range(span: Any, start: float, end: float) -> None:
    """Set what an axis spans."""
    if (span.start, span.end) != (start, end):
        span.update(start=start, end=end, reset_start=start, reset_end=end)


def set_height(figure: Any, height: float) -> None:
    """Set how high a figure is, in pixels."""
    if figure.height != round(height):
        figure.height = round(height)


def set_least_width(figure: Any, groups: int) -> None:
    """Keep room for what is written of each group; where a phone has less, the picture is moved sideways."""
    # As a style: of a property Panel would make the least width of all that is around the figure.
    styles = {"min-width": f"{_NAMES_WIDTH + _GROUP_WIDTH * groups}px"}
    if figure.styles != styles:
        figure.styles = styles


def short_name(name: str) -> str:
    """Return a feature's name as plain text, cut where it would take the room of the picture."""
    one_line = " ".join(name.split())
    return plain_label(one_line if len(one_line) <= _LONGEST else f"{one_line[: _LONGEST - 1]}…")
