"""A few customers in the place of many, and many a few at a time, where all at once would take too long or too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

# So many customers at a time, so that what is made of ten million on the way takes no memory to speak of.
CHUNK_ROWS = 1 << 18


def chunks(rows: int) -> list[slice]:
    """Return all rows (from 0), some at a time."""
    return [slice(first, min(first + CHUNK_ROWS, rows)) for first in range(0, rows, CHUNK_ROWS)]


def sample_rows(customers: int, most: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return the rows (from 0) of all customers, or of ``most`` of them at random, in the table's order."""
    if customers <= most:
        return np.arange(customers)
    return np.sort(generator.choice(customers, most, replace=False))
