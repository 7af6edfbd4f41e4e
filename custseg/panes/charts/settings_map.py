"""A small map of other settings: a column for each, a row for each segment, and how much of it is found again there."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import holoviews as hv
from bokeh.models import ColumnDataSource, Rect

from custseg.insight.other_settings import KINDS
from custseg.language import say
from custseg.narrative.multiverse import DISSOLVED
from custseg.panes.charts.figures import (
    add_hover,
    add_layer,
    name_rows,
    set_height,
    set_range,
    set_ticks,
    small_figure,
)
from custseg.panes.charts.heatmap import DEEPEST, cell_colours
from custseg.wording import fixed, plain_label

if TYPE_CHECKING:
    from custseg.narrative.multiverse import Multiverse
    from custseg.panes.charts.figures import Columns

# Settings of a kind stand together, this far from the next kind.
_GAP = 1.0
_ROW, _LABELS, _LEAST_WIDTH = 28, 64, 640
_LONGEST = 16


def places_of(found: Multiverse) -> tuple[list[float], dict[float, str]]:
    """Return where each setting stands, those of a kind side by side, and the middle of each kind with its name."""
    kinds = [setting.kind for setting in found.settings]
    order = sorted(range(len(kinds)), key=lambda place: list(KINDS).index(kinds[place]))
    places, middles, following = [0.0] * len(kinds), {}, 0.0
    for kind, together in groupby(order, key=lambda place: kinds[place]):
        of_kind = list(together)
        for offset, place in enumerate(of_kind):
            places[place] = following + offset
        middles[following + (len(of_kind) - 1) / 2] = say(KINDS[kind])
        following += len(of_kind) + _GAP
    return places, middles


def map_columns(found: Multiverse, names: tuple[str, ...], places: list[float]) -> Columns:
    """Return one cell for each setting and segment."""
    cells = [
        (
            place, segment, cell_colours(DEEPEST * (similarity - DISSOLVED) / (1 - DISSOLVED))[0],
            plain_label(setting.words), plain_label(f"{segment} {name}"),
            _how_much_again(similarity),
        )
        for setting, place, row in zip(found.settings, places, found.jaccard.tolist(), strict=True)
        for segment, (name, similarity) in enumerate(zip(names, row, strict=True), start=1)
    ]  # fmt: skip
    return {
        title: [cell[index] for cell in cells]
        for index, title in enumerate(("x", "y", "fill", "setting", "segment", "found"))
    }


def _how_much_again(similarity: float) -> str:
    if similarity > DISSOLVED:
        return say("found again ({share} of it in common)", share=fixed(similarity, 2))
    return say("lost ({share} of it in common)", share=fixed(similarity, 2))


class SettingsMap:
    """The figure, made once; ``show`` updates it."""

    def __init__(self) -> None:
        self.figure: Any = small_figure(hv.Rectangles([(0, 0, 1, 1)]))
        self._cells = ColumnDataSource(name="settings")
        tiles = Rect(x="x", y="y", width=0.88, height=0.86, fill_color="fill", line_color=None)
        layer = add_layer(self.figure, self._cells, tiles)
        add_hover(
            self.figure, layer, [(say("Setting"), "@setting"), (say("Segment"), "@segment"), (say("It is"), "@found")]
        )
        self.figure.grid.visible = False
        for axis in self.figure.axis:
            name_rows(axis)
        self.figure.xaxis.major_label_orientation = 0.6
        # On a phone that has less, it scrolls sideways.
        self.figure.styles = {"min-width": f"{_LEAST_WIDTH}px"}

    def show(self, found: Multiverse, names: tuple[str, ...]) -> None:
        """Show under which settings the segments of these names are found again."""
        places, kinds = places_of(found)
        self._cells.data = map_columns(found, names, places)
        set_ticks(self.figure.xaxis[0], kinds)
        set_ticks(self.figure.yaxis[0], {row: _short(row, name) for row, name in enumerate(names, start=1)})
        set_range(self.figure.x_range, -0.5, max(places) + 0.5)
        set_range(self.figure.y_range, len(names) + 0.5, 0.5)
        set_height(self.figure, _ROW * len(names) + _LABELS)


def _short(number: int, name: str) -> str:
    return plain_label(f"{number} {name if len(name) <= _LONGEST else f'{name[: _LONGEST - 1]}…'}")
