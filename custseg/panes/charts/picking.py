"""What a person picks in the picture: customers in a box or a line drawn by hand, or one of them.

BokehJS finds which of the points that are drawn lie in a shape, and shows them. Where only some customers are drawn,
the shape is looked at once more here, among all. What is selected elsewhere is shown through the same source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.events import SelectionGeometry
from bokeh.models import BoxSelectTool, ColumnDataSource, CustomJS, LassoSelectTool, TapTool

from custseg.language import say
from custseg.tables.conditions import holds
from custseg.tables.expressions import Both, Either, Identified, Not, Passing
from custseg.tables.shapes import InBox, InPolygon

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from custseg.panes.charts.axes import Axes
    from custseg.panes.charts.scatter_figure import Picture
    from custseg.session.model import SegmentationModel
    from custseg.tables.customers import Sample
    from custseg.tables.expressions import Condition

    Flags = NDArray[np.bool_]

# A source of this name is written to by the browser.
TAPPED = "tapped"
_HOW = {"rect": "box", "poly": "line"}
# The last of the points under the pointer is on top. By name: of other customers the same row may be somebody else by
# the time that this arrives. The time tells two taps on one customer apart.
_ON_TAP = """
const {source} = cb_data, rows = source.inspected.indices;
if (rows.length) tapped.data = {customer: [source.get_column("customer")[rows.at(-1)]], time: [Date.now()]};
"""


class Picker:
    """Ties one figure to a model: what is drawn in it selects, a tap looks closely, and what is selected shows."""

    def __init__(self, model: SegmentationModel, drawn: Picture, shown: Callable[[], tuple[Sample, Axes]]) -> None:
        self._model, self._drawn, self._shown = model, drawn, shown
        self._showing = False
        points = [one for one in drawn.figure.renderers if one.data_source is drawn.customers]
        tapped = ColumnDataSource({"customer": [], "time": []}, name=TAPPED)
        drawn.figure.add_tools(
            BoxSelectTool(renderers=points, description=say("Select customers with a box")),
            # Once, when the line is closed: at each move all customers in it would be sent.
            LassoSelectTool(
                renderers=points, description=say("Select customers with a line around them"), continuous=False
            ),
            TapTool(
                renderers=points, behavior="inspect", visible=False,
                callback=CustomJS(args={"tapped": tapped}, code=_ON_TAP),
            ),
        )  # fmt: skip
        drawn.figure.on_event(SelectionGeometry, self._take)
        drawn.customers.selected.on_change("indices", self._clear)
        tapped.on_change("data", self._look)
        self.show()

    def show(self) -> None:
        """Let those that are selected stay bright; where nobody is, all are."""
        selected, (sample, _) = self._model.selected, self._shown()
        indices = [] if selected is None else np.flatnonzero(holds(selected.where, sample)).tolist()
        if indices != self._drawn.customers.selected.indices:
            self._showing = True
            try:
                self._drawn.customers.selected.indices = indices
            finally:
                self._showing = False

    def _take(self, event: Any) -> None:
        how = _HOW.get(event.geometry["type"])
        if how is None or not event.final:
            return
        sample, _ = self._shown()
        bright = np.zeros(len(sample), dtype=bool)
        # Those of a picture that was zoomed a moment ago may have been more.
        bright[[row for row in self._drawn.customers.selected.indices if row < len(sample)]] = True
        who = Identified(tuple(sample.identifiers[bright])) if sample.whole else self._of_all(event.geometry, bright)
        with self._model.batch_updates():
            self._model.select(who, how)
            # Also where it is what was selected before: a browser may show something else by now.
            self.show()

    def _of_all(self, shape: dict[str, Any], bright: Flags) -> Condition:
        """Say who of all customers is selected now, given those drawn that a browser shows as selected.

        With a key held down, a shape adds to what was selected, takes from it, or leaves what is in both. No event says
        which; it is what comes nearest to what is shown.
        """
        inside, selected, (sample, _) = self._inside(shape), self._model.selected, self._shown()
        if selected is None:
            return inside
        before = selected.where
        ways: tuple[Condition, ...] = (inside, Either(before, inside), Both(before, inside), Both(before, Not(inside)))
        return min(ways, key=lambda way: np.count_nonzero(holds(way, sample) != bright))

    def _inside(self, shape: dict[str, Any]) -> Condition:
        """Return what holds of the customers within a shape."""
        box = shape["type"] == "rect"
        xs, ys = ([shape[f"{axis}0"], shape[f"{axis}1"]] if box else shape[axis] for axis in "xy")
        corners, projection = np.column_stack([xs, ys]).astype(float), self._shown()[1].projection
        points = tuple((x, y) for x, y in corners.tolist())
        return Passing(InBox(projection, *points) if box else InPolygon(projection, points))

    def _clear(self, _name: str, _old: list[int], new: list[int]) -> None:
        # As with the Escape key, or a box around nobody. Of another shape its own event says more.
        if not new and not self._showing and self._model.selected is not None:
            with self._model.batch_updates():
                self._model.clear_selection()

    def _look(self, _name: str, _old: object, new: dict[str, list[str]]) -> None:
        with self._model.batch_updates():
            self._model.focused_customer = str(new["customer"][0])
