"""A second opinion on the segments: asked for by a button, answered in sentences, with who would be elsewhere."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn
import param

from custseg.language import mark, say, say_each
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, TEXT_STYLE
from custseg.panes.tables.cells import listing, tabulator
from custseg.wording import count, fixed, percent

if TYPE_CHECKING:
    import pandas as pd

    from custseg.insight.second_opinion_result import SecondOpinion
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_HINT = mark(
    "<p>K-Means gives each customer to the nearest centre, so its segments come out round and of "
    "similar width. Ask a Gaussian mixture whether groups that are long, flat or of very different "
    "sizes fit these customers better. This takes a few seconds and does not change the result on "
    "the page.</p>"
)
_NOT_YET = mark("<p>Run the clustering first. You can then ask whether groups of another shape fit better.</p>")
_MOST_LISTED = 1000
_WHO = {
    "customer": mark("Customer"),
    "segment": mark("Segment"),
    "other": mark("Would be in"),
    "probability": mark("Probability"),
}
_KINDS = {
    "spherical": mark("Round"),
    "diag": mark("Wider along some features"),
    "tied": mark("Of any direction, all alike"),
    "full": mark("Of any direction, each its own"),
}


class SecondOpinionPart(Part):
    """A button that asks, sentences that answer, and what they rest on."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    customers: bool = param.Boolean(default=True, constant=True, doc="Whether to show single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._draw()

    def _draw(self) -> None:
        model = self.model
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": 0}
        self._ask = pn.widgets.Button(label=say("Ask for a second opinion"), **button)
        self._use = pn.widgets.Button(color="primary", visible=False, **button)
        self._stop = pn.widgets.Button(label=say("Stop"), **button)
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._details = pn.Column(sizing_mode="stretch_width", margin=0)
        self._ask.on_click(lambda _: model.param.trigger("ask_second_opinion"))
        self._use.on_click(self._take)
        self._stop.on_click(lambda _: model.stop_second_opinion())
        buttons = pn.FlexBox(self._ask, self._use, self._stop, gap="8px", sizing_mode="stretch_width", margin=0)
        self._layout.objects = [self._text, *([] if self.static else [buttons]), self._details]
        self._shown: SecondOpinion | None = None
        self._follow(frozenset({"names"}))
        self.watch(self._follow, "opinion", "asking", "run", "names")

    def _follow(self, changed: frozenset[str]) -> None:
        model, opinion, asking = self.model, self.model.second_opinion, self.model.opinions.asking
        self._stop.visible, self._ask.disabled = asking, asking or model.outcome is None
        self._use.visible = opinion is not None and opinion.fits_better and not asking
        if opinion is not None:
            self._use.label = say("Use these {groups} groups", groups=opinion.groups)
        if asking:
            self._text.object = f'<p role="status">{say("Asking a mixture ...")}</p>'
        elif opinion is None:
            self._text.object = say(_NOT_YET) if model.outcome is None else say(_HINT)
        else:
            self._text.object = f'<p role="status">{html.escape(opinion.reason)}</p>'
        if opinion is not self._shown or "names" in changed:
            self._shown = opinion
            outcome = model.outcome
            self._details.objects = [] if opinion is None or outcome is None else self._found(opinion, outcome)
        self._details.visible = opinion is not None and not asking

    def _found(self, opinion: SecondOpinion, outcome: RunResult) -> list[pn.viewable.Viewable]:
        return [*(_who(opinion, outcome) if self.customers else []), *_criteria(opinion)]

    def _take(self, *_: param.parameterized.Event) -> None:
        # The groups are wanted, not only their settings.
        self.model.use_second_opinion()
        self.model.param.trigger("run")


def elsewhere_rows(opinion: SecondOpinion, outcome: RunResult) -> pd.DataFrame:
    """Return one row for each customer who would be elsewhere, for people: segments with their names."""
    rows = opinion.elsewhere.head(_MOST_LISTED)
    called = {number: f"{number} {name}" for number, name in enumerate(outcome.words.names, start=1)}
    named = {column: rows[column].map(called) for column in ("segment", "other")}
    return rows.assign(**named, probability=rows["probability"].map(percent)).astype({"customer": str})


def _who(opinion: SecondOpinion, outcome: RunResult) -> list[pn.viewable.Viewable]:
    if not opinion.elsewhere_count:
        return []
    rows = elsewhere_rows(opinion, outcome)
    first = (
        say(", the first {rows:,} of {elsewhere_count:,}", rows=len(rows), elsewhere_count=opinion.elsewhere_count)
        if len(rows) < opinion.elsewhere_count
        else ""
    )
    wrapped = {field: {"type": "textarea"} for field in ("customer", "segment", "other")}
    table = listing(rows, say_each(_WHO), right=["probability"], formatters=wrapped)
    return [_text(f"<h3>{say('Who would be elsewhere{value}', value=first)}</h3>"), table]


def _criteria(opinion: SecondOpinion) -> list[pn.viewable.Viewable]:
    """Show what the mixture was chosen by."""
    criteria = opinion.table
    if criteria.empty:
        return []
    kinds = [kind for kind in _KINDS if kind in criteria.columns]
    rows = criteria[kinds].map(lambda value: fixed(value, 0) if np.isfinite(value) else "").reset_index()
    note = (
        f'<h3>{say("What the mixture was chosen by")}</h3><p class="note">'
        + say(
            "Bayesian information criterion by the number of components and their shape: the smaller, "
            "the better. The best has {components} ({shape}). Components are one group unless a valley "
            "lies between them, or one stands out from the flank of the other.",
            components=count(opinion.components, "component"),
            shape=say(_KINDS[str(opinion.covariance)]).lower(),
        )
        + "</p>"
    )
    titles = {"components": say("Components"), **{kind: say(_KINDS[kind]) for kind in kinds}}
    table = tabulator(rows, titles, {"columnDefaults": {"headerSort": False, "minWidth": 84}}, right=titles)
    return [_text(note), table]


def _text(markup: str) -> pn.pane.HTML:
    return pn.pane.HTML(markup, stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=(12, 0, 4, 0))
