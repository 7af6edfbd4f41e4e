"""Customers of four kinds, who are the same in every engine, and what a fit in one is held to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from custseg import CustomerTable, segment

if TYPE_CHECKING:
    from custseg import Segmentation
    from custseg.clustering.engines.pushed_down import Progress

COUNT, K = 1500, 4
# A table of more customers than that stays in its engine.
FEW = 100


def customers(seed: int = 0) -> pd.DataFrame:
    """Draw them; their kinds overlap a little, so that a fit that starts from some of them takes several steps."""
    generator = np.random.default_rng(seed)
    kind = generator.integers(0, K, COUNT)
    middle = np.array([[20, 20, 4], [70, 25, 8], [25, 80, 12], [75, 75, 2]], dtype=float)[kind]
    fresh, milk, visits = (middle + generator.normal(0, [9, 9, 1], (COUNT, 3))).T
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05}" for number in range(COUNT)],
            "fresh": fresh.round(2),
            "milk": np.where(generator.random(COUNT) < 0.02, np.nan, milk).round(2),
            "visits": visits.round(3),
            "channel": np.array(["shop", "web", "phone", "web"])[kind],
        }
    )


@cache
def in_memory() -> Segmentation:
    return segment(CustomerTable.read(customers()), k=K, seed=0)


def opened(address: str) -> CustomerTable:
    table = CustomerTable.read(address, most_in_memory=FEW)
    assert table.elsewhere is not None
    return table


def fitted(table: CustomerTable, on_progress: Any = None) -> tuple[Segmentation, list[Progress]]:
    """Segment a table where it is, and keep what was told of each step."""
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        told.append(progress)
        if on_progress is not None:
            on_progress(progress)

    return segment(table, k=K, seed=0, on_progress=tell), told


def assert_as_in_memory(found: Segmentation) -> None:
    expected = in_memory()
    np.testing.assert_allclose(found.centroids, expected.centroids, rtol=1e-6)
    assert found.sizes.tolist() == expected.sizes.tolist()
    assert (found.left_out, found.set_apart) == (expected.left_out, expected.set_apart)
