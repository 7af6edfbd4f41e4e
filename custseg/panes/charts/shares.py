"""Bars of each segment's share of customers and share of spend, with whiskers where their intervals are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
from bokeh.models import ColumnDataSource, HBar, Segment

from custseg.insight.groups import Scale
from custseg.language import say
from custseg.panes.base.style import INK, PAPER
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
from custseg.panes.charts.lighting import fading, light_under_pointer
from custseg.panes.charts.ticks import ticks_of
from custseg.wording import percent

if TYPE_CHECKING:
    from custseg.panes.charts.figures import Columns
    from custseg.panes.charts.marks import Mark

_HEIGHT, _HEIGHT_ALONE = 0.36, 0.6
# How high the ends of a whisker are, as a part of its bar.
_CAP = 0.5


def with_spend(marks: list[Mark]) -> bool:
    """Whether the groups have shares of spend."""
    return any(mark.group.spend_share is not None for mark in marks)


def bar_columns(marks: list[Mark]) -> tuple[Columns, Columns]:
    """Return the bars of customers and those of spend, where a group has a share of spend."""
    height, offset = (_HEIGHT, _HEIGHT / 2 + 0.01) if with_spend(marks) else (_HEIGHT_ALONE, 0.0)
    names = ("y", "share", "height", "fill", "alpha", "line", "dash", "title", "text", "interval", "key")
    customers: Columns = {name: [] for name in names}
    spend: Columns = {name: [] for name in names}
    for row, mark in enumerate(marks):
        group = mark.group
        for columns, share, y, ends in (
            (customers, group.customer_share, row - offset, mark.customer_ends),
            (spend, group.spend_share, row + offset, mark.spend_ends),
        ):
            if share is None:
                continue
            # Spend is striped without a fill, except for selected customers: dark stripes need white on a dark page.
            alpha = float(columns is customers or mark.selected)
            texts = mark.title, percent(share), _written(ends)
            facts = (y, 100 * share, height, mark.fill, alpha, mark.line, mark.dash, *texts, mark.key)
            for name, fact in zip(names, facts, strict=True):
                columns[name].append(fact)
    return customers, spend


def whisker_columns(marks: list[Mark]) -> Columns:
    """Return the lines of the whiskers: from end to end, and one across at each end."""
    height, offset = (_HEIGHT, _HEIGHT / 2 + 0.01) if with_spend(marks) else (_HEIGHT_ALONE, 0.0)
    columns: Columns = {name: [] for name in ("x0", "y0", "x1", "y1")}
    for row, mark in enumerate(marks):
        for ends, y in ((mark.customer_ends, row - offset), (mark.spend_ends, row + offset)):
            if ends is None:
                continue
            (low, high), cap = (100 * ends[0], 100 * ends[1]), _CAP * height / 2
            lines = ((low, y, high, y), (low, y - cap, low, y + cap), (high, y - cap, high, y + cap))
            for name, places in zip(columns, zip(*lines, strict=True), strict=True):
                columns[name].extend(places)
    return columns


def _written(ends: tuple[float, float] | None) -> str:
    return "-" if ends is None else say("{low} to {high}", low=percent(ends[0]), high=percent(ends[1]))


class Shares:
    """The figure, made once; ``show`` updates it."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Rectangles([(0, 0, 1, 1)]))
        self._keys: list[str] = []
        self._customers, self._spend, self._whiskers = (
            ColumnDataSource(name=name) for name in ("customers", "spend", "whiskers")
        )
        bar: dict[str, Any] = {"y": "y", "left": 0, "right": "share", "height": "height", "line_color": "line"}
        bar |= {"line_dash": "dash", "line_width": 1.5, "fill_color": "fill"}
        solid = HBar(**bar, fill_alpha=fading(self._customers, "alpha"))
        striped: Any = {
            "hatch_pattern": "right_diagonal_line",
            "hatch_color": "line",
            "hatch_scale": 8,
            "hatch_alpha": fading(self._spend),
        }
        hatched = HBar(**bar, **striped, fill_alpha=fading(self._spend, "alpha"))
        for source, glyph, total in ((self._customers, solid, "customers"), (self._spend, hatched, "spend")):
            layer = add_layer(self.figure, source, glyph)
            add_hover(
                self.figure,
                layer,
                [
                    (say("Group"), "@title"),
                    (say("Share of {total}", total=total), "@text"),
                    (say("95% interval"), "@interval"),
                ],
            )
        # Dark on a light rim, which shows on a bar of any colour and on any page.
        for colour, width in ((PAPER, 4.5), (INK, 1.5)):
            line = Segment(x0="x0", y0="y0", x1="x1", y1="y1", line_color=colour, line_width=width)
            add_layer(self.figure, self._whiskers, line)
        light_under_pointer(self.figure, self._customers, "keys[Math.round(y)]")
        name_rows(self.figure.yaxis[0])
        self.figure.ygrid.grid_line_color = None
        self._right = add_right_axis(self.figure)

    def group_at(self, _: float, y: float) -> str | None:
        """Return the key of the group whose bars are in that row; None beside the rows."""
        row = round(y)
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def show(self, marks: list[Mark], height: float) -> None:
        """Show the shares of these groups."""
        self._keys = [mark.key for mark in marks]
        customers, spend = bar_columns(marks)
        whiskers = whisker_columns(marks)
        self._customers.data, self._spend.data, self._whiskers.data = customers, spend, whiskers
        set_ticks(self.figure.yaxis[0], {float(row): mark.row for row, mark in enumerate(marks)})
        texts = zip([*customers["y"], *spend["y"]], [*customers["text"], *spend["text"]], strict=True)
        set_ticks(self._right, dict(texts))
        most = max([*customers["share"], *spend["share"], *whiskers["x1"]])
        ticks = ticks_of(Scale(0.0, most, logarithmic=False))
        set_ticks(self.figure.xaxis[0], {x: f"{text}%" for x, text in ticks.items()})
        set_range(self.figure.x_range, 0, most * 1.02)
        set_range(self.figure.y_range, len(marks) - 0.5, -0.5)
        set_height(self.figure, height)
