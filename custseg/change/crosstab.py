"""Customers, or what they spend, by the segment of each in two results or at two times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.language import mark
from custseg.tables.expressions import Count, Total

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Customers

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

IN_NONE = mark("in none")
# The names of the two segments that a customer has.
BEFORE, AFTER = "before", "after"


def with_both_segments(before: Segmentation, after: Segmentation) -> Customers:
    """Return the customers of two results with the segment of each in both."""
    return after.label(before.label(after.source, BEFORE), AFTER)


def crosstab_of(customers: Customers, money: tuple[str, ...] | None = None) -> npt.NDArray[Any]:
    """Count customers with both segments, or add up what they spend on these features.

    Rows are the segments before, columns those after, and the last of each is for who is in none.
    """
    wanted = [Count()] if money is None else [Total(name) for name in money]
    found = customers.aggregate(wanted, by=(BEFORE, AFTER))
    sums = np.sum([found[aggregate] for aggregate in wanted], axis=0)
    for axis in (0, 1):
        segments, (left_out, *_, set_apart) = np.moveaxis(sums, axis, 0)[1:-1], np.moveaxis(sums, axis, 0)
        sums = np.moveaxis(np.concatenate([segments, (left_out + set_apart)[None]]), 0, axis)
    return np.asarray(sums)


def crosstab(rows: Labels, columns: Labels, height: int, width: int, amounts: Floats | None = None) -> npt.NDArray[Any]:
    """Count customers, or add up their amounts, by two labels; label 0 comes last: (height + 1) x (width + 1)."""
    cells = ((rows - 1) % (height + 1)) * (width + 1) + (columns - 1) % (width + 1)
    return np.bincount(cells, amounts, minlength=(height + 1) * (width + 1)).reshape(height + 1, width + 1)


def segment_names(k: int) -> list[str]:
    """Name the rows or columns of a crosstab that stand for segments."""
    return [f"segment {number}" for number in range(1, k + 1)]


def crosstab_frame(
    matrix: npt.NDArray[Any], rows: list[str], columns: list[str], times: tuple[str, str]
) -> pd.DataFrame:
    """Return a crosstab with the names of its rows and columns, and the two times that they stand for."""
    import pandas as pd

    return pd.DataFrame(matrix, pd.Index(rows, name=times[0]), pd.Index(columns, name=times[1]))


def labels_or_empty(labels: Labels) -> pd.Series[int]:
    """Return labels for a frame, empty where one is 0, in no segment."""
    import pandas as pd

    return pd.Series(labels, dtype="Int64").mask(labels == 0)
