"""Each column of a table, read once: what its cells are, their numbers, and what every decision about it needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np

from custseg.tables import number_text
from custseg.tables.column_format import ColumnFormat, to_numbers
from custseg.tables.date_format import MILLISECONDS, SECONDS, format_of_numbers, is_month_first, other_order
from custseg.tables.date_text import days_before, latest_of, read_written_dates, to_days
from custseg.tables.ordinal import order_of
from custseg.tables.text_cells import drop_blank, first_texts, is_gap, is_text
from custseg.tables.truth_text import are_truths
from custseg.tables.whole_numbers import are_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.tables.number_text import DecimalSign

    Floats = npt.NDArray[np.float64]

LOOK_AT_FIRST = 2048
# Up to so many different texts are a category, and up to so many different whole numbers are codes; counting more is
# dear and decides nothing.
MOST_CATEGORIES = 50
MOST_CODES = 5
_EPOCH_UNITS: dict[str, Literal["s", "ms"]] = {SECONDS: "s", MILLISECONDS: "ms"}


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What is in one column.

    Attributes
    ----------
    format
        How its cells become numbers, and those of new customers.
    numbers
        One float64 a row (read-only), NaN where there is no value; None for texts and other things.
    rows, missing
        How many cells there are, and how many of them hold no value.
    distinct, distinct_is_exact
        How many different cells there are, empty ones aside, or else a number that there are at least.
    least, largest
        The limits of the numbers, infinite ones among them; NaN where there are none.
    whole
        Whether the cells are whole numbers, by their type or because all are, as where a gap has made 12347.0 of 12347.
    example
        For numbers as text: the first telling cell, with the number that it is read as.
    first_invalid
        The first cell, with its row from 1, that is no number in a column of texts where most others are.
    date_order_unclear
        Whether the dates of a column fit with the day first and with the month first, and would be other days.
    date_trouble
        Why a column that holds mostly dates is none of dates, in words with a row; empty where that is not so.

    """

    format: ColumnFormat
    numbers: Floats | None = field(repr=False)
    rows: int
    missing: int
    distinct: int = 0
    distinct_is_exact: bool = False
    least: float = math.nan
    largest: float = math.nan
    whole: bool = False
    example: tuple[str, float] | None = None
    first_invalid: tuple[str, int] | None = None
    date_order_unclear: bool = False
    date_trouble: str = ""

    @property
    def epoch_unit(self) -> Literal["s", "ms"] | None:
        """What a column of whole numbers counts since 1970 (it is then one of dates): seconds or milliseconds."""
        return _EPOCH_UNITS.get(self.format.date_format)

    @property
    def known(self) -> int:
        """How many cells hold a value."""
        return self.rows - self.missing

    @property
    def identifies(self) -> bool:
        """Whether there is a different value in every row."""
        return self.distinct_is_exact and self.distinct == self.rows

    @property
    def constant(self) -> bool:
        """Whether all values are the same; “1” and “1.0” are the same number."""
        if self.numbers is None:
            return self.distinct_is_exact and self.distinct == 1
        return self.least == self.largest

    @property
    def infinite(self) -> bool:
        """Whether a number is infinite."""
        return math.isinf(self.least) or math.isinf(self.largest)

    @property
    def currency(self) -> str:
        """The sign of the currency that the cells are written with, such as €; empty where there is none."""
        return number_text.currency_in(self.example[0]) if self.example else ""

    def take(self, rows: npt.NDArray[np.intp]) -> Reading:
        """Return the same column of numbers in some of its rows (from 0); different cells are not counted again."""
        return replace(_of_numbers(self.format, self.floats[rows]), whole=self.whole, example=self.example)

    @property
    def floats(self) -> Floats:
        """The numbers of a column that has some. Raises TypeError for a column of texts."""
        if self.numbers is None:
            msg = "A column of texts has no numbers."
            raise TypeError(msg)
        return self.numbers


def read_columns(frame: nw.DataFrame[Any]) -> dict[str, Reading]:
    """Read every column.

    Where only the sign between digits tells ("1,234"), the other columns of the table decide.
    """
    readings: dict[str, Reading] = {}
    unclear: list[str] = []
    for name in frame.columns:
        series = frame[name]
        signs = number_text.fitting_signs(series) if series.dtype == nw.String else ()
        if len(signs) > 1:
            unclear.append(name)
        else:
            readings[name] = _read_numbers_as_text(series, signs[0]) if signs else _read(series)
    settled = {reading.format.decimal for reading in readings.values() if reading.format.kind == "number as text"}
    for name in unclear:
        readings[name] = _read_numbers_as_text(frame[name], number_text.likely_sign(frame[name], settled))
    _settle_order_of_days(frame, readings)
    return {name: readings[name] for name in frame.columns}


def _settle_order_of_days(frame: nw.DataFrame[Any], readings: dict[str, Reading]) -> None:
    """Let the dates of other columns of the table say whether the day or the month comes first."""
    dated = {name: reading.format.date_format for name, reading in readings.items() if reading.format.kind == "date"}
    unclear = [name for name in dated if readings[name].date_order_unclear]
    settled = {is_month_first(dated[name]) for name in dated if name not in unclear and other_order(dated[name])}
    if len(settled) == 1:
        (month_first,) = settled
        for name in unclear:
            readings[name] = _read_dates(frame[name], other_order(dated[name]) if month_first else dated[name])


def read_as(series: nw.Series[Any], column_format: ColumnFormat) -> Reading:
    """Read a column as an earlier one of that name. Raises DataError at the first cell that does not fit."""
    if column_format.countable:
        return _with_counts(_of_numbers(column_format, to_numbers(series, column_format)), series)
    return _read_others(series, column_format)


def lay_side_by_side(readings: dict[str, Reading], names: Iterable[str]) -> None:
    """Move the numbers of some columns into one matrix, so that they exist once; not where they lie so already."""
    names = list(names)
    if not names or as_matrix([readings[name].floats for name in names]) is not None:
        return
    # In memory column by column, since most of what follows looks at one column at a time. One column moves after the
    # other, so that no second copy of all of them exists meanwhile.
    block = np.empty((readings[names[0]].rows, len(names)), order="F")
    for position, name in enumerate(names):
        block[:, position] = readings[name].floats
        column = block[:, position]
        column.setflags(write=False)
        readings[name] = replace(readings[name], numbers=column)


def as_matrix(columns: list[Floats]) -> Floats | None:
    """Return a read-only rows x columns view where the columns lie at even distances in one array, else None."""
    first = columns[0]
    steps = {_address(right) - _address(left) for left, right in pairwise(columns)}
    if len(steps) > 1 or any(
        column.strides != first.strides or _owner(column) is not _owner(first) for column in columns
    ):
        return None
    strides = (first.strides[0], steps.pop() if steps else first.nbytes)
    return np.lib.stride_tricks.as_strided(first, (len(first), len(columns)), strides, writeable=False)


def _address(column: Floats) -> int:
    return int(column.__array_interface__["data"][0])


def _owner(column: npt.NDArray[Any]) -> object:
    """Return what holds the memory of a view."""
    owner: Any = column
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    return owner


def _read(series: nw.Series[Any]) -> Reading:
    if series.dtype.is_numeric():
        return _dates_or(read_as(series, ColumnFormat("number")), series)
    if series.dtype == nw.Boolean:
        return read_as(series, ColumnFormat("truth"))
    if series.dtype in (nw.Date, nw.Datetime):
        return _read_dates(series, "")
    return _read_texts(series) if is_text(series) else _read_objects(series)


def _read_texts(series: nw.Series[Any]) -> Reading:
    if are_truths(series):
        return read_as(series, ColumnFormat("truth"))
    order = _order_in(series)
    if order:
        return read_as(series, ColumnFormat("ordinal", levels=order))
    written = read_written_dates(series)
    if written.days is not None:
        reading = _of_days(written.days, written.date_format)
        return replace(reading, date_order_unclear=written.order_unclear)
    if written.trouble:
        return replace(_read_others(series, ColumnFormat("text")), date_trouble=written.trouble)
    sign = number_text.sign_of_most(series)
    return _not_only_numbers(series, number_text.parse(series, sign)[1] if sign else None)


def _order_in(series: nw.Series[Any]) -> tuple[str, ...] | None:
    """Return the levels of a column of texts in their order, where they have one."""
    if isinstance(series.dtype, nw.Enum) and series.implementation.is_pandas():
        # An ordered Categorical says so itself. In Polars an Enum only says which levels there may be.
        levels = tuple(" ".join(str(level).split()) for level in series.dtype.categories)
        return levels if len(set(levels)) > 1 else None
    # The first few tell whether it is worth looking at all of them.
    if order_of({" ".join(text.split()) for text in first_texts(series)}, series.name) is None:
        return None
    texts = drop_blank(series).unique().to_list()
    return order_of({" ".join(text.split()) for text in texts}, series.name)


def _read_numbers_as_text(series: nw.Series[Any], decimal: DecimalSign) -> Reading:
    numbers, invalid = number_text.parse(series, decimal)
    if invalid is not None:
        return _not_only_numbers(series, invalid)
    reading = _with_counts(_of_numbers(ColumnFormat("number as text", decimal), numbers), series)
    return _dates_or(replace(reading, example=number_text.example(series, decimal)), series)


def _dates_or(reading: Reading, series: nw.Series[Any]) -> Reading:
    """Read numbers that are dates, such as seconds since 1970, as dates; others stay as they were read."""
    date_format = format_of_numbers(series.name, reading.floats)
    return _read_dates(series, date_format) if date_format else reading


def _not_only_numbers(series: nw.Series[Any], row: int | None) -> Reading:
    first_invalid = None if row is None else (str(series[row]), row + 1)
    return replace(_read_others(series, ColumnFormat("text")), first_invalid=first_invalid)


def _read_dates(series: nw.Series[Any], date_format: str) -> Reading:
    return _of_days(to_days(series, date_format), date_format)


def _of_days(days: npt.NDArray[np.datetime64], date_format: str) -> Reading:
    latest = latest_of(days)
    return _of_numbers(ColumnFormat("date", date_format=date_format, latest=latest), days_before(days, latest))


def _read_objects(series: nw.Series[Any]) -> Reading:
    """Read what a dataframe holds that has no type of its own for it, such as Decimals."""
    known = [value for value in series.to_list() if not is_gap(value)]
    if known and all(isinstance(value, bool) for value in known):
        return read_as(series, ColumnFormat("truth"))
    if known and all(isinstance(value, Real | Decimal) for value in known):
        return read_as(series, ColumnFormat("number"))
    # Texts and numbers in one column are texts; what can't be told apart, such as a list, is nothing to count.
    text = all(isinstance(value, str | Real | Decimal) for value in known)
    return _read_others(series, ColumnFormat("text" if text else "other"))


def _read_others(series: nw.Series[Any], column_format: ColumnFormat) -> Reading:
    """Read a column that holds no numbers."""
    reading = Reading(column_format, None, len(series), series.null_count())
    return reading if column_format.kind == "other" else _with_counts(reading, series)


def _of_numbers(column_format: ColumnFormat, numbers: Floats) -> Reading:
    numbers = numbers.view()
    numbers.setflags(write=False)
    if not len(numbers):
        return Reading(column_format, numbers, 0, 0)
    least, largest, missing = float(numbers.min()), float(numbers.max()), 0
    if math.isnan(least):
        missing = int(np.isnan(numbers).sum())
        # Not all of them: NumPy would warn.
        least, largest = (
            (math.nan, math.nan)
            if missing == len(numbers)
            else (float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers)))
        )
    return Reading(column_format, numbers, len(numbers), missing, least=least, largest=largest)


def _with_counts(reading: Reading, series: nw.Series[Any]) -> Reading:
    """Count the different cells, as far as that decides something."""
    pointed = series.dtype.is_float() and reading.numbers is not None and are_whole(reading.numbers)
    whole = series.dtype.is_integer() or pointed
    present = series.drop_nulls() if series.null_count() else series
    if pointed and reading.missing:
        # Only some dataframes take NaN for a gap.
        present = present.filter(~present.is_nan())
    first = present.head(LOOK_AT_FIRST)
    distinct = first.n_unique() if len(first) else 0
    exact = len(first) == len(present)
    may_identify = (whole or is_text(series)) and not reading.missing and distinct == len(first)
    most = MOST_CODES if whole else MOST_CATEGORIES if reading.numbers is None else 0
    if not exact and (may_identify or distinct <= most):
        distinct, exact = _count_distinct(present), True
    return replace(reading, whole=whole, distinct=distinct, distinct_is_exact=exact)


def _count_distinct(cells: nw.Series[Any]) -> int:
    return len(cells) if _ascend(cells) else cells.n_unique()


def _ascend(cells: nw.Series[Any]) -> bool:
    """Whether each cell is above the one before, so that no two are the same; C9 is before C10.

    Most tables come in the order of their identifier, and a comparison takes a fraction of a count.
    """
    if cells.dtype.is_integer():
        return bool((cells[:-1] < cells[1:]).all())
    if cells.dtype != nw.String:
        return False
    lengths = cells.str.len_chars()
    before, after = lengths[:-1], lengths[1:]
    if not (before <= after).all():
        # Not by length: by the alphabet alone.
        return bool((cells[:-1] < cells[1:]).all())
    return bool(((before < after) | (cells[:-1] < cells[1:])).all())
