"""Two segmentations of the same features: which segment of the one is which of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from custseg.segmentation import Segmentation


def match_segments(before: Segmentation, after: Segmentation) -> dict[int, int]:
    """Pair segments (numbers from 1): after -> before. Segments left over by a change of k are not in it.

    Where both hold the same customers, the pairs share as many customers as they can; else centroids lie as near
    as they can, in the units of ``before``. Both by the Hungarian method (Kuhn, 1955).
    """
    from scipy.optimize import linear_sum_assignment

    if after.table.has_the_customers_of(before.table):
        overlap = np.zeros((after.k, before.k))
        both = before.segmented & after.segmented
        np.add.at(overlap, (after.labels[both] - 1, before.labels[both] - 1), 1)
        # As a share of the two together (Jaccard): else a small segment that swells would lose its identity.
        union = after.sizes[:, None] + before.sizes[None, :] - overlap
        cost = -overlap / union
    elif before.features == after.features:
        there = before.preparation.apply(after.centroids)
        cost = np.square(there[:, None] - before.prepared_centroids[None]).sum(axis=2)
    else:
        return {}
    rows, columns = linear_sum_assignment(cost)
    return {int(row) + 1: int(column) + 1 for row, column in zip(rows, columns, strict=True)}


def carry_over(
    before: Segmentation | None, after: Segmentation, slots_before: tuple[int, ...], places: int
) -> tuple[int, ...]:
    """Give each segment of ``after`` a slot (0..places - 1, which is a colour): its partner's, else a free one."""
    slots: list[int | None] = [None] * after.k
    if before is not None:
        for number, partner in match_segments(before, after).items():
            slots[number - 1] = slots_before[partner - 1]
    free = (slot for slot in range(places) if slot not in slots)
    return tuple(next(free) if slot is None else slot for slot in slots)
