"""A card for each segment: name, size, three facts beside everyone, what to make of it, and how sure it is."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.language import say
from custseg.narrative.certainty_words import stability_phrase
from custseg.narrative.claims import brief
from custseg.narrative.fact_bars import fact_bar
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.panes.base.claims_markup import marked_html
from custseg.panes.base.part import UNTIL_PAINTED, Part
from custseg.panes.base.style import (
    APART_COLOUR,
    SEGMENT_CARDS_STYLE,
    SEGMENT_COLOURS,
    TEXT_STYLE,
    WORDS_STYLE,
)
from custseg.panes.headings import HEADINGS
from custseg.panes.parts.interpretation import evidence_html
from custseg.panes.parts.table_opening import opening_html
from custseg.panes.tables.cells import unseen
from custseg.session.selection_by_segment import whole_segment
from custseg.settings import K_RANGE
from custseg.wording import capitalised

if TYPE_CHECKING:
    from custseg.narrative.claims import Sentence
    from custseg.narrative.interpretation import Interpretation
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

# Of more segments than this, a card tells the first fact alone: all have to be in sight together.
_MOST_IN_FULL = 6
# Classes of the pane, since other markup would take the focus from what somebody has just pressed.
_SELECTED = "\n".join(
    f':host(.selected-{number}) .segment-card[data-segment="{number}"] '
    "{ border-color: var(--custseg-accent, #005a96); box-shadow: inset 0 0 0 1px var(--custseg-accent, #005a96); }\n"
    f':host(.selected-{number}) button[data-segment="{number}"]::after {{ content: " (selected)"; }}'
    for number in range(1, K_RANGE[1] + 1)
)


class SegmentCards(Part):
    """The cards of the last result, and below them all their evidence; before the first run, what the table holds.

    On a page, and among the views of a notebook, a script makes a press on a card select the customers of that segment.
    """

    in_view: bool = param.Boolean(
        default=False, constant=True, doc="Whether there is such a script, and a view of segments to go on to."
    )

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        sheets = [TEXT_STYLE, WORDS_STYLE, SEGMENT_CARDS_STYLE]
        self._cards = pn.pane.HTML("", stylesheets=[*sheets, _SELECTED], **wide)
        self._evidence = pn.pane.HTML("", stylesheets=sheets, **wide)
        self._layout = pn.Column(self._cards, self._evidence, **wide)
        self._told_behind: Interpretation | None = None
        self._tell()
        self.watch(self._tell, "run", "names", "assessment", "table", "question")
        self.watch(self._mark, "selected", "run")

    def _tell(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        if outcome is None:
            self._cards.object = opening_html(self.model.table, self.model.question)
            self._evidence.object, self._told_behind = "", None
        else:
            self._cards.object = cards_html(outcome, in_view=self.in_view)
            # It is folded away.
            self.after_what_is_seen_first(self._tell_behind, UNTIL_PAINTED)

    def _tell_behind(self) -> None:
        outcome = self.model.outcome
        # How sure it is changes none of it.
        if outcome is not None and outcome.words is not self._told_behind:
            self._told_behind = outcome.words
            self._evidence.object = _behind_html(outcome.words, in_view=self.in_view)

    def _mark(self, *_: frozenset[str]) -> None:
        selected, outcome = self.model.selected, self.model.outcome
        whole = None if selected is None or outcome is None else whole_segment(selected, outcome.segmentation)
        self._cards.css_classes = [f"selected-{whole}"] if whole else []


def cards_html(outcome: RunResult, *, in_view: bool = False) -> str:
    """Write a card for each segment, and one for the customers set apart; all that comes from a table is escaped.

    ``in_view`` there is a script that makes a press select a segment, and a view of segments to go on to.
    """
    words = outcome.words
    cards = [_card(outcome, number, in_view=in_view) for number in range(1, len(words.names) + 1)]
    if words.exceptional:
        cards.append(
            f'<article class="segment-card apart"><h3>{_swatch(APART_COLOUR)}{say(EXCEPTIONAL)}.</h3> '
            f"<p>{html.escape(words.exceptional)}</p></article>"
        )
    return f'<h2 class="unseen">{html.escape(HEADINGS["words"])}</h2><div class="segment-cards">{"".join(cards)}</div>'


def _behind_html(words: Interpretation, *, in_view: bool) -> str:
    """Write all detail, folded away, and the way to the view of the segments."""
    more = f'<a href="#segments">{say("Look closer at the segments")}</a>' if in_view else ""
    return f'<div class="behind">{evidence_html(words, in_full=True)}{more}</div>'


def _card(outcome: RunResult, number: int, *, in_view: bool) -> str:
    words, position = outcome.words, number - 1
    name = html.escape(words.names[position])
    # As it is read aloud.
    segment = unseen(say("Segment") + " ")
    title = f"{segment}{number}{unseen(':')} {name}{unseen('.')}"
    swatch = _swatch(SEGMENT_COLOURS[outcome.slots[position]])
    heading = f'<button type="button" data-segment="{number}">{swatch}{title}</button>' if in_view else swatch + title
    many = len(words.names) > _MOST_IN_FULL
    facts = words.fact_phrases[position][: 1 if many else None]
    remarks = "".join(f'<p class="remark">{html.escape(text)}</p>' for text in words.remarks(number))
    return (
        f'<article class="segment-card{" brief" if many else ""}" data-segment="{number}"><h3>{heading}</h3> '
        f'<div class="told"><span class="size">{marked_html(words.headline_phrases[position])}</span> '
        f'<span class="so-what">{marked_html(words.conclusion_phrases[position])}</span>{remarks}</div>'
        f'<ul class="facts">{"".join(_fact(outcome, fact) for fact in facts)}</ul>'
        f"{_how_sure(outcome, position)}</article>"
    )


def _swatch(colour: str) -> str:
    return f'<i class="swatch" style="background:{colour}"></i>'


def _fact(outcome: RunResult, fact: Sentence) -> str:
    """Write a fact with its bar: from zero to what it is here, with a line where all customers are."""
    bar = fact_bar(outcome.profile, fact)
    if bar is None:
        return f"<li>{marked_html(brief(fact))}</li>"
    said, width = html.escape(bar.words), bar.end - bar.start
    filled = f'<i style="left:{bar.start:.1%};width:{width:.1%}"></i>' if width else ""
    return (
        f'<li>{marked_html(brief(fact))}<div class="bar" role="img" title="{said}" aria-label="{said}">'
        f'{filled}<b style="left:{bar.everyone:.1%}"></b></div></li>'
    )


def _how_sure(outcome: RunResult, position: int) -> str:
    """Write the word for how sure a segment is, with what it means; nothing while that isn't known."""
    assessment = outcome.assessment
    if assessment is None:
        return ""
    word = assessment.certainty.stability[position]
    meaning = capitalised(stability_phrase(word, assessment.separation[position], outcome.words.names))
    sure = unseen(say("How sure:") + " ")
    return f'<p class="sure {word}" title="{html.escape(meaning)}.">{sure}{say(word)}</p>'
