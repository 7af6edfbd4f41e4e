"""The charts that compare segments: one list, for the page, notebooks and the saved report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from custseg.insight.groups import MOST_IN_DENSITY
from custseg.language import mark, say
from custseg.narrative.side_by_side import see_averages, see_ranks, see_shares, see_spread
from custseg.panes.charts.chart_tables import ChartTable, averages_table, ranks_table, shares_table, spread_table
from custseg.panes.charts.heatmap import Heatmap
from custseg.panes.charts.parallel_coordinates import ParallelCoordinates
from custseg.panes.charts.ridges import Ridges
from custseg.panes.charts.shares import Shares, with_spend
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.insight.groups import Groups
    from custseg.panes.charts.marks import Mark

# Nobody compares more features than this.
MOST_FEATURES = 20
# In pixels: an axis with its title, a row of a chart, and the select of a feature with its label.
_AXIS, _ROW, _SELECT = 60, 34, 68


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What charts show: the groups of one result and their marks.

    Attributes
    ----------
    groups, marks
        The groups of the result, and one mark for each group shown, in order; selected customers come last.
    positions
        The positions, among the compared features, of those that a chart of all features shows: the most telling ones.
    feature, chosen
        The position of the feature that a chart of one feature shows, and those of all charts of that kind.
    static
        Whether it is drawn for a file, where nothing can be chosen.

    """

    groups: Groups
    marks: list[Mark]
    positions: list[int]
    feature: int
    chosen: list[int]
    static: bool

    @property
    def height_by_feature(self) -> float:
        """Pixels for one row per feature."""
        return _AXIS + _ROW * (2 + max(4, len(self.positions)))

    @property
    def height_by_group(self) -> float:
        """Pixels for one row per group of the result; a selection does not change it, to keep the layout still."""
        return _AXIS + _ROW * max(6, sum(not mark.selected for mark in self.marks))

    @property
    def height_beside_choice(self) -> float:
        """Pixels that a chart by group takes, together with the select of a feature above it."""
        return self.height_by_group + (0 if self.static else _SELECT)


class Drawing(Protocol):
    """What a chart builds: something with a Bokeh figure, made once.

    Where it also has a ``group_at(x, y)``, a tap there selects the group of that key.
    """

    @property
    def figure(self) -> Any:
        """The figure."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that compares segments.

    Attributes
    ----------
    name, title
        What it is called in code and on the page.
    caption
        How to read it, in a sentence or two of HTML.
    seen
        What there is to see in it, in a sentence of plain text; None where that is for the reader to find.
    key
        What its looks stand for where the names of the groups don't say it, in a few words of HTML.
    table
        The same as a table, for whoever does not see the picture; None for one that has none.
    build
        Makes an empty drawing.
    update
        Puts a scene into a drawing, in place.
    by_feature
        Whether it shows one feature, which a person chooses; a file has a drawing for each of the most telling ones.
    sideways
        Whether it may be wider than a phone, and then scrolls sideways.

    """

    name: str
    title: str
    caption: Callable[[Scene], str]
    build: Callable[[], Drawing]
    update: Callable[[Any, Scene], None]
    seen: Callable[[Scene], str] | None = None
    key: Callable[[Scene], str] | None = None
    table: Callable[[Scene], ChartTable] | None = None
    by_feature: bool = False
    sideways: bool = False


def _caption_of_averages(scene: Scene) -> str:
    caption = say(
        "Each number is how far a segment’s average is above (+, blue) or below (−, brown) that of "
        "all customers: 0 is no difference, 1 a clear one, 2 a large one. The unit is the standard "
        "deviation of all customers."
    )
    shown = len(scene.positions)
    left_out = len(scene.groups.profile.features) - shown
    if left_out:
        caption += say(
            " Shown: the {shown} features in which segments differ most, without {left_out}.",
            shown=shown,
            left_out=count(left_out, "other"),
        )
    return caption


def _caption_of_ranks(_: Scene) -> str:
    return say(
        "Each line is a segment: at 80%, four in five of all customers have less than the segment’s "
        "median customer. The dashed line is the median of all customers."
    )


def _caption_of_spread(scene: Scene) -> str:
    caption = say(
        "Each hill shows where a segment’s customers are; all hills are equally high. The tick in it "
        "and the number to its right mark the median customer."
    )
    if any(scene.groups.scales[position].logarithmic for position in scene.chosen):
        caption += say(
            " The axis is logarithmic, so each step multiplies, since a few customers are far above the rest."
        )
    if any(mark.group.customers > MOST_IN_DENSITY for mark in scene.marks):
        caption += say(
            " Large segments are drawn from a random {MOST_IN_DENSITY:,} of their customers.",
            MOST_IN_DENSITY=MOST_IN_DENSITY,
        )
    return caption


def _caption_of_shares(scene: Scene) -> str:
    whiskers = (
        say(" The thin lines are 95% intervals: where the share would be with other customers, clustered anew.")
        if any(mark.customer_ends is not None for mark in scene.marks)
        else ""
    )
    if not with_spend(scene.marks):
        return say("Each segment’s share of all customers.{whiskers}", whiskers=whiskers)
    return say(
        "A segment with the longer striped bar brings in more than its number of customers would suggest.{whiskers}",
        whiskers=whiskers,
    )


def _key_of_shares(scene: Scene) -> str:
    return (
        (
            f'<span class="swatch"></span> {say("share of customers")} <span class="swatch spend"></span>'
            f" {say('share of spend')}"
        )
        if with_spend(scene.marks)
        else ""
    )


def _show_averages(drawing: Heatmap, scene: Scene) -> None:
    drawing.show(scene.groups, scene.marks, scene.positions, scene.height_by_feature)


def _show_ranks(drawing: ParallelCoordinates, scene: Scene) -> None:
    drawing.show(scene.groups, scene.marks, scene.positions, scene.height_by_feature)


def _show_spread(drawing: Ridges, scene: Scene) -> None:
    drawing.show(scene.groups, scene.marks, scene.feature, scene.height_by_group)


def _show_shares(drawing: Shares, scene: Scene) -> None:
    drawing.show(scene.marks, scene.height_beside_choice)


CHARTS: list[Chart] = [
    Chart(
        "averages", mark("What is above and below average"), _caption_of_averages,
        build=Heatmap, update=_show_averages, sideways=True,
        seen=lambda scene: see_averages(scene.groups),
        table=lambda scene: averages_table(scene.groups, scene.marks, scene.positions),
    ),
    Chart(
        "ranks", mark("Where each segment’s median customer ranks"), _caption_of_ranks,
        build=ParallelCoordinates, update=_show_ranks, sideways=True,
        seen=lambda scene: see_ranks(scene.groups),
        table=lambda scene: ranks_table(scene.groups, scene.marks, scene.positions),
    ),
    Chart(
        "spread", mark("How customers are spread"), _caption_of_spread,
        build=Ridges, update=_show_spread, by_feature=True,
        seen=lambda scene: see_spread(scene.groups, scene.feature),
        table=lambda scene: spread_table(scene.groups, scene.marks, scene.chosen),
    ),
    Chart(
        "shares", mark("Customers and what they bring in"), _caption_of_shares,
        build=Shares, update=_show_shares,
        seen=lambda scene: see_shares(scene.groups), key=_key_of_shares,
        table=lambda scene: shares_table(scene.marks),
    ),
]  # fmt: skip
