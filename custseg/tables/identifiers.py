"""What customers of one frame are called: texts that are found once, and shared by all tables of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.tables.whole_numbers import as_text

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    Rows = npt.NDArray[np.intp]
    Texts = npt.NDArray[np.object_]


class FrameIdentifiers:
    """The identifiers of the rows of one frame, by the column that they stand in.

    Texts of all rows take several times the memory of a column of numbers, so there is one set of them at a time.
    """

    def __init__(self, frame: nw.DataFrame[Any]) -> None:
        self._frame = frame
        self._found: tuple[str | None, Texts] | None = None

    def of(self, column: str | None) -> Texts:
        """Return one text a row: its cell, or its number (from 1) where that is empty, or there is no column."""
        known = self._found
        if known is None or known[0] != column:
            known = self._found = column, self._written(column, None)
        return known[1]

    def of_rows(self, column: str | None, rows: Rows) -> Texts:
        """Return the texts of some rows (from 0), without those of all others."""
        known = self._found
        return known[1][rows] if known is not None and known[0] == column else self._written(column, rows)

    def _written(self, column: str | None, rows: Rows | None) -> Texts:
        numbers = np.arange(1, len(self._frame) + 1) if rows is None else rows + 1
        if column is None:
            return numbers.astype(str).astype(object)
        series = self._frame[column]
        series = series if rows is None else series[rows.tolist()]
        cells = zip(series.to_list(), series.is_null().to_list(), numbers.tolist(), strict=True)
        return np.array([f"row {number}" if gap else as_text(cell) for cell, gap, number in cells], dtype=object)
