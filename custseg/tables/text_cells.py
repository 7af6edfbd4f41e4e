"""Cells that hold text: which of them stand for no value, and how one that does not fit is named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import narwhals as nw

from custseg.errors import DataError, quote
from custseg.language import mark, say

# What people and programs write where there is no value. Among other texts these are texts: NA may be Namibia.
MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?")
# Among numbers and dates, these say no more than an empty cell; among yes and no, "unknown" may be an answer.
NO_VALUE = (
    *MISSING, "n.a.", "n.a", "<na>", "nat", "nil", "missing", "unknown", "undefined", "not available", "not applicable",
    "tbd", "k.a.", "k. a.", "keine angabe", "unbekannt", "inconnu", "inconnue", "non renseigné", "(blank)", "(leer)",
    "(empty)", "empty", ".", "..", "...", "*", "\u2013", "\u2014", "\u2212", "#value!", "#ref!", "#div/0!", "#name?",
    "#num!", "#null!", "#nv", "#wert!", "\\n",
)  # fmt: skip
_LOOK_AT_FIRST = 200
A_NUMBER = mark(
    "A number was expected in {column}, row {row}, but got {value}. Correct this cell, or leave it empty where "
    "there is no value."
)
A_DATE = mark(
    "A date was expected in {column}, row {row}, but got {value}. Correct this cell, or leave it empty where there "
    "is no value."
)
A_LEVEL = mark(
    "A level among {levels} was expected in {column}, row {row}, but got {value}. Correct this cell, or leave "
    "it empty where there is no value."
)


def is_text(series: nw.Series[Any]) -> bool:
    """Whether a column holds text by its type."""
    return series.dtype in (nw.String, nw.Categorical) or isinstance(series.dtype, nw.Enum)


def is_blank(texts: nw.Series[Any], words: tuple[str, ...] = MISSING) -> nw.Series[Any]:
    """Say of each text whether it is one of the words that stand for no value."""
    return texts.is_null() | plain(texts).is_in(list(words)).fill_null(value=True)


def drop_blank(series: nw.Series[Any], words: tuple[str, ...] = MISSING) -> nw.Series[Any]:
    """Return the texts that stand for a value."""
    texts = series.cast(nw.String).drop_nulls()
    return texts.filter(~plain(texts).is_in(list(words)))


def plain(texts: nw.Series[Any]) -> nw.Series[Any]:
    """Return texts without blanks around them, in small letters."""
    return texts.str.strip_chars().str.to_lowercase()


def first_texts(series: nw.Series[Any], words: tuple[str, ...] = MISSING) -> list[str]:
    """Return a few of the texts, without those that stand for no value."""
    texts = [str(text).strip() for text in series.drop_nulls().head(_LOOK_AT_FIRST).to_list()]
    return [text for text in texts if text.lower() not in words]


def is_gap(value: object) -> bool:
    """Whether a cell that came as an object holds nothing."""
    return value is None or (isinstance(value, float | Decimal | dt.datetime) and value != value)  # noqa: PLR0124 - NaN


def invalid_cell(series: nw.Series[Any], row: int, wanted: str = A_NUMBER, **more: str) -> DataError:
    """Return the error for the cell in that row (from 0), which is not what was wanted; ``more`` fills that."""
    return DataError(
        say(
            wanted,
            column=quote(series.name),
            row=row + 1,
            value=quote(series.to_list()[row]),
            **more,
        )
    )
