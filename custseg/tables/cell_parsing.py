"""What the cells of a column are, and how they become numbers: numbers written as text, truth values, dates.

A table keeps what came. A ``Reading`` says how a column of it is turned into numbers, so that new customers are read
as the first ones were.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np

from custseg.errors import DataError, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Kind = Literal["number", "number as text", "truth", "date", "text", "other"]
DecimalSign = Literal[".", ","]

_SPACE = "[ \u00a0\u202f\u2009\t]"
_CURRENCY = "(?:[€$£¥₹]|EUR|USD|GBP|CHF|Fr\\.|kr|zł|Kč)"
_MINUS = "[-+\u2212]"
# A number that begins with a zero is a code, such as a postcode: reading it as a number would lose the zero.
_WHOLE = "(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:[{grouping}][0-9]{{3}})+)"
# What can't be computed with is a number all the same, so that its row can be named.
_INFINITE = f"^{_SPACE}*[-+]?(?i:inf(?:inity)?){_SPACE}*$"
_GROUPING: dict[DecimalSign, str] = {".": ",'’ \u00a0\u202f\u2009", ",": ".'’ \u00a0\u202f\u2009"}
_NUMBER = {
    decimal: (
        f"^{_SPACE}*(?:{_CURRENCY}{_SPACE}*)?{_MINUS}?(?:{_CURRENCY}{_SPACE}*)?"
        f"(?:{_WHOLE.format(grouping=grouping)}(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][-+]?[0-9]+)?"
        f"{_SPACE}*(?:{_CURRENCY}|%)?{_SPACE}*$|{_INFINITE}"
    )
    for decimal, grouping in _GROUPING.items()
}
_GROUPED = {
    decimal: f"^[^0-9]*(?:[0-9]{{1,3}}|[1-9][0-9]{{0,2}}(?:[{decimal}][0-9]{{3}})+)[^0-9]*$" for decimal in _GROUPING
}
# What people and programs write where there is no value. Among other texts these are texts: NA may be Namibia.
_MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?")
_TRUTHS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("oui", "non"), ("si", "no"))
_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d")
_TIMES = ("", *(f"{sign}%H:%M{more}" for sign in " T" for more in ("", ":%S", ":%S.%f", "%z", ":%S%z", ":%S.%f%z")))
_LOOK_AT_FIRST = 200
_MOSTLY = 0.75
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a column become numbers.

    ``decimal`` is the decimal sign of numbers as text, ``date_format`` the format of dates as text (as of strptime),
    ``latest`` the date that days are counted back from, and ``example`` one cell with the number that it is read as.
    ``first_invalid`` is the first cell, with its row from 1, that is no number in a column where most others are.
    """

    kind: Kind
    decimal: DecimalSign = "."
    date_format: str = ""
    latest: dt.date | None = None
    example: tuple[str, float] | None = None
    first_invalid: tuple[str, int] | None = None

    @property
    def currency(self) -> str:
        """The sign of the currency that the cells are written with, such as €; empty where there is none."""
        found = re.search(_CURRENCY, self.example[0]) if self.example else None
        return found[0] if found else ""

    @property
    def countable(self) -> bool:
        """Whether the cells can be numbers at all."""
        return self.kind not in ("text", "other")


def read_kinds(frame: nw.DataFrame[Any]) -> dict[str, Reading]:
    """Say how each column is to be read.

    Where only the sign between digits tells ("1,234"), the other columns of the table decide.
    """
    readings: dict[str, Reading] = {}
    unclear: list[str] = []
    for name in frame.columns:
        signs = _decimal_signs(frame[name]) if frame[name].dtype == nw.String else ()
        if len(signs) > 1:
            unclear.append(name)
        else:
            readings[name] = _as_numbers(frame[name], signs[0]) if signs else _read_kind(frame[name])
    settled = {reading.decimal for reading in readings.values() if reading.kind == "number as text"}
    for name in unclear:
        readings[name] = _as_numbers(frame[name], _likely_sign(frame[name], settled))
    return {name: readings[name] for name in frame.columns}


def drop_missing(series: nw.Series[Any], reading: Reading) -> nw.Series[Any]:
    """Return the cells that hold a value."""
    if _is_text(series) and reading.kind != "text":
        return _drop_missing_texts(series)
    if series.dtype.is_float() and not all_finite(series) and series.is_nan().any():
        series = series.fill_nan(None)
    return series.drop_nulls() if series.null_count() else series


def all_finite(series: nw.Series[Any]) -> bool:
    """Whether a column surely holds neither NaN nor an infinite value; a sum takes no memory to find out."""
    if series.dtype not in (nw.Float64, nw.Float32):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        total: Any = series.sum()
    return isinstance(total, Real) and math.isfinite(total)


def to_numbers(series: nw.Series[Any], reading: Reading) -> Floats:
    """Return one float64 a row, NaN where the cell is empty. Raises DataError at the first cell that is no number."""
    if reading.kind == "date":
        return _days_before(_dates(series, reading.date_format), reading.latest)
    if series.dtype.is_numeric() or series.dtype == nw.Boolean:
        return _as_floats(series)
    if _is_text(series):
        return _truths(series) if reading.kind == "truth" else _numbers_of_texts(series, reading.decimal)
    return _numbers_of_objects(series)


def _as_floats(series: nw.Series[Any]) -> Floats:
    if series.implementation.is_pyarrow():
        from pyarrow import compute

        # Whole numbers beyond 2**53 lose their last digits, as in every other dataframe.
        return np.asarray(compute.cast(series.to_native(), "float64", safe=False).to_numpy(), dtype=np.float64)
    return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)


def _is_text(series: nw.Series[Any]) -> bool:
    return series.dtype in (nw.String, nw.Categorical) or isinstance(series.dtype, nw.Enum)


def _read_kind(series: nw.Series[Any]) -> Reading:
    if series.dtype.is_numeric():
        return Reading("number")
    if series.dtype == nw.Boolean:
        return Reading("truth")
    if series.dtype in (nw.Date, nw.Datetime):
        return _as_date(series, "")
    if _is_text(series):
        return _read_kind_of_texts(series)
    return _read_kind_of_objects(series)


def _read_kind_of_texts(series: nw.Series[Any]) -> Reading:
    first = _first_texts(series)
    if not first:
        return Reading("text")
    if _words(series, first) is not None:
        return Reading("truth")
    date_format = _date_format(first)
    if date_format:
        try:
            return _as_date(series, date_format)
        except DataError:
            return Reading("text")
    for sign, pattern in _NUMBER.items():
        if sum(bool(re.search(pattern, text)) for text in first) >= _MOSTLY * len(first):
            row = _first_invalid(series, sign)
            return Reading("text", first_invalid=(str(series[row]), row + 1))
    return Reading("text")


def _first_texts(series: nw.Series[Any]) -> list[str]:
    """Return a few of the texts, without those that stand for no value."""
    texts = [str(text).strip() for text in series.drop_nulls().head(_LOOK_AT_FIRST).to_list()]
    return [text for text in texts if text.lower() not in _MISSING]


# Numbers written as text.


def _decimal_signs(series: nw.Series[Any]) -> tuple[DecimalSign, ...]:
    """Return the decimal signs with which every text of a column is a number: none, one, or both."""
    first = nw.new_series("first", _first_texts(series), nw.String, backend=series.implementation)
    if not len(first):
        return ()
    likely: list[DecimalSign] = [sign for sign, pattern in _NUMBER.items() if first.str.contains(pattern).all()]
    if not likely:
        return ()
    texts = _drop_missing_texts(series)
    return tuple(sign for sign in likely if texts.str.contains(_NUMBER[sign]).all())


def _likely_sign(series: nw.Series[Any], settled: set[DecimalSign]) -> DecimalSign:
    """Choose where both would do: as the table's other columns, else so that groups of three digits are thousands."""
    if len(settled) == 1:
        (sign,) = settled
        return sign
    texts = _drop_missing_texts(series)
    return "," if texts.str.contains(_GROUPED["."]).all() and texts.str.contains("[.]").any() else "."


def _as_numbers(series: nw.Series[Any], decimal: DecimalSign) -> Reading:
    texts = _first_texts(series)
    example = next((text for text in texts if not text.isdigit()), texts[0])
    value = _cleaned(nw.new_series("example", [example], nw.String, backend=series.implementation), decimal)
    return Reading("number as text", decimal=decimal, example=(example, float(value.to_list()[0])))


def _drop_missing_texts(series: nw.Series[Any]) -> nw.Series[Any]:
    texts = series.cast(nw.String).drop_nulls()
    return texts.filter(~texts.str.strip_chars().str.to_lowercase().is_in(list(_MISSING)))


def _cleaned(texts: nw.Series[Any], decimal: DecimalSign) -> nw.Series[Any]:
    """Turn texts that match ``_NUMBER`` into Float64."""
    bare = texts.str.replace_all(f"{_CURRENCY}|%|[{_GROUPING[decimal]}\t+]", "").str.replace_all("\u2212", "-")
    return (bare.str.replace_all(",", ".") if decimal == "," else bare).cast(nw.Float64)


def _numbers_of_texts(series: nw.Series[Any], decimal: DecimalSign) -> Floats:
    texts = series.cast(nw.String)
    blank = _blank(texts)
    there = ~np.asarray(blank.to_numpy(), dtype=bool)
    values = np.full(len(series), np.nan)
    present = texts.filter(~blank)
    if not present.str.contains(_NUMBER[decimal]).all():
        raise _no_number(series, _first_invalid(series, decimal))
    values[there] = np.asarray(_cleaned(present, decimal).to_numpy(), dtype=np.float64)
    return values


def _first_invalid(series: nw.Series[Any], decimal: DecimalSign) -> int:
    """Return the row of the first text that is no number, where there is one."""
    texts = series.cast(nw.String)
    fits = _blank(texts) | texts.str.contains(_NUMBER[decimal]).fill_null(value=True)
    return int(np.argmin(np.asarray(fits.to_numpy(), dtype=bool)))


def _blank(texts: nw.Series[Any]) -> nw.Series[Any]:
    return texts.is_null() | texts.str.strip_chars().str.to_lowercase().is_in(list(_MISSING)).fill_null(value=True)


def _no_number(series: nw.Series[Any], row: int, wanted: str = "number") -> DataError:
    return DataError(
        f"A {wanted} was expected in {quote(series.name)}, row {row + 1}, but {quote(series.to_list()[row])} came. "
        "Correct this cell, or leave it empty where there is no value."
    )


# Truth values.


def _words(series: nw.Series[Any], first: list[str]) -> tuple[str, str] | None:
    """Return the words for true and false, where all texts are one of such a pair."""
    seen = {text.lower() for text in first}
    pair = next((pair for pair in _TRUTHS if seen <= set(pair)), None)
    if pair is None or not _drop_missing_texts(series).str.strip_chars().str.to_lowercase().is_in(list(pair)).all():
        return None
    return pair


def _truths(series: nw.Series[Any]) -> Floats:
    true, false = {pair[0] for pair in _TRUTHS}, {pair[1] for pair in _TRUTHS}
    values = np.full(len(series), np.nan)
    for row, cell in enumerate(series.cast(nw.String).to_list()):
        text = "" if _is_gap(cell) else cell.strip().lower()
        if text in true or text in false:
            values[row] = float(text in true)
        elif text not in _MISSING:
            raise _no_number(series, row)
    return values


# Dates.


def _date_format(first: list[str]) -> str:
    """Return the first format that fits all texts; of day and month the day comes first where both would do."""
    forms = [day + time for day in _DATE_FORMATS for time in _TIMES]
    return next((date_format for date_format in forms if all(_is_date(text, date_format) for text in first)), "")


def _is_date(text: str, date_format: str) -> bool:
    try:
        # All formats begin with a number; most texts don't, and are told from dates at once.
        return text[0].isdigit() and bool(dt.datetime.strptime(text, date_format))  # noqa: DTZ007 - only the day counts
    except ValueError:
        return False


def _as_date(series: nw.Series[Any], date_format: str) -> Reading:
    dates = _dates(series, date_format)
    present = dates[~np.isnat(dates)]
    latest = present.max().item() if len(present) else None
    return Reading("date", date_format=date_format, latest=latest)


def _dates(series: nw.Series[Any], date_format: str) -> npt.NDArray[np.datetime64]:
    """Return one day a row. Raises DataError at the first cell that is no date of that format."""
    if series.dtype in (nw.Date, nw.Datetime):
        zone = getattr(series.dtype, "time_zone", None)
        local = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else series
        return np.asarray(local.to_numpy(), dtype="datetime64[D]")
    if not _is_text(series):
        cells = series.to_list()
        row = next((row for row, cell in enumerate(cells) if not _is_gap(cell)), None)
        if row is not None:
            raise _no_number(series, row, "date")
        return np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")
    import pandas as pd

    texts = pd.Series(series.cast(nw.String).to_list(), dtype=object)
    texts[texts.isna() | texts.str.strip().str.lower().isin(_MISSING)] = None
    dates = pd.to_datetime(
        texts.str.strip(), format=date_format or _date_format(_first_texts(series)), utc=True, errors="coerce"
    )
    invalid = dates.isna() & texts.notna()
    if invalid.any():
        raise _no_number(series, int(invalid.argmax()), "date")
    return dates.dt.tz_localize(None).to_numpy(dtype="datetime64[D]")


def _days_before(dates: npt.NDArray[np.datetime64], latest: dt.date | None) -> Floats:
    days = np.full(len(dates), np.nan)
    present = ~np.isnat(dates)
    days[present] = (np.datetime64(latest, "D") - dates[present]) / _DAY
    return days


# Objects: what a dataframe holds that has no type of its own for them, such as Decimals.


def _read_kind_of_objects(series: nw.Series[Any]) -> Reading:
    present = [value for value in series.to_list() if not _is_gap(value)]
    if present and all(isinstance(value, bool) for value in present):
        return Reading("truth")
    if present and all(isinstance(value, Real | Decimal) for value in present):
        return Reading("number")
    # Texts and numbers in one column are texts; what can't be told apart, such as a list, is nothing to count.
    return Reading("text" if all(isinstance(value, str | Real | Decimal) for value in present) else "other")


def _is_gap(value: object) -> bool:
    return value is None or (isinstance(value, float | Decimal | dt.datetime) and value != value)  # noqa: PLR0124 - NaN


def _numbers_of_objects(series: nw.Series[Any]) -> Floats:
    return np.array([np.nan if _is_gap(value) else _float(value) for value in _cells(series)], dtype=np.float64)


def _cells(series: nw.Series[Any]) -> Iterable[Any]:
    for row, value in enumerate(series.to_list()):
        if not _is_gap(value) and not isinstance(value, Real | Decimal):
            raise _no_number(series, row)
        yield value


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
