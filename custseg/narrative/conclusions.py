"""The “so what” of a segment: one plain sentence that ties what sets it apart to what one could do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.narrative.claims import Phrase, Sentence, enumerated, sentence
from custseg.narrative.contrasts import MUCH_LESS, MUCH_MORE
from custseg.narrative.facts import by_difference
from custseg.narrative.spending_level import BUDGET_CONSCIOUS, HIGH_SPENDING, LIKE_MOST
from custseg.wording import times

if TYPE_CHECKING:
    from custseg.narrative.segment_description import SegmentDescription
    from custseg.narrative.segment_names import Vocabulary

_MOST_FEATURES = 2


def conclude(segment: SegmentDescription, vocabulary: Vocabulary) -> Sentence:
    """Return the sentence for the first of these that is so: few customers, an outcome, spend, a feature."""
    return (
        _few(segment)
        or _outcome(segment)
        or _spend(segment)
        or _feature(segment, vocabulary)
        or _category(segment)
        or _nothing(segment)
    )


def _few(segment: SegmentDescription) -> Sentence:
    return sentence("So few are better handled one by one than as a group.") if segment.few else ()


def _outcome(segment: SegmentDescription) -> Sentence:
    """Ask for the reason of the outcome in which the segment differs most."""
    claim = next((outcome.claim for outcome in by_difference(segment.outcomes)), None)
    if claim is None or not claim.telling:
        return ()
    if not claim.said:
        return sentence("Find out first what lies behind ", Phrase(claim.called, claim), " here.")
    if claim.value > claim.baseline:
        return sentence("Find out first why ", Phrase(f"more of them {claim.said}", claim), " than elsewhere.")
    return sentence("Learn from them why ", Phrase(f"fewer {claim.said}", claim), " than elsewhere.")


def _spend(segment: SegmentDescription) -> Sentence:
    claim = segment.spend
    if claim is None or claim.ratio is None:
        return ()
    if segment.level == HIGH_SPENDING:
        average = f"{_multiple(claim.ratio)} average customers"
        return sentence("Losing one costs as much as losing ", Phrase(average, claim), ".")
    if segment.level == BUDGET_CONSCIOUS and claim.ratio > 0:
        of_them = Phrase(f"{_multiple(1 / claim.ratio)} of them", claim)
        return sentence("Weigh any effort: ", of_them, " spend what one average customer does.")
    return ()


def _feature(segment: SegmentDescription, vocabulary: Vocabulary) -> Sentence:
    """Say what to mind: the features that stand out most, of the kind of the first."""
    if not segment.contrasts:
        return ()
    first, bought = segment.contrasts[0], vocabulary.is_product(segment.contrasts[0])
    kind = [one for one in segment.contrasts if (vocabulary.is_product(one), one.more) == (bought, first.more)]
    features = enumerated([Phrase(vocabulary.word(one.feature), one.claim) for one in kind[:_MOST_FEATURES]])
    if not bought:
        return sentence("What suits customers of average ", features, " may not suit them.")
    if first.more:
        return sentence("Lead with ", features, ", which they buy more of than most.")
    return sentence("Do not lead with ", features, ", which they buy less of than most.")


def _category(segment: SegmentDescription) -> Sentence:
    if not segment.categories:
        return ()
    first = segment.categories[0]
    return sentence("Plan for them by ", Phrase(first.columns[0], first.claim), " rather than by any average.")


def _nothing(segment: SegmentDescription) -> Sentence:
    ratio, like_most = None if segment.spend is None else segment.spend.ratio, segment.level == LIKE_MOST
    if ratio is None or like_most or MUCH_LESS < ratio < MUCH_MORE:
        return sentence(f"{segment.ordinary} in everything; nothing here calls for separate treatment.")
    # Spend that customers were not compared by, and in which they differ too little for a word of its own.
    return sentence("But for what they spend, nothing sets them apart.")


def _multiple(ratio: float) -> str:
    return times(ratio).removesuffix(" times")
