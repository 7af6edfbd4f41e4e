"""How visible the boundary of two segments is: a valley between two groups, or one that runs into the other.

Customers of two segments are looked at along the line that joins their centroids. K-Means cuts a single group in two as
readily as it finds two groups, but only between two groups are there fewer customers than at either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]

_GRID = 256
_WIDTHS = 4.0


@dataclass(frozen=True, slots=True)
class Valley:
    """The least visible boundary between any two segments.

    Attributes
    ----------
    first, second
        The two segments, from 1.
    filled
        Customers at the emptiest place between them over customers at the less crowded of the two sides, both as
        smoothed densities: 0 where nobody is between, 1 where there is no valley.
    clearness
        By how many standard deviations (of Poisson counts) the valley is lower than the sides.

    """

    first: int
    second: int
    density_ratio: float
    depth_z: float


def shallowest_valley(prepared: Floats, labels: npt.NDArray[np.intp], centroids: Floats) -> Valley:
    """Return the boundary that shows least. ``labels`` are 0..k-1; prepared units; every segment has a customer."""
    groups = [prepared[labels == position] for position in range(len(centroids))]
    valleys = [
        Valley(first + 1, second + 1, *_valley(groups[first], groups[second], centroids[first], centroids[second]))
        for first, second in combinations(range(len(centroids)), 2)
    ]
    return max(valleys, key=lambda valley: (valley.density_ratio, -valley.depth_z))


def _valley(one: Floats, other: Floats, here: Floats, there: Floats) -> tuple[float, float]:
    line = there - here
    length = float(np.linalg.norm(line))
    if not length:
        return 1.0, 0.0
    # 0 at the one centroid, 1 at the other.
    places = [(group - here) @ line / length**2 for group in (one, other)]
    # Silverman's rule of thumb for the width of the kernel, after the group about which less is known.
    spread = min(float(group.std()) for group in places)
    width = max(0.9 * spread * min(len(one), len(other)) ** -0.2, 1e-3)
    grid, density = _density(np.concatenate(places), width)
    from_left, from_right = np.maximum.accumulate(density), np.maximum.accumulate(density[::-1])[::-1]
    sides = np.minimum(from_left, from_right)
    between = np.flatnonzero((grid > 0) & (grid < 1))
    if not len(between):
        return 1.0, 0.0
    lowest = between[np.argmin(density[between] / sides[between])]
    low, high = float(density[lowest]), float(sides[lowest])
    return low / high, (high - low) / float(np.sqrt(high + low))


def _density(places: Floats, width: float) -> tuple[Floats, Floats]:
    """Return a grid, and how many customers are about each place of it (a Gaussian kernel of height 1)."""
    low, high = float(places.min()) - _WIDTHS * width, float(places.max()) + _WIDTHS * width
    # Far-off customers must not make the grid too coarse to see what is between the centroids.
    low, high = max(low, -1.5), min(high, 2.5)
    grid, step = np.linspace(low, high, _GRID, retstep=True)
    near = places[(places >= low) & (places <= high)]
    counts = np.bincount(np.rint((near - low) / step).astype(np.intp), minlength=_GRID)[:_GRID].astype(np.float64)
    reach = min(int(np.ceil(_WIDTHS * width / step)), _GRID // 2 - 1)
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) * step / width))
    return grid, np.convolve(counts, kernel, mode="same")
