"""Parallel coordinates: how each segment's median customer ranks among all customers, feature by feature."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, MultiLine, Scatter
from bokeh.models.annotations import Span
from hvplot import hvPlotTabular

from custseg.language import say
from custseg.panes.base.style import INK, PAPER, UNASSIGNED_COLOUR
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
from custseg.tables.written_values import written
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.groups import Groups
    from custseg.panes.charts.figures import Columns
    from custseg.panes.charts.marks import Mark

# Rows between a line's end and its label.
_TO_LABEL = 1.0
# The distance that two labels need on a phone, in percent of the width.
_LABEL_DISTANCE = 8.0
# How far from a marker, in percent of the width, a tap still means it.
_NEAR = 4.0
_KEY_AT = f"""keys[keys.map((_, dot) => dot)
  .filter((dot) => source.get_column("y")[dot] === Math.round(y) && away(dot) <= {_NEAR})
  .sort((one, other) => away(one) - away(other))[0]]"""
# hvPlot makes the figure from these; what it shows comes later.
_ANY = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
_QUARTERS = (0, 25, 50, 75, 100)


def spread_out(positions: Sequence[float], distance: float, low: float = 0.0, high: float = 100.0) -> list[float]:
    """Move positions as far as needed for any two to be at this distance, in the same order."""
    order = sorted(range(len(positions)), key=positions.__getitem__)
    distance = min(distance, (high - low) / max(len(positions) - 1, 1))
    moved = [positions[index] for index in order]
    for lower, upper in pairwise(range(len(moved))):
        moved[upper] = max(moved[upper], moved[lower] + distance)
    for lower, upper in reversed(list(pairwise(range(len(moved))))):
        moved[upper] = min(moved[upper], high - distance * (len(moved) - 1 - upper))
        moved[lower] = min(moved[lower], moved[upper] - distance)
    # Rounding may have put the first one below the low end.
    spread = dict(zip(order, (max(position, low) for position in moved), strict=True))
    return [spread[index] for index in range(len(positions))]


def line_columns(marks: list[Mark], positions: list[int]) -> tuple[Columns, Columns]:
    """Return the lines from label to label, and the labels; a line has a gap where a group has no value."""
    ranks = [100 * mark.group.ranks[positions] for mark in marks]
    known = [(mark, rank, np.flatnonzero(~np.isnan(rank))) for mark, rank in zip(marks, ranks, strict=True)]
    known = [(mark, rank, rows) for mark, rank, rows in known if len(rows)]
    first, last = ([float(rank[rows[end]]) for _, rank, rows in known] for end in (0, -1))
    tops, bottoms = (spread_out(ends, _LABEL_DISTANCE) for ends in (first, last))
    rows = len(positions)
    lines: Columns = {name: [] for name in ("xs", "ys", "line", "dash", "width", "key")}
    labels: Columns = {name: [] for name in ("x", "y", "key", "line", "dash")}
    ys = [-_TO_LABEL, *range(rows), rows - 1 + _TO_LABEL]
    for (mark, rank, _), top, bottom in zip(known, tops, bottoms, strict=True):
        xs = [top, *rank.tolist(), bottom]
        strokes = [(PAPER, "solid", 5.0), (INK, "dashed", 2.0)] if mark.selected else [(mark.line, mark.dash, 2.0)]
        for colour, dash, width in strokes:
            for name, value in zip(lines, (xs, ys, colour, dash, width, mark.key), strict=True):
                lines[name].append(value)
        for x, y in ((top, ys[0]), (bottom, ys[-1])):
            for name, value in zip(labels, (x, y, mark.key, mark.line, mark.dash), strict=True):
                labels[name].append(value)
    return lines, labels


def dot_columns(groups: Groups, marks: list[Mark], positions: list[int]) -> Columns:
    """Return one marker for each group and feature, where the group has a value."""
    columns = columns_of(groups)
    rows = [
        (
            100 * rank, row, mark.fill, mark.line, mark.marker, 12 if mark.selected else 9, mark.title,
            label_of(columns[position]), written(columns[position], float(mark.group.medians[position])), percent(rank),
            mark.key,
        )
        for mark in marks
        for row, position in enumerate(positions)
        if not np.isnan(rank := float(mark.group.ranks[position]))
    ]  # fmt: skip
    names = ("x", "y", "fill", "line", "marker", "size", "title", "feature", "median", "rank", "key")
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def _places(columns: Any) -> list[tuple[float, float, str]]:
    return list(zip(columns["x"], columns["y"], columns["key"], strict=True))


class ParallelCoordinates:
    """The figure, made once; ``show`` updates it."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hvPlotTabular(_ANY).line("x", "y", responsive=True, height=240))
        self._lines, self._dots, self._labels = (ColumnDataSource(name=name) for name in ("lines", "dots", "labels"))
        lines = MultiLine(
            xs="xs", ys="ys", line_color="line", line_dash="dash", line_width="width", line_alpha=fading(self._lines)
        )
        add_layer(self.figure, self._lines, lines)
        dots = Scatter(
            x="x",
            y="y",
            marker="marker",
            size="size",
            fill_color="fill",
            line_color="line",
            line_width=1.5,
            fill_alpha=fading(self._dots),
            line_alpha=fading(self._dots),
        )
        layer = add_layer(self.figure, self._dots, dots)
        add_layer(self.figure, self._labels, key_glyph(self._labels))
        light_under_pointer(self.figure, self._dots, _KEY_AT)
        tooltips = [(say("Feature"), "@feature"), (say("Group"), "@title"), (say("Median customer"), "@median")]
        add_hover(self.figure, layer, [*tooltips, (say("More than"), say("{rank} of all customers", rank="@rank"))])
        middle = Span(dimension="height", location=50, line_color=UNASSIGNED_COLOUR, line_dash="dashed", line_width=2)
        self.figure.add_layout(middle)
        axis = self.figure.xaxis[0]
        axis.axis_label = say("Customers with less")
        set_ticks(axis, {quarter: f"{quarter}%" for quarter in _QUARTERS})
        set_range(self.figure.x_range, -5, 105)
        name_rows(self.figure.yaxis[0])

    def group_at(self, x: float, y: float) -> str | None:
        """Return the key of the group whose marker or label is nearest in that row; None where none is near."""
        places = [data for source in (self._dots, self._labels) for data in _places(source.data)]
        near = [(abs(place - x), key) for place, row, key in places if round(y) == row and abs(place - x) <= _NEAR]
        return min(near)[1] if near else None

    def show(self, groups: Groups, marks: list[Mark], positions: list[int], height: float) -> None:
        """Show these groups, with the features at these positions."""
        self._lines.data, self._labels.data = line_columns(marks, positions)
        self._dots.data = dot_columns(groups, marks, positions)
        shown = columns_of(groups)
        set_ticks(self.figure.yaxis[0], {row: short_label(shown[position]) for row, position in enumerate(positions)})
        set_range(self.figure.y_range, len(positions) - 0.5 + _TO_LABEL, -0.5 - _TO_LABEL)
        set_height(self.figure, height)
        set_least_width(self.figure, len(marks))
