"""How clear segments look in tables without groups: their silhouette, to compare that of the customers with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.engines.seeding import initial_centroids
from custseg.clustering.validity_indices import Distances
from custseg.how_many.null_tables import null_model

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

# So many tables of at most so many rows: enough for a mean and a spread.
TABLES, MOST_ROWS = 8, 800
_STARTS, _ROUNDS = 8, 1


@dataclass(frozen=True, slots=True)
class NullSilhouette:
    """The mean and the standard deviation of the silhouette over tables without groups."""

    mean: float
    deviation: float


class NullTables:
    """Tables without groups that are otherwise like the prepared one, drawn once they are first asked for."""

    def __init__(self, prepared: npt.NDArray[np.float64], generator: np.random.Generator) -> None:
        self._prepared, self._generator = prepared, generator

    @cached_property
    def _tables(self) -> list[tuple[Floats, Distances]]:
        rows = self._generator.permutation(len(self._prepared))[:MOST_ROWS]
        model = null_model(self._prepared[rows])
        tables = [np.ascontiguousarray(model.draw(self._generator), dtype=np.float32) for _ in range(TABLES)]
        return [(table, Distances(table, self._generator)) for table in tables]

    def silhouette(self, k: int) -> NullSilhouette:
        """Return the silhouette of k segments in these tables."""
        found = [distances.silhouette(self._nearest(table, k), k) for table, distances in self._tables]
        return NullSilhouette(float(np.mean(found)), float(np.std(found, ddof=1)))

    def _nearest(self, table: Floats, k: int) -> npt.NDArray[np.intp]:
        centroids = initial_centroids(table, k, self._generator, starts=_STARTS, rounds=_ROUNDS)
        affinity = table @ centroids.T - 0.5 * np.einsum("ij,ij->i", centroids, centroids)
        return np.asarray(affinity.argmax(axis=1))
