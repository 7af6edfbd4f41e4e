"""A mixture that is fitted again without each part of the customers, to ask of them what it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.mixture import Mixture, improve, log_sums

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.mixture_search import Candidate

    Floats = npt.NDArray[np.float64]

_FOLDS = 4


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


@dataclass(frozen=True, eq=False)
class Line:
    """The line that tells two groups of a mixture apart best (Fisher, 1936), with their means at 0 and 1 on it.

    ``distance`` is that of the means, in standard deviations within the groups.
    """

    start: Floats
    direction: Floats
    distance: float

    def along(self, values: Floats) -> Floats:
        """Return where customers x features are on it."""
        return np.asarray((values - self.start) @ self.direction)

    def log_densities(self, along: Floats, mixture: Mixture, components: list[int]) -> Floats:
        """Return the logarithm of the density of some components, taken alone, at places on it."""
        weights = mixture.weights[components] / mixture.weights[components].sum()
        means = self.along(mixture.means[components])
        variances = mixture.covariances[components] @ self.direction @ self.direction
        squares = np.square(along[:, None] - means) / variances
        return log_sums(np.log(weights) - 0.5 * (np.log(2 * np.pi * variances) + squares))


def line_between(mixture: Mixture, pair: tuple[list[int], list[int]]) -> Line:
    """Return the line that tells two groups apart best, each the numbers of its components."""
    (weight, mean, covariance), (other_weight, other_mean, other_covariance) = map(mixture.joint, pair)
    within = (weight * covariance + other_weight * other_covariance) / (weight + other_weight)
    direction = np.linalg.solve(within, other_mean - mean)
    length = float(direction @ (other_mean - mean))
    return Line(mean, np.asarray(direction / (length or 1.0)), float(np.sqrt(max(length, 0.0))))
