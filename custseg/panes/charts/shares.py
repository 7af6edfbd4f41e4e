"""Bars of each segment's share of customers and share of spend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
from bokeh.models import ColumnDataSource, HBar

from custseg.insight.groups import Scale
from custseg.panes.charts.figures import (
    add_hover,
    add_layer,
    add_right_axis,
    name_rows,
    set_height,
    set_range,
    set_ticks,
    small_figure,
)
from custseg.panes.charts.ticks import ticks_of
from custseg.wording import percent

if TYPE_CHECKING:
    from custseg.panes.charts.figures import Columns
    from custseg.panes.charts.marks import Mark

_HEIGHT, _HEIGHT_ALONE = 0.36, 0.6


def with_spend(marks: list[Mark]) -> bool:
    """Whether the groups have shares of spend."""
    return any(mark.group.spend_share is not None for mark in marks)


def bar_columns(marks: list[Mark]) -> tuple[Columns, Columns]:
    """Return the bars of customers and those of spend, where a group has a share of spend."""
    height, offset = (_HEIGHT, _HEIGHT / 2 + 0.01) if with_spend(marks) else (_HEIGHT_ALONE, 0.0)
    names = ("y", "share", "height", "fill", "alpha", "line", "dash", "title", "text")
    customers: Columns = {name: [] for name in names}
    spend: Columns = {name: [] for name in names}
    for row, mark in enumerate(marks):
        group = mark.group
        for columns, share, y in (
            (customers, group.customer_share, row - offset),
            (spend, group.spend_share, row + offset),
        ):
            if share is None:
                continue
            # Spend is striped without a fill, except for selected customers: dark stripes need white on a dark page.
            alpha = float(columns is customers or mark.selected)
            facts = (y, 100 * share, height, mark.fill, alpha, mark.line, mark.dash, mark.title, percent(share))
            for name, fact in zip(names, facts, strict=True):
                columns[name].append(fact)
    return customers, spend


class Shares:
    """The figure, made once; ``show`` updates it."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Rectangles([(0, 0, 1, 1)]))
        self._customers, self._spend = (ColumnDataSource(name=name) for name in ("customers", "spend"))
        bar: dict[str, Any] = {"y": "y", "left": 0, "right": "share", "height": "height", "line_color": "line"}
        bar |= {"line_dash": "dash", "line_width": 1.5}
        bar |= {"fill_color": "fill", "fill_alpha": "alpha"}
        solid = HBar(**bar)
        hatched = HBar(**bar, hatch_pattern="right_diagonal_line", hatch_color="line", hatch_scale=8)
        for source, glyph, total in ((self._customers, solid, "customers"), (self._spend, hatched, "spend")):
            layer = add_layer(self.figure, source, glyph)
            add_hover(self.figure, layer, [("Group", "@title"), (f"Share of {total}", "@text")])
        name_rows(self.figure.yaxis[0])
        self.figure.ygrid.grid_line_color = None
        self._right = add_right_axis(self.figure)

    def show(self, marks: list[Mark], height: float) -> None:
        """Show the shares of these groups."""
        customers, spend = bar_columns(marks)
        self._customers.data, self._spend.data = customers, spend
        set_ticks(self.figure.yaxis[0], {float(row): mark.row for row, mark in enumerate(marks)})
        texts = zip([*customers["y"], *spend["y"]], [*customers["text"], *spend["text"]], strict=True)
        set_ticks(self._right, dict(texts))
        most = max([*customers["share"], *spend["share"]])
        ticks = ticks_of(Scale(0.0, most, logarithmic=False))
        set_ticks(self.figure.xaxis[0], {x: f"{text}%" for x, text in ticks.items()})
        set_range(self.figure.x_range, 0, most * 1.02)
        set_range(self.figure.y_range, len(marks) - 0.5, -0.5)
        set_height(self.figure, height)
