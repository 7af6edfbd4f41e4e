"""K-Means that sets a share of the customers apart: those farthest from the centroids that the others have.

Trimmed K-Means of Cuesta-Albertos, Gordaliza & Matrán, "Trimmed k-means: an attempt to robustify quantizers" (1997), by
the concentration steps of García-Escudero et al., "A general trimming approach to robust cluster analysis" (2008): each
customer goes to the nearest centroid, the farthest are set apart, and the mean of the others is the next centroid. It
begins at the centroids of all customers, and at others, since strange ones may have a centroid among the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering import engines
from custseg.clustering.engines.lloyd import label_counts, nearest, squared_distances
from custseg.clustering.engines.memory import canonical_order
from custseg.run_limits import check_time
from custseg.sampling import sample_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Other beginnings are tried on a sample, each for a few steps, and the best of all is taken to the end.
_SEARCHED_ROWS, _STARTS, _FIRST_STEPS, _BEST = 2048, 24, 4, 3
_MOST_STEPS = 300


@dataclass(frozen=True, eq=False)
class TrimmedFit:
    """What was found, in prepared units.

    Attributes
    ----------
    fit
        Centroids of those who were kept, the largest segment first, and the nearest one of every customer.
    kept
        Which customers were not set apart.
    reach
        How far from its centroid a customer was kept at most; infinite where nobody was set apart.

    """

    fit: engines.Fit
    kept: npt.NDArray[np.bool_]
    reach: float

    @classmethod
    def of_everybody(cls, fit: engines.Fit) -> TrimmedFit:
        """Return a fit of which nobody is set apart."""
        return cls(fit, np.ones(len(fit.labels), dtype=bool), np.inf)

    @cached_property
    def sizes(self) -> npt.NDArray[np.intp]:
        """How many customers each segment keeps."""
        return label_counts(self.fit.labels if self.kept.all() else self.fit.labels[self.kept], len(self.fit.centroids))

    def inertia(self, prepared: Floats) -> float:
        """Return the sum of squared distances of the customers who are kept to their centroids."""
        squares = squared_distances(prepared, self.fit.centroids, self.fit.labels)
        return float((squares if self.kept.all() else squares[self.kept]).sum())


def fit_trimmed(engine: str, prepared: Floats, k: int, seed: int, share: float) -> TrimmedFit:
    """Find k segments of all but a share of the customers x features (prepared units).

    Of n customers, the share x n (rounded down) farthest from the nearest centroid are set apart, fewer where several
    are equally far. At least k of the others must differ.
    """
    first = engines.fit(engine, prepared, k, seed)
    kept = len(prepared) - floor(share * len(prepared))
    generator = np.random.default_rng(seed)
    sample = prepared[sample_rows(len(prepared), _SEARCHED_ROWS, generator)]
    kept_of_sample = len(sample) - floor(share * len(sample))
    starts = [first.centroids, *(_spread_out(sample, k, kept_of_sample, generator) for _ in range(_STARTS))]
    begun = sorted((_concentrate(sample, start, kept_of_sample, _FIRST_STEPS) for start in starts), key=_inertia)
    ended = [_concentrate(sample, some.centroids, kept_of_sample, _MOST_STEPS) for some in begun[:_BEST]]
    best = _concentrate(prepared, min(ended, key=_inertia).centroids, kept, _MOST_STEPS)
    fit = engines.Fit(best.centroids, best.labels, first.iterations + best.steps)
    return TrimmedFit(fit, best.kept, np.inf if best.kept.all() else best.reach)


def distances(prepared: Floats, centroids: Floats, labels: npt.NDArray[np.uint8]) -> Floats:
    """Return how far each customer is from the centroid of its label (0..k-1)."""
    return np.sqrt(squared_distances(prepared, centroids, labels))


@dataclass(frozen=True, eq=False)
class _Concentrated:
    centroids: Floats
    labels: npt.NDArray[np.uint8]
    kept: npt.NDArray[np.bool_]
    reach: float
    inertia: float
    steps: int


def _inertia(found: _Concentrated) -> float:
    return found.inertia


def _concentrate(prepared: Floats, centroids: Floats, kept: int, steps: int) -> _Concentrated:
    """Take concentration steps until nobody moves, with the largest segment first."""
    before: _Concentrated | None = None
    for number in range(1, steps + 1):
        check_time()
        found = _set_apart(prepared, centroids, kept, number)
        if before is not None and _same(before, found):
            break
        before = found
        means, sizes = _means(prepared, found)
        centroids = means[canonical_order(means, sizes)]
    return found


def _same(before: _Concentrated, found: _Concentrated) -> bool:
    return np.array_equal(before.labels, found.labels) and np.array_equal(before.kept, found.kept)


def _set_apart(prepared: Floats, centroids: Floats, kept: int, steps: int) -> _Concentrated:
    """Give each customer the nearest centroid, and set apart those farther than the ``kept`` nearest."""
    labels = nearest(prepared, centroids)
    away = distances(prepared, centroids, labels)
    reach = float(np.partition(away, kept - 1)[kept - 1])
    inside = away <= reach
    return _Concentrated(centroids, labels, inside, reach, float(np.square(away[inside]).sum()), steps)


def _means(prepared: Floats, found: _Concentrated) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Return the mean of the kept customers of each segment and how many they are.

    The centroid of an empty segment moves to a customer who is kept, but farthest from its own.
    """
    k = len(found.centroids)
    rows, own = np.flatnonzero(found.kept), found.labels[found.kept]
    sizes = np.bincount(own, minlength=k)
    sums = np.array([np.bincount(own, column[rows], minlength=k) for column in prepared.T])
    means = np.where(sizes[:, None] > 0, sums.T / np.maximum(sizes, 1)[:, None], found.centroids)
    empty = np.flatnonzero(sizes == 0)
    if len(empty):
        away = squared_distances(prepared[rows], means, own)
        means[empty] = prepared[rows[np.argsort(-away, kind="stable")[: len(empty)]]]
    return means, sizes


def _spread_out(sample: Floats, k: int, kept: int, generator: np.random.Generator) -> Floats:
    """Draw centroids as K-Means++ does (Arthur & Vassilvitskii, 2007), but none of the customers farthest away."""
    chosen = sample[generator.integers(len(sample))][None]
    away = np.square(sample - chosen).sum(axis=1)
    for _ in range(k - 1):
        weights = np.where(away <= np.partition(away, kept - 1)[kept - 1], away, 0)
        total = weights.sum()
        row = generator.choice(len(sample), p=weights / total if total > 0 else None)
        chosen = np.vstack([chosen, sample[row]])
        away = np.minimum(away, np.square(sample - sample[row]).sum(axis=1))
    return np.asarray(chosen, dtype=np.float64)
