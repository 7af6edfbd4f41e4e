"""Whole numbers keep their form: 12347, where a gap or a spreadsheet has made 12347.0 of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

# Beyond it, a floating point number does not hold every whole one.
LARGEST_EXACT = 2**53
_LOOK_AT_FIRST = 1000


def as_text(cell: Any) -> str:
    """Write a cell, a whole number without a point."""
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) <= LARGEST_EXACT
    return f"{cell:.0f}" if whole else str(cell)


def are_whole(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether there are numbers (NaN are none), and all of them are whole and exact."""
    # The first ones tell for most columns.
    return may_be_whole(numbers[:_LOOK_AT_FIRST]) and may_be_whole(numbers) and not bool(np.isnan(numbers).all())


def may_be_whole(numbers: npt.NDArray[np.float64]) -> bool:
    """Whether no number (NaN are none) is another than a whole and exact one."""
    # Not NaN, which no comparison holds for.
    with np.errstate(invalid="ignore"):
        wrong = (numbers != np.floor(numbers)) | (np.abs(numbers) > LARGEST_EXACT)
    return not bool((wrong & ~np.isnan(numbers)).any())
