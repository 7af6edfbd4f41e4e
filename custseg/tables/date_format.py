"""How dates are written: which formats texts fit, in which order day and month may come, and names of months.

A format is one of strptime. ``%b`` stands for any name of a month, short or long, in English, German or French; a
number that counts from 1970 has the format ``%s`` (seconds, as strftime of Unix has it) or ``%Q`` (milliseconds).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

SECONDS, MILLISECONDS, COMPACT = "%s", "%Q", "%Y%m%d"
_NAMES_OF_MONTHS = (
    ("January", "Januar", "Jänner", "janvier", "janv", "Jan", "Jän"),
    ("February", "Februar", "février", "fevrier", "févr", "fevr", "Feb", "fév"),
    ("March", "März", "Maerz", "Mrz", "mars", "Mar", "Mär"),
    ("April", "avril", "Apr", "avr"),
    ("May", "Mai"),
    ("June", "Juni", "juin", "Jun"),
    ("July", "Juli", "juillet", "juil", "Jul"),
    ("August", "août", "aout", "Aug"),
    ("September", "septembre", "Sept", "Sep"),
    ("October", "Oktober", "octobre", "Oct", "Okt"),
    ("November", "novembre", "Nov"),
    ("December", "Dezember", "décembre", "decembre", "Dec", "Dez", "déc"),
)
# By what strptime calls a month: the pattern of all its names, which Python and DuckDB read alike.
MONTHS = {
    # Python's abbreviations are the first three letters in English.
    names[0][:3]: rf"\b(?:{'|'.join(names)})\b\.?"
    for names in _NAMES_OF_MONTHS
}
_DIRECTIVES = {
    "%Y": "[0-9]{4}",
    "%y": "[0-9]{2}",
    "%m": "(?:1[0-2]|0?[1-9])",
    "%d": "(?:3[01]|[12][0-9]|0?[1-9])",
    "%b": f"(?:{'|'.join(MONTHS.values())})",
    "%H": "(?:2[0-3]|[01]?[0-9])",
    "%I": "(?:1[0-2]|0?[1-9])",
    "%p": "[AP]M",
    "%M": "[0-5]?[0-9]",
    "%S": "(?:[0-5]?[0-9]|6[01])",
    "%f": "[0-9]{1,6}",
    "%z": "(?:Z|UTC|[-+][0-9]{2}:?[0-9]{2})",
}
# Where several fit, the first is meant: of day and month the day comes first.
_DAYS = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%y/%m/%d",
    "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d. %b %Y", "%d. %b %y", "%d/%b/%Y", "%d %b, %Y",
    "%b %d, %Y", "%b %d %Y", "%b-%d-%Y", "%Y-%b-%d", "%b %d, %y", COMPACT,
)  # fmt: skip
_CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
_TIMES = (
    "",
    *(f"{sign}{clock}{zone}" for sign in (" ", "T") for clock in _CLOCKS for zone in ("", "%z", " %z")),
    *(f"{sign}{clock}{blank}%p" for sign in (" ", ", ") for clock in ("%I:%M", "%I:%M:%S") for blank in (" ", "")),
    *(f", {clock}" for clock in _CLOCKS),
)
_DATE_NAME = re.compile(
    r"(?i:(?:^|[^a-z])(?:time|date|day|dt|datum|datetime|timestamp|epoch|unix|created|updated|modified|at|ts)(?:[^a-z]|$))"
    r"|(?:^|[a-z])(?:At|Time|Date|Timestamp|TimeStamp|Datum)$|(?i:timestamp|datetime|created_?at)"
)
_CODE_NAME = re.compile(
    r"(?i:(?:^|[^a-z])(?:ids?|key|nr|no|code|phone|mobile|telephone|ean|upc|gtin|isbn|sku|barcode|account)(?:[^a-z]|$))"
    r"|(?i:number|num$|phone)|[a-z](?:ID|Id|Key|Nr|No)$"
)
_DAY_IN_SECONDS = 86_400
_LAST_SECOND = 253_402_300_799  # of the year 9999
_NAMED_RANGE = (631_152_000, 2_208_988_800)  # 1990 to 2040
_UNNAMED_RANGE = (946_684_800, 2_051_222_400)  # 2000 to 2035
_LEAST, _LARGEST = 1e7, 1e14
_MOST = 0.9
_MOSTLY = 0.75
_TRIED_FIRST = 20
_FEWEST_DAYS, _FEWEST_MOMENTS = 2, 5
_LOOK_AT_FIRST = 1000


def _pattern(date_format: str) -> re.Pattern[str]:
    if date_format == COMPACT:
        # Without signs between them, day and month need both digits.
        return re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
    parts = re.split("(%[A-Za-z])", date_format)
    return re.compile("".join(_DIRECTIVES.get(part, re.escape(part)) for part in parts), re.IGNORECASE)


_DAY_PATTERNS = {day: _pattern(day) for day in _DAYS}
_TIME_PATTERNS = {time: _pattern(time) for time in _TIMES}
_BEGINNING = re.compile(f"[0-9]|{_DIRECTIVES['%b']}", re.IGNORECASE)


def fitting_formats(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the formats that fit most of some texts, the likeliest first.

    Of a pair that differs in the order of day and month only the one with the day first is returned, and stands for
    both: ``other_order`` gives the other.
    """
    fitting: Counter[str] = Counter()
    for number, text in enumerate(texts, start=1):
        fitting.update(_formats_of(text))
        if number == _TRIED_FIRST and not fitting:
            return ()
    most = _MOSTLY * len(texts)
    # A stable sort: of those that fit as many texts, the first known one.
    return tuple(sorted((known for known in fitting if fitting[known] >= most), key=lambda known: -fitting[known]))


def _formats_of(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    if not _BEGINNING.match(text):
        return found
    for day, pattern in _DAY_PATTERNS.items():
        begun = pattern.match(text)
        if begun:
            rest = text[begun.end() :]
            found |= {day_first(day) + time: 1 for time, known in _TIME_PATTERNS.items() if known.fullmatch(rest)}
    return found


def other_order(date_format: str) -> str:
    """Return the format with day and month in the other order, empty where there is none: with dots the day leads."""
    for sign in "/-":
        for first, second in (("%d", "%m"), ("%m", "%d")):
            if date_format[:6].lower() == f"{first}{sign}{second}{sign}":
                return f"{second}{sign}{first}{date_format[5:]}"
    return ""


def is_month_first(date_format: str) -> bool:
    """Whether the month comes before the day, where both orders are known."""
    return date_format.startswith("%m")


def day_first(date_format: str) -> str:
    """Return the format with the day before the month."""
    return other_order(date_format) if is_month_first(date_format) else date_format


def format_of_numbers(name: str, numbers: npt.NDArray[np.float64]) -> str:
    """Return the format of whole numbers that are dates: of moments since 1970, or such as 20120904; else empty.

    A name that says so is enough where most numbers are plausible; without it all must be, and differ.
    """
    # Most columns hold smaller numbers, and one look tells.
    if not len(numbers) or not _LEAST < np.fmax.reduce(numbers) < _LARGEST:
        return ""
    known = numbers[~np.isnan(numbers)]
    if (known != np.floor(known)).any():
        return ""
    named = bool(_DATE_NAME.search(name))
    distinct = len(np.unique(known[:_LOOK_AT_FIRST]))
    if not named and (_CODE_NAME.search(name) or distinct < _FEWEST_DAYS):
        return ""
    if _are_compact(known):
        return COMPACT
    return _format_of_moments(known, named=named) if named or distinct >= _FEWEST_MOMENTS else ""


def _format_of_moments(known: npt.NDArray[np.float64], *, named: bool) -> str:
    low, high = _NAMED_RANGE if named else _UNNAMED_RANGE
    for date_format, unit in ((SECONDS, 1), (MILLISECONDS, 1000)):
        plausible = (known >= low * unit) & (known <= high * unit)
        spread = known.max() - known.min() >= _DAY_IN_SECONDS * unit
        if plausible.mean() >= _MOST if named else plausible.all() and spread:
            return date_format
    return ""


def _are_compact(known: npt.NDArray[np.float64]) -> bool:
    year, month, day = known // 10_000, known // 100 % 100, known % 100
    return bool(((year >= 1900) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())


def days_of_moments(numbers: npt.NDArray[np.float64], date_format: str) -> npt.NDArray[np.datetime64]:
    """Return the day of each moment since 1970 in UTC; zero, less, and what is beyond the calendar are no moments."""
    seconds = numbers / (1000 if date_format == MILLISECONDS else 1)
    days = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[D]")
    known = (seconds > 0) & (seconds <= _LAST_SECOND)
    days[known] = np.floor(seconds[known] / _DAY_IN_SECONDS).astype("int64").astype("datetime64[D]")
    return days


def moment_sql(column: str, date_format: str) -> str:
    """Return the SQL of the day of a quoted column of moments since 1970, as ``days_of_moments``."""
    seconds = f"(TRY_CAST({column} AS DOUBLE) / {1000 if date_format == MILLISECONDS else 1})"
    day = f"DATE '1970-01-01' + CAST(floor({seconds} / {_DAY_IN_SECONDS}) AS INTEGER)"
    return f"CASE WHEN {seconds} > 0 AND {seconds} <= {_LAST_SECOND} THEN {day} END"
