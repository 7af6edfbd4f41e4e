"""The “so what” of a segment: one plain sentence that ties what sets it apart to what one could do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.narrative.claims import Phrase, Sentence, enumerated, plain, sentence
from custseg.narrative.column_words import is_about_money, share_of
from custseg.narrative.spending_level import BUDGET_CONSCIOUS, HIGH_SPENDING, LIKE_MOST
from custseg.tables.outcome_words import kind_of_event
from custseg.wording import capitalised, multiple, straight, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.narrative.claims import Claim
    from custseg.narrative.contrasts import Contrast
    from custseg.narrative.segment_description import SegmentDescription
    from custseg.narrative.segment_names import Vocabulary
    from custseg.tables.outcome_words import Kind

_MOST_FEATURES = 2
# What to do where more of a segment did something than of the others, and where fewer did: before and after that.
_ADVICE: dict[Kind, tuple[tuple[str, str], tuple[str, str]]] = {
    "leaving": (("Find out first why ", "."), ("Learn what keeps them: ", ".")),
    "staying": (("Learn what keeps them: ", "."), ("Find out first why ", ".")),
    "defaulting": (("Find out first why ", "."), ("", ", so they need less watching.")),
    "responding": (("Turn to them first: ", "."), ("Turn to others first: ", ".")),
    "": (("Plan with this in mind: ", "."), ("Plan with this in mind: ", ".")),
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
        _spend(segment),
        _feature(segment, vocabulary),
        _category(segment),
    ]
    return known if any(known) else [_nothing(segment)]


def _outcome(claim: Claim | None) -> Sentence:
    """Say what to do about an outcome in which the segment differs, which depends on what kind of event it is."""
    if claim is None or not claim.telling:
        return ()
    more = claim.value > claim.baseline
    before, after = _ADVICE[kind_of_event(claim.said)][not more]
    if claim.said:
        event = f"{'more' if more else 'fewer'} of them {claim.said} than elsewhere"
    else:
        event = (
            f"{claim.called} is “{straight(claim.category or '')}” {'more' if more else 'less'} often than elsewhere"
        )
    return sentence(before, Phrase(event if before else capitalised(event), claim), after)


def _spend(segment: SegmentDescription) -> Sentence:
    claim = segment.spend
    if claim is None or claim.ratio is None:
        return ()
    if segment.level == HIGH_SPENDING:
        average = f"{times(claim.ratio).removesuffix(' times').removesuffix('.0')} average customers"
        return sentence("Losing one costs as much as losing ", Phrase(average, claim), ".")
    if segment.level == BUDGET_CONSCIOUS and claim.ratio > 0:
        return sentence(
            "Keep any effort for them cheap: each spends ", Phrase(multiple(claim.ratio, "the average"), claim), "."
        )
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
        features = enumerated([Phrase(one.degrees[0], one.claim) for one in others])
        if segment.spends_as_others and not any(is_about_money(one.feature) for one in others):
            return sentence("What sets them apart is ", features, ", not what they spend.")
        return sentence("Plan for ", features, " than average.")
    kind = [one for one in contrasts if vocabulary.is_product(one) and one.more == first.more]
    features = enumerated([Phrase(vocabulary.word(one.feature), one.claim) for one in kind[:_MOST_FEATURES]])
    if first.more:
        return sentence("Lead with ", features, ", which they buy more of than most.")
    return sentence("Do not lead with ", features, ", which they buy less of than most.")


def _share(first: Contrast, contrasts: Sequence[Contrast]) -> Sentence:
    """Say what takes a larger or a smaller part of what they buy."""
    kind = [one for one in contrasts if share_of(one.feature) and one.more == first.more][:_MOST_FEATURES]
    goods = enumerated([Phrase(share_of(one.feature), one.claim) for one in kind])
    size, part = "larger" if first.more else "smaller", "parts" if len(kind) > 1 else "part"
    article = "" if len(kind) > 1 else "a "
    return sentence(
        "Lead with " if first.more else "Do not lead with ",
        goods,
        f", {article}{size} {part} of what they buy than usual.",
    )


def _category(segment: SegmentDescription) -> Sentence:
    if not segment.categories:
        return ()
    first = segment.categories[0]
    return sentence("What sets them apart above all is ", Phrase(first.columns[0], first.claim), ".")


def _nothing(segment: SegmentDescription) -> Sentence:
    like_most = segment.spend is None or segment.spend.ratio is None or segment.level == LIKE_MOST
    if like_most or segment.spends_as_others:
        return sentence(f"{segment.ordinary} in everything; nothing here calls for separate treatment.")
    # Spend that customers were not compared by, and in which they differ too little for a word of its own.
    return sentence("But for what they spend, nothing sets them apart.")
