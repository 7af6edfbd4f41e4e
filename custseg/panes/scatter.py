"""The picture: customers on two features, coloured by segment, with the centroids on top."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
import param

from custseg.panes import picture
from custseg.panes.style import BUTTON_STYLE, TEXT_STYLE
from custseg.panes.view import View
from custseg.wording import count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from custseg.model import SegmentationModel


class Scatter(View):
    """A scatter that is drawn once and then updated in place, so that zoom and position stay over a run."""

    log_axes: bool = param.Boolean(default=False, label="Log axes", doc="Whether both axes are logarithmic.")

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    points: bool = param.Boolean(default=True, constant=True, doc="Whether to draw single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._rows = picture.shown_rows(len(model.table) if self.points else 0)
        self._picture = self._draw()
        self._plot = pn.pane.Bokeh(self._picture.figure, sizing_mode="stretch_both", min_height=440)
        self._note = pn.pane.HTML(self._notes(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        switch = [] if self.static else [self._switch()]
        self._layout = pn.Column(*switch, self._plot, self._note, sizing_mode="stretch_both", margin=0)
        model.param.watch(self._follow, ["table", "x", "y", "result"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def _switch(self) -> pn.viewable.Viewable:
        # A toggle, since Bokeh's checkbox has no label that a screen reader would read.
        return pn.widgets.Toggle.from_param(
            self.param.log_axes, width=110, stylesheets=[BUTTON_STYLE], margin=(0, 0, 4, 0)
        )

    def _draw(self) -> picture.Picture:
        model = self.model
        drawn = picture.build_picture(
            model.table,
            picture.customer_columns(model.table, self._rows, model.x, model.y)
            | picture.segment_columns(model.outcome, self._rows),
            picture.centroid_columns(model.outcome, model.table, model.x, model.y),
            log=self.log_axes,
        )
        self._set_axes(drawn)
        picture.show_segments(drawn, model.outcome)
        return drawn

    def _set_axes(self, drawn: picture.Picture) -> None:
        table = self.model.table
        axes = (self.model.x, self.model.y)
        titles = tuple(picture.axis_title(table, name) for name in axes)
        limits = tuple(picture.axis_range(self._column(name), log=self.log_axes) for name in axes)
        picture.set_axes(drawn, (titles[0], titles[1]), (limits[0], limits[1]))

    def _column(self, feature: str) -> NDArray[np.float64]:
        return self.model.table.matrix([feature])[:, 0]

    def _follow(self, *events: param.parameterized.Event) -> None:
        changed = {event.name for event in events}
        if "table" in changed:
            self._rows = picture.shown_rows(len(self.model.table) if self.points else 0)
            self._redraw()
            return
        if changed & {"x", "y"}:
            self._move()
        if "result" in changed:
            self._colour()

    def _move(self) -> None:
        model, drawn = self.model, self._picture
        x, y = (self._column(name)[self._rows] for name in (model.x, model.y))
        with model.together():
            drawn.customers.data.update({"x": x, "y": y})
            drawn.centroids.data = picture.centroid_columns(model.outcome, model.table, model.x, model.y)
            self._set_axes(drawn)
        self._note.object = self._notes()
        self._push()

    def _colour(self) -> None:
        model, drawn = self.model, self._picture
        # First, so that customers of a segment that was hidden are looked at anew when they come.
        picture.show_segments(drawn, model.outcome)
        drawn.customers.data.update(picture.segment_columns(model.outcome, self._rows))
        drawn.centroids.data = picture.centroid_columns(model.outcome, model.table, model.x, model.y)
        self._push()

    @param.depends("log_axes", watch=True)
    def _redraw(self) -> None:
        # A figure can't change the kind of its axes, nor what is told of a customer, so this one is drawn anew.
        before, self._picture = self._picture, self._draw()
        picture.hide_as_in(before, self._picture)
        self._plot.object = self._picture.figure
        self._note.object = self._notes()

    def _push(self) -> None:
        """Send changes of the figure's sources to a notebook; a server does so by itself."""
        pn.io.push_notebook(self._plot)

    def _notes(self) -> str:
        model, notes = self.model, []
        if model.x == model.y:
            notes.append(
                f"Both axes show {model.x}, so all customers lie on one line. Choose two features to see more."
            )
        if not self.points:
            notes.append("Only the centres of the segments are drawn; single customers were left out of this file.")
        elif len(self._rows) < len(model.table):
            notes.append(
                f"Drawn: a random {len(self._rows):,} of {count(len(model.table), 'customer')}. "
                "The segments, the table and the words are of all."
            )
        x, y = self._column(model.x)[self._rows], self._column(model.y)[self._rows]
        gaps = int((np.isnan(x) | np.isnan(y)).sum())
        if gaps:
            notes.append(f"Not drawn: {count(gaps, 'customer')} without a value on one of the axes.")
        if self.log_axes:
            left_out = int(((x <= 0) | (y <= 0)).sum())
            if left_out:
                notes.append(
                    f"Not drawn: {count(left_out, 'customer')} with zero or less, which a log axis cannot show."
                )
        return "".join(f'<p class="note">{html.escape(note)}</p>' for note in notes)
