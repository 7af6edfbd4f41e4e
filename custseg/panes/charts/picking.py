"""What a person picks in the picture: customers in a box or a line drawn by hand, or one of them.

BokehJS finds which of the points that are drawn lie in a shape, and shows them. Where only some customers are drawn,
the shape is looked at once more here, among all. What is selected elsewhere is shown through the same source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.events import SelectionGeometry
from bokeh.models import BoxSelectTool, ColumnDataSource, CustomJS, LassoSelectTool, TapTool

from custseg.tables.shapes import in_box, in_polygon

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from custseg.panes.charts.axes import Axes
    from custseg.panes.charts.scatter_figure import Picture
    from custseg.session.model import SegmentationModel

    Flags = NDArray[np.bool_]

_HOW = {"rect": "box", "poly": "line"}
# The last of the points under the pointer is on top. The time tells two taps on one customer apart.
_ON_TAP = """
const rows = cb_data.source.inspected.indices;
if (rows.length) tapped.data = {row: [rows.at(-1)], time: [Date.now()]};
"""


class Picker:
    """Ties one figure to a model: what is drawn in it selects, a tap looks closely, and what is selected shows."""

    def __init__(
        self,
        model: SegmentationModel,
        drawn: Picture,
        rows: NDArray[np.intp],
        axes: Callable[[], Axes],
        *,
        log: bool,
    ) -> None:
        self._model, self._drawn, self._rows, self._axes, self._log = model, drawn, rows, axes, log
        self._showing = False
        points = [one for one in drawn.figure.renderers if one.data_source is drawn.customers]
        tapped = ColumnDataSource({"row": [], "time": []})
        drawn.figure.add_tools(
            BoxSelectTool(renderers=points, description="Select customers with a box"),
            # Once, when the line is closed: at each move all customers in it would be sent.
            LassoSelectTool(renderers=points, description="Select customers with a line around them", continuous=False),
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
        selected = self._model.selected
        indices = [] if selected is None else np.flatnonzero(self._in_table(selected.rows)[self._rows]).tolist()
        if indices != self._drawn.customers.selected.indices:
            self._showing = True
            try:
                self._drawn.customers.selected.indices = indices
            finally:
                self._showing = False

    def _in_table(self, rows: NDArray[np.intp]) -> Flags:
        flags = np.zeros(len(self._model.table), dtype=bool)
        flags[rows] = True
        return flags

    def _take(self, event: Any) -> None:
        how = _HOW.get(event.geometry["type"])
        if how is None or not event.final:
            return
        rows = self._rows[np.array(self._drawn.customers.selected.indices, dtype=np.intp)]
        if len(self._rows) < len(self._model.table):
            rows = np.flatnonzero(self._of_all(event.geometry, self._in_table(rows)))
        with self._model.batch_updates():
            self._model.select(rows, how)
            # Also where it is what was selected before: a browser may show something else by now.
            self.show()

    def _of_all(self, shape: dict[str, Any], shown: Flags) -> Flags:
        """Say of all customers whether they are selected now, given those that a browser shows as selected.

        With a key held down, a shape adds to what was selected, takes from it, or leaves what is in both. No event says
        which; it is what comes nearest to what is shown.
        """
        inside = self._inside(shape)
        selected = self._model.selected
        before = np.zeros_like(inside) if selected is None else self._in_table(selected.rows)
        ways = (inside, before | inside, before & inside, before & ~inside)
        return min(ways, key=lambda way: np.count_nonzero((way != shown)[self._rows]))

    def _inside(self, shape: dict[str, Any]) -> Flags:
        model = self._model
        places = self._axes().place(np.arange(len(model.table)))
        if shape["type"] == "rect":
            corners = np.array([[shape["x0"], shape["y0"]], [shape["x1"], shape["y1"]]])
        else:
            corners = np.column_stack([shape["x"], shape["y"]])
        if self._log:
            # A line that is straight on the screen is so between logarithms.
            with np.errstate(divide="ignore", invalid="ignore"):
                places, corners = np.log10(places), np.log10(corners)
        inside = in_box(places, *corners) if shape["type"] == "rect" else in_polygon(places, corners)
        return inside & ~self._hidden()

    def _hidden(self) -> Flags:
        """Say of all customers whether their segment is hidden by the legend."""
        outcome, keys = self._model.outcome, [entry.renderers[0] for entry in self._drawn.entries]
        if outcome is None:
            return np.zeros(len(self._model.table), dtype=bool)
        result = outcome.segmentation
        hidden = np.array([False, *(not key.visible for key in keys[: result.k])])[result.labels]
        return hidden | (result.exceptional & (not keys[-1].visible))

    def _clear(self, _name: str, _old: list[int], new: list[int]) -> None:
        # As with the Escape key, or a box around nobody. Of another shape its own event says more.
        if not new and not self._showing and self._model.selected is not None:
            with self._model.batch_updates():
                self._model.clear_selection()

    def _look(self, _name: str, _old: object, new: dict[str, list[int]]) -> None:
        with self._model.batch_updates():
            self._model.focused_customer = int(self._rows[int(new["row"][0])])
