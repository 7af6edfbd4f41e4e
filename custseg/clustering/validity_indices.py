"""How well segments fit, by four indices that analysts know, all in prepared units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.sampling import sample_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]
    Labels = npt.NDArray[np.intp]

# The silhouette compares every pair of customers, so a sample of this size is used where there are more.
SILHOUETTE_SAMPLE = 2000


@dataclass(frozen=True, slots=True)
class Indices:
    """Four indices of one segmentation.

    Attributes
    ----------
    inertia
        Sum of squared distances to the nearest centroid; falls with every further segment.
    silhouette
        Mean silhouette coefficient (Rousseeuw, 1987), -1 to 1; higher is better.
    calinski_harabasz
        Spread between segments over spread within them (Calinski & Harabasz, 1974); higher is better.
    davies_bouldin
        How alike each segment is to the one nearest to it (Davies & Bouldin, 1979); lower is better.

    """

    inertia: float
    silhouette: float
    calinski_harabasz: float
    davies_bouldin: float


class Distances:
    """Distances between all pairs of SILHOUETTE_SAMPLE customers or fewer, computed once for all k."""

    def __init__(self, prepared: Floats, generator: np.random.Generator) -> None:
        from sklearn.metrics import pairwise_distances

        self.rows = sample_rows(len(prepared), SILHOUETTE_SAMPLE, generator)
        self._between = pairwise_distances(prepared[self.rows])

    def silhouette(self, labels: Labels, k: int) -> float:
        """Return the mean silhouette coefficient of the sample."""
        return float(self.coefficients(labels, k).mean())

    def coefficients(self, labels: Labels, k: int) -> npt.NDArray[np.float64]:
        """Return the silhouette coefficient of each customer in ``rows``; 0 for one alone in its segment."""
        # As sklearn.metrics.silhouette_samples(metric="precomputed"), which takes five to fifteen times as long and
        # refuses a sample that holds a single segment.
        segments = labels[self.rows]
        sizes = np.bincount(segments, minlength=k)
        sums, rows = self._between @ np.eye(k, dtype=self._between.dtype)[segments], np.arange(len(segments))
        within = sums[rows, segments] / np.maximum(sizes[segments] - 1, 1)
        outside = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
        outside[rows, segments] = np.inf
        nearest = outside.min(axis=1)
        larger = np.maximum(within, nearest)
        known = (sizes[segments] > 1) & (larger > 0) & np.isfinite(nearest)
        return np.asarray(np.divide(nearest - within, larger, out=np.zeros(len(segments)), where=known))


def measure(prepared: Floats, labels: Labels, k: int, distances: Distances) -> Indices:
    """Return the four indices of customers x features with ``labels`` 0..k-1; no segment may be empty."""
    exact, sizes = np.asarray(prepared, dtype=np.float64), np.bincount(labels, minlength=k)
    centroids = centroids_of(exact, labels, k)
    squares = np.square(exact - centroids[labels]).sum(axis=1)
    inertia, total = float(squares.sum()), float(np.square(exact - exact.mean(axis=0)).sum())
    spreads = np.bincount(labels, np.sqrt(squares), minlength=k) / sizes
    separations = np.sqrt(np.square(centroids[:, None] - centroids[None]).sum(axis=2))
    np.fill_diagonal(separations, np.inf)
    return Indices(
        inertia=inertia,
        silhouette=distances.silhouette(labels, k),
        # Where every customer is at its centroid, there is no spread within: 1, as in scikit-learn.
        calinski_harabasz=(total - inertia) / inertia * (len(exact) - k) / (k - 1) if inertia else 1.0,
        davies_bouldin=float(((spreads[:, None] + spreads[None]) / separations).max(axis=1).mean()),
    )


def centroids_of(exact: npt.NDArray[np.float64], labels: Labels, k: int) -> npt.NDArray[np.float64]:
    """Return the mean of each segment, k x features."""
    return np.array([exact[labels == position].mean(axis=0) for position in range(k)])
