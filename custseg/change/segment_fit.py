"""Whether segments still fit customers at a later time: how far these are from their centroids, and who is where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say
from custseg.wording import capitalised, count, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# Of the customers before, one in a hundred is farther from its centroid than this quantile. Five times as many now, and
# more than chance brings once in a hundred times, are too many.
_FAR, _TOO_MANY_FAR, _CHANCE = 0.99, 0.05, 0.01
# So large a part of the customers would have to be in another segment for the shares to be as they were.
_WORTH_SAYING = 0.05
# A segment of which so many would be expected is not empty by chance.
_EXPECTED_IN_A_SEGMENT = 5


def distances_to_centroids(result: Segmentation, prepared: Floats, labels: Labels) -> Floats:
    """Return how far each customer that is in a segment, in prepared units, is from its centroid."""
    away = prepared - result.prepared_centroids[labels[labels > 0] - 1]
    return np.asarray(np.sqrt(np.square(away).sum(axis=1)), dtype=np.float64)


def median_distance(distances: Floats) -> float:
    """Return the median distance; NaN for nobody."""
    return float(np.median(distances)) if len(distances) else np.nan


def far_share_of(before: Floats, now: Floats) -> float:
    """Return which share of the distances now is beyond the quantile of those before; NaN for nobody now."""
    # One of the distances, not a value between two, so that no change never makes more of them far.
    return float((now > np.quantile(before, _FAR, method="higher")).mean()) if len(now) else np.nan


def warn_of_distance(far_share: float, customers: int) -> Iterable[str]:
    """Say so where too many of the customers that are in a segment now are far from its centroid, or nobody is."""
    if too_many_far(far_share, customers):
        yield say_far(far_share if customers else None)


def too_many_far(far_share: float, customers: int) -> bool:
    """Whether more of so many customers in a segment are far than chance brings, or nobody is in one."""
    from scipy.stats import binom

    return not customers or bool(
        far_share > _TOO_MANY_FAR and binom.sf(round(far_share * customers) - 1, customers, 1 - _FAR) < _CHANCE
    )


def say_far(far_share: float | None) -> str:
    """Say which share of the customers is far from its centroid; None where nobody is in a segment."""
    if far_share is None:
        return say("Nobody is in a segment now.")
    return say(
        "{far} of the customers are farther from the centroid of their segment than {share} of the customers before "
        "were.",
        far=capitalised(percent(far_share)),
        share=percent(_FAR),
    )


def warn_of_empty_segments(before: Segmentation, matrix: Labels) -> Iterable[str]:
    """Say which segments nobody is in now (columns of the matrix) where somebody was to be expected."""
    expected = before.sizes / before.source.count * matrix[:, :-1].sum()
    for position in np.flatnonzero((matrix[:, : before.k].sum(axis=0) == 0) & (expected >= _EXPECTED_IN_A_SEGMENT)):
        customers = count(int(before.sizes[position]), "customer")
        yield say(
            "Nobody is in segment {number} now, which had {customers} before.", number=position + 1, customers=customers
        )


def warn_of_sizes(before: Segmentation, matrix: Labels) -> Iterable[str]:
    """Say which segment's share of the segmented customers has changed most, where shares have by more than chance."""
    from scipy.stats import chi2_contingency

    sizes = np.array([before.sizes, matrix[:, : before.k].sum(axis=0)])
    # Where one is empty now, that is said.
    if not sizes.all():
        return
    shares = sizes / sizes.sum(axis=1, keepdims=True)
    change = shares[1] - shares[0]
    if np.abs(change).sum() / 2 < _WORTH_SAYING or chi2_contingency(sizes).pvalue > _CHANCE:
        return
    most = int(np.abs(change).argmax())
    was, now = (percent(float(share)) for share in shares[:, most])
    grown = mark("Segment {number} has grown from {was} of the customers to {now}.")
    shrunk = mark("Segment {number} has shrunk from {was} of the customers to {now}.")
    yield say(grown if change[most] > 0 else shrunk, number=most + 1, was=was, now=now)
