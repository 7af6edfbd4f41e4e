"""Dates, as a type of their own, as text or as numbers: which format a column has, and the day of each row."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.errors import quote
from custseg.language import say
from custseg.tables import number_text
from custseg.tables.date_format import (
    COMPACT,
    MILLISECONDS,
    MONTHS,
    SECONDS,
    days_of_moments,
    fitting_formats,
    moment_sql,
    other_order,
)
from custseg.tables.text_cells import A_DATE, NO_VALUE, first_texts, invalid_cell, is_gap, is_text

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Days = npt.NDArray[np.datetime64]

_DAY = np.timedelta64(1, "D")
_BIRTH_NAME = re.compile(r"birth|geb(?:oren|urt)|naiss|(?:^|[^a-z])(?:dob|geb)(?:[^a-z]|$)", re.IGNORECASE)
_CENTURY = 100
_MOSTLY = 0.75
_ISO_DAY = "%Y-%m-%d"


@dataclass(frozen=True, slots=True, eq=False)
class WrittenDates:
    """How the dates of a column of texts are written.

    Attributes
    ----------
    date_format
        The format that all texts have; empty where there is none.
    days
        One day a row; None without a format.
    order_unclear
        Whether day and month could change places in every row, and other days would follow: the day then comes first.
    trouble
        Why a column that holds mostly dates cannot be read as such, in words; empty where it can, or holds few.

    """

    date_format: str = ""
    days: Days | None = None
    order_unclear: bool = False
    trouble: str = ""


def read_written_dates(series: nw.Series[Any]) -> WrittenDates:
    """Find out from a whole column of texts how its dates are written."""
    candidates = fitting_formats(first_texts(series, NO_VALUE))
    if not candidates:
        return WrittenDates()
    texts = _texts_of(series)
    for date_format in candidates:
        found = _read_in_either_order(series.name, texts, date_format)
        if found.date_format:
            return found
    return WrittenDates(trouble=_trouble(texts, candidates[0]))


def _read_in_either_order(name: str, texts: pd.Series[Any], date_format: str) -> WrittenDates:
    days, wrong = _parse(name, texts, date_format)
    other = other_order(date_format)
    other_days, wrong_in_other = _parse(name, texts, other) if other else (days, wrong)
    if not wrong.any():
        unclear = not wrong_in_other.any() and bool((days != other_days)[~np.isnat(days)].any())
        return WrittenDates(date_format, days, unclear)
    return WrittenDates() if wrong_in_other.any() else WrittenDates(other, other_days)


def _trouble(texts: pd.Series[Any], date_format: str) -> str:
    """Say why most texts are dates of that format, but not all."""
    _, wrong = _parse("", texts, date_format)
    other = other_order(date_format)
    wrong_in_both = wrong & _parse("", texts, other)[1] if other else wrong
    if wrong_in_both.sum() > (1 - _MOSTLY) * texts.notna().sum():
        return ""
    if wrong_in_both.any():
        row = int(wrong_in_both.argmax())
        return say(
            "not only dates: {text} in row {row}; correct or empty such cells", text=quote(texts[row]), row=row + 1
        )
    month_first, row = int(wrong.argmax()), int(_parse("", texts, other)[1].argmax())
    return say(
        "dates with the day first ({first} in row {row}) and with the month first ({second} in row "
        "{other_row}); write all in one order",
        first=quote(texts[row]),
        row=row + 1,
        second=quote(texts[month_first]),
        other_row=month_first + 1,
    )


def to_days(series: nw.Series[Any], date_format: str) -> Days:
    """Return one day a row, in UTC. Raises DataError at the first cell that is no date of that format."""
    if series.dtype in (nw.Date, nw.Datetime):
        zone = getattr(series.dtype, "time_zone", None)
        local = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else series
        return np.asarray(local.to_numpy(), dtype="datetime64[D]")
    if date_format in (SECONDS, MILLISECONDS):
        return days_of_moments(_numbers(series), date_format)
    if is_text(series):
        return _days_of_texts(series, date_format)
    if date_format == COMPACT and series.dtype.is_numeric():
        texts = [None if np.isnan(number) else f"{number:.0f}" for number in _numbers(series).tolist()]
        return _days_of_texts(nw.new_series(series.name, texts, nw.String, backend=series.implementation), date_format)
    cells = series.to_list()
    row = next((row for row, cell in enumerate(cells) if not is_gap(cell)), None)
    if row is not None:
        raise invalid_cell(series, row, A_DATE)
    return np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")


def _numbers(series: nw.Series[Any]) -> npt.NDArray[np.float64]:
    if not is_text(series):
        return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    numbers, invalid = number_text.parse(series, ".")
    if invalid is not None:
        raise invalid_cell(series, invalid, A_DATE)
    return numbers


def _days_of_texts(series: nw.Series[Any], date_format: str) -> Days:
    if not date_format:
        found = read_written_dates(series)
        if found.days is not None:
            return found.days
    texts = _texts_of(series)
    days, wrong = _parse(series.name, texts, date_format or _ISO_DAY)
    if wrong.any():
        raise invalid_cell(series, int(wrong.argmax()), A_DATE)
    return days


def _texts_of(series: nw.Series[Any]) -> pd.Series[Any]:
    """Return texts without blanks around them, None for those that stand for no value."""
    import pandas as pd

    texts = pd.Series(series.cast(nw.String).to_list(), dtype=object).str.strip()
    texts[texts.isna() | texts.str.lower().isin(NO_VALUE)] = None
    return texts


def _parse(name: str, texts: pd.Series[Any], date_format: str) -> tuple[Days, npt.NDArray[np.bool_]]:
    """Return one day a row, NaT where there is none, and which rows hold a text that is no date of that format."""
    import pandas as pd

    # The same day comes often. A gap is -1, so the last.
    positions, distinct = pd.factorize(texts)
    written = pd.Series([*distinct, None], dtype=object)
    dates = pd.to_datetime(_in_english(written, date_format), format=date_format, utc=True, errors="coerce")
    wrong = (dates.isna() & written.notna()).to_numpy(dtype=bool)
    days = dates.dt.tz_localize(None).to_numpy(dtype="datetime64[D]")
    days = _in_the_past(days) if "%y" in date_format and _BIRTH_NAME.search(name) else days
    return days[positions], wrong[positions]


def _in_english(texts: pd.Series[Any], date_format: str) -> pd.Series[Any]:
    """Write texts as strptime expects them."""
    if texts.isna().all():
        return texts
    if "%b" in date_format:
        for month, names in MONTHS.items():
            texts = texts.str.replace(names, month, case=False, regex=True)
    if date_format == COMPACT:
        return texts.where(texts.str.fullmatch("[0-9]{8}").fillna(value=False).astype(bool), "none")
    return texts.str.replace(r"(?:UTC|[Zz])$", "+00:00", regex=True) if date_format.endswith("%z") else texts


def _in_the_past(days: Days) -> Days:
    """Take nobody's birth for one of the next century: strptime reads the years 00 to 68 as 2000 to 2068."""
    future = days > np.datetime64(dt.datetime.now(dt.UTC).date())
    return np.where(future, _earlier(days), days)


def _earlier(days: Days) -> Days:
    months = days.astype("datetime64[M]")
    moved = (months - 12 * _CENTURY).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return np.asarray(moved, dtype="datetime64[D]")


def day_sql(column: str, date_format: str) -> str:
    """Return the SQL that reads a quoted column of texts as days in UTC, and what has another format as NULL.

    Also a column of numbers, where the format is one of numbers.
    """
    if date_format in (SECONDS, MILLISECONDS):
        return moment_sql(column, date_format)
    text = _text_sql(column, date_format)
    if date_format.endswith("%z"):
        # DuckDB has no name for UTC, and would cast a moment to the day that it is where the computer stands.
        moment = f"try_strptime(regexp_replace({text}, '(UTC|[Zz])$', '+00:00'), '{date_format}')"
        return f"CAST(make_timestamp(epoch_us({moment})) AS DATE)"
    day = f"CAST(try_strptime({text}, '{date_format}') AS DATE)"
    # DuckDB takes the 12 in 4/9/12 for a year of the first century.
    short_years = "%Y" in date_format and not date_format.startswith("%Y")
    return f"(CASE WHEN {day} >= DATE '1000-01-01' THEN {day} END)" if short_years else day


def _text_sql(column: str, date_format: str) -> str:
    if date_format == COMPACT:
        return f"regexp_extract(CAST({column} AS VARCHAR), '^\\s*([0-9]{{8}})(?:[.]0)?\\s*$', 1)"
    text = f"trim({column})"
    if "%b" in date_format:
        for month, names in MONTHS.items():
            text = f"regexp_replace({text}, '{names}', '{month}', 'i')"
    return text


def latest_of(days: Days) -> dt.date | None:
    """Return the latest day, None where there is none."""
    known = days[~np.isnat(days)]
    return known.max().item() if len(known) else None


def days_before(days: Days, latest: dt.date | None) -> npt.NDArray[np.float64]:
    """Count days back from the latest, NaN where there is no date."""
    counted = np.full(len(days), np.nan)
    known = ~np.isnat(days)
    counted[known] = (np.datetime64(latest, "D") - days[known]) / _DAY
    return counted
