"""The engine against scikit-learn's ``KMeans(n_init=10)``: time, and how often each misses the best known inertia."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.cluster import KMeans

import custseg
from custseg.clustering import engines
from custseg.clustering.preparation import Preparation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

_SEEDS = 20
_NEAR = 1.001
_TABLES = 5


def bundled(path: Path, k: int = 4) -> tuple[float, float, float, float]:
    """Return milliseconds of custseg and of scikit-learn on the bundled table, and the share of poor seeds of each."""
    table = custseg.CustomerTable.read(path)
    values = table.matrix(table.features)
    prepared = Preparation.fit(values, table.features).apply(values)

    def run_ours(seed: int) -> float:
        return custseg.segment(table, k=k, seed=seed).inertia

    def run_peer(seed: int) -> float:
        return float(KMeans(k, n_init=10, random_state=seed).fit(prepared).inertia_)

    ours = [_timed(partial(run_ours, seed)) for seed in range(_SEEDS)]
    peers = [_timed(partial(run_peer, seed)) for seed in range(_SEEDS)]
    best = min(inertia for _, inertia in (*ours, *peers))
    poor = [sum(inertia > _NEAR * best for _, inertia in runs) / _SEEDS for runs in (ours, peers)]
    milliseconds = [statistics.median(duration for duration, _ in runs) for runs in (ours, peers)]
    return milliseconds[0], milliseconds[1], poor[0], poor[1]


@dataclass(frozen=True)
class Large:
    """Milliseconds of the engine and of scikit-learn, medians over the tables, and the worst of each ratio."""

    ours: float
    peer: float
    worst_speed: float
    worst_inertia: float


def large(k: int, rows: int = 1_000_000) -> Large:
    """Measure the engine against scikit-learn on _TABLES tables of many rows."""
    ours, peer, inertia = [], [], []
    for seed in range(_TABLES):
        prepared = lognormal_groups(seed, rows)
        fitted = _timed(partial(engines.fit, "memory", prepared, k, seed))
        reference = _timed(KMeans(k, n_init=10, random_state=seed).fit, prepared)
        ours.append(fitted[0])
        peer.append(reference[0])
        inertia.append(_inertia(prepared, fitted[1]) / float(reference[1].inertia_))
    speed = min(peer_time / our_time for our_time, peer_time in zip(ours, peer, strict=True))
    return Large(statistics.median(ours), statistics.median(peer), speed, max(inertia))


def lognormal_groups(seed: int, rows: int) -> npt.NDArray[np.float64]:
    """Return rows x 6, standardised: twelve groups, each skewed like spend."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(12, 6)) * 3
    values = np.exp((centres[generator.integers(12, size=rows)] + generator.normal(size=(rows, 6))) / 3)
    return np.ascontiguousarray((values - values.mean(axis=0)) / values.std(axis=0))


def _inertia(prepared: npt.NDArray[np.float64], fitted: engines.Fit) -> float:
    return float(np.square(prepared - fitted.centroids[fitted.labels]).sum())


def _timed(run: Callable[..., Any], *arguments: object) -> tuple[float, Any]:
    began = time.perf_counter()
    returned = run(*arguments)
    return 1000 * (time.perf_counter() - began), returned
