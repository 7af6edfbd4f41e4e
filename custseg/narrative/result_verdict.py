"""One line on a whole result: how many segments, how well they hold, and whether another number would hold better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.language import mark, say, say_many
from custseg.wording import count, join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.how_many.advice import Advice
    from custseg.how_many.separation import Separation
    from custseg.insight.certainty import Stability

_NUMBERS = (
    mark("no"), mark("one"), mark("two"), mark("three"), mark("four"), mark("five"), mark("six"), mark("seven"),
    mark("eight"), mark("nine"), mark("ten"),
)  # fmt: skip
_DOUBTED: tuple[Stability, ...] = ("doubtful", "fragile")
# So much more alike (adjusted Rand index) have segments to come out on other customers to be said to hold better.
_CLEARLY_MORE = 0.05


def say_verdict(
    sizes: Sequence[int],
    stability: Sequence[Stability] = (),
    separation: Sequence[Separation] = (),
    advice: Advice | None = None,
    *,
    so_far: bool = False,
) -> str:
    """Say it with what is known by now: the sizes, then how sure the segments are, then what number is advised.

    ``advice`` has to be for the features and the recipe that the segments come from; ``so_far`` how sure they are is
    still being looked into.
    """
    said = say("{segments} of {customers}", segments=count(len(sizes), "segment"), customers=_customers(sizes))
    if stability:
        sure = _how_sure(stability) + _gaps(stability, separation)
        said = (
            say("{said}: so far {sure}", said=said, sure=sure)
            if so_far
            else say("{said}: {sure}", said=said, sure=sure)
        )
    if advice is not None:
        said = say("{said}; {advised}", said=said, advised=_advised(len(sizes), advice))
    return f"{said}."


def _customers(sizes: Sequence[int]) -> str:
    least, most = min(sizes), max(sizes)
    if least == most:
        return say("{customers} each", customers=count(most, "customer"))
    return say("{least:,} to {customers}", least=least, customers=count(most, "customer"))


def _how_sure(stability: Sequence[Stability]) -> str:
    found = [(word, stability.count(word)) for word in _DOUBTED if word in stability]
    if not found:
        return say("all hold up on other customers")
    if found[0][1] == len(stability):
        return say("all are {word}", word=say(found[0][0]))
    said = [
        say_many("{number} is {word}", "{number} are {word}", many, number=say(_NUMBERS[many]), word=say(word))
        for word, many in found
    ]
    return join_words(said)


def _gaps(stability: Sequence[Stability], separation: Sequence[Separation]) -> str:
    """Say whether they are set apart, where that is the same of all."""
    gaps = {each.gap for each in separation}
    holds = not set(_DOUBTED).intersection(stability)
    if gaps == {"overlapping"}:
        return say(", though none is set apart by a gap") if holds else say(", and none is set apart by a gap")
    if gaps == {"apart"} and not all(each.clear for each in separation):
        # Seen in a picture it is no gap.
        fewer = mark(", and there are fewer customers between them"), mark(", though there are fewer between them")
        return say(fewer[not holds])
    if gaps == {"apart"}:
        return say(", and each is set apart by a gap") if holds else say(", though each is set apart by a gap")
    return ""


def _advised(k: int, advice: Advice) -> str:
    number = say(_NUMBERS[advice.suggested])
    if advice.suggested == k:
        return say("the evidence speaks for {number} too", number=number)
    alike = {evidence.k: evidence.agreement.adjusted_rand for evidence in advice.evidence}
    if k in alike and alike[advice.suggested] >= alike[k] + _CLEARLY_MORE:
        return say("{number} would hold better", number=number)
    return say("the evidence speaks for {number}", number=number)
