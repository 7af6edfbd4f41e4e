"""Which components of a mixture are groups of their own, and which are only parts of one of another shape.

A mixture follows a skewed or a bent group with several components, so their number is not that of the groups
(Hennig, "Methods for merging Gaussian mixture components", 2010). Two are groups only where fewer customers lie between
them than on either side. That is looked for along the line that tells them apart best, among customers that the mixture
was not fitted to: between two components that follow the chance of a few customers there always seems to be a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.mixture import Mixture, improve
from custseg.densities import kernel_density, kernel_width

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.mixture_search import Candidate

    Floats = npt.NDArray[np.float64]

_FOLDS = 4
# Where two are groups of their own: the density between them over that on the less crowded side is at most so much, and
# at least so many standard deviations of Poisson counts below it. Fewer customers are enough to show a deeper valley.
# Tuned on other tables than those of ``benchmarks/second_opinion.py``.
_VALLEYS = ((0.65, 2.2), (0.45, 1.75))
_FEWEST_ON_A_SIDE = 5
_GRID, _REACH, _FIRST, _LAST = 256, 4.0, -1.5, 2.5


@dataclass(frozen=True, eq=False)
class CrossFitted:
    """A mixture that was fitted again without each fold (0..f-1) of the customers."""

    values: Floats
    folds: npt.NDArray[np.intp]
    mixtures: tuple[Mixture, ...]

    def log_likelihood(self) -> Floats:
        """Return the logarithm of the density at each customer, by the mixture that was fitted without it."""
        return self._by_fold(lambda mixture, values: mixture.log_likelihood(values))

    def memberships(self) -> Floats:
        """Return with which probability each customer is of each component, by the mixture fitted without it."""
        return self._by_fold(lambda mixture, values: mixture.memberships(values))

    def _by_fold(self, ask: Callable[[Mixture, Floats], Floats]) -> Floats:
        answers = [ask(mixture, self.values[self.folds == fold]) for fold, mixture in enumerate(self.mixtures)]
        found = np.empty((len(self.values), *answers[0].shape[1:]))
        for fold, answer in enumerate(answers):
            found[self.folds == fold] = answer
        return found


def cross_fit(values: Floats, candidate: Candidate, seed: int, on_progress: Callable[[], None]) -> CrossFitted:
    """Fit a mixture of customers x features again without each fold; its components stay what they are."""
    folds = np.random.default_rng(seed).permutation(len(values)) % _FOLDS
    mixtures = []
    for fold in range(_FOLDS):
        on_progress()
        mixtures.append(improve(values[folds != fold], candidate.mixture, candidate.kind))
    return CrossFitted(values, folds, tuple(mixtures))


def find_groups_of(fitted: CrossFitted, k: int | None = None) -> npt.NDArray[np.intp]:
    """Return the group (0..g-1) of each component.

    The two with the least visible valley between them are taken together, and again, until there is one between all
    that are left; with ``k`` until so many are left, whatever lies between them.
    """
    groups = [[component] for component in range(fitted.mixtures[0].components)]
    memberships = fitted.memberships()
    while len(groups) > (k or 1):
        ratio, depth, (first, second) = _least_visible(fitted, memberships, groups)
        if k is None and any(ratio <= most and depth >= least for most, least in _VALLEYS):
            break
        groups[first] += groups.pop(second)
    found = np.empty(fitted.mixtures[0].components, dtype=np.intp)
    for group, components in enumerate(groups):
        found[components] = group
    return found


def _least_visible(
    fitted: CrossFitted, memberships: Floats, groups: list[list[int]]
) -> tuple[float, float, tuple[int, int]]:
    """Return the density ratio and depth of the least visible valley, and the two groups that it lies between."""
    own = np.column_stack([memberships[:, components].sum(axis=1) for components in groups]).argmax(axis=1)
    valleys = []
    for pair in combinations(range(len(groups)), 2):
        along, distance = _along(fitted, (groups[pair[0]], groups[pair[1]]))
        valleys.append((*_valley(along[own == pair[0]], along[own == pair[1]]), distance, pair))
    # Of those without any, the two that are nearest to each other.
    ratio, depth, _, pair = max(valleys, key=lambda valley: (valley[0], -valley[2]))
    return ratio, depth, pair


def _along(fitted: CrossFitted, pair: tuple[list[int], list[int]]) -> tuple[Floats, float]:
    """Return where customers lie along the line that tells two groups apart best (Fisher, 1936), means at 0 and 1.

    Also how far apart these are, as the square of a number of standard deviations within the groups.
    """
    along, distances = np.empty(len(fitted.values)), []
    for fold, mixture in enumerate(fitted.mixtures):
        (weight, mean, covariance), (other_weight, other_mean, other_covariance) = map(mixture.joint, pair)
        within = (weight * covariance + other_weight * other_covariance) / (weight + other_weight)
        line = np.linalg.solve(within, other_mean - mean)
        length = float(line @ (other_mean - mean))
        distances.append(length)
        here = fitted.folds == fold
        along[here] = (fitted.values[here] - mean) @ line / length if length else 0.0
    return along, float(np.mean(distances))


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
