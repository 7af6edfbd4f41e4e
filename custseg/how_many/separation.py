"""Whether each segment is set apart from its neighbours, or runs into one of them without a gap.

A cut through an even cloud of customers can come back each time that customers are drawn anew: stable is not separate.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from custseg.how_many.density_valleys import shallowest_valley
from custseg.how_many.natural_groups import LARGEST_DENSITY_RATIO, LEAST_DEPTH_Z
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

Gap = Literal["apart", "overlapping", "too few"]
# So few customers, of those on the less crowded side, that people would see a gap, not only fewer.
_CLEAR = 0.2


@dataclass(frozen=True, slots=True)
class Separation:
    """How a segment lies to the neighbour that it is least apart from.

    Attributes
    ----------
    segment, neighbour
        The two, from 1.
    density_ratio
        The density at the emptiest point between their centroids over that on the less crowded side: 1 for no gap.
    depth_z
        How far the density falls there, in standard deviations of Poisson counts.

    """

    segment: int
    neighbour: int
    density_ratio: float
    depth_z: float

    @property
    def gap(self) -> Gap:
        """Whether there is a gap; ``too few`` where one is seen, but could be chance with so few customers."""
        if self.density_ratio > LARGEST_DENSITY_RATIO:
            return "overlapping"
        return "apart" if self.depth_z >= LEAST_DEPTH_Z else "too few"

    @property
    def clear(self) -> bool:
        """Whether a gap is one that people would see as such: where it is none, customers only thin out."""
        return self.density_ratio <= _CLEAR


def find_separation(segmentation: Segmentation) -> tuple[Separation, ...]:
    """Return, for each segment in order, the neighbour that it is least apart from, of up to SAMPLE_SIZE customers."""
    sample = segmentation.segmented_sample()
    prepared = segmentation.preparation.apply(sample.matrix(segmentation.compared))
    own, k = segment_numbers(sample.labels[SEGMENT]) - 1, segmentation.k
    pairs = [_between(segmentation, prepared, own, pair) for pair in combinations(range(k), 2)]
    both_ways = [each for pair in pairs for each in (pair, _turned(pair))]
    return tuple(
        max(
            (each for each in both_ways if each.segment == number),
            key=lambda each: (each.density_ratio, -each.depth_z),
        )
        for number in range(1, k + 1)
    )


def _between(
    segmentation: Segmentation,
    prepared: npt.NDArray[np.float64],
    own: npt.NDArray[np.intp],
    pair: tuple[int, int],
) -> Separation:
    first, second = pair
    rows = np.flatnonzero((own == first) | (own == second))
    labels = (own[rows] == second).astype(np.intp)
    if not 0 < labels.sum() < len(labels):
        # A sample that holds nobody of a segment says nothing of it.
        return Separation(first + 1, second + 1, 0.0, 0.0)
    valley = shallowest_valley(prepared[rows], labels, segmentation.prepared_centroids[[first, second]])
    return Separation(first + 1, second + 1, valley.density_ratio, valley.depth_z)


def _turned(pair: Separation) -> Separation:
    return Separation(pair.neighbour, pair.segment, pair.density_ratio, pair.depth_z)
