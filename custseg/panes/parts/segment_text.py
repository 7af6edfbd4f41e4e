"""One segment in words and numbers, as HTML: what it is, how sure that is, its rule, and what to do."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from custseg.language import say
from custseg.narrative.certainty_words import stability_phrase
from custseg.panes.base.claims_markup import claim_html, marked_html
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.tables.written_values import written
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.insight.typical import Typical
    from custseg.narrative.claims import Claim
    from custseg.narrative.multiverse import Multiverse
    from custseg.session.run_result import RunResult

# So many features, those in which the segment is furthest from average, tell what a customer is like.
_MOST_FEATURES = 4


def story_html(outcome: RunResult, segment: int, *, assessing: bool, multiverse: Multiverse | None = None) -> str:
    """Say what a segment (from 1) is, how sure that is, what sets it apart, and what to do.

    Where it was found out under how many other settings a statement holds, that stands beside it.
    """
    beside = multiverse.said_beside if multiverse else None
    words, position = outcome.words, segment - 1
    dot = f'<span class="dot" style="background:{SEGMENT_COLOURS[outcome.slots[position]]}"></span>'
    remarks = "".join(f'<p class="remark">{html.escape(remark)}</p>' for remark in words.remarks(segment))
    facts = "".join(f"<li>{marked_html(fact, beside)}</li>" for fact in words.fact_phrases[position])
    heading = say("Segment {segment}: {name}", segment=segment, name=html.escape(words.names[position]))
    return (
        f'<h3 data-segment="{segment}">{dot} {heading}</h3>'
        f"<p>{marked_html(words.headline_phrases[position])}</p>{remarks}"
        f"{f'<ul>{facts}</ul>' if facts else ''}<p>{marked_html(words.conclusion_phrases[position])}</p>"
        f"{_behind(outcome, segment, beside)}{_sure(outcome, segment, assessing=assessing)}{_actions(outcome, segment)}"
    )


def _behind(outcome: RunResult, segment: int, beside: Callable[[Claim], str] | None) -> str:
    """Fold away the whole paragraph, and what each statement rests on."""
    words = outcome.words
    rows = "".join(f"<li>{html.escape(claim.evidence)}</li>" for claim in words.claims if claim.segment == segment)
    return (
        f'<details><summary aria-label="{say("Segment {segment} in detail", segment=segment)}">'
        f"{say('In detail, with the numbers')}</summary><p>"
        f"{marked_html(words.paragraphs[segment - 1], beside)}</p><ul>{rows}</ul></details>"
    )


def _sure(outcome: RunResult, segment: int, *, assessing: bool) -> str:
    """Say how sure a segment is and what rule tells it from the others, once that was found out."""
    found = outcome.assessment
    if found is None:
        waits = say("This is being checked ...") if assessing else say("This was not checked yet.")
        return f'<h3>{say("How sure, and by which rule")}</h3><p role="status">{waits}</p>'
    word = found.certainty.stability[segment - 1]
    phrase = stability_phrase(word, found.separation[segment - 1], outcome.words.names)
    rule, apart = found.rules.rules[segment - 1], say("A rule that tells it from the others")
    return (
        f'<h3>{say("How sure it is")}</h3><p><b class="word {word}">{capitalised(say(word))}</b> '
        f"{html.escape(phrase)}.</p>"
        f"<h3>{apart}</h3><p>{html.escape(capitalised(rule.sentence))}</p>"
        f'<p class="note">{html.escape(found.rules.note)}</p>'
    )


def _actions(outcome: RunResult, segment: int) -> str:
    """List what the playbook suggests, area by area; nothing where it suggests nothing for this segment."""
    rows = "".join(
        f"<dt>{html.escape(capitalised(say(action.area)))}</dt>"
        f"<dd><p>{claim_html(html.escape(action.text), action.evidence)}</p></dd>"
        for action in outcome.words.actions_for(segment)
    )
    return f"<h3>{say('What to do')}</h3><dl>{rows}</dl>" if rows else ""


def typical_html(typical: Typical, outcome: RunResult, segment: int) -> str:
    """List the customers nearest the centroid, in the features in which the segment is furthest from average."""
    group, schema = outcome.groups.segments[segment - 1], outcome.segmentation.schema
    order = sorted(range(len(group.scores)), key=lambda at: -abs(float(group.scores[at])))[:_MOST_FEATURES]
    columns = {at: schema.column(outcome.profile.features[at]) for at in order}
    heads = "".join(
        f'<th scope="col">{html.escape(capitalised(column.label or column.name))}</th>' for column in columns.values()
    )
    lines = [*zip(typical.identifiers, typical.values, strict=True), (say("Segment average"), group.means)]
    rows = [(name, [written(column, float(values[at])) for at, column in columns.items()]) for name, values in lines]
    body = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{"</td><td>".join(map(html.escape, cells))}</td></tr>'
        for name, cells in rows
    )
    of = "" if typical.everyone else say(", of {among:,} at random", among=typical.among)
    return (
        f'<h3>{say("Typical customers")}</h3><p class="note">'
        f"{say('Those nearest the middle of the segment{of}.', of=of)}</p>"
        f'<div class="wide" tabindex="0" role="region" aria-label="{say("Typical customers")}">'
        f'<table class="typical"><thead><tr><td></td>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )
