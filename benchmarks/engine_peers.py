"""The engine against other K-Means of Python on the same table in one run: time, processor time and inertia.

Each peer gets ten starts on all customers, as ``KMeans(n_init=10)`` has them. One that is not installed is named.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.engine import lognormal_groups
from custseg.clustering import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Fit = Callable[[Floats, int, int], Floats]

_STARTS, _MOST_STEPS, _TIMES = 10, 300, 3


@dataclass(frozen=True)
class Measured:
    """Medians of milliseconds and of processor milliseconds, and the mean of inertia as a share of the engine's."""

    milliseconds: float
    processor: float
    inertia: float


def compare(k: int, rows: int = 1_000_000) -> Iterator[tuple[str, Measured | None]]:
    """Yield the engine's figures, then those of each peer; None for one that is not installed."""
    tables = [lognormal_groups(seed, rows) for seed in range(_TIMES)]
    best = np.ones(_TIMES)
    # What is imported once does not count.
    _ours(tables[0][:1000], k, 0)
    for name, (module, fit) in _PEERS.items():
        if find_spec(module) is None:
            yield name, None
            continue
        found = [_measure(fit, prepared, k, seed) for seed, prepared in enumerate(tables)]
        milliseconds, processor, inertia = np.array(found).T
        if name == ENGINE:
            best = inertia
        medians = float(np.median(milliseconds)), float(np.median(processor))
        yield name, Measured(*medians, float((inertia / best).mean()))


def _measure(fit: Fit, prepared: Floats, k: int, seed: int) -> tuple[float, float, float]:
    began, worked = time.perf_counter(), time.process_time()
    centroids = fit(prepared, k, seed)
    taken = 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)
    away = np.min([np.square(prepared - centroid).sum(axis=1) for centroid in centroids], axis=0)
    return *taken, float(away.sum())


def _ours(prepared: Floats, k: int, seed: int) -> Floats:
    return engines.fit("memory", prepared, k, seed).centroids


def _scikit_learn(prepared: Floats, k: int, seed: int) -> Floats:
    from sklearn.cluster import KMeans

    fitted: Floats = KMeans(k, n_init=_STARTS, random_state=seed).fit(prepared).cluster_centers_
    return fitted


def _intelex(prepared: Floats, k: int, seed: int) -> Floats:
    from sklearnex.cluster import KMeans

    fitted: Floats = KMeans(k, n_init=_STARTS, random_state=seed).fit(prepared).cluster_centers_
    return fitted


def _faiss(prepared: Floats, k: int, seed: int) -> Floats:
    import faiss

    # It takes a sample unless told not to, and float32.
    options = {"niter": _MOST_STEPS, "nredo": _STARTS, "seed": seed, "max_points_per_centroid": len(prepared)}
    fit = faiss.Kmeans(prepared.shape[1], k, **options)
    fit.train(np.ascontiguousarray(prepared, dtype=np.float32))
    return np.asarray(fit.centroids, dtype=np.float64)


def _faiss_quickly(prepared: Floats, k: int, seed: int) -> Floats:
    import faiss

    fit = faiss.Kmeans(prepared.shape[1], k, nredo=_STARTS, seed=seed)
    fit.train(np.ascontiguousarray(prepared, dtype=np.float32))
    return np.asarray(fit.centroids, dtype=np.float64)


ENGINE = "custseg"
_PEERS: dict[str, tuple[str, Fit]] = {
    ENGINE: ("custseg", _ours),
    "scikit-learn, n_init=10": ("sklearn", _scikit_learn),
    "scikit-learn-intelex, n_init=10": ("sklearnex", _intelex),
    "faiss, 10 starts of 300 steps": ("faiss", _faiss),
    "faiss, 10 starts, its own sample and 25 steps": ("faiss", _faiss_quickly),
}
