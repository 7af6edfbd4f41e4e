"""Ridgelines: the distribution of one feature in each segment, one hill a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import numpy as np
from bokeh.models import ColumnDataSource, Segment
from bokeh.models.glyphs import Patches

from custseg.language import say
from custseg.language import written as format_number
from custseg.panes.base.style import INK, PAPER
from custseg.panes.charts.axes import feature_title
from custseg.panes.charts.figures import (
    add_hover,
    add_layer,
    add_right_axis,
    columns_of,
    name_rows,
    set_height,
    set_range,
    set_ticks,
    small_figure,
)
from custseg.panes.charts.lighting import fading, light_under_pointer
from custseg.panes.charts.ticks import ticks_of
from custseg.tables.written_values import written

if TYPE_CHECKING:
    from custseg.insight.groups import Groups
    from custseg.panes.charts.figures import Columns
    from custseg.panes.charts.marks import Mark

# The share of its row that a hill takes.
_TALL = 0.85
_DIGITS = 4
_HILLS = ("xs", "ys", "fill", "line", "dash", "alpha", "title", "median", "customers", "key")
_LOOK: dict[str, Any] = {
    "fill_color": "fill",
    "line_color": "line",
    "line_dash": "dash",
    "line_width": 1.5,
}


def hill_columns(groups: Groups, marks: list[Mark], position: int) -> Columns:
    """Return a hill for each group, each on its own row; flat where the group has no value."""
    scale, column = groups.scales[position], columns_of(groups)[position]
    grid = scale.grid
    columns: Columns = {name: [] for name in _HILLS}
    xs = [float(grid[0]), *grid.tolist(), float(grid[-1])]
    for row, mark in enumerate(marks, start=1):
        density = groups.density(mark.group, position)
        # Fewer digits are fewer bytes to send, and look the same.
        heights = np.round(row - _TALL * density / max(float(density.max()), np.finfo(float).tiny), _DIGITS)
        median = float(mark.group.medians[position])
        facts = (
            xs, [row, *heights.tolist(), row], mark.fill, mark.line, mark.dash, 0.9 if mark.selected else 0.6,
            mark.title, say("no value") if np.isnan(median) else written(column, median),
            format_number(mark.group.customers, ","), mark.key,
        )  # fmt: skip
        for name, fact in zip(columns, facts, strict=True):
            columns[name].append(fact)
    return columns


def median_columns(groups: Groups, marks: list[Mark], position: int, hills: Columns) -> Columns:
    """Return a tick from the foot of each hill to its ridge, at the median customer."""
    scale = groups.scales[position]
    columns: Columns = {name: [] for name in ("x", "foot", "top")}
    for row, (mark, ys) in enumerate(zip(marks, hills["ys"], strict=True), start=1):
        x = float(scale.place(mark.group.medians[position : position + 1])[0])
        if not np.isnan(x):
            for name, value in zip(columns, (x, row, float(np.interp(x, scale.grid, ys[1:-1]))), strict=True):
                columns[name].append(value)
    return columns


class Ridges:
    """The figure of one feature, made once; ``show`` updates it, for the same or another feature."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Polygons([[(0, 0), (1, 1), (1, 0)]]))
        self._keys: list[str] = []
        self._hills, self._medians = (ColumnDataSource(name=name) for name in ("hills", "medians"))
        layer = add_layer(
            self.figure, self._hills, Patches(xs="xs", ys="ys", fill_alpha=fading(self._hills, "alpha"), **_LOOK)
        )
        for colour, width in ((PAPER, 4), (INK, 2)):
            tick = Segment(x0="x", x1="x", y0="foot", y1="top", line_color=colour, line_width=width)
            add_layer(self.figure, self._medians, tick)
        add_hover(
            self.figure,
            layer,
            [(say("Group"), "@title"), (say("Median customer"), "@median"), (say("Customers"), "@customers")],
        )
        name_rows(self.figure.yaxis[0])
        light_under_pointer(self.figure, self._hills, "keys[Math.ceil(y) - 1]")
        self.figure.ygrid.grid_line_color = None
        self._right = add_right_axis(self.figure)

    def group_at(self, _: float, y: float) -> str | None:
        """Return the key of the group whose hill is in that row; None beside the rows."""
        row = int(np.ceil(y)) - 1
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def show(self, groups: Groups, marks: list[Mark], position: int, height: float) -> None:
        """Show these groups, with the feature at this position."""
        self._keys = [mark.key for mark in marks]
        scale, rows = groups.scales[position], len(marks)
        hills = hill_columns(groups, marks, position)
        self._hills.data, self._medians.data = hills, median_columns(groups, marks, position, hills)
        table = groups.profile.segmentation.table
        across, up = self.figure.xaxis[0], self.figure.yaxis[0]
        title = feature_title(table, groups.profile.features[position])
        if across.axis_label != title:
            across.axis_label = title
        set_ticks(across, ticks_of(scale, columns_of(groups)[position].quantity))
        set_ticks(up, {row - 0.3: mark.row for row, mark in enumerate(marks, start=1)})
        set_ticks(self._right, {row - 0.3: median for row, median in enumerate(hills["median"], start=1)})
        set_range(self.figure.x_range, *scale.ends)
        set_range(self.figure.y_range, rows + 0.1, -0.05)
        set_height(self.figure, height)
