"""The “so what” of a segment: one plain sentence that ties what sets it apart to what one could do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.language import mark, say
from custseg.narrative.claims import Phrase, Sentence, enumerated, plain, sentence, told
from custseg.narrative.column_words import is_about_money, share_of
from custseg.narrative.spending_level import BUDGET_CONSCIOUS, HIGH_SPENDING, LIKE_MOST
from custseg.tables.outcome_words import event_in_words, kind_of_event
from custseg.wording import AVERAGE, capitalised, fixed, multiple, straight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.narrative.claims import Claim
    from custseg.narrative.contrasts import Contrast
    from custseg.narrative.segment_description import SegmentDescription
    from custseg.narrative.segment_names import Vocabulary
    from custseg.tables.outcome_words import Kind

_MOST_FEATURES = 2
# What to do where more of a segment did something than of the others, and where fewer did.
_WHY, _LEARN = mark("Find out first why {event}."), mark("Learn what keeps them: {event}.")
_LESS_WATCHING, _IN_MIND = mark("{event}, so they need less watching."), mark("Plan with this in mind: {event}.")
_ADVICE: dict[Kind, tuple[str, str]] = {
    "leaving": (_WHY, _LEARN),
    "staying": (_LEARN, _WHY),
    "defaulting": (_WHY, _LESS_WATCHING),
    "responding": (mark("Turn to them first: {event}."), mark("Turn to others first: {event}.")),
    "": (_IN_MIND, _IN_MIND),
}


def conclude(segments: Sequence[SegmentDescription], vocabulary: Vocabulary) -> tuple[Sentence, ...]:
    """Return a sentence for each segment, of the first that is so: few customers, an outcome, spend, a feature.

    What has been said of a segment before gives way to the next, where there is one.
    """
    said: list[Sentence] = []
    for segment in segments:
        fitting = [each for each in _all_that_fit(segment, vocabulary) if each]
        told = {plain(each) for each in said}
        said.append(next((each for each in fitting if plain(each) not in told), fitting[0]))
    return tuple(said)


def _all_that_fit(segment: SegmentDescription, vocabulary: Vocabulary) -> list[Sentence]:
    known = [
        sentence(segment.few_words) if segment.few else (),
        *(_outcome(phrase.claim) for phrase in segment.outcomes),
        _spend(segment, vocabulary),
        _feature(segment, vocabulary),
        _category(segment),
    ]
    return known if any(known) else [_nothing(segment)]


def _outcome(claim: Claim | None) -> Sentence:
    """Say what to do about an outcome in which the segment differs, which depends on what kind of event it is."""
    if claim is None or not claim.telling:
        return ()
    more = claim.value > claim.baseline
    advice, event = _ADVICE[kind_of_event(claim.said)][not more], _event(claim, more=more)
    return told(advice, event=Phrase(capitalised(event) if advice == _LESS_WATCHING else event, claim))


def _event(claim: Claim, *, more: bool) -> str:
    if claim.said:
        did = event_in_words(claim.said)
        if more:
            return say("more of them {did} than elsewhere", did=did)
        return say("fewer of them {did} than elsewhere", did=did)
    names = {"column": claim.called, "category": straight(claim.category or "")}
    if more:
        return say("{column} is “{category}” more often than elsewhere", **names)
    return say("{column} is “{category}” less often than elsewhere", **names)


def _spend(segment: SegmentDescription, vocabulary: Vocabulary) -> Sentence:
    claim = segment.spend
    if claim is None or claim.ratio is None:
        return ()
    if segment.level == HIGH_SPENDING:
        number = fixed(claim.ratio, 0 if claim.ratio >= 10 or f"{claim.ratio:.1f}".endswith("0") else 1)
        average = say("{number} average customers", number=number)
        return told("Losing one costs as much as losing {average}.", average=Phrase(average, claim))
    if segment.level == BUDGET_CONSCIOUS and claim.ratio > 0:
        spend = Phrase(multiple(claim.ratio, AVERAGE), claim)
        if vocabulary.is_new(segment.contrasts):
            return told(
                "They came later than most: too early to judge them by what they have spent, {spend}.", spend=spend
            )
        return told("Keep any effort for them cheap: each spends {spend}.", spend=spend)
    return ()


def _feature(segment: SegmentDescription, vocabulary: Vocabulary) -> Sentence:
    """Say what to mind: the features that stand out most, of the kind of the first."""
    contrasts = [one for one in segment.contrasts if not one.total] or segment.contrasts
    if not contrasts:
        return ()
    first, bought = contrasts[0], vocabulary.is_product(contrasts[0])
    if share_of(first.feature):
        return _share(first, contrasts)
    if not bought:
        others = [one for one in contrasts if not vocabulary.is_product(one)][:_MOST_FEATURES]
        features = enumerated([Phrase(one.degree.than_others, one.claim) for one in others])
        if segment.spends_as_others and not any(is_about_money(one.feature) for one in others):
            return told("What sets them apart is {features}, not what they spend.", features=features)
        return told("Expect {features} than average.", features=features)
    kind = [one for one in contrasts if vocabulary.is_product(one) and one.more == first.more]
    features = enumerated([Phrase(vocabulary.word(one.feature), one.claim) for one in kind[:_MOST_FEATURES]])
    if first.more:
        return told("Lead with {features}, which they buy more of than most.", features=features)
    return told("Do not lead with {features}, which they buy less of than most.", features=features)


def _share(first: Contrast, contrasts: Sequence[Contrast]) -> Sentence:
    """Say what takes a larger or a smaller part of what they buy."""
    kind = [one for one in contrasts if share_of(one.feature) and one.more == first.more][:_MOST_FEATURES]
    goods = enumerated([Phrase(share_of(one.feature), one.claim) for one in kind])
    if first.more and len(kind) > 1:
        return told("Lead with {goods}, larger parts of what they buy than usual.", goods=goods)
    if first.more:
        return told("Lead with {goods}, a larger part of what they buy than usual.", goods=goods)
    if len(kind) > 1:
        return told("Do not lead with {goods}, smaller parts of what they buy than usual.", goods=goods)
    return told("Do not lead with {goods}, a smaller part of what they buy than usual.", goods=goods)


def _category(segment: SegmentDescription) -> Sentence:
    if not segment.categories:
        return ()
    first = segment.categories[0]
    return told("What sets them apart above all is {column}.", column=Phrase(first.columns[0], first.claim))


def _nothing(segment: SegmentDescription) -> Sentence:
    like_most = segment.spend is None or segment.spend.ratio is None or segment.level == LIKE_MOST
    if like_most or segment.spends_as_others:
        return told(
            "{ordinary} in everything; nothing here calls for separate treatment.", ordinary=say(segment.ordinary)
        )
    # Spend that customers were not compared by, and in which they differ too little for a word of its own.
    return told("But for what they spend, nothing sets them apart.")
