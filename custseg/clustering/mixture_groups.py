"""Which components of a mixture are groups of their own, and which are only parts of one of another shape.

A mixture follows a skewed or a bent group with several components, so their number is not that of the groups
(Hennig, "Methods for merging Gaussian mixture components", 2010). Two are groups only where fewer customers lie between
them than on either side, or where one is a bump in the flank of the other (``mixture_flanks``). Both are looked for
along the line that tells them apart best, among customers that the mixture was not fitted to: between two components
that follow the chance of a few customers there always seems to be a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.mixture_cross_fit import line_between
from custseg.clustering.mixture_flanks import bumps_out
from custseg.densities import kernel_density, kernel_width

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.mixture_cross_fit import CrossFitted

    Floats = npt.NDArray[np.float64]

# Where two are groups of their own: the density between them over that on the less crowded side is at most so much, and
# at least so many standard deviations of Poisson counts below it. Fewer customers are enough to show a deeper valley.
# Tuned on other tables than those of ``benchmarks/second_opinion.py``.
_VALLEYS = ((0.65, 2.2), (0.45, 1.75))
_FEWEST_ON_A_SIDE = 5
# Of a group in the flank of another: nearer than so many standard deviations, normal distributions look like one, and a
# few customers may be the tail of the other.
_LEAST_DISTANCE, _FEWEST_IN_A_FLANK = 3.5, 10
_GRID, _REACH, _FIRST, _LAST = 256, 4.0, -1.5, 2.5


def find_groups_of(fitted: CrossFitted, k: int | None = None) -> npt.NDArray[np.intp]:
    """Return the group (0..g-1) of each component.

    The two that are least apart are taken together, and again, until all that are left are groups of their own; with
    ``k`` until so many are left, whatever lies between them.
    """
    groups = [[component] for component in range(fitted.mixtures[0].components)]
    memberships = fitted.memberships()
    while len(groups) > (k or 1):
        pairs = _between_pairs(fitted, memberships, groups)
        not_apart = (between for between in pairs if not _are_apart(fitted, groups, between))
        nearest = next(not_apart, None if k is None else pairs[0])
        if nearest is None:
            break
        first, second = nearest.pair
        groups[first] += groups.pop(second)
    found = np.empty(fitted.mixtures[0].components, dtype=np.intp)
    for group, components in enumerate(groups):
        found[components] = group
    return found


@dataclass(frozen=True, eq=False)
class _Between:
    """Two groups: who is of either, how many of the smaller, how far apart they are, and the valley between them."""

    pair: tuple[int, int]
    here: npt.NDArray[np.bool_]
    fewest: int
    distance: float
    ratio: float
    depth: float


def _between_pairs(fitted: CrossFitted, memberships: Floats, groups: list[list[int]]) -> list[_Between]:
    """Return what lies between any two groups, the least visible valleys first, and then the nearest groups."""
    own = np.column_stack([memberships[:, components].sum(axis=1) for components in groups]).argmax(axis=1)
    found = []
    for first, second in combinations(range(len(groups)), 2):
        along, distance = _along(fitted, (groups[first], groups[second]))
        ratio, depth = _valley(along[own == first], along[own == second])
        members = own == first, own == second
        fewest = min(int(np.count_nonzero(one)) for one in members)
        found.append(_Between((first, second), members[0] | members[1], fewest, distance, ratio, depth))
    return sorted(found, key=lambda between: (-between.ratio, between.distance))


def _along(fitted: CrossFitted, pair: tuple[list[int], list[int]]) -> tuple[Floats, float]:
    """Return where customers lie along the line that tells two groups apart best, means at 0 and 1.

    Also how many standard deviations within the groups these are apart.
    """
    along, distances = np.empty(len(fitted.values)), []
    for fold, mixture in enumerate(fitted.mixtures):
        line, left_out = line_between(mixture, pair), fitted.folds == fold
        along[left_out] = line.along(fitted.values[left_out])
        distances.append(line.distance)
    return along, float(np.mean(distances))


def _are_apart(fitted: CrossFitted, groups: list[list[int]], between: _Between) -> bool:
    """Return whether there is a valley between two groups, or one is a bump in the flank of the other."""
    if any(between.ratio <= most and between.depth >= least for most, least in _VALLEYS):
        return True
    if between.distance < _LEAST_DISTANCE or between.fewest < _FEWEST_IN_A_FLANK:
        return False
    first, second = between.pair
    return bumps_out(fitted, (groups[first], groups[second]), between.here)


def _valley(first: Floats, second: Floats) -> tuple[float, float]:
    """Return the density ratio and depth of the valley between two groups, means at 0 and 1; 1 and 0 without one."""
    fewest = min(len(first), len(second))
    if fewest < _FEWEST_ON_A_SIDE:
        return 1.0, 0.0
    everyone, spread = np.concatenate([first, second]), min(float(first.std()), float(second.std()))
    reach = _REACH * kernel_width(spread, fewest, 0.0)
    ends = max(float(everyone.min()) - reach, _FIRST), min(float(everyone.max()) + reach, _LAST)
    grid, step = np.linspace(*ends, _GRID, retstep=True)
    width = kernel_width(spread, fewest, float(step))
    customers = kernel_density(everyone, grid, width) * len(everyone) * width * np.sqrt(2 * np.pi)
    left, right = np.maximum.accumulate(customers), np.maximum.accumulate(customers[::-1])[::-1]
    sides = np.minimum(left, right)
    between = np.flatnonzero((grid > 0) & (grid < 1) & (sides > 0))
    if not len(between):
        return 1.0, 0.0
    lowest = between[np.argmin(customers[between] / sides[between])]
    low, high = float(customers[lowest]), float(sides[lowest])
    return low / high, (high - low) / float(np.sqrt(high + low))
