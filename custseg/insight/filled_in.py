"""Who has a missing value that was filled in, and how much hangs on what it was filled with.

A customer who was filled in is placed again with the values of each of several similar customers in turn. Where one of
these would put it into another segment, it is on the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.expressions import Count, InSegments, Known

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.expressions import Aggregate

    Floats = npt.NDArray[np.float64]


def least_margins(segmentation: Segmentation, values: Floats, segments: npt.NDArray[np.intp]) -> Floats:
    """Return how clearly customers x compared stay in their segments (1..k) whatever they are filled in with.

    It is the least margin (1 - distance to the own centroid / distance to the nearest other one, in prepared units)
    under the values of ``neighbours.NEAREST`` similar customers, and 0 where one of them leads to another segment.
    Infinite for a customer in no segment (0), and for one of whom nothing is missing.
    """
    from scipy.spatial.distance import cdist

    least = np.full(len(values), np.inf)
    gaps = np.isnan(values[:, : len(segmentation.features)]).any(axis=1)
    rows = np.flatnonzero(gaps & (segments > 0))
    own, position = segments[rows] - 1, np.arange(len(rows))
    for way in segmentation.preparation.alternatives(values[rows]) if len(rows) else []:
        distances = cdist(segmentation.preparation.apply(way), segmentation.prepared_centroids)
        within = distances[position, own]
        distances[position, own] = np.inf
        beyond = distances.min(axis=1)
        ratio = np.divide(within, beyond, out=np.ones(len(rows)), where=beyond > 0)
        least[rows] = np.minimum(least[rows], np.maximum(1 - ratio, 0))
    return least


def has_gaps(segmentation: Segmentation) -> bool:
    """Whether a feature of anybody is filled in; those in an engine are counted there."""
    if segmentation.preparation.recipe.missing == "drop":
        return False
    segmented = InSegments(frozenset(range(1, segmentation.k + 1)))
    wanted: list[Aggregate] = [Count(), *map(Known, segmentation.features)]
    counted = segmentation.assignment.aggregate(wanted, where=segmented)
    return any(int(counted[one]) < int(counted[wanted[0]]) for one in wanted)


def say_filled_in(segmentation: Segmentation) -> npt.NDArray[np.object_] | None:
    """Return for each customer in memory what was filled in, “Milk, Fresh”, or empty text; None where nothing was."""
    filled = segmentation.filled_in
    return None if filled is None else name_filled(segmentation, filled)


def name_filled(segmentation: Segmentation, filled: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Return for customers x features what was filled in, “Milk, Fresh”, or empty text."""
    said = np.full(len(filled), "", dtype=object)
    for name, missing in zip(segmentation.features, filled.T, strict=True):
        label = segmentation.schema.label(name)
        said[missing] = [f"{before}, {label}" if before else label for before in said[missing]]
    return said
