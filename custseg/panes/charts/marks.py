"""How each group of customers is marked, the same in all charts that compare segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.language import say
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.style import APART_COLOUR, INK, PAPER, SEGMENT_COLOURS
from custseg.panes.charts.scatter_figure import segment_label
from custseg.wording import count

if TYPE_CHECKING:
    from custseg.insight.groups import Group
    from custseg.session.run_result import RunResult

# One for each colour slot, so that lines can be told apart without colour.
MARKERS = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "inverted_triangle",
    "hex",
    "star",
    "square_pin",
    "triangle_pin",
    "plus",
)


@dataclass(frozen=True, eq=False)
class Mark:
    """A group and how it is drawn.

    ``key`` is used where there is room for one letter, ``row`` beside a row, ``title`` in a tooltip. ``customer_ends``
    and ``spend_ends`` are the 95% intervals of its shares, where they are known.
    """

    group: Group
    key: str
    row: str
    title: str
    fill: str
    line: str
    dash: str
    marker: str
    customer_ends: tuple[float, float] | None = None
    spend_ends: tuple[float, float] | None = None

    @property
    def selected(self) -> bool:
        """Whether it marks the selected customers, not a group of the result."""
        return self.key == "S"


def marks_of(outcome: RunResult, selected: Group | None = None) -> list[Mark]:
    """Mark the segments, then the customers that were set apart, then the selected customers."""
    groups = outcome.groups
    marks = [
        Mark(
            group, str(number), say("Segment {number}", number=number), segment_label(outcome, number), *_solid(slot),
            *_ends(outcome, number),
        )
        for number, (group, slot) in enumerate(zip(groups.segments, outcome.slots, strict=True), start=1)
    ]  # fmt: skip
    if groups.exceptional is not None:
        looks = (APART_COLOUR, APART_COLOUR, "solid", "x")
        marks.append(Mark(groups.exceptional, "E", say("Exceptional"), EXCEPTIONAL, *looks))
    if selected is not None:
        title = say("Selected: {customers}", customers=count(selected.customers, "customer"))
        marks.append(Mark(selected, "S", say("Selected"), title, PAPER, INK, "dashed", "circle_dot"))
    return marks


def _solid(slot: int) -> tuple[str, str, str, str]:
    return SEGMENT_COLOURS[slot], SEGMENT_COLOURS[slot], "solid", MARKERS[slot]


def _ends(outcome: RunResult, number: int) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Return the intervals of the shares of customers and of spend of a segment."""
    if outcome.certainty is None:
        return None, None
    intervals = outcome.certainty.intervals
    customers, spend = (
        None if ends is None else (float(ends[number - 1, 0]), float(ends[number - 1, 1]))
        for ends in (intervals.customer_share, intervals.spend_share)
    )
    return customers, spend
