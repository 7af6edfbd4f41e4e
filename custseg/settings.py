"""The settings that a person can choose, such as k, seed and features, and the checks that refuse bad ones.

The model, the page, the URL and ``segment`` all check here, so they refuse the same values in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from numbers import Integral, Real

from custseg.errors import SettingError, listed, quote
from custseg.language import LANGUAGES, say, speak

K_RANGE = (2, 10)
LARGEST_SEED = 2**32 - 1
DEFAULT_K = 4
DEFAULT_SEED = 42
# A segment of fewer customers than this share is of little use.
DEFAULT_SMALLEST_SHARE, DEFAULT_SMALLEST_SIZE = 0.02, 30
# A report without customers tells of no fewer together than this.
LEAST_GROUP = 5
_LEAST_GROUPS = (3, 1000)
# Of more customers than this, those in an engine or in Parquet files stay where they are.
MOST_IN_MEMORY = 5_000_000
# Of more customers than this the scatter plot shows how densely they lie, in the place of a point for each.
MOST_POINTS = 50_000
# What the scatter plot shows: two features, or a plane through all of them (see ``custseg.insight.projections``).
PICTURES = ("features", "principal", "discriminant")

# Python's int() also accepts "1_000" and digits of other scripts, which nobody means here. Text with more digits than
# any allowed number is refused unparsed: int() is slow on very long text.
_WHOLE_NUMBER = re.compile(rf"[+-]?[0-9]{{1,{len(str(LARGEST_SEED))}}}")


def set_language(code: str) -> None:
    """Have everything said in a language from here on, in the whole process: names, sentences, numbers, panes.

    ``custseg.language.spoken(code)`` does so within a block. Results that are there already stay as they were said.

    Raises
    ------
    SettingError
        There is no such language.

    """
    if code not in LANGUAGES:
        msg = say("There is no language {code}. Choose from {codes}.", code=quote(code), codes=listed(list(LANGUAGES)))
        raise SettingError(msg)
    speak(code)


def check_k(k: object) -> int:
    """Return k as an int, or raise SettingError unless it is a whole number in K_RANGE."""
    low, high = K_RANGE
    if not isinstance(k, bool) and isinstance(k, Integral) and low <= int(k) <= high:
        return int(k)
    msg = say(
        "The number of segments, k, must be a whole number from {low} to {high}, but got {k}. Choose "
        "a number from {low} to {high}.",
        low=low,
        high=high,
        k=quote(k),
    )
    raise SettingError(msg)


def check_seed(seed: object) -> int | None:
    """Return the seed as an int or None, or raise SettingError unless it is None or from 0 to 2**32 - 1."""
    if seed is None:
        return None
    if not isinstance(seed, bool) and isinstance(seed, Integral) and 0 <= int(seed) <= LARGEST_SEED:
        return int(seed)
    msg = say(
        "The seed must be a whole number from 0 to {LARGEST_SEED}, but got {seed}. Enter such a "
        "number, or leave it empty for a random start.",
        LARGEST_SEED=LARGEST_SEED,
        seed=quote(seed),
    )
    raise SettingError(msg)


def parse_whole_number(text: str) -> int | str:
    """Turn text into an int where it is one; anything else is returned unchanged, for a check to refuse."""
    stripped = text.strip()
    return int(stripped) if _WHOLE_NUMBER.fullmatch(stripped) else text


def check_features(features: object, available: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features as a tuple, or raise SettingError where one is unknown or repeated, or none is left."""
    if isinstance(features, str | Real) or not hasattr(features, "__iter__"):
        msg = say("Features must be a list of column names, but got {features}.", features=quote(features))
        raise SettingError(msg)
    chosen = tuple(features)
    for name in chosen:
        if name not in available:
            msg = say(
                "There is no numeric column called {name} to segment on. Choose from {available}.",
                name=quote(name),
                available=listed(available),
            )
            raise SettingError(msg)
    if not chosen:
        msg = say("Segmenting needs at least one feature. Choose from {available}.", available=listed(available))
        raise SettingError(msg)
    if len(set(chosen)) != len(chosen):
        msg = say(
            "Each feature can be listed only once, but got {chosen}. Remove the repetition.", chosen=listed(chosen)
        )
        raise SettingError(msg)
    return chosen


def check_axis(name: object, available: tuple[str, ...], axis: str) -> str:
    """Return the name of the column for an axis, or raise SettingError where there is no such numeric column."""
    if isinstance(name, str) and name in available:
        return name
    msg = say(
        "There is no numeric column called {name} to show on {axis}. Choose from {available}.",
        name=quote(name),
        axis=axis,
        available=listed(available),
    )
    raise SettingError(msg)


def check_picture(picture: object) -> str:
    """Return what the scatter plot shows, or raise SettingError unless it is one of PICTURES."""
    if isinstance(picture, str) and picture in PICTURES:
        return picture
    msg = say(
        "The picture cannot show {picture}. Choose from {PICTURES}.", picture=quote(picture), PICTURES=listed(PICTURES)
    )
    raise SettingError(msg)


def check_share(share: object) -> float:
    """Return the share as a float, or raise SettingError unless it is a number from 0 to below 1."""
    if not isinstance(share, bool) and isinstance(share, Real) and 0 <= float(share) < 1:
        return float(share)
    msg = say(
        "The smallest share must be a number from 0 to below 1, but got {share}. Choose a share such as 0.02.",
        share=quote(share),
    )
    raise SettingError(msg)


def check_size(size: object) -> int | None:
    """Return the number of customers as an int, or None, or raise SettingError unless it is at least 1."""
    if size is None:
        return None
    if not isinstance(size, bool) and isinstance(size, Integral) and int(size) >= 1:
        return int(size)
    msg = say(
        "The smallest size must be a whole number of customers, 1 or more, or None, but got {size}. "
        "Choose a number such as {DEFAULT_SMALLEST_SIZE}.",
        size=quote(size),
        DEFAULT_SMALLEST_SIZE=DEFAULT_SMALLEST_SIZE,
    )
    raise SettingError(msg)


def check_least(least: object) -> int:
    """Return of how many customers a figure is at least, or raise SettingError unless that is from 3 to 1,000."""
    low, high = _LEAST_GROUPS
    if not isinstance(least, bool) and isinstance(least, Integral) and low <= int(least) <= high:
        return int(least)
    msg = say(
        "The least size of a group that is told of must be a whole number from {low} to {high:,}, "
        "but got {least}. Choose a number such as {LEAST_GROUP}.",
        low=low,
        high=high,
        least=quote(least),
        LEAST_GROUP=LEAST_GROUP,
    )
    raise SettingError(msg)


def check_ks(ks: object) -> list[int]:
    """Return the numbers of segments to try, sorted and unique, or raise SettingError where one is not allowed."""
    if isinstance(ks, str | Real) or not isinstance(ks, Iterable):
        msg = say(
            "The numbers of segments must be a list or a range, but got {ks}. Pass one such as range(2, 7).",
            ks=quote(ks),
        )
        raise SettingError(msg)
    wanted = sorted({check_k(k) for k in ks})
    if wanted:
        return wanted
    msg = say(
        "At least one number of segments is needed, but got none. Choose from {K_RANGE} to {K_RANGE_2}.",
        K_RANGE=K_RANGE[0],
        K_RANGE_2=K_RANGE[1],
    )
    raise SettingError(msg)
