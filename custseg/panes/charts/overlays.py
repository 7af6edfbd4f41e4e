"""What can be drawn over the customers: rings around borderline ones, and arrows for the directions of features.

Every layer slows each paint and each page that is opened, so one is added to a figure when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.core.properties import value
from bokeh.models import ColumnDataSource, Scatter, Segment, Text
from bokeh.models.renderers import GlyphRenderer

if TYPE_CHECKING:
    from collections.abc import Callable

    Columns = dict[str, list[Any]]

# The layers of centroids, which stay on top.
CENTROIDS = "centroids"
# Dark on white, which shows on any background and any colour.
_INK, _PAPER = "#10151c", "#ffffff"
_STROKES = ((_PAPER, 4), (_INK, 1.6))
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


def show_rings(figure: Any, customers: Columns) -> None:
    """Draw a ring round each customer (columns x, y, number, and row of the customers)."""
    _show(figure, "rings", customers, _rings)


def show_arrows(figure: Any, ends: Columns) -> None:
    """Draw a line from the centre to each end (columns x and y), labelled with ``feature``, and remove the others."""
    _show(figure, "arrows", ends, _arrows)


def _show(figure: Any, name: str, columns: Columns, make: Callable[[], list[Any]]) -> None:
    source = next((layer.data_source for layer in figure.renderers if layer.name == name), None)
    if source is not None:
        if columns["x"] or len(source.data["x"]):
            source.data = columns
    elif columns["x"]:
        source = ColumnDataSource(dict(columns))
        layers = [GlyphRenderer(data_source=source, glyph=glyph, name=name) for glyph in make()]
        position = next(index for index, layer in enumerate(figure.renderers) if layer.name == CENTROIDS)
        figure.renderers = [*figure.renderers[:position], *layers, *figure.renderers[position:]]


def _rings() -> list[Any]:
    return [
        Scatter(x="x", y="y", size=12, fill_color=None, line_color=colour, line_width=width)
        for colour, width in _STROKES
    ]


def _arrows() -> list[Any]:
    lines = [Segment(x0=0, y0=0, x1="x", y1="y", line_color=colour, line_width=width) for colour, width in _STROKES]
    return [*lines, Text(x="x", y="y", text="feature", **_LABEL)]
