"""Mixtures of one to ten components of each kind of covariance, compared by the Bayesian information criterion.

K-Means starts the one with most components. Two of them are then taken together, which starts the one with a component
less, and so on: as model-based hierarchical clustering does (Fraley, 1998), but improved at each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.mixture import COVARIANCES, Mixture, bic, improve, of_labels, parameters
from custseg.settings import K_RANGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from custseg.clustering.mixture import Covariance

    Floats = npt.NDArray[np.float64]

# Customers for each number that a mixture has to choose; with fewer it follows single customers.
_CUSTOMERS_PER_PARAMETER = 3


@dataclass(frozen=True, eq=False)
class Candidate:
    """A mixture, the kind of its covariances, and its Bayesian information criterion: the smaller, the better."""

    mixture: Mixture
    kind: Covariance
    bic: float


def search(values: Floats, seed: int, on_progress: Callable[[], None] = lambda: None) -> tuple[Candidate, ...]:
    """Return a candidate for each number of components and kind of covariance that customers x features can bear.

    ``on_progress`` is called before each is looked for.
    """
    found: list[Candidate] = []
    for kind in COVARIANCES:
        most = _most_components(values, kind)
        if most:
            found += _from_most_to_one(values, kind, most, seed, on_progress)
    return tuple(found)


def best(candidates: tuple[Candidate, ...], fewest: int = 1) -> Candidate | None:
    """Return the candidate with the smallest criterion of those with so many components at least; None without one."""
    enough = [candidate for candidate in candidates if candidate.mixture.components >= fewest]
    return min(enough, key=lambda candidate: candidate.bic, default=None)


def _most_components(values: Floats, kind: Covariance) -> int:
    customers, features = values.shape
    distinct = len(np.unique(values.astype(np.float32), axis=0))
    bearable = [
        components
        for components in range(1, K_RANGE[1] + 1)
        if parameters(components, features, kind) * _CUSTOMERS_PER_PARAMETER <= customers and components <= distinct
    ]
    return max(bearable, default=0)


def _from_most_to_one(
    values: Floats, kind: Covariance, most: int, seed: int, on_progress: Callable[[], None]
) -> Iterator[Candidate]:
    labels = np.zeros(len(values), dtype=np.uint8) if most == 1 else engines.fit("memory", values, most, seed).labels
    mixture = of_labels(values, labels, most)
    while True:
        on_progress()
        mixture = improve(values, mixture, kind)
        yield Candidate(mixture, kind, bic(mixture, kind, values))
        if mixture.components == 1:
            return
        mixture = _with_two_as_one(mixture)


def _with_two_as_one(mixture: Mixture) -> Mixture:
    """Take the two components together that lose the least likelihood by it, each customer being of one of them."""
    own = np.linalg.slogdet(mixture.covariances)[1]
    single = mixture.weights * (own - 2 * np.log(mixture.weights))

    def loss(pair: list[int]) -> float:
        weight, _, covariance = mixture.joint(pair)
        return float(weight * (np.linalg.slogdet(covariance)[1] - 2 * np.log(weight)) - single[pair].sum())

    pair = min(map(list, combinations(range(mixture.components), 2)), key=loss)
    weight, mean, covariance = mixture.joint(pair)
    return Mixture(
        np.append(np.delete(mixture.weights, pair), weight),
        np.concatenate([np.delete(mixture.means, pair, axis=0), mean[None]]),
        np.concatenate([np.delete(mixture.covariances, pair, axis=0), covariance[None]]),
        np.arange(mixture.components - 1),
    )
