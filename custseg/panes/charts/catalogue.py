"""The pictures of segments side by side: one list, for the page, notebooks and the saved file alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from custseg.insight.groups import MOST_IN_DENSITY
from custseg.panes.charts.heatmap import Heatmap
from custseg.panes.charts.parallel_coordinates import ParallelCoordinates
from custseg.panes.charts.ridges import Ridges
from custseg.panes.charts.shares import Shares, with_spend
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.insight.groups import Groups
    from custseg.panes.charts.marks import Mark

# More features than this are more than anybody would compare.
MOST_FEATURES = 20
# In pixels: an axis with its title, a row of a picture, and the select of a feature with its label.
_AXIS, _ROW, _SELECT = 60, 34, 68


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What charts show: the groups of one result, and how each is marked.

    Attributes
    ----------
    groups, marks
        The result, and one mark for each group that is shown, in order; whoever is selected comes last.
    positions
        Where among the compared features those stand that a chart of all of them shows: those that tell most.
    feature, chosen
        The position of the feature that this chart of one shows, and those of all its charts.
    static
        Whether it is drawn for a file, in which nothing can be chosen.

    """

    groups: Groups
    marks: list[Mark]
    positions: list[int]
    feature: int
    chosen: list[int]
    static: bool

    @property
    def height_by_feature(self) -> float:
        """Pixels for a row each feature."""
        return _AXIS + _ROW * (2 + max(4, len(self.positions)))

    @property
    def height_by_group(self) -> float:
        """Pixels for a row each group: of a result, since who is selected is no reason to lay out the page anew."""
        return _AXIS + _ROW * max(6, sum(not mark.selected for mark in self.marks))

    @property
    def height_beside_choice(self) -> float:
        """Pixels that a chart by group takes together with the select of a feature above it."""
        return self.height_by_group + (0 if self.static else _SELECT)


class Drawing(Protocol):
    """What a chart builds: it has a Bokeh figure, made once."""

    @property
    def figure(self) -> Any:
        """The figure."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of segments side by side.

    Attributes
    ----------
    name, title
        What it is called in code, and on the page.
    caption
        A sentence, as HTML, that says how to read it.
    build
        Makes a drawing; what it shows comes later.
    update
        Puts a scene into a drawing, in place.
    by_feature
        Whether it shows one feature, which a person chooses; a file has one drawing for each that tells most.
    sideways
        Whether it may be wider than a phone, and is then moved sideways.

    """

    name: str
    title: str
    caption: Callable[[Scene], str]
    build: Callable[[], Drawing]
    update: Callable[[Any, Scene], None]
    by_feature: bool = False
    sideways: bool = False


def _caption_of_averages(scene: Scene) -> str:
    caption = (
        "A number says how far a segment’s average is above (+, blue) or below (−, brown) that of all customers: 0 is "
        "the same, 1 a clear difference, 2 a large one. It counts standard deviations of all customers."
    )
    shown = len(scene.positions)
    left_out = len(scene.groups.profile.features) - shown
    if left_out:
        caption += f" Shown: the {shown} features in which segments differ most; {count(left_out, 'other')} not."
    return caption


def _caption_of_ranks(_: Scene) -> str:
    return (
        "A line follows one segment: at 80 %, four in five of all customers have less than the segment’s middle "
        "customer. The dashed line is the middle of all customers."
    )


def _caption_of_spread(scene: Scene) -> str:
    caption = (
        "A hill shows where a segment’s customers are; all hills are equally high. The tick in it, and the number at "
        "its right, is the middle customer."
    )
    if any(scene.groups.scales[position].logarithmic for position in scene.chosen):
        caption += (
            " Each step on this axis multiplies (it is logarithmic), since a few customers are far above the rest."
        )
    if any(mark.group.customers > MOST_IN_DENSITY for mark in scene.marks):
        caption += f" A large segment is drawn from {MOST_IN_DENSITY:,} of its customers, chosen at random."
    return caption


def _caption_of_shares(scene: Scene) -> str:
    if not with_spend(scene.marks):
        return "Each segment’s share of all customers."
    return (
        '<span class="swatch"></span> share of all customers, <span class="swatch spend"></span> share of all spend. A '
        "segment with the longer striped bar brings in more than its number of customers would suggest."
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
        "averages", "What is above and below average", _caption_of_averages,
        build=Heatmap, update=_show_averages, sideways=True,
    ),
    Chart(
        "ranks", "Where the middle customer of each segment stands", _caption_of_ranks,
        build=ParallelCoordinates, update=_show_ranks, sideways=True,
    ),
    Chart(
        "spread", "How customers are spread", _caption_of_spread,
        build=Ridges, update=_show_spread, by_feature=True,
    ),
    Chart(
        "shares", "Customers and what they bring in", _caption_of_shares,
        build=Shares, update=_show_shares,
    ),
]  # fmt: skip
