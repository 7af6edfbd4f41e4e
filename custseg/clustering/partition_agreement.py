"""How well two ways to segment the same customers agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two ways to segment the same customers agree.

    Attributes
    ----------
    prediction_strength
        Of two customers in one segment, how often the other way has them together too, in the segment where that is
        least often (Tibshirani & Walther, "Cluster Validation by Prediction Strength", 2005); 0 to 1.
    pair_agreement
        The same over all segments, each customer counted once.
    adjusted_rand
        Adjusted Rand index (Hubert & Arabie, 1985): 1 for the same segments, about 0 for chance.

    """

    prediction_strength: float
    pair_agreement: float
    adjusted_rand: float


def agreement(own: Labels, predicted: Labels, k: int) -> Agreement:
    """Compare the segments that customers (0..k-1) have with those that were predicted for them."""
    both = shared_customers(own, predicted, k)
    sizes = both.sum(axis=1)
    pairs = _pairs(sizes)
    # A segment of one customer has no pair that could be kept.
    kept = np.divide(_pairs(both).sum(axis=1), pairs, out=np.zeros(k), where=pairs > 0)
    return Agreement(
        prediction_strength=float(kept.min()),
        pair_agreement=float(kept @ sizes / sizes.sum()),
        adjusted_rand=adjusted_rand(both),
    )


def shared_customers(own: Labels, others: npt.NDArray[np.integer[Any]], k: int) -> Floats:
    """Count the customers in each segment (0..k-1) of the one way and of the other, k x k."""
    return np.bincount(own * k + others, minlength=k * k).reshape(k, k).astype(np.float64)


def adjusted_rand(both: Floats) -> float:
    """Return the adjusted Rand index of how many customers are in each segment of the one way and of the other."""
    sizes, others = both.sum(axis=1), both.sum(axis=0)
    shared, own_pairs, other_pairs = _pairs(both).sum(), _pairs(sizes).sum(), _pairs(others).sum()
    expected = own_pairs * other_pairs / max(_pairs(sizes.sum()), 1.0)
    largest = 0.5 * (own_pairs + other_pairs)
    return 1.0 if largest == expected else float((shared - expected) / (largest - expected))


def mean_agreement(found: Sequence[Agreement]) -> Agreement:
    """Return the average over several comparisons."""
    return Agreement(
        *(
            float(np.mean([getattr(agreement, name) for agreement in found]))
            for name in ("prediction_strength", "pair_agreement", "adjusted_rand")
        )
    )


def _pairs(counts: Floats) -> Floats:
    return counts * (counts - 1) / 2
