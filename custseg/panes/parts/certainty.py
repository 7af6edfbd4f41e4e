"""How sure the result is: each segment with its word, the silhouette of each customer, and those on a border."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
import param

from custseg.insight.certainty import BORDERLINE, DOUBTFUL, FAIR, RESAMPLES, SOLID
from custseg.language import mark, say, say_each
from custseg.narrative.certainty_words import (
    STABLE_IS_NOT_SEPARATE,
    WIDE,
    separation_sentence,
    stability_phrase,
    uncertain_numbers,
)
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CERTAINTY_STYLE, SECTION_STYLE, SEGMENT_COLOURS, TEXT_STYLE
from custseg.panes.charts.silhouettes import SilhouettePlot, bars_of
from custseg.panes.headings import HEADINGS
from custseg.panes.tables.cells import listing
from custseg.wording import count, fixed, percent

if TYPE_CHECKING:
    from custseg.insight.certainty import Certainty
    from custseg.session.assessment import Assessment
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# More lines than anybody would read; the rest is in ``Certainty.borderline_customers``.
MOST_LISTED = 500
_NOT_YET = mark("Run the clustering first. Then each segment is checked against random samples of the customers.")
_NOT_CHECKED = mark(
    "These segments have not been checked. It takes some seconds, and what was found so far stays if you cancel."
)
_TITLES = {
    "customer": mark("Customer"),
    "own": mark("Segment"),
    "other": mark("Could also be in"),
    "margin": mark("Nearer to its own by"),
}


class CertaintyPart(Part):
    """How sure the segments of the last result are, or that this is being found out."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    customers: bool = param.Boolean(default=True, constant=True, doc="Whether to show single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.Column(
            css_classes=["pair"], stylesheets=[SECTION_STYLE], sizing_mode="stretch_width", margin=0
        )
        self._plot: SilhouettePlot | None = None
        self._draw()

    def _draw(self) -> None:
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide)
        self._ask = pn.widgets.Button(
            label=say("Check the segments"), visible=False, stylesheets=[BUTTON_STYLE], margin=0
        )
        self._stop = pn.widgets.Button(label=say("Stop"), visible=False, stylesheets=[BUTTON_STYLE], margin=0)
        self._stop.on_click(lambda _: self.model.stop_assessment())
        self._ask.on_click(lambda _: self.model.param.trigger("assess"))
        self._reading = pn.pane.HTML("", stylesheets=[TEXT_STYLE], **wide)
        self._note = pn.pane.HTML("", stylesheets=[TEXT_STYLE, CERTAINTY_STYLE], **wide)
        self._borderline = pn.Column(**wide)
        self._details = pn.Column(visible=False, **wide)
        self._follow()
        said = self._text if self.static else pn.Column(self._text, self._ask, self._stop, **wide)
        self._layout.objects = [said, self._details]
        self.watch(self._follow, "assessment", "assessing", "run", "names")

    def _follow(self, *_: frozenset[str]) -> None:
        model, outcome = self.model, self.model.outcome
        found = outcome.assessment if outcome is not None else None
        self._ask.visible = outcome is not None and not model.assessing and (found is None or not found.complete)
        self._stop.visible = model.assessing
        self._ask.label = say("Check the segments") if found is None else say("Go on checking")
        self._details.visible = found is not None
        if found is not None and outcome is not None:
            self._text.object = trust_html(found, outcome, going_on=model.assessing)
            self._show(found.certainty, outcome)
        elif model.assessing:
            self._text.object = (
                f'<p role="status">{say("Checking the segments against random samples of the customers ...")}</p>'
            )
        else:
            self._text.object = f"<p>{say(_NOT_YET) if outcome is None else say(_NOT_CHECKED)}</p>"

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


def trust_html(found: Assessment, outcome: RunResult, *, going_on: bool = False) -> str:
    """List the segments, each with its word, how much of it came back, and whether it is set apart."""
    certainty, names = found.certainty, outcome.words.names
    rows = "".join(
        f'<tr><td><span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span></td>'
        f'<th scope="row">{number} {html.escape(names[number - 1])}</th>'
        f'<td><span class="word {word}">{say(word)}</span></td>'
        f'<td class="number">{fixed(jaccard, 3)} ± {fixed(error, 3)}</td>'
        f"<td>{html.escape(stability_phrase(word, separation, names))}</td></tr>"
        for number, (slot, word, jaccard, error, separation) in enumerate(
            zip(
                outcome.slots, certainty.stability, certainty.jaccard.tolist(), certainty.jaccard_error.tolist(),
                found.separation, strict=True,
            ),
            start=1,
        )
    )  # fmt: skip
    apart = f"{say(STABLE_IS_NOT_SEPARATE)} {separation_sentence(found.separation)}".strip()
    return (
        f"<p>{_how_checked(certainty)}</p>{_progress(certainty, going_on=going_on)}<table>{rows}</table>"
        f'<p class="note">{apart}</p>{_uncertain_html(certainty, outcome)}'
    )


def _how_checked(certainty: Certainty) -> str:
    segmented = int(certainty.segmentation.sizes.sum())
    among = (
        say("{drawn_from:,} of the {segmented:,}", drawn_from=certainty.drawn_from, segmented=segmented)
        if certainty.drawn_from < segmented
        else say("the")
    )
    return say(
        "The clustering was repeated on {resamples} random samples of {among} customers. The number "
        "says how much of a segment came back, from 0 to 1 (mean Jaccard similarity and its standard "
        "error): {SOLID} or more is solid, {FAIR} or more is fair, {DOUBTFUL} or more is doubtful, "
        "and anything less is fragile.",
        resamples=len(certainty.resamples),
        among=among,
        SOLID=SOLID,
        FAIR=FAIR,
        DOUBTFUL=DOUBTFUL,
    )


def _progress(certainty: Certainty, *, going_on: bool) -> str:
    if certainty.complete:
        return ""
    done = say("{resamples} of {RESAMPLES} samples", resamples=len(certainty.resamples), RESAMPLES=RESAMPLES)
    said = (
        say("After {done}, so the words may still change ...", done=done)
        if going_on
        else say("Ended after {done}.", done=done)
    )
    return f'<p role="status">{said}</p>'


def _uncertain_html(certainty: Certainty, outcome: RunResult) -> str:
    """Say which numbers could well be otherwise; the others are told by the whiskers."""
    told = uncertain_numbers(outcome.profile, certainty.intervals, outcome.words.names)
    where = say("under “{HEADINGS}” thin lines show it for every share", HEADINGS=HEADINGS["segment_charts"])
    if not told:
        narrow = say(
            "The 95% intervals of all shares are narrower than {value:.0f} percentage points", value=100 * WIDE
        )
        return (
            '<p class="note">'
            + say(
                "{narrow}: how far they would go up or down with other customers; {where}.", narrow=narrow, where=where
            )
            + "</p>"
        )
    items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in told)
    return (
        f"<h3>{say('Numbers that could well be otherwise')}</h3><p>"
        + say(
            "Had other customers of the same kind come, each of these would lie in the span named, 95 "
            "times in 100; {where}.",
            where=where,
        )
        + f"</p><ul>{items}</ul>"
    )


def silhouette_html(certainty: Certainty) -> str:
    """Say how to read the silhouette plot, and of how many customers it is."""
    segmented = int(certainty.segmentation.sizes.sum())
    sample = (
        say(
            " The bars are a random {count:,} of {segmented:,} customers.",
            count=len(certainty.sample),
            segmented=segmented,
        )
        if len(certainty.sample) < segmented
        else ""
    )
    return (
        '<p class="note">'
        + say(
            "Each bar is one customer: at 1 it is far nearer to its own segment than to any other, at 0 "
            "it is on the border, and below 0 it is nearer to another. The dashed line is the mean, "
            "{mean:.2f}.{sample}",
            mean=certainty.silhouette.mean(),
            sample=sample,
        )
        + "</p>"
    )


def borderline_html(certainty: Certainty, *, listed: bool) -> str:
    """Say how many customers are on a border."""
    number, segmented = certainty.borderline, int(certainty.segmentation.sizes.sum())
    if not number:
        clearly = say("clearly nearer to one segment than to the next")
        if certainty.segmentation.mixture is not None:
            clearly = say("clearly likelier to be of one segment than of the next")
        return f"<h3>{say('No customer is on a border')}</h3><p>{say('All are {clearly}.', clearly=clearly)}</p>"
    share = percent(number / segmented)
    why = say("its own centroid is less than {BORDERLINE} nearer", BORDERLINE=percent(BORDERLINE))
    if certainty.segmentation.mixture is not None:
        why = say("that is at least {value} as likely as its own", value=percent(1 - BORDERLINE))
    most = (
        say(" Only the {MOST_LISTED} least certain are listed.", MOST_LISTED=MOST_LISTED)
        if listed and number > MOST_LISTED
        else ""
    )
    return (
        "<h3>"
        + say("On a border: {number}, {share} of those in a segment", number=count(number, "customer"), share=share)
        + f"</h3><p>{say('Each could also be in another segment: {why}.{most}', why=why, most=most)}</p>"
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
        say_each(_TITLES),
        formatters={
            "margin": cell_numbers("0.0%"),
            **{field: {"type": "textarea"} for field in ("customer", "own", "other")},
        },
        right=["margin"],
        widths={"customer": 96, "margin": 96},
        rows=5,
    )
