"""The “so what” of a segment: one plain sentence that ties what sets it apart to what one could do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.narrative.claims import Phrase, Sentence, enumerated, sentence
from custseg.narrative.spending_level import BUDGET_CONSCIOUS, HIGH_SPENDING
from custseg.wording import times

if TYPE_CHECKING:
    from custseg.narrative.segment_description import SegmentDescription

_MOST_FEATURES = 2


def conclude(segment: SegmentDescription) -> Sentence:
    """Return the sentence for the first of these that is so: few customers, their spend, a feature, a category."""
    return (
        _few(segment)
        or _spend(segment)
        or _feature(segment)
        or _category(segment)
        or sentence(f"{segment.ordinary} in everything; nothing here calls for separate treatment.")
    )


def _few(segment: SegmentDescription) -> Sentence:
    return sentence("So few are better handled one by one than as a group.") if segment.few else ()


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


def _feature(segment: SegmentDescription) -> Sentence:
    """Say what to mind: the features that stand out most, of the kind of the first."""
    if not segment.contrasts:
        return ()
    first = segment.contrasts[0]
    kind = [one for one in segment.contrasts if (one.money, one.more) == (first.money, first.more)]
    features = enumerated([Phrase(one.claim.called, one.claim) for one in kind[:_MOST_FEATURES]])
    if not first.money:
        return sentence("What suits customers of average ", features, " may not suit them.")
    return sentence("Anything done about ", features, f" touches them {'more' if first.more else 'less'} than most.")


def _category(segment: SegmentDescription) -> Sentence:
    if not segment.categories:
        return ()
    first = segment.categories[0]
    return sentence("Plan for them by ", Phrase(first.columns[0], first.claim), " rather than by any average.")


def _multiple(ratio: float) -> str:
    return times(ratio).removesuffix(" times")
