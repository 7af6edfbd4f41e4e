"""Whether customers have changed taken as a whole, where no single feature, pair or segment need have changed much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.change.normal_scores import normal_scores
from custseg.clustering.engines.threads import one_thread
from custseg.sampling import sample_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Customers of each table: all distances between them are needed.
MOST_CUSTOMERS = 1000
_DEALS = 199


def chance_of_difference(before: Floats, now: Floats, seed: int = 0) -> float:
    """Return how likely chance alone makes two tables so different as a whole, 1 / 200 at the least.

    Parameters
    ----------
    before, now
        Customers x features in prepared units. Of more than MOST_CUSTOMERS, as many at random are taken.
    seed
        Draws the samples and the deals.

    Notes
    -----
    The energy distance of the normal scores (Székely & Rizzo, "Energy statistics: a class of statistics based on
    distances", 2013), set against that of the same customers dealt out anew to two tables.

    """
    from scipy.spatial.distance import pdist, squareform

    generator = np.random.default_rng(seed)
    some = [table[sample_rows(len(table), MOST_CUSTOMERS, generator)] for table in (before, now)]
    sizes = [len(table) for table in some]
    if not all(sizes):
        return 1.0
    distances = squareform(pdist(normal_scores(np.concatenate(some))))
    # A column a deal: 1 / n for who is in the first table, -1 / n for who is in the second. The first is as it was.
    weights = np.repeat([1 / sizes[0], -1 / sizes[1]], sizes)
    deals = np.column_stack([weights, *(generator.permutation(weights) for _ in range(_DEALS))])
    with one_thread():
        energies = -(deals * (distances @ deals)).sum(axis=0)
    # Dealt out alike, tables differ by rounding alone.
    return float((energies[1:] >= energies[0] * (1 - 1e-9)).sum() + 1) / (_DEALS + 1)
