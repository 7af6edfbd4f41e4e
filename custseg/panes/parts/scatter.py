"""The picture: customers on two features, coloured by segment, with the centroids on top."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
import param

from custseg.insight.certainty import OnBorder
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE
from custseg.panes.charts import scatter_figure as picture
from custseg.panes.charts.axes import Axes, FeatureAxes, axes_of, places_of
from custseg.panes.charts.overlays import show_arrows, show_rings
from custseg.panes.charts.picking import Picker
from custseg.panes.parts.selected import Selected
from custseg.settings import PICTURES
from custseg.tables.conditions import holds
from custseg.tables.expressions import SEGMENT, Passing
from custseg.wording import count

if TYPE_CHECKING:
    from custseg.insight.hidden_differences import HiddenDifference
    from custseg.session.model import SegmentationModel
    from custseg.tables.customers import Sample
    from custseg.tables.table import CustomerTable


_SPEND = re.compile(r"spen[dt]|revenue|sales|amount|charge|value|turnover|total", re.IGNORECASE)


class Scatter(Part):
    """A scatter that is drawn once and then updated in place, so that zoom and position stay over a run."""

    log_axes: bool = param.Boolean(default=False, label="Log axes", doc="Whether both axes are logarithmic.")
    borderline: bool = param.Boolean(
        default=False,
        label="Mark borderline",
        doc="Whether to mark customers who are nearly as close to another segment.",
    )

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    points: bool = param.Boolean(default=True, constant=True, doc="Whether to draw single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._drawn = self._sample()
        self._axes: Axes = axes_of(model)
        self._picture = self._draw()
        self._plot = pn.pane.Bokeh(self._picture.figure, sizing_mode="stretch_both", min_height=440)
        self._note = pn.pane.HTML("", stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._log, self._mark = self._switch(self.param.log_axes), self._switch(self.param.borderline)
        self._reveal = pn.widgets.Button(visible=False, stylesheets=[BUTTON_STYLE], margin=(4, 0, 0, 12))
        self._reveal.on_click(self._show_what_is_hidden)
        switches = pn.Row(self._log, self._mark, margin=(0, 0, 4, 0), height=36)
        notes = pn.Row(self._note, *([] if self.static else [self._reveal]), sizing_mode="stretch_width", margin=0)
        selected = [] if self.static else [Selected(model, attention=self.attention)]
        # Room for what is usually said, so that the picture keeps its size whatever that is: else it is laid out anew.
        below = pn.Column(
            *selected, notes, sizing_mode="stretch_width", min_height=66 if self.static else 124, margin=0
        )
        self._layout = pn.Column(
            *([] if self.static else [switches]), self._plot, below, sizing_mode="stretch_both", margin=0
        )
        self._say()
        self.watch(self._follow, "table", "x", "y", "picture", "run", "names", "assessment")
        self.watch(self._show_selected, "selected")

    @staticmethod
    def _switch(parameter: param.Parameter[bool]) -> pn.widgets.Toggle:
        # A toggle, since Bokeh's checkbox has no label that a screen reader would read.
        return pn.widgets.Toggle.from_param(parameter, stylesheets=[BUTTON_STYLE], margin=(0, 8, 0, 0))

    @property
    def _logarithmic(self) -> bool:
        return self.log_axes and isinstance(self._axes, FeatureAxes)

    def _sample(self) -> Sample:
        """Return the customers to draw, and where there is a result the segment of each."""
        outcome, most = self.model.outcome, picture.MOST_POINTS if self.points else 0
        # Of the table as it is now: after a run its columns may have been given other roles.
        customers = self.model.table.customers
        return (customers if outcome is None else outcome.segmentation.label(customers, SEGMENT)).sample(most)

    def _places(self) -> Any:
        return places_of(self._drawn, self._axes.projection)

    def _draw(self) -> picture.Picture:
        model, axes = self.model, self._axes
        drawn = picture.build_picture(
            model.table,
            picture.customer_columns(self._drawn, self._places()) | picture.segment_columns(model.outcome, self._drawn),
            picture.centroid_columns(model.outcome, axes),
            log=self._logarithmic,
        )
        self._set_axes(drawn)
        picture.show_segments(drawn, model.outcome)
        show_rings(drawn.figure, self._borderline_places(), drawn.shown)
        # At once: BokehJS lays tools that come later over the picture, where they can't be pressed.
        self._picker = (
            Picker(model, drawn, lambda: (self._drawn, self._axes), log=self._logarithmic)
            if self.points and not self.static
            else None
        )
        return drawn

    def _show_selected(self, _: frozenset[str]) -> None:
        if self._picker is None:
            return
        with self.model.batch_updates():
            self._picker.show()
        self._push()

    def _set_axes(self, drawn: picture.Picture) -> None:
        limits = self._axes.limits(self._drawn, log=self._logarithmic)
        picture.set_axes(drawn, self._axes.titles, limits, self._axes.quantities)
        show_arrows(drawn.figure, self._axes.arrows(limits))

    def _borderline_places(self) -> dict[str, list[Any]]:
        """Return where borderline customers are drawn, and in which segment they are."""
        certainty = self.model.certainty
        if certainty is None or not self.borderline:
            return {"x": [], "y": [], "number": []}
        places, on_border = self._places(), holds(Passing(OnBorder(certainty.segmentation)), self._drawn)
        drawn = on_border & np.isfinite(places).all(axis=1) & ((places > 0).all(axis=1) | (not self._logarithmic))
        x, y = places[drawn].T.tolist()
        return {"x": x, "y": y, "number": [str(code) for code in self._drawn.labels[SEGMENT][drawn]]}

    def _follow(self, changed: frozenset[str]) -> None:
        logarithmic, before, self._axes = self._logarithmic, self._axes, axes_of(self.model)
        if changed & {"table", "run"}:
            self._drawn = self._sample()
        if "table" in changed or logarithmic != self._logarithmic:
            self._redraw()
            return
        if changed == {"assessment"}:
            self._ring()
            return
        if changed & {"run", "names"}:
            self._colour()
        planes = not (isinstance(before, FeatureAxes) and isinstance(self._axes, FeatureAxes))
        # A plane is another after each run.
        if changed & {"x", "y", "picture"} or ("run" in changed and planes):
            self._move()
        elif "run" in changed:
            self._place_centroids()
        self._say()
        self._push()

    def _move(self) -> None:
        model, drawn = self.model, self._picture
        x, y = self._places().T
        with model.batch_updates():
            drawn.customers.data.update({"x": x, "y": y})
            self._place_centroids()
            self._set_axes(drawn)

    def _colour(self) -> None:
        model, drawn = self.model, self._picture
        # First, so that customers of a segment that was hidden are looked at anew when they come.
        picture.show_segments(drawn, model.outcome)
        drawn.customers.data.update(picture.segment_columns(model.outcome, self._drawn))

    def _place_centroids(self) -> None:
        drawn = self._picture
        show_rings(drawn.figure, self._borderline_places(), drawn.shown)
        drawn.centroids.data = picture.centroid_columns(self.model.outcome, self._axes)

    @param.depends("borderline", watch=True)
    def _ring(self) -> None:
        with self.model.batch_updates():
            show_rings(self._picture.figure, self._borderline_places(), self._picture.shown)
        self._say()
        self._push()

    @param.depends("log_axes", watch=True)
    def _redraw(self) -> None:
        # A figure can't change the kind of its axes, nor what is told of a customer, so this one is drawn anew.
        before, self._picture = self._picture, self._draw()
        picture.hide_as_in(before, self._picture)
        self._plot.object = self._picture.figure
        self._say()

    def _push(self) -> None:
        """Send changes of the figure's sources to a notebook; a server does so by itself."""
        pn.io.push_notebook(self._plot)

    def _say(self) -> None:
        """Say what there is to know of the picture, and offer what it hides."""
        hidden = self._hidden()
        # Of another role by now, it can't be shown.
        reveals = hidden is not None and hidden.feature in self.model.table.features
        notes = [*self._notes(), describe_hidden(hidden, self.model.table)] if hidden else self._notes()
        self._note.object = "".join(f'<p class="note">{html.escape(note)}</p>' for note in notes)
        self._mark.disabled = self.model.certainty is None
        self._log.disabled = not isinstance(self._axes, FeatureAxes)
        if hidden:
            self._reveal.label = f"Show {self.model.table.label(hidden.feature)}"
        self._reveal.visible = reveals

    def _hidden(self) -> HiddenDifference | None:
        outcome = self.model.outcome
        if outcome is None or not self.points:
            return None
        overlaps, projection = outcome.overlaps, self._axes.projection
        if not {name for name in projection.features if isinstance(name, str)} <= set(overlaps.sample.features):
            # What is a feature by now was none when these customers were compared.
            return None
        return overlaps.hidden_in(places_of(overlaps.sample, projection), self._axes.shown)

    def _show_what_is_hidden(self, *_: param.parameterized.Event) -> None:
        hidden, model, outcome = self._hidden(), self.model, self.model.outcome
        if hidden is None or outcome is None or hidden.feature not in model.table.features:
            return
        # In the place of the axis that tells these two less apart.
        less = outcome.overlaps.separates_less(hidden, model.y, model.x)
        model.param.update(**{"y" if less == model.y else "x": hidden.feature, "picture": PICTURES[0]})

    def _notes(self) -> list[str]:
        model, notes = self.model, [self._axes.note]
        if isinstance(self._axes, FeatureAxes) and model.picture != PICTURES[0]:
            notes.append("This view needs segments based on at least two features. Until then, two features are shown.")
        if not self.points:
            notes.append("Only the centres of the segments are drawn; single customers were left out of this file.")
        elif len(self._drawn) < len(model.table):
            notes.append(
                f"A random {len(self._drawn):,} of {count(len(model.table), 'customer')} are drawn. "
                "The segments, the table and the words cover all of them."
            )
        x, y = (self._picture.customers.data[axis] for axis in ("x", "y"))
        gaps = int((np.isnan(x) | np.isnan(y)).sum())
        if gaps:
            notes.append(f"Not drawn: {count(gaps, 'customer')} without a value on one of the axes.")
        if self._logarithmic:
            left_out = int(((x <= 0) | (y <= 0)).sum())
            if left_out:
                notes.append(
                    f"Not drawn: {count(left_out, 'customer')} with zero or less, which a logarithmic axis cannot show."
                )
        if self.borderline and model.certainty is not None:
            marked = len(self._borderline_places()["x"])
            notes.append(f"A ring marks {count(marked, 'customer')} nearly as close to another segment.")
        return [note for note in notes if note]


def describe_hidden(hidden: HiddenDifference, table: CustomerTable) -> str:
    """Say which two segments run into each other in the picture, and what tells them apart."""
    label = table.label(hidden.feature)
    # Of "spend on fresh" nobody spends more.
    spends = hidden.feature in table.money(table.features) and not _SPEND.search(label)
    told = f"{'spends more on' if spends else 'has the higher'} {label}"
    if hidden.superiority > 0.995:
        told = f"always {told}" if hidden.superiority == 1 else f"nearly always {told}"
    else:
        told = f"{told} {hidden.superiority * 100:.0f} times out of 100"
    first, second = sorted((hidden.higher, hidden.lower))
    return (
        f"Segments {first} and {second} overlap in this picture but differ in {label}: take one customer from "
        f"each, and the one in segment {hidden.higher} {told}."
    )
