"""The picture: customers on two features, coloured by segment, with the centroids on top."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
import param

from custseg.insight.certainty import OnBorder
from custseg.language import mark, say
from custseg.panes.base.part import Part, session_document
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE
from custseg.panes.charts import scatter_figure as picture
from custseg.panes.charts.axes import Axes, FeatureAxes, axes_of, places_of
from custseg.panes.charts.crowd import Asked
from custseg.panes.charts.nearest import point_at_the_nearest
from custseg.panes.charts.overlays import show_arrows, show_rings
from custseg.panes.charts.picking import Picker
from custseg.panes.parts.crowd import Crowd
from custseg.panes.parts.legend import Legend
from custseg.panes.parts.picture_table import PictureTable
from custseg.panes.parts.selected import Selected
from custseg.settings import MOST_POINTS, PICTURES
from custseg.tables.conditions import holds
from custseg.tables.expressions import SEGMENT, Passing
from custseg.wording import count, join_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.insight.certainty import Certainty
    from custseg.insight.hidden_differences import HiddenDifference
    from custseg.panes.charts.axes import Limits
    from custseg.session.model import SegmentationModel
    from custseg.tables.customers import Customers, Sample
    from custseg.tables.expressions import Condition
    from custseg.tables.table import CustomerTable


# Of two customers, one of each segment, the one has more so often.
_NEARLY_ALWAYS = 0.995
# In pixels: how high the picture becomes in a high window, and what all else of the overview takes there.
_HIGHEST, _ALL_ELSE = 400, 750


class Scatter(Part):
    """A scatter that is drawn once and then updated in place, so that zoom and position stay over a run."""

    borderline: bool = param.Boolean(
        default=False,
        label="Mark borderline",
        doc="Whether to mark customers who are nearly as close to another segment.",
    )

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    in_view: bool = param.Boolean(
        default=False, constant=True, doc="Whether other parts, and a script that hears of a press, are beside it."
    )
    points: bool = param.Boolean(default=True, constant=True, doc="Whether to draw single customers.")

    most_points: int = param.Integer(
        default=MOST_POINTS, constant=True, doc="Of more customers than this it is drawn how densely they lie."
    )

    plot_height: int = param.Integer(default=440, constant=True, doc="How high the plot is, in pixels.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._on_border: tuple[object, Condition] | None = None
        self._labelled: tuple[object, object, Customers] | None = None
        self._crowd = self._gather()
        self._drawn = self._sample()
        self._axes: Axes = axes_of(model)
        self._picture = self._draw()
        self._plot = pn.pane.Bokeh(self._picture.figure, sizing_mode="stretch_width", height=self.plot_height)
        self._note = pn.pane.HTML("", stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._log, self._mark = (
            self._switch(say("Log scale"), bool(model.log_features)),
            self._switch(say("Mark borderline")),
        )
        self._reveal, self._separate = self._offer(self._show_what_is_hidden), self._offer(self._show_separating_pair)
        self._connect_switches()
        self._layout = self._lay_out()
        self._say()
        self.watch(self._follow, "table", "x", "y", "picture", "log_scale", "axes_chosen", "run", "names", "assessment")
        self.watch(self._show_selected, "selected")

    def _lay_out(self) -> pn.Column:
        # The plot keeps its height whatever is said below it: else it would be laid out and painted anew.
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        parts = {"attention": self.attention}
        legend, table = (
            Legend(self.model, static=self.static or not self.in_view, **parts),
            PictureTable(self.model, **parts),
        )
        if self.static:
            return pn.Column(legend, self._plot, self._note, table, **wide)
        switches = pn.Row(self._log, self._mark, **wide)
        selected = Selected(self.model, in_view=self.in_view, **parts)
        return pn.Column(
            switches, legend, self._plot, selected, self._note, self._reveal, self._separate, table, **wide
        )

    @staticmethod
    def _switch(label: str, value: bool = False) -> pn.widgets.Toggle:  # noqa: FBT001, FBT002 - whether it is on
        # A toggle, since Bokeh's checkbox has no label that a screen reader would read.
        return pn.widgets.Toggle(
            label=label, value=value, css_classes=["slim"], stylesheets=[BUTTON_STYLE], margin=(0, 8, 4, 0)
        )

    @staticmethod
    def _offer(react: Callable[[param.parameterized.Event], None]) -> pn.widgets.Button:
        button = pn.widgets.Button(visible=False, css_classes=["quiet", "named"], stylesheets=[BUTTON_STYLE], margin=0)
        button.on_click(react)
        return button

    def _connect_switches(self) -> None:
        self._log.param.watch(self._read_scale, ["value"])
        self._mark.link(self, value="borderline", bidirectional=True)

    def _read_scale(self, event: param.parameterized.Event) -> None:
        if event.new != self._is_logged:
            self.model.log_scale = event.new

    @property
    def _is_logged(self) -> bool:
        """Whether an axis is on a logarithmic scale, or would be where features are shown."""
        model = self.model
        return bool({model.x, model.y}.intersection(model.log_features))

    def _sample(self) -> Sample:
        """Return the customers to draw or to point at, and where there is a result the segment of each."""
        if self._crowd is not None:
            return self._crowd.found.sample
        return self._customers().sample(self.most_points if self.points else 0)

    def _customers(self) -> Customers:
        # Of the table as it is now: after a run its columns may have been given other roles.
        outcome, customers = self.model.outcome, self.model.table.customers
        if outcome is None:
            return customers
        result = outcome.segmentation
        # Made once, since those in an engine are known again by being the same object.
        if self._labelled is None or self._labelled[0] is not result or self._labelled[1] is not customers:
            self._labelled = result, customers, result.label(customers, SEGMENT)
        return self._labelled[2]

    def _gather(self) -> Crowd | None:
        """Return what draws the customers where they are too many for a point each, None where they aren't."""
        if not self.points or len(self.model.table) <= self.most_points:
            return None
        at_once = self.static or session_document() is None
        # A file is looked at on any screen, and printed, and counts nothing anew.
        size = {"size": (2 * self.plot_height, 2 * self.plot_height)} if self.static else {}
        return Crowd(self.model, self._asked, self._update_all, at_once=at_once, **size)

    def _asked(self, window: Limits | None, size: tuple[int, int]) -> Asked:
        model, named = self.model, not self.static
        return Asked(self._customers(), model.outcome, axes_of(model), window, size, self._outstanding(), named)

    def _outstanding(self) -> Condition | None:
        """Return which of very many customers stand out: those that are selected, else those on a border."""
        model = self.model
        if model.selected is not None:
            return model.selected.where if len(model.selected) else None
        if model.certainty is None or not self.borderline:
            return None
        if self._on_border is None or self._on_border[0] is not model.certainty:
            self._on_border = model.certainty, Passing(OnBorder(model.certainty.segmentation))
        return self._on_border[1]

    def _places(self) -> Any:
        return places_of(self._drawn, self._axes.projection)

    def _draw(self) -> picture.Picture:
        model, axes = self.model, self._axes
        drawn = picture.build_picture(
            model.table,
            picture.customer_columns(self._drawn, self._places()) | picture.segment_columns(model.outcome, self._drawn),
            picture.centroid_columns(model.outcome, axes),
            self.plot_height,
        )
        if self._crowd is not None:
            picture.hide_points(drawn)
            self._crowd.draw_in(drawn.figure, picture.POINTS)
            if not self.static:
                self._crowd.follow_zoom(drawn.figure)
        self._set_axes(drawn)
        picture.set_colours(drawn, model.outcome)
        picture.set_names(drawn, model.outcome)
        self._tell_ahead(drawn)
        show_rings(drawn.figure, self._borderline_places())
        # At once: BokehJS lays tools that come later over the picture, where they can't be pressed.
        picks = self.points and not self.static
        self._picker = Picker(model, drawn, lambda: (self._drawn, self._axes)) if picks else None
        if self._crowd is not None:
            point_at_the_nearest(drawn)
        if self.in_view:
            height = f"max({self.plot_height}px, min({_HIGHEST}px, 100vh - {_ALL_ELSE}px))"
            # Bokeh lays a plot out by the height that its element has, and Panel holds that to what the model says.
            drawn.figure.styles = {"height": height, "flex": "0 0 auto"}
        return drawn

    def _show_selected(self, _: frozenset[str]) -> None:
        if self._picker is None:
            return
        with self.model.batch_updates():
            self._picker.show()
        if self._crowd is not None:
            self._crowd.follow()
        self._push()

    def _set_axes(self, drawn: picture.Picture) -> None:
        limits = self._axes.limits(self._drawn) if self._crowd is None else self._crowd.found.limits
        self._limits = limits
        picture.set_axes(drawn, self._axes, limits)
        show_arrows(drawn.figure, self._axes.arrows(limits))

    def _tell_ahead(self, drawn: picture.Picture) -> None:
        """Let the page's script show another feature by itself."""
        if self.in_view and self._crowd is None:
            picture.tell_ahead(drawn, self.model.table, self.model.log_features, self.model.outcome)

    def _borderline_places(self) -> dict[str, list[Any]]:
        """Return where borderline customers are drawn, in which segment they are, and which of those drawn they are."""
        certainty = self.model.certainty
        if certainty is None or not self.borderline or self._crowd is not None:
            return {"x": [], "y": [], "number": [], "row": []}
        places, on_border = self._places(), holds(Passing(OnBorder(certainty.segmentation)), self._drawn)
        drawn = on_border & np.isfinite(places).all(axis=1)
        x, y = places[drawn].T.tolist()
        numbers = [str(code) for code in self._drawn.labels[SEGMENT][drawn]]
        return {"x": x, "y": y, "number": numbers, "row": np.flatnonzero(drawn).tolist()}

    def _follow(self, changed: frozenset[str]) -> None:
        if self._crowd is not None and "table" not in changed:
            self._crowd.follow(changed)
            return
        if "table" in changed:
            if self._crowd is not None:
                self._crowd.leave()
            self._crowd = self._gather()
        self._update_all(changed)

    def _update_all(self, changed: frozenset[str]) -> None:
        before, crowd = self._axes, self._crowd
        self._axes = axes_of(self.model) if crowd is None else crowd.found.asked.axes
        if changed & {"table", "run"} or crowd is not None:
            self._drawn = self._sample()
        if "table" in changed:
            self._redraw()
        else:
            with self.model.batch_updates():
                elsewhere = crowd is not None and crowd.found.limits != self._limits
                self._update(changed, moved=elsewhere or before.key != self._axes.key)
        self._say()
        self._push()

    def _update(self, changed: frozenset[str], *, moved: bool) -> None:
        """Change in the figure what is different. Where axes stay, so does what somebody has zoomed to."""
        drawn, outcome = self._picture, self.model.outcome
        columns: dict[str, Any] = {}
        if changed & {"run", "names"}:
            picture.set_colours(drawn, outcome)
            picture.set_names(drawn, outcome)
            columns |= picture.segment_columns(outcome, self._drawn)
        if moved:
            columns |= dict(zip("xy", self._places().T, strict=True))
            self._set_axes(drawn)
        if self._crowd is not None:
            # Who can be pointed at; where nobody has zoomed or changed anything they are others, too.
            columns = picture.customer_columns(self._drawn, self._places())
            columns |= picture.segment_columns(outcome, self._drawn)
        picture.set_columns(drawn.customers, columns)
        if self._crowd is not None and self._picker is not None:
            self._picker.show()
        if changed & {"run", "log_scale"}:
            self._tell_ahead(drawn)
        if moved or "run" in changed:
            drawn.centroids.data = picture.centroid_columns(outcome, self._axes)
        if moved or changed & {"run", "assessment"}:
            show_rings(drawn.figure, self._borderline_places())

    @param.depends("borderline", watch=True)
    def _ring(self) -> None:
        if self._crowd is not None:
            self._crowd.follow()
            return
        with self.model.batch_updates():
            show_rings(self._picture.figure, self._borderline_places())
        self._say()
        self._push()

    def _redraw(self) -> None:
        # A figure can't change what is told of a customer, so this one is drawn anew.
        self._picture = self._draw()
        self._plot.object = self._picture.figure

    def _push(self) -> None:
        """Send changes of the figure's sources to a notebook; a server does so by itself."""
        pn.io.push_notebook(self._plot)

    def _say(self) -> None:
        """Say what there is to know of the picture, and offer what it hides."""
        hidden = self._hidden()
        # Of another role by now, it can't be shown.
        reveals = hidden is not None and hidden.feature in self.model.table.features
        notes = html.escape(" ".join(self._notes(hidden)))
        self._note.object = f'<p class="note">{notes}</p>' if notes else ""
        self._mark.disabled = self.model.certainty is None
        self._log.param.update(value=self._is_logged, disabled=not isinstance(self._axes, FeatureAxes))
        if hidden:
            self._reveal.label = say("Show {feature}", feature=self.model.table.label(hidden.feature))
        self._reveal.visible = reveals
        offered = self._offered_pair()
        if offered:
            self._separate.label = say("Show {offered}, which separate best", offered=self._named(offered))
        self._separate.visible = offered is not None

    def _named(self, pair: tuple[str, str]) -> str:
        return join_words([self.model.table.label(name) for name in pair])

    def _offered_pair(self) -> tuple[str, str] | None:
        """Return the two features that separate the segments best, where two others are shown."""
        pair = self.model.separating_pair if isinstance(self._axes, FeatureAxes) else None
        return None if pair is None or set(pair) == set(self._axes.shown) else pair

    def _show_separating_pair(self, _: param.parameterized.Event) -> None:
        pair = self._offered_pair()
        if pair is not None:
            self.model.param.update(x=pair[0], y=pair[1])

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

    def _notes(self, hidden: HiddenDifference | None) -> list[str]:
        model, notes = self.model, [self._axes.note, self._note_on_the_pair(hidden)]
        if isinstance(self._axes, FeatureAxes) and model.picture != PICTURES[0]:
            notes.append(
                say("This view needs segments based on at least two features. Until then, two features are shown.")
            )
        if not self.points:
            notes.append(
                say("Only the centres of the segments are drawn; single customers were left out of this file.")
            )
        elif self._crowd is not None:
            mixed = say(" Where segments overlap, their colours mix.") if model.outcome else ""
            everyone = count(len(model.table), "customer")
            notes.append(
                say("The stronger the colour, the more of {everyone} lie there.{mixed}", everyone=everyone, mixed=mixed)
            )
        gaps = self._nowhere()
        if gaps:
            notes.append(say("Not drawn: {gaps} without a value on an axis.", gaps=count(gaps, "customer")))
        if self.borderline and model.certainty is not None:
            notes.append(self._note_on_the_border(model.certainty))
        return [note for note in notes if note]

    def _nowhere(self) -> int:
        """Return how many customers have no place on these axes."""
        if self._crowd is not None:
            return self._crowd.found.nowhere
        x, y = (self._picture.customers.data[axis] for axis in ("x", "y"))
        return int((np.isnan(x) | np.isnan(y)).sum())

    def _note_on_the_border(self, certainty: Certainty) -> str:
        if self._crowd is None:
            marked = len(self._borderline_places()["x"])
            return say("A ring marks {marked} nearly as close to another segment.", marked=count(marked, "customer"))
        if self.model.selected is not None:
            return say("Who is on a border stands out once nobody is selected.")
        return say(
            "Who stands out, {borderline}, is nearly as close to another segment.",
            borderline=count(certainty.borderline, "customer"),
        )

    def _note_on_the_pair(self, hidden: HiddenDifference | None) -> str:
        """Say whether the two features shown separate the segments best, and what they hide all the same."""
        model = self.model
        pair = model.separating_pair if isinstance(self._axes, FeatureAxes) else None
        best = pair is not None and set(pair) == set(self._axes.shown)
        if hidden is not None:
            return describe_hidden(hidden, model.table, best=best)
        return say("These two features separate the segments best.") if best else ""


def describe_hidden(hidden: HiddenDifference, table: CustomerTable, *, best: bool) -> str:
    """Say which two segments run into each other in the picture, even the ``best`` one, and what tells them apart."""
    if hidden.superiority == 1:
        where = say("always higher in segment {higher}", higher=hidden.higher)
    elif hidden.superiority > _NEARLY_ALWAYS:
        where = say("nearly always higher in segment {higher}", higher=hidden.higher)
    else:
        often = 100 * hidden.superiority
        where = say("higher in segment {higher} for {often:.0f} of 100 pairs", higher=hidden.higher, often=often)
    message = (
        mark(
            "These two features separate the segments best, but segments {first} and {second} overlap: they differ in "
            "{label}, {where}."
        )
        if best
        else mark("Segments {first} and {second} overlap in this picture but differ in {label}, {where}.")
    )
    first, second = sorted((hidden.higher, hidden.lower))
    return say(message, first=first, second=second, label=table.label(hidden.feature), where=where)
