"""The choices for making features comparable, each with its default and its check."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from custseg.clustering.feature_weights import FeatureWeights
from custseg.errors import SettingError, listed, quote
from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Mapping

Missing = Literal["median", "nearest", "drop"]
Method = Literal["k-means", "mixture"]
Scaling = Literal["standard", "robust", "minmax", "none"]
AUTO: Literal["auto"] = "auto"
LARGEST_WEIGHT = 100.0
# With a quarter set apart, a segment as large may be.
LARGEST_TRIM = 0.25
_NO_WEIGHTS = FeatureWeights({})


@dataclass(frozen=True, slots=True)
class Recipe:
    """How features are made comparable, and how segments are found in them.

    By default, features are standardised, missing values are filled, and K-Means finds the segments.

    Attributes
    ----------
    missing
        ``"median"`` fills an empty cell with the feature's median, ``"nearest"`` with the mean of the most similar
        customers who have a value; see ``custseg.clustering.neighbours``. ``"drop"`` leaves the customer out.
    log
        The features to even out, so that ratios count rather than differences, or ``"auto"`` for the skewed amounts and
        counts; see ``custseg.tables.evening_out``. What comes of it is the same in whatever unit an amount is.
    winsorise
        None, or two quantiles such as (0.01, 0.99): values beyond them are moved to them.
    exceptional
        None, or a distance: customers more than this many times as far from the average customer as is typical (root
        mean square) are set apart from the k segments. These are the same whatever the segments, and may be nobody.
    scaling
        ``"standard"``: mean 0 and standard deviation 1; ``"robust"``: median 0 and interquartile range 1;
        ``"minmax"``: from 0 to 1; ``"none"``: as they are.
    weights
        How many times each feature counts, such as ``{"Fresh": 2}``; 1 where nothing is given. A weight of 2 is the
        same as including the feature twice.
    categories
        False: only features are compared. True: all categories of the table are compared too. Or the names of those
        that are, such as ``("Channel",)``. A category weighs no more than a number; see
        ``custseg.clustering.category_coding``.
    trim
        The share of the customers, 0 to 0.25, who fit no segment and are set apart: those farthest from the centroids
        that the others have, found together with these; see ``custseg.clustering.trimming``. It keeps a few strange
        customers from making a segment or moving one, wherever they lie. Of those who are not ``exceptional``.
    method
        ``"k-means"``: segments are round, and customers are in the one with the nearest centroid. ``"mixture"``:
        segments are groups of a Gaussian mixture, which may be long, flat or of very different sizes, and customers
        are in the most probable one; scale and weights then don't matter. See ``custseg.second_opinion``.

    Raises
    ------
    SettingError
        A choice is not allowed.

    """

    missing: Missing = "median"
    log: tuple[str, ...] | Literal["auto"] = ()
    winsorise: tuple[float, float] | None = None
    exceptional: float | None = None
    scaling: Scaling = "standard"
    weights: Mapping[str, float] = _NO_WEIGHTS
    categories: bool | tuple[str, ...] = False
    trim: float = 0.0
    method: Method = "k-means"

    def __post_init__(self) -> None:
        _check_choice(
            mark("The handling of missing values must be one of {allowed}, but got {choice}."),
            self.missing,
            get_args(Missing),
        )
        _check_choice(mark("The scaling must be one of {allowed}, but got {choice}."), self.scaling, get_args(Scaling))
        _check_choice(mark("The method must be one of {allowed}, but got {choice}."), self.method, get_args(Method))
        object.__setattr__(self, "log", _check_log(self.log))
        if self.winsorise is not None:
            object.__setattr__(self, "winsorise", _check_quantiles(self.winsorise))
        if self.exceptional is not None:
            object.__setattr__(self, "exceptional", _check_distance(self.exceptional))
        object.__setattr__(self, "trim", _check_trim(self.trim))
        object.__setattr__(self, "weights", _check_weights(self.weights))
        object.__setattr__(self, "categories", _check_categories(self.categories))


def _check_choice(message: str, choice: object, allowed: tuple[str, ...]) -> None:
    if choice not in allowed:
        msg = say(message, allowed=listed(allowed), choice=quote(choice))
        raise SettingError(msg)


def _check_log(log: Any) -> tuple[str, ...] | Literal["auto"]:
    if isinstance(log, str) and log == AUTO:
        return AUTO
    if not isinstance(log, str) and hasattr(log, "__iter__"):
        return tuple(log)
    msg = say(
        "Evening out (log) needs a list of features, or “{auto}” for those that are skewed, but got {log}.",
        auto=AUTO,
        log=quote(log),
    )
    raise SettingError(msg)


def _check_categories(categories: Any) -> bool | tuple[str, ...]:
    """Return the names of categories, each once; True for all of a table, False for none."""
    if isinstance(categories, bool):
        return categories
    if not isinstance(categories, str) and hasattr(categories, "__iter__"):
        names = tuple(dict.fromkeys(categories))
        if all(isinstance(name, str) for name in names):
            return names or False
    msg = say(
        "Categories must be True for all of them, False for none, or a list of names, but got {categories}.",
        categories=quote(categories),
    )
    raise SettingError(msg)


def _check_quantiles(quantiles: Any) -> tuple[float, float]:
    if isinstance(quantiles, tuple | list) and len(quantiles) == 2:
        low, high = (_number(quantile) for quantile in quantiles)
        if 0 <= low < 0.5 < high <= 1:
            return low, high
    msg = say(
        "Outliers are moved to two quantiles, the lower from 0 to below 0.5 and the upper from above "
        "0.5 to 1, but got {quantiles}. Choose two such as (0.01, 0.99).",
        quantiles=quote(quantiles),
    )
    raise SettingError(msg)


def _check_distance(distance: Any) -> float:
    if 1 < _number(distance) < inf:
        return float(distance)
    msg = say(
        "The distance from which a customer counts as exceptional must be a number above 1 (times the "
        "typical distance), but got {distance}.",
        distance=quote(distance),
    )
    raise SettingError(msg)


def _check_trim(share: Any) -> float:
    if 0 <= _number(share) <= LARGEST_TRIM:
        return float(share)
    msg = say(
        "The share of customers to set apart must be from 0 to {largest:g} (a quarter), but got "
        "{share}. Choose one such as 0.02.",
        largest=LARGEST_TRIM,
        share=quote(share),
    )
    raise SettingError(msg)


def _check_weights(weights: Any) -> FeatureWeights:
    """Return the weights other than 1."""
    if not hasattr(weights, "items"):
        msg = say(
            "Weights must be given by feature, such as {{“Fresh”: 2}}, but got {weights}.", weights=quote(weights)
        )
        raise SettingError(msg)
    checked = {name: _check_weight(name, weight) for name, weight in weights.items()}
    return FeatureWeights({name: weight for name, weight in checked.items() if weight != 1})


def _check_weight(name: str, weight: Any) -> float:
    if 0 < _number(weight) <= LARGEST_WEIGHT:
        return float(weight)
    msg = say(
        "The weight of {name} must be above 0 and up to {largest:.0f}, but got {weight}. To "
        "leave a feature out, remove it from the features.",
        name=quote(name),
        largest=LARGEST_WEIGHT,
        weight=quote(weight),
    )
    raise SettingError(msg)


def _number(value: object) -> float:
    """Return the value as a float; NaN, which fails every limit, where it is not a number."""
    truth = type(value) in (bool, np.bool_)
    return float(value) if isinstance(value, Real) and not truth else nan
