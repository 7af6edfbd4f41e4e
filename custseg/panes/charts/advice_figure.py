"""The chart of an advice: how stable segments are at each k, and how empty the space between them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import holoviews as hv
import holoviews.plotting.bokeh
import pandas as pd
from hvplot import hvPlotTabular

from custseg.language import mark, say
from custseg.panes.base.style import LEGEND_STYLE, PLOT_STYLE, SEGMENT_COLOURS

if TYPE_CHECKING:
    from custseg.how_many.advice import Advice

HEIGHT = 300
STABILITY, GAP = mark("Pairs kept together"), mark("Gap between segments")


def advice_frame(advice: Advice) -> pd.DataFrame:
    """Return one row for each k: the share of pairs kept together, and how empty the least visible gap is."""
    return pd.DataFrame(
        {
            "k": [evidence.k for evidence in advice.evidence],
            say(STABILITY): [evidence.agreement.pair_agreement for evidence in advice.evidence],
            say(GAP): [1 - evidence.valley.density_ratio for evidence in advice.evidence],
        }
    )


def advice_picture(advice: Advice) -> Any:
    """Draw both over k as lines from 0 to 1, with the suggested k marked."""
    frame = advice_frame(advice)
    marked = hv.VLine(advice.suggested).opts(color="#8A93A0", line_dash="dashed", line_width=2)
    lines = hvPlotTabular(frame).line(
        "k", [say(STABILITY), say(GAP)], color=list(SEGMENT_COLOURS[:2]), ylim=(0, 1.05), xticks=frame["k"].tolist(),
        xlabel=say("Number of segments (suggested: {suggested})", suggested=advice.suggested), ylabel=say("0 to 1"),
        legend="bottom", group_label="", toolbar=None,
    )  # fmt: skip
    dots = hvPlotTabular(frame).scatter(
        "k", [say(STABILITY), say(GAP)], color=list(SEGMENT_COLOURS[:2]), size=60, legend=False
    )
    return (marked * lines * dots).opts(hooks=[_follow_the_theme], shared_axes=False)


def _follow_the_theme(plot: Any, _: Any) -> None:
    figure = plot.state
    figure.stylesheets = [PLOT_STYLE]
    figure.axis.axis_label_text_font_style = "normal"
    # HoloViews does not make an overlay with a vertical line responsive.
    figure.update(sizing_mode="stretch_width", width=None, height=HEIGHT)
    for legend in figure.legend:
        # Below each other, since both side by side are wider than a phone.
        legend.update(background_fill_alpha=0, border_line_alpha=0, orientation="vertical", stylesheets=[LEGEND_STYLE])
