"""A few customers in the place of many, where looking at all would take too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def sample_rows(customers: int, most: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return the rows (from 0) of all customers, or of ``most`` of them at random, in the table's order."""
    if customers <= most:
        return np.arange(customers)
    return np.sort(generator.choice(customers, most, replace=False))
