"""Dates, as a type of their own or written as text: which format they have, and the day of each row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.tables.text_cells import MISSING, first_texts, invalid_cell, is_gap, is_text

if TYPE_CHECKING:
    import numpy.typing as npt

    Days = npt.NDArray[np.datetime64]

_DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d")
_TIMES = ("", *(f"{sign}%H:%M{more}" for sign in " T" for more in ("", ":%S", ":%S.%f", "%z", ":%S%z", ":%S.%f%z")))
_DAY = np.timedelta64(1, "D")


def find_format(texts: list[str]) -> str:
    """Return the first format that fits all texts; of day and month the day comes first where both would do.

    Empty where there are no texts, or no format fits.
    """
    formats = [day + time for day in _DATE_FORMATS for time in _TIMES] if texts else []
    return next((date_format for date_format in formats if all(_is_date(text, date_format) for text in texts)), "")


def _is_date(text: str, date_format: str) -> bool:
    try:
        # All formats begin with a number; most texts don't, and are told from dates at once.
        return text[0].isdigit() and bool(dt.datetime.strptime(text, date_format))  # noqa: DTZ007 - only the day counts
    except ValueError:
        return False


def to_days(series: nw.Series[Any], date_format: str) -> Days:
    """Return one day a row, in UTC. Raises DataError at the first cell that is no date of that format."""
    if series.dtype in (nw.Date, nw.Datetime):
        zone = getattr(series.dtype, "time_zone", None)
        local = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else series
        return np.asarray(local.to_numpy(), dtype="datetime64[D]")
    if is_text(series):
        return _days_of_texts(series, date_format or find_format(first_texts(series)))
    cells = series.to_list()
    row = next((row for row, cell in enumerate(cells) if not is_gap(cell)), None)
    if row is not None:
        raise invalid_cell(series, row, "date")
    return np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")


def _days_of_texts(series: nw.Series[Any], date_format: str) -> Days:
    import pandas as pd

    texts = pd.Series(series.cast(nw.String).to_list(), dtype=object)
    texts[texts.isna() | texts.str.strip().str.lower().isin(MISSING)] = None
    dates = pd.to_datetime(texts.str.strip(), format=date_format, utc=True, errors="coerce")
    invalid = dates.isna() & texts.notna()
    if invalid.any():
        raise invalid_cell(series, int(invalid.argmax()), "date")
    return dates.dt.tz_localize(None).to_numpy(dtype="datetime64[D]")


def day_sql(column: str, date_format: str) -> str:
    """Return the SQL that reads a quoted column of texts as days in UTC, and what has another format as NULL."""
    text = f"trim({column})"
    if date_format.endswith("%z"):
        # DuckDB has no Z for UTC, and would cast a moment to the day that it is where the computer stands.
        moment = f"try_strptime(regexp_replace({text}, '[Zz]$', '+00:00'), '{date_format}')"
        return f"CAST(make_timestamp(epoch_us({moment})) AS DATE)"
    return f"CAST(try_strptime({text}, '{date_format}') AS DATE)"


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
