"""Whether segments still fit customers at a later time: how far these are from their centroids, and who is where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
# A segment of which so many would be expected is not empty by chance.
_EXPECTED_IN_A_SEGMENT = 5


def distances_to_centroids(result: Segmentation, values: Floats, labels: Labels) -> Floats:
    """Return how far each customer that is in a segment is from its centroid, in prepared units."""
    here = labels > 0
    away = result.preparation.apply(values[here]) - result.prepared_centroids[labels[here] - 1]
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
    from scipy.stats import binom

    if not customers:
        yield "Nobody is in a segment now."
    elif far_share > _TOO_MANY_FAR and binom.sf(round(far_share * customers) - 1, customers, 1 - _FAR) < _CHANCE:
        yield (
            f"{capitalised(percent(far_share))} of the customers are farther from the centroid of their segment than "
            f"{percent(_FAR)} of the customers before were."
        )


def warn_of_empty_segments(before: Segmentation, matrix: Labels) -> Iterable[str]:
    """Say which segments nobody is in now (columns of the matrix) where somebody was to be expected."""
    expected = before.sizes / before.source.count * matrix[:, :-1].sum()
    for position in np.flatnonzero((matrix[:, : before.k].sum(axis=0) == 0) & (expected >= _EXPECTED_IN_A_SEGMENT)):
        customers = count(int(before.sizes[position]), "customer")
        yield f"Nobody is in segment {position + 1} now, which had {customers} before."
