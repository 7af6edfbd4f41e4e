"""The sizes of segments over the periods of a ledger, a line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Range1d
from bokeh.plotting import figure

from custseg.language import say
from custseg.ledger.file import GONE
from custseg.panes.base.numbers import axis_numbers, pointed_numbers
from custseg.panes.base.style import PLOT_STYLE, SEGMENT_COLOURS, UNASSIGNED_COLOUR
from custseg.wording import plain_label

if TYPE_CHECKING:
    from custseg.ledger.history import LedgerHistory

# More names would lie over each other.
_MOST_TICKS = 7
# On either side of the first and the last period, of the way between two.
_ROOM = 0.15


def colour_of(segment: int) -> str:
    """Return the colour of a lasting number, which stays with it; of no segment that of none."""
    return UNASSIGNED_COLOUR if segment in (0, GONE) else SEGMENT_COLOURS[(segment - 1) % len(SEGMENT_COLOURS)]


def draw_sizes(history: LedgerHistory) -> Any:
    """Draw the customers of each segment in each period as a Bokeh figure; a gap where it is not there."""
    names = [plain_label(period.name) for period in history.periods]
    places = np.arange(len(names))
    largest = max((size for period in history.periods for size in period.sizes.values()), default=1)
    # Not ranges that follow the data: a browser would tell the server what they are, which a page has no say in.
    picture: Any = figure(
        height=280, sizing_mode="stretch_width", toolbar_location=None, stylesheets=[PLOT_STYLE],
        x_range=Range1d(start=-_ROOM, end=len(names) - 1 + _ROOM), y_range=Range1d(start=0, end=1.08 * largest),
    )  # fmt: skip
    dots: list[Any] = []
    for segment in sorted({segment for period in history.periods for segment in period.sizes}):
        sizes = [float(period.sizes.get(segment, np.nan)) for period in history.periods]
        source = ColumnDataSource(
            {
                "place": places,
                "size": sizes,
                "period": names,
                "segment": [plain_label(history.called(segment))] * len(names),
            }
        )
        colour = colour_of(segment)
        picture.line("place", "size", source=source, color=colour, line_width=2)
        dots.append(picture.scatter("place", "size", source=source, color=colour, size=8))
    picture.add_tools(
        HoverTool(
            renderers=dots,
            tooltips=[(say("Segment"), "@segment"), (say("Period"), "@period"), (say("Customers"), "@size{custom}")],
            formatters={"@size": pointed_numbers()},
        )
    )
    ticks = np.unique(np.linspace(0, len(names) - 1, min(len(names), _MOST_TICKS)).round().astype(int)).tolist()
    picture.xaxis.ticker = FixedTicker(ticks=ticks)
    picture.xaxis.major_label_overrides = {tick: names[tick] for tick in ticks}
    picture.yaxis.formatter = axis_numbers("0,0")
    picture.yaxis.axis_label = say("Customers")
    picture.axis.axis_label_text_font_style = "normal"
    picture.xgrid.visible = False
    return picture
