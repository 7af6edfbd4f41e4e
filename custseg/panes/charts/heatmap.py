"""A heatmap of how far each segment's average is from that of all customers, feature by feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import numpy as np
from bokeh.core.properties import field, value
from bokeh.models import ColumnDataSource, Rect, Text

from custseg.language import say
from custseg.language import written as format_number
from custseg.panes.charts.figures import (
    add_hover,
    add_layer,
    columns_of,
    key_glyph,
    label_of,
    name_rows,
    set_height,
    set_least_width,
    set_range,
    set_ticks,
    short_label,
    small_figure,
)
from custseg.panes.charts.lighting import fading, light_under_pointer
from custseg.tables.written_values import written as written_value

if TYPE_CHECKING:
    from custseg.insight.groups import Groups
    from custseg.panes.charts.figures import Columns
    from custseg.panes.charts.marks import Mark

# Everyone can tell brown from blue; the middle is light on light and dark pages, and the text on a cell is black or
# white, whichever stands out more.
BLACK, WHITE = "#000000", "#ffffff"
BELOW, MIDDLE, ABOVE = "#8C4A12", "#E2E6EB", "#17579C"
# Beyond this many standard deviations the colour doesn't deepen.
DEEPEST = 2.0
_HEAD = -1.0


def cell_colours(score: float) -> tuple[str, str]:
    """Return the colour of a cell, and that of the text on it: BLACK or WHITE."""
    end, middle = (np.array(_channels(colour)) for colour in (ABOVE if score > 0 else BELOW, MIDDLE))
    depth = min(abs(score) / DEEPEST, 1.0)
    mixed = np.rint(middle + depth * (end - middle)).astype(int)
    return "#{:02x}{:02x}{:02x}".format(*mixed), BLACK if _luminance(mixed / 255) > 0.179 else WHITE


def written(score: float) -> str:
    """Write a score with its sign: +1.4, −0.3 or 0."""
    text = format_number(score, "+.1f").replace("-", "−")
    return "0" if text[1:] == "0.0" else text


def _channels(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(colour: Any) -> float:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def cell_columns(groups: Groups, marks: list[Mark], positions: list[int]) -> Columns:
    """Return one cell for each group and feature, where the group has a value."""
    columns_shown, everyone = columns_of(groups), groups.profile.overall_means.tolist()
    rows = [
        (
            column, row, *cell_colours(score), written(score), mark.title, label_of(columns_shown[position]),
            written_value(columns_shown[position], float(mark.group.means[position])),
            written_value(columns_shown[position], everyone[position]), mark.key,
        )
        for column, mark in enumerate(marks)
        for row, position in enumerate(positions)
        if not np.isnan(score := float(mark.group.scores[position]))
    ]  # fmt: skip
    names = ("x", "y", "fill", "ink", "text", "title", "feature", "mean", "everyone", "key")
    columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    pairs = list(zip(columns["text"], columns.pop("ink"), strict=True))
    return columns | {name: [text if ink == name else "" for text, ink in pairs] for name in (BLACK, WHITE)}


class Heatmap:
    """The figure, made once; ``show`` updates it."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Rectangles([(0, 0, 1, 1)]))
        self._cells, self._heads = (ColumnDataSource(name=name) for name in ("cells", "heads"))
        shown = fading(self._cells)
        tiles = Rect(x="x", y="y", width=0.94, height=0.9, fill_color="fill", fill_alpha=shown, line_color=None)
        layer = add_layer(self.figure, self._cells, tiles)
        # A layer for each colour: with a column of colours, BokehJS 3.9 fails when a new result has fewer cells
        # (TextView.after_visuals).
        for ink in (BLACK, WHITE):
            text = Text(x="x", y="y", text=field(ink), text_color=ink, text_alpha=shown, **_CENTRED)
            add_layer(self.figure, self._cells, text)
        add_layer(self.figure, self._heads, key_glyph(self._heads))
        light_under_pointer(self.figure, self._heads, "keys[Math.round(x)]")
        group, average = (say("Group"), "@title"), (say("Its average"), "@mean")
        add_hover(
            self.figure, layer, [(say("Feature"), "@feature"), group, average, (say("Overall average"), "@everyone")]
        )
        self.figure.xaxis.visible = False
        self.figure.grid.visible = False
        name_rows(self.figure.yaxis[0])

    def group_at(self, x: float, _: float) -> str | None:
        """Return the key of the group whose column is there; None beside the columns."""
        keys, column = self._heads.data["key"], round(x)
        return str(keys[column]) if 0 <= column < len(keys) else None

    def show(self, groups: Groups, marks: list[Mark], positions: list[int], height: float) -> None:
        """Show these groups, with the features at these positions."""
        self._cells.data = cell_columns(groups, marks, positions)
        self._heads.data = {
            "x": list(range(len(marks))),
            "y": [_HEAD] * len(marks),
            "key": [mark.key for mark in marks],
            "line": [mark.line for mark in marks],
            "dash": [mark.dash for mark in marks],
        }
        shown = columns_of(groups)
        set_ticks(self.figure.yaxis[0], {row: short_label(shown[position]) for row, position in enumerate(positions)})
        set_range(self.figure.x_range, -0.5, len(marks) - 0.5)
        set_range(self.figure.y_range, len(positions) - 0.5, _HEAD - 0.5)
        set_height(self.figure, height)
        set_least_width(self.figure, len(marks))


_CENTRED: dict[str, Any] = {
    "text_align": "center",
    "text_baseline": "middle",
    "text_font": value("sans-serif"),
    "text_font_size": "12px",
}
