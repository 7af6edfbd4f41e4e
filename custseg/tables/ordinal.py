"""Levels that have an order, such as low, medium and high: recognised by their words, and read as ranks from 1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.errors import SettingError, listed, quote
from custseg.language import say
from custseg.tables.text_cells import A_LEVEL, MISSING, invalid_cell, is_gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    import narwhals as nw
    import numpy.typing as npt

# Each scale from the least to the most; words in one pair of brackets mean the same.
_SCALES: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("very low", "lowest", "sehr niedrig", "sehr gering"),
        ("low", "niedrig", "gering"),
        ("medium", "moderate", "middle", "mid", "average", "normal", "mittel", "durchschnittlich"),
        ("high", "hoch"),
        ("very high", "highest", "sehr hoch"),
    ),
    (
        ("xxs",),
        ("xs", "extra small", "very small", "sehr klein"),
        ("s", "small", "klein"),
        ("m", "medium", "mid", "mid-size", "midsize", "mittel", "mittelgroß"),
        ("l", "large", "big", "groß"),
        ("xl", "extra large", "very large", "sehr groß"),
        ("xxl",),
        ("xxxl",),
    ),
    (
        ("never", "nie", "niemals"),
        ("rarely", "seldom", "almost never", "selten"),
        ("sometimes", "occasionally", "manchmal", "gelegentlich"),
        ("often", "frequently", "oft", "häufig"),
        ("very often", "usually", "sehr oft", "meistens"),
        ("always", "immer"),
    ),
    (
        ("never", "nie"),
        ("yearly", "annually", "jährlich"),
        ("quarterly", "vierteljährlich"),
        ("monthly", "monatlich"),
        ("fortnightly", "biweekly", "bi-weekly", "every two weeks"),
        ("weekly", "wöchentlich"),
        ("daily", "täglich"),
    ),
    (
        ("strongly disagree", "stimme gar nicht zu", "stimme überhaupt nicht zu"),
        ("disagree", "stimme nicht zu"),
        ("neutral", "neither agree nor disagree", "undecided", "teils teils"),
        ("agree", "stimme zu"),
        ("strongly agree", "stimme voll zu", "stimme völlig zu"),
    ),
    (
        ("very dissatisfied", "very unsatisfied", "sehr unzufrieden"),
        ("dissatisfied", "unsatisfied", "unzufrieden"),
        ("neutral",),
        ("satisfied", "zufrieden"),
        ("very satisfied", "sehr zufrieden"),
    ),
    (
        ("very poor", "very bad", "sehr schlecht"),
        ("poor", "bad", "schlecht"),
        ("fair", "average", "ok", "okay", "mittelmäßig"),
        ("good", "gut"),
        ("very good", "sehr gut"),
        ("excellent", "outstanding", "ausgezeichnet"),
    ),
    (("beginner", "novice", "anfänger"), ("intermediate", "fortgeschritten"), ("advanced",), ("expert", "experte")),
    (("bronze",), ("silver", "silber"), ("gold",), ("platinum", "platin"), ("diamond", "diamant")),
    (("junior",), ("mid", "mid-level"), ("senior",), ("lead", "principal")),
    (
        ("no education", "uneducated", "none", "kein abschluss"),
        ("primary", "primary school", "elementary", "elementary school", "grundschule"),
        ("basic", "middle school", "lower secondary", "hauptschule"),
        ("secondary", "high school", "secondary school", "upper secondary", "realschule", "abitur"),
        ("college", "some college", "vocational", "associate", "associate degree", "ausbildung"),
        ("bachelor", "bachelors", "bachelor's", "bachelor degree", "undergraduate", "graduate", "university"),
        ("master", "masters", "master's", "master degree", "postgraduate", "post-graduate", "post graduate"),
        ("phd", "doctorate", "doctor", "promotion"),
    ),
)  # fmt: skip
_RANKS: tuple[dict[str, int], ...] = tuple(
    {word: rank for rank, words in enumerate(scale) for word in words} for scale in _SCALES
)
_FEWEST = 2
# Whole numbers are a scale only in a column that is named so: else they are as likely codes.
_SCALE_NAME = re.compile(
    r"(^|[^a-z])(rating|satisfaction|stars?|score|likert|importance|agreement|quality|involvement|"
    r"zufriedenheit|bewertung|wichtigkeit)([^a-z]|$)",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# “3” and “3 - good”; “3 stars” says itself that it is on a scale.
_NUMBERED = re.compile(r"(\d{1,2})(?:\s*[-–:.)=]\s*(\D.*))?")
_STARS = re.compile(r"(\d{1,2})\s*(?:stars?|sterne?)")
_LARGEST_NUMBER = 10


def order_of(levels: Iterable[str], name: str = "") -> tuple[str, ...] | None:
    """Return levels from the least to the most where their words say so, else None.

    Parameters
    ----------
    levels
        The different values of a column, in any order. Small and capital letters are the same.
    name
        The column's name. Whole numbers from 0 to 10 are in order only in a column such as “Satisfaction” or
        “rating”: elsewhere they may be codes.

    """
    levels = tuple(levels)
    if len(levels) < _FEWEST:
        return None
    plain = [" ".join(level.split()).casefold() for level in levels]
    ranks = _ranks_on_a_scale(plain)
    if ranks is None:
        ranks = _ranks_by_number(plain, named_so=bool(_SCALE_NAME.search(_CAMEL.sub(" ", name))))
    if ranks is None or len(set(ranks)) < len(levels):
        return None
    return tuple(level for _, level in sorted(zip(ranks, levels, strict=True)))


def _ranks_on_a_scale(levels: list[str]) -> list[int] | None:
    found = next((ranks for ranks in _RANKS if all(level in ranks for level in levels)), None)
    return None if found is None else [found[level] for level in levels]


def _ranks_by_number(levels: list[str], *, named_so: bool) -> list[int] | None:
    """Return the numbers that levels begin with, such as “1 - low” and “5 stars”, where all do."""
    stars = [_STARS.fullmatch(level) for level in levels]
    matches = stars if all(stars) else [_NUMBERED.fullmatch(level) for level in levels]
    numbers = [int(match[1]) for match in matches if match]
    if len(numbers) < len(levels) or max(numbers) > _LARGEST_NUMBER:
        return None
    # “1: Horeca, 2: Retail” are codes that are explained, and no scale.
    words = [match[2] for match in matches if match and match.lastindex == 2]
    on_a_scale = len(words) == len(levels) and _ranks_on_a_scale(words) is not None
    return numbers if named_so or on_a_scale or all(stars) else None


def check_order(name: str, order: Iterable[str], levels: Iterable[str | None]) -> tuple[str, ...]:
    """Return an order that a person gave for a column as texts.

    Raises
    ------
    SettingError
        It names a level twice or only one, or leaves out one that the column has.

    """
    given = () if isinstance(order, str) else tuple(" ".join(str(level).split()) for level in order)
    if len(given) < _FEWEST or len(set(given)) < len(given):
        msg = say(
            "The order of {name} must be a list of at least two different levels, from the least to the "
            "most, but got {order}.",
            name=quote(name),
            order=quote(order),
        )
        raise SettingError(msg)
    known = [level for level in levels if level is not None and level.lower() not in MISSING]
    left_out = sorted(set(known) - set(given))
    if left_out:
        msg = say(
            "The order of {name} leaves out {left_out}. Name every level, from the least to the most.",
            name=quote(name),
            left_out=listed(left_out),
        )
        raise SettingError(msg)
    return given


def ranks_of(series: nw.Series[Any], order: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Return the rank of each cell's level in an order, from 1, NaN where the cell is empty.

    Raises
    ------
    DataError
        A cell is none of the levels; the first is named.

    """
    import pandas as pd

    rank = {level: float(place) for place, level in enumerate(order, start=1)}
    positions, values = pd.factorize(np.array([_text(cell) for cell in series.to_list()], dtype=object))
    ranks = np.array([*(rank.get(text, np.inf) for text in values), np.nan])[positions]
    unknown = np.isinf(ranks)
    if unknown.any():
        raise invalid_cell(series, int(unknown.argmax()), A_LEVEL, levels=listed(order))
    return ranks


def _text(cell: Any) -> str | None:
    if is_gap(cell):
        return None
    text = f"{cell:.12g}" if isinstance(cell, float) else " ".join(str(cell).split())
    return None if text.lower() in MISSING else text
