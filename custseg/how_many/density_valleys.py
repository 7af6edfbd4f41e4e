"""Whether there is a valley of low density between two segments, or they overlap.

Customers of two segments are projected onto the line that joins their centroids. K-Means cuts one group in two as
readily as it finds two groups, but only between two groups are there fewer customers than on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.densities import kernel_density, kernel_width
from custseg.how_many.frequent_values import FrequentValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]

_GRID = 256
# The density is 0 this many kernel widths beyond the outermost customers.
_REACH = 4.0
# The part of the line that counts, with 0 at the first centroid and 1 at the second: distant customers must not make
# the grid too coarse to show what lies between the two.
_FIRST, _LAST = -1.5, 2.5


@dataclass(frozen=True, slots=True)
class Valley:
    """The least visible boundary between any two segments.

    Attributes
    ----------
    first, second
        The two segments, from 1.
    density_ratio
        The density at the emptiest point between the two centroids over that on the less crowded side: 0 where nobody
        is between them, 1 where there is no valley.
    depth_z
        How far the valley is below the sides, in standard deviations of Poisson counts.

    """

    first: int
    second: int
    density_ratio: float
    depth_z: float


def shallowest_valley(prepared: Floats, labels: npt.NDArray[np.intp], centroids: Floats) -> Valley:
    """Return the least visible boundary. ``labels`` are 0..k-1; prepared units; no segment may be empty."""
    groups = [prepared[labels == position] for position in range(len(centroids))]
    return _shallowest(
        Valley(first + 1, second + 1, *_valley((groups[first], groups[second]), (centroids[first], centroids[second])))
        for first, second in combinations(range(len(centroids)), 2)
    )


def shallowest_joint_valley(
    prepared: Floats, labels: npt.NDArray[np.intp], k: int, generator: np.random.Generator
) -> Valley:
    """Return the same where a gap beside a frequent value, such as 0, counts only as far as columns agree on it."""
    order = generator.permutation(len(prepared))
    frequent = FrequentValues(prepared[order], labels[order], k)
    valleys = []
    for first, second in combinations(range(k), 2):
        groups = frequent.pair(first, second)
        centroids = groups[0].mean(axis=0), groups[1].mean(axis=0)
        valleys.append(Valley(first + 1, second + 1, *_valley(groups, centroids)))
    return _shallowest(valleys)


def _shallowest(valleys: Iterable[Valley]) -> Valley:
    return max(valleys, key=lambda valley: (valley.density_ratio, -valley.depth_z))


def _valley(groups: tuple[Floats, Floats], centroids: tuple[Floats, Floats]) -> tuple[float, float]:
    """Return the density ratio and depth of the valley between two groups; 1 and 0 where there is none."""
    line = centroids[1] - centroids[0]
    length = float(np.linalg.norm(line))
    if not length:
        return 1.0, 0.0
    along = [(group - centroids[0]) @ line / length**2 for group in groups]
    grid, customers = _customers_along(along)
    from_left = np.maximum.accumulate(customers)
    from_right = np.maximum.accumulate(customers[::-1])[::-1]
    sides = np.minimum(from_left, from_right)
    between = np.flatnonzero((grid > 0) & (grid < 1))
    if not len(between):
        return 1.0, 0.0
    # Where the line shows nobody on one side, nothing is said of what lies between.
    ratios = np.divide(customers, sides, out=np.ones_like(customers), where=sides > 0)
    lowest = between[np.argmin(ratios[between])]
    low, high = float(customers[lowest]), float(sides[lowest])
    if not high:
        return 1.0, 0.0
    return low / high, (high - low) / float(np.sqrt(high + low))


def _customers_along(along: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Return a grid along the line, and the number of customers near each of its points, weighted by the kernel."""
    everyone = np.concatenate(along)
    # The kernel width is that of the smaller spread and the smaller group.
    spread, fewest = min(float(group.std()) for group in along), min(map(len, along))
    reach = _REACH * kernel_width(spread, fewest, 0.0)
    ends = max(float(everyone.min()) - reach, _FIRST), min(float(everyone.max()) + reach, _LAST)
    grid, step = np.linspace(*ends, _GRID, retstep=True)
    width = kernel_width(spread, fewest, float(step))
    # A customer exactly at a point counts as 1.
    return grid, kernel_density(everyone, grid, width) * len(everyone) * width * np.sqrt(2 * np.pi)
