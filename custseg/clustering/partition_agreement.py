"""How well two segmentations of the same customers agree."""

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
    """How well two segmentations of the same customers agree.

    Attributes
    ----------
    prediction_strength
        The share of pairs of customers in a segment that the other segmentation keeps together, in the segment where
        that is lowest (Tibshirani & Walther, "Cluster Validation by Prediction Strength", 2005); 0 to 1.
    pair_agreement
        The same share averaged over all segments, weighted by their customers.
    adjusted_rand
        Adjusted Rand index (Hubert & Arabie, 1985): 1 for the same segments, about 0 for chance.

    """

    prediction_strength: float
    pair_agreement: float
    adjusted_rand: float


def agreement(labels: Labels, predicted: Labels, k: int) -> Agreement:
    """Compare the segments (0..k-1) of customers with those that were predicted for them."""
    shared = shared_customers(labels, predicted, k)
    sizes = shared.sum(axis=1)
    pairs = _pairs(sizes)
    # A segment of one customer has no pairs to keep.
    kept = np.divide(_pairs(shared).sum(axis=1), pairs, out=np.zeros(k), where=pairs > 0)
    return Agreement(
        prediction_strength=float(kept.min()),
        pair_agreement=float(kept @ sizes / sizes.sum()),
        adjusted_rand=adjusted_rand(shared),
    )


def shared_customers(labels: Labels, other_labels: npt.NDArray[np.integer[Any]], k: int) -> Floats:
    """Count the customers in each segment (0..k-1) of the one segmentation and of the other, k x k."""
    return np.bincount(labels * k + other_labels, minlength=k * k).reshape(k, k).astype(np.float64)


def adjusted_rand(shared: Floats) -> float:
    """Return the adjusted Rand index of two segmentations, from what ``shared_customers`` gives for them."""
    sizes, other_sizes = shared.sum(axis=1), shared.sum(axis=0)
    shared_pairs, pairs, other_pairs = _pairs(shared).sum(), _pairs(sizes).sum(), _pairs(other_sizes).sum()
    expected = pairs * other_pairs / max(_pairs(sizes.sum()), 1.0)
    largest = 0.5 * (pairs + other_pairs)
    return 1.0 if largest == expected else float((shared_pairs - expected) / (largest - expected))


def mean_agreement(agreements: Sequence[Agreement]) -> Agreement:
    """Return the average over several comparisons."""
    return Agreement(
        *(
            float(np.mean([getattr(agreement, name) for agreement in agreements]))
            for name in ("prediction_strength", "pair_agreement", "adjusted_rand")
        )
    )


def _pairs(counts: Floats) -> Floats:
    return counts * (counts - 1) / 2
