"""Quartiles, ranks and Cliff's delta of each segment among all customers; each feature is sorted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.ranks import cliffs_delta_of_ranks, mid_ranks_within, share_below

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.customers import Ordered


@dataclass(frozen=True, slots=True)
class Ranks:
    """The order statistics of one feature in each of k segments, and last, where there is a place, over all of them."""

    quartiles: npt.NDArray[np.float64]
    median_ranks: npt.NDArray[np.float64]
    effects: npt.NDArray[np.float64]

    @classmethod
    def of(cls, ordered: Ordered, codes: npt.NDArray[np.uint8], k: int) -> Ranks:
        """Rank customers with codes 1..k."""
        everyone, own = ordered.values, codes[ordered.positions]
        # Codes are a byte, which is sorted in the time of two looks at each; values stay in order in each group.
        by_group = np.argsort(own, kind="stable")
        sizes = np.bincount(own, minlength=k + 1)[: k + 1]
        groups = np.split(by_group, np.cumsum(sizes))[1 : k + 1]
        quartiles = np.array([*(_quartiles(everyone, group) for group in groups), _quartiles(everyone)])
        sums = np.bincount(own, mid_ranks_within(everyone), minlength=k + 1)[1:]
        return cls(
            quartiles=quartiles,
            median_ranks=np.array([share_below(median, everyone) for median in quartiles[:-1, 1]]),
            effects=np.array(
                [
                    cliffs_delta_of_ranks(total, len(group), len(everyone))
                    for group, total in zip(groups, sums.tolist(), strict=True)
                ]
            ),
        )


def _quartiles(ordered: npt.NDArray[np.float64], some: npt.NDArray[np.intp] | None = None) -> npt.NDArray[np.float64]:
    """Return the quartiles of sorted values, or of those at some positions, as np.quantile does; NaN for none."""
    count = len(ordered) if some is None else len(some)
    if not count:
        return np.full(3, np.nan)
    positions = (count - 1) * np.array([0.25, 0.5, 0.75])
    below, above = (rounded(positions).astype(np.intp) for rounded in (np.floor, np.ceil))
    low, high = (ordered[ends if some is None else some[ends]] for ends in (below, above))
    # Where both are the same, adding their difference could leave the last digit another.
    return np.asarray(np.where(low == high, low, low + (high - low) * (positions - below)))
