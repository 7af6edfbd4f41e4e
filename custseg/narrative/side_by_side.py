"""What there is to see where segments stand side by side, in a sentence or two for each picture; plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say, say_many
from custseg.narrative.amounts import heading
from custseg.narrative.contrasts import find_contrasts
from custseg.tables.written_values import written
from custseg.wording import join_words, percent, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.groups import Groups

# From here on, a segment's share of the spend is told beside its share of customers.
_MORE_THAN_ITS_SHARE = 1.25
# Medians that are less apart than this, in ranks, are about the same.
_HARDLY_APART = 0.1


def see_averages(groups: Groups) -> str:
    """Say which average is furthest from that of all customers, and which segments are close to it throughout."""
    profile = groups.profile
    contrasts = [find_contrasts(profile, position) for position in range(profile.segmentation.k)]
    firsts = [(abs(each[0].distance), number, each[0]) for number, each in enumerate(contrasts, start=1) if each]
    if not firsts:
        return ""
    _, number, furthest = max(firsts, key=lambda first: first[0])
    close = [
        str(number)
        for number, each in enumerate(contrasts, start=1)
        if each and not any(contrast.apart for contrast in each)
    ]
    said = say("Segment {number} stands out most. {line}.", number=number, line=furthest.line)
    if len(close) == 1:
        said += " " + say("Segment {number} is close to average in every feature.", number=close[0])
    return said


def see_ranks(groups: Groups) -> str:
    """Say in which feature the segments' median customers are furthest apart, and who is at either end."""
    ranks = np.array([group.ranks for group in groups.segments])
    known = ~np.isnan(ranks).any(axis=0)
    if not known.any():
        return ""
    apart = np.where(known, ranks.max(axis=0) - ranks.min(axis=0), -1.0)
    position = int(apart.argmax())
    if apart[position] < _HARDLY_APART:
        return say("The median customers of all segments rank about the same in every feature.")
    high, low = int(ranks[:, position].argmax()), int(ranks[:, position].argmin())
    return say(
        "Median customers are furthest apart in {feature}: that of segment {high} is above {above} of all customers, "
        "that of segment {low} above {below}.",
        feature=_label(groups, position), high=high + 1, above=percent(float(ranks[high, position])), low=low + 1,
        below=percent(float(ranks[low, position])),
    )  # fmt: skip


def see_spread(groups: Groups, position: int) -> str:
    """Say of which segment the median customer has the most of a feature, and of which the least."""
    profile = groups.profile
    medians = np.array([group.medians[position] for group in groups.segments])
    if np.isnan(medians).all():
        return ""
    column = profile.segmentation.schema.column(profile.features[position])
    texts = [written(column, median) for median in medians.tolist()]
    most, least = texts[int(np.nanargmax(medians))], texts[int(np.nanargmin(medians))]
    if most == least:
        feature = _label(groups, position)
        return say("{feature}: the median customer of every segment is at {value}.", feature=feature, value=most)
    return say(
        "{feature}: the median customer is highest in {highest} ({most}) and lowest in {lowest} ({least}).",
        feature=_label(groups, position), highest=_segments_with(texts, most), most=most,
        lowest=_segments_with(texts, least), least=least,
    )  # fmt: skip


def _segments_with(texts: Sequence[str], text: str) -> str:
    """Name the segments, of which these are the medians, that have this one."""
    numbers = [str(number) for number, each in enumerate(texts, start=1) if each == text]
    return say_many("segment {numbers}", "segments {numbers}", len(numbers), numbers=join_words(numbers))


def see_shares(groups: Groups) -> str:
    """Say which segment brings in most for its size; without spend, which one is the largest."""
    customers = np.array([group.customer_share for group in groups.segments])
    spend = groups.profile.spend_share
    if spend is not None:
        ratios = np.divide(spend, customers, out=np.zeros(len(customers)), where=customers > 0)
        best = int(ratios.argmax())
        if ratios[best] >= _MORE_THAN_ITS_SHARE:
            return say(
                "Segment {number} is {share} of customers and brings in {spend} of the spend, {times} its share.",
                number=best + 1, share=percent(float(customers[best])), spend=percent(float(spend[best])),
                times=times(float(ratios[best])),
            )  # fmt: skip
    largest = int(customers.argmax())
    share = percent(float(customers[largest]))
    return say("Segment {number} is the largest, with {share} of all customers.", number=largest + 1, share=share)


def _label(groups: Groups, position: int) -> str:
    return heading(groups.profile.segmentation.schema, groups.profile.features[position])
