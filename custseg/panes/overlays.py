"""What can be drawn over the customers: rings around those on a border, and the directions of features."""

from __future__ import annotations

from typing import Any

from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, Scatter, Segment, Text
from bokeh.models.renderers import GlyphRenderer

# Dark on white, so that they show on any ground and any colour.
_INK, _PAPER = "#10151c", "#ffffff"
_LABEL: dict[str, Any] = {
    "anchor": "center",
    "padding": (1, 4),
    "border_radius": 3,
    "background_fill_color": _PAPER,
    "background_fill_alpha": 0.9,
    "text_color": _INK,
    "text_font": value("sans-serif"),
    "text_font_size": "12px",
}


def add_rings(figure: Any) -> Any:
    """Add a layer of rings; return its source, with columns x and y."""
    source = ColumnDataSource({"x": [], "y": []})
    for size, colour, width in ((12, _PAPER, 4), (12, _INK, 1.6)):
        ring = Scatter(x="x", y="y", size=size, fill_color=None, line_color=colour, line_width=width)
        figure.renderers.append(GlyphRenderer(data_source=source, glyph=ring))
    return source


def add_arrows(figure: Any) -> Any:
    """Add lines from the centre, each with its feature's name at the end; return their source: x, y and feature."""
    source = ColumnDataSource({"x": [], "y": [], "feature": []})
    layers: list[Any] = [
        Segment(x0=0, y0=0, x1="x", y1="y", line_color=colour, line_width=width)
        for colour, width in ((_PAPER, 4), (_INK, 1.6))
    ]
    layers.append(Text(x="x", y="y", text="feature", **_LABEL))
    figure.renderers.extend(GlyphRenderer(data_source=source, glyph=layer) for layer in layers)
    return source
