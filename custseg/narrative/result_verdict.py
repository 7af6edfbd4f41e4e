"""One line on a whole result: how many segments, how well they hold, and whether another number would hold better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.wording import count, join_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.how_many.advice import Advice
    from custseg.how_many.separation import Separation
    from custseg.insight.certainty import Stability

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
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
    sentence = f"{count(len(sizes), 'segment')} of {_customers(sizes)}"
    if stability:
        sentence += f": {'so far ' if so_far else ''}{_how_sure(stability)}{_gaps(stability, separation)}"
    if advice is not None:
        sentence += f"; {_advised(len(sizes), advice)}"
    return f"{sentence}."


def _customers(sizes: Sequence[int]) -> str:
    least, most = min(sizes), max(sizes)
    return f"{count(most, 'customer')} each" if least == most else f"{least:,} to {count(most, 'customer')}"


def _how_sure(stability: Sequence[Stability]) -> str:
    found = [(word, stability.count(word)) for word in _DOUBTED if word in stability]
    if not found:
        return "all hold up on other customers"
    if found[0][1] == len(stability):
        return f"all are {found[0][0]}"
    said = [f"{_NUMBERS[many]} {'is' if many == 1 else 'are'} {word}" for word, many in found]
    return join_words(said)


def _gaps(stability: Sequence[Stability], separation: Sequence[Separation]) -> str:
    """Say whether they are set apart, where that is the same of all."""
    gaps = {each.gap for each in separation}
    holds = not set(_DOUBTED).intersection(stability)
    if gaps == {"overlapping"}:
        return f", {'though' if holds else 'and'} none is set apart by a gap"
    return f", {'and' if holds else 'though'} each is set apart by a gap" if gaps == {"apart"} else ""


def _advised(k: int, advice: Advice) -> str:
    number = _NUMBERS[advice.suggested]
    if advice.suggested == k:
        return f"the evidence speaks for {number} too"
    alike = {evidence.k: evidence.agreement.adjusted_rand for evidence in advice.evidence}
    if k in alike and alike[advice.suggested] >= alike[k] + _CLEARLY_MORE:
        return f"{number} would hold better"
    return f"the evidence speaks for {number}"
