"""The silhouette plot: a bar for each customer, segment by segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import holoviews as hv
import holoviews.plotting.bokeh
import numpy as np
from bokeh.models import CustomJSTickFormatter, FixedTicker, HoverTool, Quad
from bokeh.models.annotations import Span

from custseg.insight.certainty import margins
from custseg.language import say
from custseg.panes.base.numbers import axis_numbers, pointed_numbers
from custseg.panes.base.style import PLOT_STYLE, SEGMENT_COLOURS
from custseg.panes.charts.drawn_once import drawn_once
from custseg.panes.charts.figures import render_figure
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.insight.certainty import Certainty
    from custseg.session.run_result import RunResult

HEIGHT = 260
# The gap between two segments, as a share of all customers.
_GAP = 0.015
# Each result sets the ticks, and the numbers of the segments at them.
_SEGMENT_AT_TICK = "return names[positions.indexOf(tick)] ?? ''"


@dataclass(frozen=True, eq=False)
class Bars:
    """The columns of the bars, the middle of each segment that has any (by its number), and the width of all."""

    columns: dict[str, Any]
    middles: dict[int, float]
    width: float


def bars_of(certainty: Certainty, outcome: RunResult) -> Bars:
    """Sort the customers of each segment by their silhouette, highest first, and line them up."""
    sample, result = certainty.sample, certainty.segmentation
    labels = sample.labels[SEGMENT]
    margin, second = margins(result, sample.matrix(result.compared))
    gap = max(1.0, _GAP * len(labels))
    lefts, order, middles, start = [], [], {}, 0.0
    for number in range(1, certainty.segmentation.k + 1):
        members = np.flatnonzero(labels == number)
        if not len(members):
            continue
        order.append(members[np.argsort(-certainty.silhouette[members], kind="stable")])
        lefts.append(start + np.arange(len(members)))
        middles[number] = start + len(members) / 2
        start += len(members) + gap
    sequence: NDArray[np.intp] = np.concatenate(order)
    left = np.concatenate(lefts)
    columns = {
        "left": left,
        "right": left + 1,
        "bottom": np.zeros(len(left)),
        "top": certainty.silhouette[sequence],
        "colour": [SEGMENT_COLOURS[outcome.slots[number - 1]] for number in labels[sequence]],
        "margin": margin[sequence],
        "second": second[sequence],
        "customer": sample.identifiers[sequence],
    }
    return Bars(columns, middles, start - gap)


def _one_bar() -> Any:
    bar = hv.Rectangles([(0, 0, 1, 1)])
    return render_figure(bar.opts(responsive=True, height=HEIGHT, toolbar=None, show_legend=False))


class SilhouettePlot:
    """The figure, made once; ``show`` updates it."""

    def __init__(self, bars: Bars, mean: float) -> None:
        self.figure: Any = drawn_once("silhouettes", _one_bar)
        (self._bars,) = self.figure.renderers
        self._bars.glyph = self._bars.nonselection_glyph = self._bars.muted_glyph = Quad(
            left="left", right="right", bottom="bottom", top="top", fill_color="colour", line_color=None
        )
        self._mean = Span(dimension="width", line_color="#8A93A0", line_dash="dashed", line_width=2)
        self.figure.add_layout(self._mean)
        tooltips = [
            (say("Customer"), "@customer"),
            (say("Silhouette"), "@top{custom}"),
            (say("Next segment"), "@second"),
            (say("Closer to its own by"), "@margin{custom}"),
        ]
        written: dict[str, Any] = {"@top": pointed_numbers(2), "@margin": pointed_numbers(1, share=True)}
        self.figure.add_tools(HoverTool(renderers=[self._bars], tooltips=tooltips, formatters=written, limit=1))
        self._style()
        self.show(bars, mean)

    def _style(self) -> None:
        figure = self.figure
        figure.stylesheets = [PLOT_STYLE]
        figure.output_backend = "canvas"
        figure.xaxis.axis_label, figure.yaxis.axis_label = say("Customers, segment by segment"), say("Silhouette")
        figure.axis.axis_label_text_font_style = "normal"
        figure.xaxis.ticker = FixedTicker()
        figure.xaxis.formatter = CustomJSTickFormatter(code=_SEGMENT_AT_TICK)
        figure.yaxis.formatter = axis_numbers("0.[00]")
        figure.xgrid.grid_line_color = None

    def show(self, bars: Bars, mean: float) -> None:
        """Show another result."""
        figure, positions = self.figure, list(bars.middles.values())
        self._bars.data_source.data = bars.columns
        self._mean.location = mean
        figure.x_range.update(start=0, end=bars.width, reset_start=0, reset_end=bars.width)
        lowest = min(0.0, float(bars.columns["top"].min()) - 0.02)
        figure.y_range.update(start=lowest, end=1, reset_start=lowest, reset_end=1)
        axis = figure.xaxis[0]
        axis.formatter.args = {"positions": positions, "names": [str(number) for number in bars.middles]}
        axis.ticker = FixedTicker(ticks=positions)
