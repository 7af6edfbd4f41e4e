"""How the cells of a column become numbers, so that the cells of new customers are read as the first ones were."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - a field's type
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np

from custseg.tables import number_text, ordinal, truth_text
from custseg.tables.date_text import days_before, to_days
from custseg.tables.number_text import DecimalSign  # noqa: TC001 - a field's type
from custseg.tables.text_cells import invalid_cell, is_gap, is_text

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Kind = Literal["number", "number as text", "birth year", "truth", "ordinal", "date", "text", "other"]


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """How the cells of a column become numbers.

    ``decimal`` is the decimal sign of numbers as text, ``date_format`` the format of dates as text (as of strptime),
    ``latest`` the date that days, or years since birth, are counted back from. ``gaps`` are the numbers, and days as in
    “1900-01-01”, that stand for no value; ``levels`` those of an ordinal column, which count from 1.
    """

    kind: Kind
    decimal: DecimalSign = "."
    date_format: str = ""
    latest: dt.date | None = None
    gaps: tuple[float | str, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def countable(self) -> bool:
        """Whether the cells can be numbers at all."""
        return self.kind not in ("text", "other")


def to_numbers(series: nw.Series[Any], column_format: ColumnFormat) -> Floats:
    """Return one float64 a row, NaN where the cell is empty; a read-only view of the column where that can be.

    Raises
    ------
    DataError
        A cell is no number, no date in a column of dates, or no level of an ordinal one; the first is named.

    """
    if column_format.kind == "ordinal":
        return ordinal.ranks_of(series, column_format.levels)
    if column_format.kind == "date":
        days = to_days(series, column_format.date_format)
        if column_format.gaps:
            days = np.where(np.isin(days.astype(str), list(column_format.gaps)), np.datetime64("NaT"), days)
        return days_before(days, column_format.latest)
    values = _to_numbers(series, column_format)
    if column_format.gaps:
        values = np.where(np.isin(values, [float(gap) for gap in column_format.gaps]), np.nan, values)
    if column_format.kind == "birth year" and column_format.latest is not None:
        return column_format.latest.year - values
    return values


def _to_numbers(series: nw.Series[Any], column_format: ColumnFormat) -> Floats:
    if series.dtype.is_numeric() or series.dtype == nw.Boolean:
        return _as_floats(series)
    if not is_text(series):
        return _numbers_of_objects(series)
    truth = column_format.kind == "truth"
    values, invalid = truth_text.parse(series) if truth else number_text.parse(series, column_format.decimal)
    if invalid is not None:
        raise invalid_cell(series, invalid)
    return values


def _as_floats(series: nw.Series[Any]) -> Floats:
    if series.dtype == nw.Float64:
        values = np.asarray(series.to_numpy(), dtype=np.float64)
        # What pandas 2 lets others write to would change under a result.
        return values.copy() if series.implementation.is_pandas() and values.flags.writeable else values
    if series.implementation.is_pyarrow():
        from pyarrow import compute

        # Whole numbers beyond 2**53 lose their last digits, as in every other dataframe.
        return np.asarray(compute.cast(series.to_native(), "float64", safe=False).to_numpy(), dtype=np.float64)
    return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)


def _numbers_of_objects(series: nw.Series[Any]) -> Floats:
    cells = series.to_list()
    for row, value in enumerate(cells):
        if not is_gap(value) and not isinstance(value, Real | Decimal):
            raise invalid_cell(series, row)
    return np.array([np.nan if is_gap(value) else _float(value) for value in cells], dtype=np.float64)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
