"""How many segments: asked for by a button, answered in a sentence, a picture and a table that set k by a click."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param
from bokeh.models import Scatter, TapTool

from custseg.language import mark, say, say_each
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.panes.charts.advice_figure import advice_picture
from custseg.panes.charts.figures import render_figure
from custseg.panes.tables.cells import tabulator
from custseg.settings import DEFAULT_SMALLEST_SHARE, DEFAULT_SMALLEST_SIZE, K_RANGE
from custseg.wording import count, percent

if TYPE_CHECKING:
    import pandas as pd

    from custseg.how_many.advice import Advice
    from custseg.session.model import SegmentationModel

_HINT = mark(
    "<p>Find out how many segments these customers fall into, or whether there are none and segments "
    "would only be slices. This takes a few seconds and does not change the result on the page.</p>"
)
_TITLES = {
    "k": mark("Segments"),
    "smallest": mark("Smallest segment"),
    "pair_agreement": mark("Pairs kept together"),
    "gap": mark("Gap between segments"),
    "prediction_strength": mark("Prediction strength"),
    "adjusted_rand": mark("Adjusted Rand index"),
    "silhouette": mark("Silhouette"),
    "calinski_harabasz": "Calinski-Harabasz",
    "davies_bouldin": "Davies-Bouldin",
    "inertia": mark("Inertia"),
}
_FORMATS = {
    "smallest": "0.0%",
    "pair_agreement": "0%",
    "gap": "0%",
    "prediction_strength": "0.00",
    "adjusted_rand": "0.00",
    "silhouette": "0.00",
    "calinski_harabasz": "0,0",
    "davies_bouldin": "0.00",
    "inertia": "0,0",
}


_NUMBERS = {str(k): k for k in range(K_RANGE[0], K_RANGE[1] + 1)}
_SHARES = (0.0, 0.01, DEFAULT_SMALLEST_SHARE, 0.05, 0.1)
_SIZES = (DEFAULT_SMALLEST_SIZE, 100, 300, 1000, None)


def percent_of(share: float) -> str:
    """Return a share of the customers in words."""
    return say("{share} of customers", share=percent(share)) if share else say("one customer")


def size_of(customers: int | None) -> str:
    """Return a number of customers in words."""
    return say("no number is enough") if customers is None else count(customers, "customer")


def advice_rows(advice: Advice) -> pd.DataFrame:
    """Return one row for each k, for people: with how empty the least visible gap is, not how full."""
    table = advice.table.reset_index().assign(gap=lambda frame: 1 - frame["valley_density_ratio"])
    return table[list(_TITLES)].astype(object)


class HowManyAdvice(Part):
    """A button that asks, a sentence that answers, and what it rests on."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._draw()

    def _draw(self) -> None:
        model = self.model
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": 0}
        self._ask = pn.widgets.Button(label=say("Suggest a number"), **button)
        self._use = pn.widgets.Button(color="primary", visible=False, **button)
        self._stop = pn.widgets.Button(label=say("Stop"), visible=False, **button)
        self._text = pn.pane.HTML(say(_HINT), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._details = pn.Column(sizing_mode="stretch_width", margin=0, visible=False)
        self._ask.on_click(lambda _: model.param.trigger("suggest"))
        self._stop.on_click(lambda _: model.stop_advice())
        self._use.on_click(self._take)
        self._share = self._select(say("Smallest segment"), {percent_of(share): share for share in _SHARES})
        self._size = self._select(say("or at least"), {size_of(size): size for size in _SIZES})
        self._from, self._to = (self._select(label, _NUMBERS) for label in (say("Numbers from"), say("to")))
        choices = pn.FlexBox(
            self._from, self._to, self._share, self._size, gap="0 12px", sizing_mode="stretch_width", margin=0
        )
        self._show_choices()
        buttons = pn.FlexBox(self._ask, self._use, self._stop, gap="8px", sizing_mode="stretch_width", margin=0)
        asking = [] if self.static else [choices, buttons]
        self._layout.objects = [self._text, *asking, self._details]
        for select in choices.objects:
            select.param.watch(self._read_choices, ["value"])
        self._follow(frozenset({"advice"}))
        self.watch(self._follow, "advice", "current_k")
        self.watch(self._show_choices, "ks", "smallest_share", "smallest_size")

    @staticmethod
    def _select(label: str, options: dict[str, Any]) -> pn.widgets.Select:
        return pn.widgets.Select(
            label=label, options=options, width=190, description=None, stylesheets=[CONTROL_STYLE], margin=(0, 0, 10, 0)
        )

    def _show_choices(self, *_: frozenset[str]) -> None:
        model = self.model
        if model.smallest_share not in self._share.options.values():
            self._share.options = {**self._share.options, percent_of(model.smallest_share): model.smallest_share}
        if model.smallest_size not in self._size.options.values():
            self._size.options = {**self._size.options, size_of(model.smallest_size): model.smallest_size}
        # Shown one after the other, which is nobody's choice until all are.
        self._showing = True
        self._from.value, self._to.value, self._share.value = min(model.ks), max(model.ks), model.smallest_share
        self._size.value = model.smallest_size
        self._showing = False

    def _read_choices(self, *_: param.parameterized.Event) -> None:
        if self._showing:
            return
        model, ends = self.model, sorted((self._from.value, self._to.value))
        if ends != [min(model.ks), max(model.ks)]:
            model.ks = list(range(ends[0], ends[1] + 1))
        model.param.update(smallest_share=self._share.value, smallest_size=self._size.value)

    def _follow(self, changed: frozenset[str]) -> None:
        model, advice = self.model, self.model.advice
        looking = model.current_k is not None
        self._stop.visible, self._ask.disabled = looking, looking
        self._use.visible = advice is not None and not looking
        if looking:
            ends = say("{low} to {high}", low=min(model.ks), high=max(model.ks))
            self._text.object = (
                f'<p role="status">{say("Trying {k} segments, from {ends} ...", k=model.current_k, ends=ends)}</p>'
            )
        else:
            self._text.object = say(_HINT) if advice is None else f'<p role="status">{html.escape(advice.reason)}</p>'
        if "advice" in changed:
            self._details.objects = [] if advice is None else self._views(advice)
        self._details.visible = advice is not None and not looking
        if advice is not None:
            self._use.label = say("Use {suggested}", suggested=count(advice.suggested, "segment"))

    def _take(self, *_: param.parameterized.Event) -> None:
        if self.model.advice is not None:
            self.model.k = self.model.advice.suggested

    def _views(self, advice: Advice) -> list[pn.viewable.Viewable]:
        rows = advice_rows(advice)
        table = tabulator(
            rows,
            say_each(_TITLES),
            {"columnDefaults": {"headerSort": False, "minWidth": 84}},
            right=_TITLES,
            formatters={field: cell_numbers(form) for field, form in _FORMATS.items()},
        )
        if self.static:
            return [self._picture(advice), table]
        table.on_click(lambda event: self._choose(int(rows["k"].iloc[event.row])))
        note = pn.pane.HTML(
            (
                '<p class="note">'
                f"{say('Click a number in the chart or its row in the table to set the slider to it.')}</p>"
            ),
            stylesheets=[TEXT_STYLE],
            sizing_mode="stretch_width",
            margin=0,
        )
        return [self._picture(advice), note, table]

    def _picture(self, advice: Advice) -> pn.viewable.Viewable:
        figure = render_figure(advice_picture(advice))
        if not self.static:
            self._follow_taps(figure)
        return pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=(8, 0, 0, 0))

    def _follow_taps(self, figure: Any) -> None:
        dots = [layer for layer in figure.renderers if isinstance(getattr(layer, "glyph", None), Scatter)]
        figure.add_tools(TapTool(renderers=dots))
        for layer in dots:
            layer.nonselection_glyph = None
            layer.data_source.selected.on_change("indices", self._on_tap(layer.data_source))

    def _on_tap(self, source: Any) -> Any:
        def tapped(_attribute: str, _old: list[int], chosen: list[int]) -> None:
            if chosen:
                self._choose(int(source.data["k"][chosen[0]]))

        return tapped

    def _choose(self, k: int) -> None:
        self.model.k = k
