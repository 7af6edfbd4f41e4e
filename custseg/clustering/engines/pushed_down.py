"""K-Means where the customers are: a Lloyd step is one aggregation in their engine, and k x (d + 2) numbers come back.

It starts from what the engine in memory finds on a seeded sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation
    from custseg.tables.engine.engine_customers import EngineCustomers


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fit has come: the engine, steps so far, inertia of the last one, and customers a second in it."""

    engine: str
    iteration: int
    inertia: float
    rows_per_second: float


@dataclass(frozen=True, eq=False)
class PushedFit:
    """What was found, in prepared units.

    Attributes
    ----------
    centroids
        k x prepared columns, the largest segment first, ties by the columns in turn.
    sizes
        Customers in each segment, k.
    left_out, set_apart
        How many customers are in none: incomplete ones, and exceptional ones.
    inertia
        Sum of squared distances of customers to the centroid of their segment.
    iterations
        Steps of the sample and of all customers together.

    """

    centroids: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.intp]
    left_out: int
    set_apart: int
    inertia: float
    iterations: int


def fit(
    customers: EngineCustomers,
    preparation: Preparation,
    k: int,
    seed: int,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushedFit:
    """Run K-Means on customers in an engine."""
    raise NotImplementedError
