"""Customers, or what they spend, by the segment of each in two results or at two times; in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

IN_NONE = "in none"


def crosstab(rows: Labels, columns: Labels, height: int, width: int, amounts: Floats | None = None) -> npt.NDArray[Any]:
    """Count customers, or add up their amounts, by two labels; label 0 comes last: (height + 1) x (width + 1)."""
    cells = ((rows - 1) % (height + 1)) * (width + 1) + (columns - 1) % (width + 1)
    return np.bincount(cells, amounts, minlength=(height + 1) * (width + 1)).reshape(height + 1, width + 1)


def spend_of(amounts: Floats) -> Floats:
    """Return what each customer spends in all of its amounts (customers x features, NaN where missing) together."""
    return np.asarray(np.nansum(amounts, axis=1))


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
