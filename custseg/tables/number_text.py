"""Numbers written as text: one set of patterns reads them in every dataframe, and in DuckDB's SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np

from custseg.tables.sql_quoting import text_literal
from custseg.tables.text_cells import NO_VALUE, drop_blank, first_texts, is_blank

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DecimalSign = Literal[".", ","]

_BLANKS, _BREAKS = " \u00a0\u202f\u2009", "\t\n\v\f\r"
# One that begins like another stands before it.
CURRENCIES = (
    "US$", "AU$", "CA$", "NZ$", "HK$", "A$", "C$", "R$", "$", *"€£¥₹₩₽₺₴₪", "EUR", "USD", "GBP", "CHF", "JPY", "CAD",
    "AUD", "PLN", "SEK", "NOK", "DKK", "Fr.", "kr.", "kr", "zł", "Kč", "Ft",
)  # fmt: skip
# In brackets rather than behind a backslash, which dialects of SQL take for different things.
_CURRENCY = f"(?:{'|'.join(CURRENCIES).replace('$', '[$]').replace('.', '[.]')})"
MINUS = "\u2212"
_SIGN = f"[-+{MINUS}]"
# A number that begins with a zero is a code, such as a postcode: reading it as a number would lose the zero.
_WHOLE = "(?:0|[1-9][0-9]*|[1-9][0-9]{{0,2}}(?:[{grouping}][0-9]{{3}})+)"
# What can't be computed with is a number all the same, so that its row can be named.
_INFINITE = f"^[{_BLANKS}{_BREAKS}]*[-+]?(?i:inf(?:inity)?)[{_BLANKS}{_BREAKS}]*$"
# Blanks too.
THOUSANDS: dict[DecimalSign, str] = {".": ",'’", ",": ".'’"}


def finite_pattern(decimal: DecimalSign, blanks: str = _BLANKS, breaks: str = _BREAKS) -> str:
    """Return the pattern of a finite number, with these blanks in it, and around it these breaks as well."""
    space, whole = f"[{blanks}{breaks}]*", _WHOLE.format(grouping=THOUSANDS[decimal] + blanks)
    return (
        f"^{space}(?:{_CURRENCY}{space})?{_SIGN}?(?:{_CURRENCY}{space})?"
        f"(?:{whole}(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][-+]?[0-9]+)?"
        f"{space}(?:{_CURRENCY}|%)?{space}$"
    )


def decoration_pattern(decimal: DecimalSign, blanks: str = _BLANKS + _BREAKS) -> str:
    """Return the pattern of what is taken out of a number before it is computed with."""
    return f"{_CURRENCY}|%|[{THOUSANDS[decimal]}{blanks}+]"


_NUMBER = {decimal: f"{finite_pattern(decimal)}|{_INFINITE}" for decimal in THOUSANDS}
_DECORATION = {decimal: decoration_pattern(decimal) for decimal in THOUSANDS}
_GROUPED = {
    decimal: f"^[^0-9]*(?:[0-9]{{1,3}}|[1-9][0-9]{{0,2}}(?:[{decimal}][0-9]{{3}})+)[^0-9]*$" for decimal in THOUSANDS
}
_MOSTLY = 0.75


def currency_in(text: str) -> str:
    """Return the sign of the currency in a text, such as €; empty where there is none."""
    found = re.search(_CURRENCY, text)
    return found[0] if found else ""


def is_number(text: str) -> bool:
    """Whether a text is a number, with whatever decimal sign."""
    return any(re.search(pattern, text) for pattern in _NUMBER.values())


def fitting_signs(series: nw.Series[Any]) -> tuple[DecimalSign, ...]:
    """Return the decimal signs with which the texts of a column are numbers: none, one, or both.

    One is judged by the first texts, since reading all shows whether it holds; of both, those are left that fit all.
    """
    signs = _signs_of_first(series, 1.0)
    if len(signs) < len(_NUMBER):
        return signs
    texts = drop_blank(series, NO_VALUE)
    return tuple(sign for sign in signs if texts.str.contains(_NUMBER[sign]).all())


def sign_of_most(series: nw.Series[Any]) -> DecimalSign | None:
    """Return the decimal sign with which most of the first texts are numbers, None where most are not."""
    return next(iter(_signs_of_first(series, _MOSTLY)), None)


def _signs_of_first(series: nw.Series[Any], share: float) -> tuple[DecimalSign, ...]:
    first = first_texts(series, NO_VALUE)
    return tuple(
        sign
        for sign, pattern in _NUMBER.items()
        if first and sum(bool(re.search(pattern, text)) for text in first) >= share * len(first)
    )


def likely_sign(series: nw.Series[Any], settled: set[DecimalSign]) -> DecimalSign:
    """Choose where both signs would do: as the table's other columns, else so that groups of three are thousands."""
    if len(settled) == 1:
        (sign,) = settled
        return sign
    texts = drop_blank(series, NO_VALUE)
    return "," if texts.str.contains(_GROUPED["."]).all() and texts.str.contains("[.]").any() else "."


def parse(series: nw.Series[Any], decimal: DecimalSign) -> tuple[Floats, int | None]:
    """Return one float64 a row, NaN where there is no value; and the first row (from 0) that is no number, if any.

    Where there is such a row the numbers mean nothing.
    """
    texts = series.cast(nw.String)
    blank = is_blank(texts, NO_VALUE)
    values = np.full(len(series), np.nan)
    present = texts.filter(~blank)
    if not present.str.contains(_NUMBER[decimal]).all():
        fits = blank | texts.str.contains(_NUMBER[decimal]).fill_null(value=True)
        return values, int(np.argmin(np.asarray(fits.to_numpy(), dtype=bool)))
    there = ~np.asarray(blank.to_numpy(), dtype=bool)
    values[there] = np.asarray(_cleaned(present, decimal).to_numpy(), dtype=np.float64)
    return values, None


def example(series: nw.Series[Any], decimal: DecimalSign) -> tuple[str, float]:
    """Return the first text that tells how numbers are written, with the number that it is read as."""
    texts = first_texts(series, NO_VALUE)
    text = next((text for text in texts if not text.isdigit()), texts[0])
    value = _cleaned(nw.new_series("example", [text], nw.String, backend=series.implementation), decimal)
    return text, float(value.to_list()[0])


def _cleaned(texts: nw.Series[Any], decimal: DecimalSign) -> nw.Series[Any]:
    """Turn texts that match ``_NUMBER`` into Float64."""
    bare = texts.str.replace_all(_DECORATION[decimal], "").str.replace_all(MINUS, "-")
    return (bare.str.replace_all(",", ".") if decimal == "," else bare).cast(nw.Float64)


def number_sql(column: str, decimal: DecimalSign, kind: str) -> str:
    """Return the SQL that reads a quoted column of texts as that kind of number, and all else as NULL.

    DuckDB's regular expressions are those of Arrow (RE2), so that the same patterns mean the same.
    """
    bare = f"replace(regexp_replace({column}, {text_literal(_DECORATION[decimal])}, '', 'g'), '{MINUS}', '-')"
    if decimal == ",":
        bare = f"replace({bare}, ',', '.')"
    matched = (
        f"CASE WHEN regexp_matches({column}, {text_literal(_NUMBER[decimal])}) THEN TRY_CAST({bare} AS {kind}) END"
    )
    return f"coalesce({_plain_number_sql(column, decimal, kind)}, {matched})"


def _plain_number_sql(column: str, decimal: DecimalSign, kind: str) -> str:
    """Return the SQL of numbers as programs write them, which most are: a cast takes half the time of a pattern.

    Whatever it makes a number of, the pattern would too: a cast alone also takes "007" and "1_000".
    """
    begins = f"({column} >= '1' AND {column} < ':' OR starts_with({column}, '0{decimal}'))"
    foreign = ["_"] if decimal == "." else ["_", "."]
    whens = " AND ".join([begins, *(f"NOT contains({column}, '{sign}')" for sign in foreign)])
    text = column if decimal == "." else f"replace({column}, ',', '.')"
    return f"CASE WHEN {whens} THEN TRY_CAST({text} AS {kind}) END"
