"""How sure the result is: each segment with its word, the silhouette of each customer, and those on a border."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
import param
from bokeh.models.widgets.tables import NumberFormatter

from custseg.insight.certainty import BORDERLINE, FAIR, RESAMPLES, SOLID
from custseg.panes.base.style import BUTTON_STYLE, CERTAINTY_STYLE, SEGMENT_COLOURS, TEXT_STYLE
from custseg.panes.base.view import View
from custseg.panes.charts.silhouettes import SilhouettePlot, bars_of
from custseg.panes.tables.cells import listing
from custseg.wording import count, percent

if TYPE_CHECKING:
    from custseg.insight.certainty import Certainty
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# More lines than anybody would read; the rest is in ``Certainty.borderline_customers``.
MOST_LISTED = 500
_NOT_YET = "Run the clustering first. Then each segment is checked against random samples of the customers."
_TITLES = {"customer": "Customer", "own": "Segment", "other": "Could also be in", "margin": "Nearer to its own by"}
_MEANING = {
    "solid": "comes back each time",
    "fair": "mostly comes back; treat its border with care",
    "fragile": "may be chance; another number of segments may hold up better",
}


class CertaintyView(View):
    """How sure the segments of the last result are, or that this is being found out."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    customers: bool = param.Boolean(default=True, constant=True, doc="Whether to show single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(sizing_mode="stretch_width", margin=0)
        self._plot: SilhouettePlot | None = None
        self.once_loaded(self._draw)

    def _draw(self) -> None:
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide)
        self._ask = pn.widgets.Button(label="Check the segments", visible=False, stylesheets=[BUTTON_STYLE], margin=0)
        self._ask.on_click(lambda _: self.model.param.trigger("assess"))
        self._reading = pn.pane.HTML("", stylesheets=[TEXT_STYLE], **wide)
        self._note = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide)
        self._borderline = pn.Column(**wide)
        self._details = pn.Column(visible=False, **wide)
        self._follow()
        self._layout.objects = [self._text, *([] if self.static else [self._ask]), self._details]
        self.watch(self._follow, "assessment", "assessing", "run", "names")

    def _follow(self, *_: frozenset[str]) -> None:
        model, certainty, outcome = self.model, self.model.certainty, self.model.outcome
        known = certainty is not None and outcome is not None
        self._ask.visible = outcome is not None and not known and not model.assessing
        self._details.visible = known
        if certainty is not None and outcome is not None:
            self._text.object = trust_html(certainty, outcome)
            self._show(certainty, outcome)
        elif model.assessing:
            self._text.object = '<p role="status">Checking the segments against random samples of the customers ...</p>'
        else:
            self._text.object = f"<p>{_NOT_YET}</p>" if outcome is None else ""

    def _show(self, certainty: Certainty, outcome: RunResult) -> None:
        self._note.object = borderline_html(certainty, listed=self.customers)
        if not self.customers:
            self._details.objects = [self._note]
            return
        bars, mean = bars_of(certainty, outcome), float(certainty.silhouette.mean())
        self._reading.object = silhouette_html(certainty)
        if self._plot is None:
            self._plot = SilhouettePlot(bars, mean)
            plot = pn.pane.Bokeh(self._plot.figure, sizing_mode="stretch_width", margin=(8, 0))
            self._details.objects = [plot, self._reading, self._note, self._borderline]
        else:
            with self.model.batch_updates():
                self._plot.show(bars, mean)
        frame = borderline_frame(certainty, outcome)
        self._borderline.objects = [_borderline_table(frame)] if len(frame) else []


def trust_html(certainty: Certainty, outcome: RunResult) -> str:
    """List the segments, each with its word and how much of it came back."""
    rows = "".join(
        f'<tr><td><span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span></td>'
        f'<th scope="row">{number} {html.escape(name)}</th>'
        f'<td><span class="word {word}">{word}</span></td><td class="number">{jaccard:.2f}</td>'
        f"<td>{_MEANING[word]}</td></tr>"
        for number, (name, slot, word, jaccard) in enumerate(
            zip(outcome.words.names, outcome.slots, certainty.stability, certainty.jaccard.tolist(), strict=True),
            start=1,
        )
    )
    segmented = int(certainty.segmentation.sizes.sum())
    among = f"{certainty.drawn_from:,} of the {segmented:,}" if certainty.drawn_from < segmented else "the"
    return (
        f"<p>The clustering was repeated on {RESAMPLES} random samples of {among} customers. The number says how much "
        f"of a segment came back, from 0 to 1 (Jaccard similarity): {SOLID} or more is solid, {FAIR} or more is fair, "
        f"and anything less is fragile.</p><table>{rows}</table>"
    )


def silhouette_html(certainty: Certainty) -> str:
    """Say how to read the silhouette plot, and of how many customers it is."""
    segmented = int(certainty.segmentation.sizes.sum())
    sample = (
        f" The bars are a random {len(certainty.sample):,} of {segmented:,} customers."
        if len(certainty.sample) < segmented
        else ""
    )
    return (
        '<p class="note">Each bar is one customer: at 1 it is far nearer to its own segment than to any other, at 0 it '
        f"is on the border, and below 0 it is nearer to another. The dashed line is the mean, "
        f"{certainty.silhouette.mean():.2f}."
        f"{sample}</p>"
    )


def borderline_html(certainty: Certainty, *, listed: bool) -> str:
    """Say how many customers are on a border."""
    number, segmented = certainty.borderline, int(certainty.segmentation.sizes.sum())
    if not number:
        clearly = "clearly nearer to one segment than to the next"
        if certainty.segmentation.mixture is not None:
            clearly = "clearly likelier to be of one segment than of the next"
        return f"<h3>No customer is on a border</h3><p>All are {clearly}.</p>"
    share = percent(number / segmented)
    why = f"its own centroid is less than {percent(BORDERLINE)} nearer"
    if certainty.segmentation.mixture is not None:
        why = f"that is at least {percent(1 - BORDERLINE)} as likely as its own"
    most = f" Only the {MOST_LISTED} least certain are listed." if listed and number > MOST_LISTED else ""
    return (
        f"<h3>On a border: {count(number, 'customer')}, {share} of those in a segment</h3><p>Each could also "
        f"be in another segment: {why}.{most}</p>"
    )


def borderline_frame(certainty: Certainty, outcome: RunResult) -> pd.DataFrame:
    """Return one row a borderline customer, the least sure first, with the names of both segments."""
    borderline, names = (
        certainty.borderline_customers.head(MOST_LISTED),
        np.array(["", *outcome.words.names], dtype=object),
    )

    def named(numbers: pd.Series[int]) -> list[str]:
        return [f"{number} {names[number]}" for number in numbers]

    return pd.DataFrame(
        {
            "customer": borderline["customer"].astype(str),
            "own": named(borderline["segment"]),
            "other": named(borderline["could be"]),
            "margin": borderline["margin"],
        },
    ).astype(object)


def _borderline_table(frame: pd.DataFrame) -> pn.widgets.Tabulator:
    return listing(
        frame,
        _TITLES,
        formatters={
            "margin": NumberFormatter(format="0.0%"),
            **{field: {"type": "textarea"} for field in ("customer", "own", "other")},
        },
        right=["margin"],
    )
