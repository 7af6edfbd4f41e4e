"""Quartiles, ranks and Cliff's delta of each segment among all customers; each feature is sorted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
        sums = np.bincount(own, _mid_ranks(everyone), minlength=k + 1)[1:]
        return cls(
            quartiles=quartiles,
            median_ranks=np.array([_share_below(median, everyone) for median in quartiles[:-1, 1]]),
            effects=np.array(
                [_cliffs_delta(len(group), len(everyone), ranks) for group, ranks in zip(groups, sums, strict=True)]
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


def _share_below(value: float, everyone: npt.NDArray[np.float64]) -> float:
    return float(everyone.searchsorted(value)) / len(everyone) if value == value else np.nan  # noqa: PLR0124 - NaN


def _mid_ranks(ordered: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return how many are below each of the sorted values, those that are as high counted half."""
    edges = (
        np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])) if len(ordered) else np.zeros(1)
    )
    return np.repeat((edges[:-1] + edges[1:]) / 2, np.diff(edges).astype(np.intp))


def _cliffs_delta(own: int, everyone: int, rank_sum: float) -> float:
    """Return Cliff's delta of a group against all others, from the sum of its mid-ranks; NaN where either is nobody."""
    others = everyone - own
    if not own or not others:
        return np.nan
    # Among themselves, the group's customers are above one another as often as below.
    above = rank_sum - own * own / 2
    return float(2 * above / (own * others) - 1)
