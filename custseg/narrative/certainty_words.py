"""What certainty says in words: whether a segment comes back, whether it is set apart, and which numbers could move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.wording import capitalised, fixed, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.how_many.separation import Separation
    from custseg.insight.certainty import Stability
    from custseg.insight.intervals import Intervals
    from custseg.insight.profile import Profile

STABLE_IS_NOT_SEPARATE = (
    "That a segment comes back does not make it a group of its own: a cut through an even crowd of customers can come "
    "back each time too."
)
_COMES_BACK: Mapping[Stability, str] = {
    "solid": "comes back almost whole",
    "fair": "comes back, with other customers at its border",
    "doubtful": "something like it comes back, but who is in it changes",
    "fragile": "may be chance: much of it goes elsewhere with other customers",
}
_HOLDS = ("solid", "fair")
# Shares that people have words for, and how near one has to be.
_FRACTIONS = {
    0.1: "a tenth", 0.2: "a fifth", 0.25: "a quarter", 0.3: "three tenths", 1 / 3: "a third", 0.4: "two fifths",
    0.5: "a half", 0.6: "three fifths", 2 / 3: "two thirds", 0.7: "seven tenths", 0.75: "three quarters",
    0.8: "four fifths", 0.9: "nine tenths",
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
    neighbour = f"segment {separation.neighbour}, {names[separation.neighbour - 1]}"
    back, holds = _COMES_BACK[word], word in _HOLDS
    if separation.gap == "too few":
        return f"{back}; too few customers to tell whether there is a gap to {neighbour}"
    if separation.gap == "apart":
        return f"{back}, {'and' if holds else 'though it'} is set apart from the others"
    return f"{back}, {'but' if holds else 'and it'} runs into {neighbour}, without a clear gap"


def separation_sentence(separation: Sequence[Separation]) -> str:
    """Say whether the segments are set apart, all together, where that is not to be taken from the list."""
    gaps = [each.gap for each in separation]
    if all(gap == "overlapping" for gap in gaps):
        return "Here every segment runs into another: they divide one crowd, and are no groups of their own."
    if all(gap == "apart" for gap in gaps):
        return "Here each segment is also set apart from the others by a gap."
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
            told.append(f"Segment {position + 1}, {name}: {'; '.join(said)}.")
    return tuple(told)


def span(low: float, high: float) -> str:
    """Write a span of shares: “between about a half and nine tenths (52% to 88%)”, or in percent alone."""
    ends = f"{percent(low)} to {percent(high)}"
    words = [_fraction(low), _fraction(high)]
    if all(words) and words[0] != words[1]:
        return f"between about {words[0]} and {words[1]} ({ends})"
    return f"anything from {ends}"


def _fraction(share: float) -> str:
    nearest = min(_FRACTIONS, key=lambda fraction: abs(fraction - share))
    return _FRACTIONS[nearest] if abs(nearest - share) <= _NEAR else ""


def _shares(profile: Profile, intervals: Intervals, position: int) -> list[str]:
    shares = [(profile.customer_share, intervals.customer_share, "of customers")]
    if profile.spend_share is not None and intervals.spend_share is not None:
        shares.append((profile.spend_share, intervals.spend_share, "of spend"))
    said = []
    for found, ends, what in shares:
        low, high = ends[position].tolist()
        if high - low >= WIDE or (high - low >= _LESS_WIDE and high >= _TWICE * low):
            said.append(f"{percent(float(found[position]))} {what} here, {span(low, high)} with others")
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
    return [f"{label} {fixed(float(found[which]), 1)} times the average here, {low} to {high} with others"]
