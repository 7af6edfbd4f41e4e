"""Quartiles, ranks and Cliff's delta of each segment among all customers; each feature is sorted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.ranks import cliffs_delta_of_ranks, mid_ranks_within, share_below

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Ranks:
    """The order statistics of one feature in each of k segments, and last, where there is a place, over all of them."""

    quartiles: npt.NDArray[np.float64]
    median_ranks: npt.NDArray[np.float64]
    effects: npt.NDArray[np.float64]

    @classmethod
    def of(
        cls,
        values: npt.NDArray[np.float64],
        codes: npt.NDArray[np.uint8],
        k: int,
        order: npt.NDArray[np.integer] | None = None,
    ) -> Ranks:
        """Rank customers with codes 1..k; ``order`` sorts their values, those without one last."""
        order = np.argsort(values, kind="stable") if order is None else order
        order = order[: len(order) - int(np.isnan(values).sum())]
        everyone, own = values[order], codes[order]
        groups = [everyone[own == number] for number in range(1, k + 1)]
        quartiles = np.array([_quartiles(group) for group in (*groups, everyone)])
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


def _quartiles(ordered: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the quartiles of sorted values, as np.quantile does; NaN for none."""
    if not len(ordered):
        return np.full(3, np.nan)
    positions = (len(ordered) - 1) * np.array([0.25, 0.5, 0.75])
    below = np.floor(positions).astype(np.intp)
    low, high = ordered[below], ordered[np.ceil(positions).astype(np.intp)]
    # Where both are the same, adding their difference could leave the last digit another.
    return np.asarray(np.where(low == high, low, low + (high - low) * (positions - below)))
