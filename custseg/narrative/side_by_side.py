"""What there is to see where segments stand side by side, in a sentence or two for each picture; plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    said = f"Segment {number} stands out most. {furthest.line}."
    if len(close) == 1:
        said += f" Segment {close[0]} is close to average in every feature."
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
        return "The median customers of all segments rank about the same in every feature."
    high, low = int(ranks[:, position].argmax()), int(ranks[:, position].argmin())
    return (
        f"Median customers are furthest apart in {_label(groups, position)}: that of segment {high + 1} is above "
        f"{percent(float(ranks[high, position]))} of all customers, that of segment {low + 1} above "
        f"{percent(float(ranks[low, position]))}."
    )


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
        return f"{_label(groups, position)}: the median customer of every segment is at {most}."
    return (
        f"{_label(groups, position)}: the median customer is highest in {_segments_with(texts, most)} ({most}) and "
        f"lowest in {_segments_with(texts, least)} ({least})."
    )


def _segments_with(texts: Sequence[str], text: str) -> str:
    """Name the segments, of which these are the medians, that have this one."""
    numbers = [str(number) for number, each in enumerate(texts, start=1) if each == text]
    return f"segment{'s' if len(numbers) > 1 else ''} {join_words(numbers)}"


def see_shares(groups: Groups) -> str:
    """Say which segment brings in most for its size; without spend, which one is the largest."""
    customers = np.array([group.customer_share for group in groups.segments])
    spend = groups.profile.spend_share
    if spend is not None:
        ratios = np.divide(spend, customers, out=np.zeros(len(customers)), where=customers > 0)
        best = int(ratios.argmax())
        if ratios[best] >= _MORE_THAN_ITS_SHARE:
            return (
                f"Segment {best + 1} is {percent(float(customers[best]))} of customers and brings in "
                f"{percent(float(spend[best]))} of the spend, {times(float(ratios[best]))} its share."
            )
    largest = int(customers.argmax())
    return f"Segment {largest + 1} is the largest, with {percent(float(customers[largest]))} of all customers."


def _label(groups: Groups, position: int) -> str:
    return heading(groups.profile.segmentation.schema, groups.profile.features[position])
