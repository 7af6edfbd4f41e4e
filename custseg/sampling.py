"""Random samples and chunks of customers, where all of them at once would take too much time or memory."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

# Customers a chunk: intermediate arrays of ten million customers then take next to no memory.
CHUNK_ROWS = 1 << 18


def chunks(rows: int) -> list[slice]:
    """Split the rows (from 0) into chunks."""
    return [slice(first, min(first + CHUNK_ROWS, rows)) for first in range(0, rows, CHUNK_ROWS)]


def sample_rows(customers: int, most: int, generator: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return the rows (from 0) of all customers, or of a random ``most`` of them, in table order."""
    if customers <= most:
        return np.arange(customers)
    return np.sort(generator.choice(customers, most, replace=False))


@lru_cache(maxsize=4)
def seeded_rows(customers: int, most: int, seed: int = 0) -> npt.NDArray[np.intp]:
    """Return the rows that ``sample_rows`` draws with a seed, read-only: what several stages ask for is drawn once."""
    rows = sample_rows(customers, most, np.random.default_rng(seed))
    rows.setflags(write=False)
    return rows
