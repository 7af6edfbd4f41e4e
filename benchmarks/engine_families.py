"""The engine against ``KMeans(n_init=10)`` on families of tables, most with heavy tails.

Inertia is computed in float64 from the labels and centroids of the engine. Time is that of the processor, in one thread
for both, so that other work on the machine matters less.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.cluster import KMeans

from custseg.clustering import engines
from custseg.clustering.engines.lloyd import squared_distances
from custseg.clustering.engines.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Family = Callable[[np.random.Generator, tuple[int, int]], Floats]

ROWS = (440, 2_000, 10_000, 60_000, 1_000_000)
_FEATURES, _KS, _SEEDS = 5, (3, 6, 10), range(700, 705)
_NEAR = 1.002


def _inflated_counts(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return np.where(generator.random(shape) < 0.3, generator.negative_binomial(1, 0.05, shape), 0.0)


def _unlike_sizes(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
    sizes = np.geomspace(1, 50, 8)
    centres = 4 * generator.normal(size=(8, shape[1]))
    return centres[generator.choice(8, shape[0], p=sizes / sizes.sum())] + generator.normal(size=shape)


FAMILIES: dict[str, Family] = {
    "normal": lambda generator, shape: generator.normal(size=shape),
    "lognormal, sigma 1": lambda generator, shape: generator.lognormal(0, 1, shape),
    "lognormal, sigma 2": lambda generator, shape: generator.lognormal(0, 2, shape),
    "lognormal, sigma 3": lambda generator, shape: generator.lognormal(0, 3, shape),
    "Pareto, alpha 1.5": lambda generator, shape: generator.pareto(1.5, shape),
    "Pareto, alpha 1": lambda generator, shape: generator.pareto(1, shape),
    "t, 2 degrees of freedom": lambda generator, shape: generator.standard_t(2, shape),
    "counts, zero-inflated": _inflated_counts,
    "groups of 1 to 50": _unlike_sizes,
}


@dataclass(frozen=True)
class Comparison:
    """Of the tables of one family and size: how many, in how many the engine is over 0.2% worse, and ratios.

    ``worst`` is the largest inertia over that of scikit-learn. ``faster`` and ``least_faster`` are the median and the
    smallest of the processor time of scikit-learn over the engine's.
    """

    family: str
    rows: int
    tables: int
    worse: int
    worst: float
    faster: float
    least_faster: float


def compare(rows: tuple[int, ...] = ROWS) -> Iterator[Comparison]:
    """Compare on each family and number of rows: k of 3, 6 and 10, five seeds each."""
    for size in rows:
        for family in FAMILIES:
            pairs = [_pair(_table(family, size, seed), k, seed) for seed in _SEEDS for k in _KS]
            inertia, faster = np.array(pairs).T
            yield Comparison(
                family=family,
                rows=size,
                tables=len(pairs),
                worse=int((inertia > _NEAR).sum()),
                worst=float(inertia.max()),
                faster=float(np.median(faster)),
                least_faster=float(faster.min()),
            )


def _table(family: str, rows: int, seed: int) -> Floats:
    values = FAMILIES[family](np.random.default_rng((seed, rows)), (rows, _FEATURES))
    return np.ascontiguousarray((values - values.mean(axis=0)) / values.std(axis=0))


def _pair(prepared: Floats, k: int, seed: int) -> tuple[float, float]:
    """Return the inertia of the engine over that of scikit-learn, and how many times as long that took."""
    with one_thread():
        our_time, ours = _timed(lambda: engines.fit("memory", prepared, k, seed))
        peer_time, peer = _timed(lambda: KMeans(k, n_init=10, random_state=seed).fit(prepared))
    inertia = float(squared_distances(prepared, ours.centroids, ours.labels).sum())
    return inertia / float(peer.inertia_), peer_time / our_time


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    returned = run()
    return time.process_time() - began, returned
