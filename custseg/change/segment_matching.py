"""Which segment of one result is which of another, so that names and colours stay with the customers they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import crosstab_of, with_both_segments

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]


def match_segments(before: Segmentation, after: Segmentation) -> dict[int, int]:
    """Pair segments (numbers from 1): after -> before. Segments left over by a change of k are not in it.

    Where both hold the same customers, the pairs share as many customers as they can; else centroids lie as near
    as they can, in the units of ``before``. Both by the Hungarian method (Kuhn, 1955).
    """
    if after.has_the_customers_of(before):
        shared = crosstab_of(with_both_segments(before, after))[:-1, :-1]
        return pair_by_customers(shared.T, after, before)
    if before.features != after.features:
        return {}
    # By the features alone: the categories of other customers may have other levels.
    centroids = before.preparation.apply_to_features(after.centroids)
    own = before.prepared_centroids[:, : len(before.features)]
    return _pair_cheapest(np.square(centroids[:, None] - own[None]).sum(axis=2))


def pair_by_customers(shared: Labels, after: Segmentation, before: Segmentation) -> dict[int, int]:
    """Pair segments (from 1), after -> before, by how many customers they share: after.k x before.k."""
    # As a share of the two together (Jaccard): else a small segment that swells would lose its identity.
    return _pair_cheapest(-shared / (after.sizes[:, None] + before.sizes[None, :] - shared))


def assign_colour_slots(
    before: Segmentation | None, after: Segmentation, slots_before: tuple[int, ...], most: int
) -> tuple[int, ...]:
    """Give each segment of ``after`` a slot (0..most - 1, which is a colour): its partner's, else a free one."""
    slots: list[int | None] = [None] * after.k
    if before is not None:
        for own, partner in match_segments(before, after).items():
            slots[own - 1] = slots_before[partner - 1]
    free = (slot for slot in range(most) if slot not in slots)
    return tuple(next(free) if slot is None else slot for slot in slots)


def _pair_cheapest(cost: Floats) -> dict[int, int]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return {int(row) + 1: int(column) + 1 for row, column in zip(rows, columns, strict=True)}
