"""What certainty says in words: whether a segment comes back, whether it is set apart, and which numbers could move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say
from custseg.wording import capitalised, fixed, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.how_many.separation import Separation
    from custseg.insight.certainty import Stability
    from custseg.insight.intervals import Intervals
    from custseg.insight.profile import Profile

STABLE_IS_NOT_SEPARATE = mark(
    "That a segment comes back does not make it a group of its own: a cut through an even crowd of customers can "
    "come back each time too."
)
_COMES_BACK: Mapping[Stability, str] = {
    "solid": mark("comes back almost whole"),
    "fair": mark("comes back, with other customers at its border"),
    "doubtful": mark("something like it comes back, but who is in it changes"),
    "fragile": mark("may be chance: much of it goes elsewhere with other customers"),
}
# The words for how stable a segment is are said wherever one stands.
STABILITY = (mark("solid"), mark("fair"), mark("doubtful"), mark("fragile"))
_HOLDS = STABILITY[:2]
# Where there is a gap that people would see, or only fewer customers; and where the segment holds.
_SET_APART = {
    (True, True): mark("{back}, and is set apart from the others"),
    (True, False): mark("{back}, though it is set apart from the others"),
    (False, True): mark("{back}, and there are fewer customers at its border"),
    (False, False): mark("{back}, though there are fewer customers at its border"),
}
# Shares that people have words for, and how near one has to be.
_FRACTIONS = {
    0.1: mark("a tenth"), 0.2: mark("a fifth"), 0.25: mark("a quarter"), 0.3: mark("three tenths"),
    1 / 3: mark("a third"), 0.4: mark("two fifths"), 0.5: mark("a half"), 0.6: mark("three fifths"),
    2 / 3: mark("two thirds"), 0.7: mark("seven tenths"), 0.75: mark("three quarters"), 0.8: mark("four fifths"),
    0.9: mark("nine tenths"),
}  # fmt: skip
_NEAR = 0.025
# A share is told where its interval is as wide as this; or where it is less wide, but its upper end twice the lower.
WIDE = 0.15
_LESS_WIDE, _TWICE = 0.05, 2.0
# A multiple of the average is told where it is a claim, and may be none.
_CLAIMED, _NOT_ABOVE = 1.5, 0.95


def stability_phrase(word: Stability, separation: Separation, names: Sequence[str]) -> str:
    """Say of one segment whether it comes back, and whether it is set apart from the neighbour it is least apart from.

    ``names`` are those of all segments, in order; they are given back as they are, to be escaped where they are shown.
    """
    holds = word in _HOLDS
    where = {"back": say(_COMES_BACK[word]), "number": separation.neighbour, "name": names[separation.neighbour - 1]}
    if separation.gap == "too few":
        return say("{back}; too few customers to tell whether there is a gap to segment {number}, {name}", **where)
    if separation.gap == "apart":
        return say(_SET_APART[separation.clear, holds], **where)
    if holds:
        return say("{back}, but runs into segment {number}, {name}, without a clear gap", **where)
    return say("{back}, and it runs into segment {number}, {name}, without a clear gap", **where)


def separation_sentence(separation: Sequence[Separation]) -> str:
    """Say whether the segments are set apart, all together, where that is not to be taken from the list."""
    gaps = [each.gap for each in separation]
    if all(gap == "overlapping" for gap in gaps):
        return say("Here every segment runs into another: they divide one crowd, and are no groups of their own.")
    if all(gap == "apart" for gap in gaps):
        if all(each.clear for each in separation):
            return say("Here each segment is also set apart from the others by a gap.")
        return say("Here there are also fewer customers between the segments than within them.")
    return ""


def uncertain_numbers(profile: Profile, intervals: Intervals, names: Sequence[str]) -> tuple[str, ...]:
    """Say which shares and multiples of the average could well be otherwise with other customers, segment by segment.

    The shares whose 95% interval is wide, and of each segment the largest multiple of the average that may be none.
    """
    told = []
    for position, name in enumerate(names):
        said = [
            *_shares(profile, intervals, position),
            *_multiples(profile, intervals.times_average[position], position),
        ]
        if said:
            told.append(say("Segment {number}, {name}: {said}.", number=position + 1, name=name, said="; ".join(said)))
    return tuple(told)


def span(low: float, high: float) -> str:
    """Write a span of shares: “between about a half and nine tenths (52% to 88%)”, or in percent alone."""
    ends = say("{low} to {high}", low=percent(low), high=percent(high))
    words = [_fraction(low), _fraction(high)]
    if all(words) and words[0] != words[1]:
        return say("between about {low} and {high} ({ends})", low=words[0], high=words[1], ends=ends)
    return say("anything from {ends}", ends=ends)


def _fraction(share: float) -> str:
    nearest = min(_FRACTIONS, key=lambda fraction: abs(fraction - share))
    return say(_FRACTIONS[nearest]) if abs(nearest - share) <= _NEAR else ""


def _shares(profile: Profile, intervals: Intervals, position: int) -> list[str]:
    shares = [(profile.customer_share, intervals.customer_share, mark("{share} of customers here, {span} with others"))]
    if profile.spend_share is not None and intervals.spend_share is not None:
        shares.append((profile.spend_share, intervals.spend_share, mark("{share} of spend here, {span} with others")))
    said = []
    for found, ends, what in shares:
        low, high = ends[position].tolist()
        if high - low >= WIDE or (high - low >= _LESS_WIDE and high >= _TWICE * low):
            said.append(say(what, share=percent(float(found[position])), span=span(low, high)))
    return said


def _multiples(profile: Profile, ends: np.ndarray[tuple[int, ...], np.dtype[np.float64]], position: int) -> list[str]:
    """Tell the largest multiple of the average that may be none."""
    means, overall = profile.means[position], profile.overall_means
    found = np.divide(means, overall, out=np.full(len(overall), np.nan), where=overall > 0)
    doubtful = np.flatnonzero((found >= _CLAIMED) & (ends[:, 0] < _NOT_ABOVE) & np.isfinite(ends[:, 1]))
    if not len(doubtful):
        return []
    which = int(doubtful[np.argmax(found[doubtful])])
    low, high = (fixed(end, 1) for end in ends[which].tolist())
    column = profile.segmentation.schema.column(profile.features[which])
    label = capitalised(column.label or column.name)
    return [
        say(
            "{label} {ratio} times the average here, {low} to {high} with others",
            label=label,
            ratio=fixed(float(found[which]), 1),
            low=low,
            high=high,
        )
    ]
