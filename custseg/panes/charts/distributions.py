"""How one segment is spread beside everyone: a row for each compared feature, all in one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import numpy as np
from bokeh.models import ColumnDataSource, Segment
from bokeh.models.glyphs import Patches

from custseg.language import say
from custseg.panes.base.style import INK, PAPER, UNASSIGNED_COLOUR
from custseg.panes.charts.figures import (
    add_hover,
    add_layer,
    add_right_axis,
    columns_of,
    label_of,
    name_rows,
    set_height,
    set_range,
    set_ticks,
    short_label,
    small_figure,
)
from custseg.tables.written_values import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.groups import Group, Groups, Scale
    from custseg.panes.charts.figures import Columns

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

# The share of its row that a hill takes, and the pixels of a row and of what is around the rows.
_TALL, _ROW, _AROUND = 0.82, 44, 14
_DIGITS = 4
_HILLS = ("xs", "ys", "fill", "alpha", "line", "feature", "here", "overall")


def spread_columns(groups: Groups, group: Group, positions: Sequence[int], colour: str) -> Columns:
    """Return two hills for each feature: everyone behind, the segment before it. Each axis is from 0 to 1."""
    columns: Columns = {name: [] for name in _HILLS}
    for row, position in enumerate(positions, start=1):
        column = columns_of(groups)[position]
        texts = (label_of(column), *(_median(column, value) for value in _medians(groups, group, position)))
        for density, fill, alpha in (
            (groups.density_of_everyone(position), UNASSIGNED_COLOUR, 0.35),
            (groups.density(group, position), colour, 0.6),
        ):
            heights = np.round(row - _TALL * density / max(float(density.max()), np.finfo(float).tiny), _DIGITS)
            xs = np.round(np.linspace(0, 1, len(heights)), _DIGITS).tolist()
            facts = ([0.0, *xs, 1.0], [row, *heights.tolist(), row], fill, alpha, fill, *texts)
            for name, fact in zip(columns, facts, strict=True):
                columns[name].append(fact)
    return columns


def tick_columns(groups: Groups, group: Group, positions: Sequence[int]) -> Columns:
    """Return where the median customer of the segment is in each row, and where that of everyone is."""
    columns: Columns = {name: [] for name in ("x", "foot", "top", "dash")}
    for row, position in enumerate(positions, start=1):
        here, everyone = _medians(groups, group, position)
        for value, dash in ((everyone, "dashed"), (here, "solid")):
            if not np.isnan(value):
                facts = (_share_of_axis(groups.scales[position], value), row, row - _TALL, dash)
                for name, fact in zip(columns, facts, strict=True):
                    columns[name].append(fact)
    return columns


def _medians(groups: Groups, group: Group, position: int) -> tuple[float, float]:
    return float(group.medians[position]), float(groups.profile.overall_quartiles[1, position])


def _median(column: Any, value: float) -> str:
    return say("no value") if np.isnan(value) else written(column, value)


def _share_of_axis(scale: Scale, value: float) -> float:
    low, high = scale.ends
    return (float(scale.place(np.array([value]))[0]) - low) / (high - low)


class Distributions:
    """The figure, made once; ``show`` updates it, for another segment or another result."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Polygons([[(0, 0), (1, 1), (1, 0)]]))
        self._hills, self._ticks = (ColumnDataSource(name=name) for name in ("hills", "ticks"))
        look: dict[str, Any] = {"fill_color": "fill", "fill_alpha": "alpha", "line_color": "line", "line_width": 1.2}
        layer = add_layer(self.figure, self._hills, Patches(xs="xs", ys="ys", **look))
        for colour, width in ((PAPER, 4), (INK, 2)):
            tick: dict[str, Any] = {"x0": "x", "x1": "x", "y0": "foot", "y1": "top"}
            tick |= {"line_color": colour, "line_width": width, "line_dash": "dash"}
            add_layer(self.figure, self._ticks, Segment(**tick))
        tooltips = [
            (say("Feature"), "@feature"),
            (say("Median customer here"), "@here"),
            (say("Median of everyone"), "@overall"),
        ]
        add_hover(self.figure, layer, tooltips)
        self.figure.xaxis.visible = False
        self.figure.grid.visible = False
        name_rows(self.figure.yaxis[0])
        self._right = add_right_axis(self.figure)
        set_range(self.figure.x_range, -0.01, 1.01)

    def show(self, groups: Groups, group: Group, positions: Sequence[int], colour: str) -> None:
        """Show this segment, with the features at these positions."""
        self._hills.data = spread_columns(groups, group, positions, colour)
        self._ticks.data = tick_columns(groups, group, positions)
        columns, rows = columns_of(groups), list(enumerate(positions, start=1))
        set_ticks(self.figure.yaxis[0], {row - 0.35: short_label(columns[at]) for row, at in rows})
        medians = {row - 0.35: _median(columns[at], float(group.medians[at])) for row, at in rows}
        set_ticks(self._right, medians)
        set_range(self.figure.y_range, len(positions) + 0.08, 0)
        set_height(self.figure, _AROUND + _ROW * len(positions))
