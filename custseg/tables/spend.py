"""What a customer spends in all: the sum of several amounts, some of which may not be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def spend_of_each(amounts: Floats) -> Floats:
    """Return the sum of the known amounts of each customer (customers x features); NaN where none is known."""
    return np.where(np.isnan(amounts).all(axis=1), np.nan, np.nansum(amounts, axis=1))
