"""K-Means in memory: initial centroids from a sample, then scikit-learn's Lloyd on every customer, in float32.

The same seed gives the same bits in every process: one OpenMP thread, so that no sum depends on how threads meet,
and a last few exact steps in float64.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from custseg.engines import Fit
from custseg.engines.starts import initial_centroids
from custseg.engines.threads import one_thread

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLE_ROWS = 4096
_CHUNK_ROWS = 65_536
# Exact steps until nothing moves are cheap on a small table and rarely change anything on a large one.
_CELLS_TO_POLISH = 20_000_000
_MOST_STEPS = 300


def fit(prepared: npt.NDArray[np.float64], k: int, seed: int) -> Fit:
    """Run K-Means on customers x features (prepared units); k customers at least must differ."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    generator = np.random.default_rng(seed)
    single = np.ascontiguousarray(prepared, dtype=np.float32)
    rows = len(single)
    drawn = generator.choice(rows, SAMPLE_ROWS, replace=False) if rows > SAMPLE_ROWS else slice(None)
    with one_thread(), warnings.catch_warnings():
        start = initial_centroids(single[drawn], k, generator)
        # Customers too near to each other for float32 leave a segment empty here; the steps in float64 fill it.
        warnings.filterwarnings("ignore", "Number of distinct clusters", ConvergenceWarning)
        lloyd = KMeans(k, init=start, n_init=1, random_state=seed).fit(single)
    steps = int(np.clip(_CELLS_TO_POLISH // prepared.size, 1, _MOST_STEPS))
    centroids, labels, polished = _polish(prepared, lloyd.cluster_centers_.astype(np.float64), steps)
    return Fit(centroids, labels, iterations=int(lloyd.n_iter_) + polished)


def nearest(prepared: npt.NDArray[np.float64], centroids: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the position (0..k-1) of the nearest centroid of each customer; the first of equally near ones."""
    half_squares = 0.5 * np.einsum("ij,ij->i", centroids, centroids)
    labels = np.empty(len(prepared), dtype=np.intp)
    for first in range(0, len(prepared), _CHUNK_ROWS):
        chunk = slice(first, first + _CHUNK_ROWS)
        # einsum, not a BLAS product: its sums don't depend on how many rows come together, so a customer alone
        # gets the same segment as within the table.
        labels[chunk] = (np.einsum("ij,kj->ik", prepared[chunk], centroids) - half_squares).argmax(axis=1)
    return labels


def _polish(
    prepared: npt.NDArray[np.float64], centroids: npt.NDArray[np.float64], steps: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp], int]:
    """Lloyd steps in float64 until no customer moves, or ``steps`` are done and no segment is empty.

    A segment stays empty only where customers are too near to each other to be told apart.
    """
    labels = nearest(prepared, centroids)
    for step in range(1, _MOST_STEPS + 1):
        centroids = _means(prepared, labels, centroids)
        moved = nearest(prepared, centroids)
        settled = step >= steps or np.array_equal(moved, labels)
        if settled and np.bincount(moved, minlength=len(centroids)).all():
            return centroids, moved, step
        labels = moved
    return centroids, labels, _MOST_STEPS


def _means(
    prepared: npt.NDArray[np.float64], labels: npt.NDArray[np.intp], centroids: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    k = len(centroids)
    sizes = np.bincount(labels, minlength=k)
    sums = np.column_stack([np.bincount(labels, column, minlength=k) for column in prepared.T])
    means = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centroids)
    empty = np.flatnonzero(sizes == 0)
    if len(empty):
        # As scikit-learn does: an empty segment starts again at the customers farthest from their centroids.
        distances = np.square(prepared - means[labels]).sum(axis=1)
        means[empty] = prepared[np.argsort(-distances, kind="stable")[: len(empty)]]
    return means
