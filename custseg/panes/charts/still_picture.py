"""The picture of the customers as PNG or SVG, drawn without a browser."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import numpy as np

from custseg.language import say
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.panes.charts.axes import axes_of, places_of
from custseg.settings import MOST_POINTS
from custseg.tables.expressions import SEGMENT
from custseg.wording import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Drawing
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    from custseg.panes.charts.axes import Axes
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult
    from custseg.tables.column_roles import Quantity

_FEW_TENS = 3
_INCHES, _DOTS_PER_INCH = (9, 6), 160


class StillPicture:
    """The picture of the last result as it is now: its axes, customers by segment, and centroids."""

    def __init__(self, model: SegmentationModel) -> None:
        self.model = model

    def write(self, stream: BinaryIO, kind: Literal["png", "svg"]) -> None:
        """Write it to a stream; texts of an SVG are texts, and name nothing outside it."""
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        outcome, axes = self.model.outcome, axes_of(self.model)
        if outcome is None:
            return
        # No pyplot, which keeps each figure for the whole process. The same picture is the same bytes.
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "custseg"}), warnings.catch_warnings():
            # A letter that the font lacks is a box in a PNG; in an SVG whoever shows it has a font.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            figure = Figure(figsize=_INCHES, layout="constrained")
            _draw(figure.add_subplot(), outcome, axes)
            figure.savefig(stream, format=kind, dpi=_DOTS_PER_INCH, metadata={"Date": None} if kind == "svg" else None)


def _draw(drawing: Drawing, outcome: RunResult, axes: Axes) -> None:
    result = outcome.segmentation
    sample = result.segmented_sample(MOST_POINTS)
    places, labels = places_of(sample, axes.projection), sample.labels[SEGMENT]
    marks: list[Any] = []
    for segment, slot in enumerate(outcome.slots, start=1):
        x, y = places[labels == segment].T
        marks.append(drawing.scatter(x, y, s=14, alpha=0.7, linewidths=0, color=SEGMENT_COLOURS[slot]))
    for segment, ((x, y), slot) in enumerate(zip(axes.centroids(outcome), outcome.slots, strict=True), start=1):
        drawing.scatter(x, y, s=130, marker="D", color=SEGMENT_COLOURS[slot], edgecolors="black", zorder=3)
        drawing.annotate(str(segment), (x, y), (9, 6), textcoords="offset points", weight="bold", zorder=4)
    names = [f"{segment} {_clean(name)}" for segment, name in enumerate(outcome.words.names, start=1)]
    legend = drawing.legend(marks, names, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2, frameon=False)
    drawing.set_xlabel(_clean(axes.titles[0]))
    drawing.set_ylabel(_clean(axes.titles[1]))
    for axis, knee, quantity in zip((drawing.xaxis, drawing.yaxis), axes.knees, axes.quantities, strict=True):
        _scale(axis, knee, quantity)
    drawing.set_title(_about(outcome, len(places)), fontsize="medium", loc="left")
    _as_written([*legend.get_texts(), drawing.xaxis.label, drawing.yaxis.label, drawing.title])
    drawing.spines[["top", "right"]].set_visible(False)
    drawing.grid(color="0.9")
    drawing.set_axisbelow(True)


def _about(outcome: RunResult, drawn: int) -> str:
    customers = int(outcome.segmentation.sizes.sum())
    sampled = say(", {drawn:,} of them drawn at random", drawn=drawn) if drawn < customers else ""
    return say(
        "{k} of {customers}{sampled}",
        k=count(outcome.segmentation.k, "segment"),
        customers=count(customers, "customer"),
        sampled=sampled,
    )


def _scale(axis: Axis, knee: float | None, quantity: Quantity) -> None:
    """Write what places stand for: on a logarithmic scale 1, 2 and 5, 10, 20 and 50, or tenfold amounts where many."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    if knee is None:
        axis.set_major_formatter(FuncFormatter(lambda place, _: _written(place, quantity)))
        return
    low, high = axis.get_view_interval()
    reach = knee * np.sinh(np.abs([low, high]).max())
    tens = 10.0 ** np.arange(np.floor(np.log10(knee)), np.floor(np.log10(max(reach, knee))) + 1)
    steps = np.outer(tens, [1, 2, 5] if len(tens) <= _FEW_TENS else [1]).ravel()
    above = steps[(steps >= knee) & (steps <= reach)]
    amounts = np.concatenate([-above[::-1], [0.0], above])
    axis.set_major_locator(FixedLocator(np.arcsinh(amounts / knee).tolist()))
    axis.set_major_formatter(FuncFormatter(lambda place, _: number(float(np.round(knee * np.sinh(place), 9)))))
    axis.set_view_interval(low, high, ignore=True)


def _written(value: float, quantity: Quantity) -> str:
    if quantity == "year":
        return f"{value:g}"
    return f"{100 * value:g}%" if quantity == "share" else number(value)


def _as_written(texts: list[Text]) -> None:
    """Keep what stands between dollar signs from being mathematics."""
    for text in texts:
        text.set_parse_math(False)


def _clean(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
