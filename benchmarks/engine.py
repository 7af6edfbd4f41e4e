"""The engine beside scikit-learn's ``KMeans(n_init=10)``: time, and how often the best known inertia is missed."""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

import custseg
from custseg.preparation import Preparation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SEEDS = 20
_NEAR = 1.001


def bundled(path: Path, k: int = 4) -> tuple[float, float, float, float]:
    """Return milliseconds of custseg and of scikit-learn on the bundled table, and the share of bad seeds of each."""
    table = custseg.CustomerTable.read(path)
    values = table.matrix(table.features)
    prepared = Preparation.fit(values, table.features).apply(values)

    def run_own(seed: int) -> float:
        return custseg.segment(table, k=k, seed=seed).inertia

    def run_peer(seed: int) -> float:
        return float(KMeans(k, n_init=10, random_state=seed).fit(prepared).inertia_)

    own = [_timed(partial(run_own, seed)) for seed in range(_SEEDS)]
    peers = [_timed(partial(run_peer, seed)) for seed in range(_SEEDS)]
    best = min(inertia for _, inertia in (*own, *peers))
    bad = [sum(inertia > _NEAR * best for _, inertia in found) / _SEEDS for found in (own, peers)]
    milliseconds = [statistics.median(duration for duration, _ in found) for found in (own, peers)]
    return milliseconds[0], milliseconds[1], bad[0], bad[1]


def large(rows: int = 200_000, k: int = 8) -> tuple[float, float, float]:
    """Return milliseconds of custseg and of scikit-learn on many rows, and custseg's inertia over scikit-learn's."""
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(12, 6)) * 3
    values = np.exp((centres[generator.integers(12, size=rows)] + generator.normal(size=(rows, 6))) / 3)
    table = custseg.CustomerTable.read(pd.DataFrame(values, columns=list("abcdef")))
    prepared = Preparation.fit(values, table.features).apply(values)
    own, inertia = _timed(lambda: custseg.segment(table, k=k, seed=0).inertia)
    peer, reference = _timed(lambda: KMeans(k, n_init=10, random_state=0).fit(prepared).inertia_)
    return own, peer, inertia / reference


def _timed(run: Callable[[], float]) -> tuple[float, float]:
    began = time.perf_counter()
    found = run()
    return 1000 * (time.perf_counter() - began), found
