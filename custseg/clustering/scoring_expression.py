"""The segment of a customer as an expression of an engine: what ``Segmentation.codes`` is in memory, row by row.

Numbers are multiplied and added in the very order of ``engines.lloyd``, so that a customer as near to two centroids
gets the same segment everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.clustering.category_coding import CategoryCoding, Indicators
from custseg.errors import SettingError
from custseg.language import say
from custseg.tables.expressions import LEFT_OUT, SET_APART

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation
    from custseg.tables.expressions import Columns

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PreparedColumns:
    """Columns in prepared units, and of whom they are not used; None where of nobody.

    Attributes
    ----------
    prepared
        One expression for each prepared column.
    incomplete, exceptional
        Who is left out, and who is set apart.

    """

    prepared: tuple[nw.Expr, ...]
    incomplete: nw.Expr | None
    exceptional: nw.Expr | None

    def code(self, segment: nw.Expr) -> nw.Expr:
        """Return the segment, or LEFT_OUT or SET_APART for who is in none."""
        for who, code in ((self.exceptional, SET_APART), (self.incomplete, LEFT_OUT)):
            if who is not None:
                segment = nw.when(who).then(nw.lit(code)).otherwise(segment)
        return segment


def check_pushed(preparation: Preparation) -> None:
    """Raise SettingError where what a recipe asks for needs the customers in memory."""
    recipe = preparation.recipe
    if recipe.missing == "nearest":
        msg = say(
            "Filling gaps from similar customers needs all customers in memory, and these are in an engine. Fill them "
            "with the median (missing=“median”)."
        )
        raise SettingError(msg)
    if recipe.method == "mixture":
        msg = say(
            "A mixture needs all customers in memory, and these are in an engine. Choose K-Means (method=“k-means”)."
        )
        raise SettingError(msg)
    if recipe.trim > 0:
        msg = say(
            "Setting a share of the customers apart needs all of them in memory, and these are in an engine. Set "
            "exceptional customers apart by their distance (exceptional=8)."
        )
        raise SettingError(msg)


def prepare_columns(preparation: Preparation, columns: Columns) -> PreparedColumns:
    """Add prepared columns to those of a question. Raises SettingError where the recipe needs customers in memory."""
    check_pushed(preparation)
    features = preparation.features
    gaps = [columns[value].is_null() for value in preparation.compared]
    incomplete = reduce(or_, gaps) if preparation.recipe.missing == "drop" else None
    filled = [columns[name].fill_null(float(fill)) for name, fill in zip(features, preparation.fill, strict=True)]
    clipped = _clipped(preparation, filled)
    exceptional = None
    evening = preparation.evening
    if preparation.recipe.exceptional is not None:
        away = _away(preparation, evening.expressions(filled, columns))
        exceptional = (reduce(add, away) / len(away)).sqrt() > preparation.recipe.exceptional
    prepared = [
        (column - float(centre)) / float(scale)
        for column, centre, scale in zip(
            evening.expressions(clipped, columns), preparation.centre, preparation.scale, strict=True
        )
    ]
    for coding in preparation.categories:
        prepared += _coded(coding, columns[coding.category.level])
    found = PreparedColumns(columns.keep(*prepared), None, None)
    flags = [flag for flag in (incomplete, exceptional) if flag is not None]
    kept = iter(columns.keep(*flags))
    return replace(
        found,
        incomplete=None if incomplete is None else next(kept),
        exceptional=None if exceptional is None else next(kept),
    )


def nearest(prepared: Sequence[nw.Expr], centroids: Floats, columns: Columns) -> nw.Expr:
    """Return the number (1..k) of the nearest centroid; the first of several equally near.

    The nearest by |x - c|^2 is the one with the largest x.c - |c|^2 / 2.
    """
    affinities = columns.keep(*(_affinity(prepared, centroid) for centroid in centroids))
    (highest,) = columns.keep(nw.max_horizontal(*affinities))
    chain: Any = nw
    for number, affinity in enumerate(affinities[:-1], start=1):
        chain = chain.when(affinity == highest).then(nw.lit(number))
    segment: nw.Expr = chain.otherwise(nw.lit(len(affinities)))
    return segment


def scoring_expression(preparation: Preparation, centroids: Floats, columns: Columns) -> nw.Expr:
    """Return the segment (1..k) of each customer, LEFT_OUT or SET_APART."""
    found = prepare_columns(preparation, columns)
    return found.code(nearest(found.prepared, centroids, columns))


def margin_expression(preparation: Preparation, centroids: Floats, columns: Columns) -> nw.Expr:
    """Return 1 - distance to the own centroid / distance to the next one; null for who is in no segment."""
    found = prepare_columns(preparation, columns)
    (code,) = columns.keep(found.code(nearest(found.prepared, centroids, columns)))
    _, margin = distance_and_margin(found.prepared, centroids, code, columns)
    return nw.when((code != LEFT_OUT) & (code != SET_APART)).then(margin)


def distance_and_margin(
    prepared: Sequence[nw.Expr], centroids: Floats, code: nw.Expr, columns: Columns
) -> tuple[nw.Expr, nw.Expr]:
    """Return the distance to the centroid of a segment, and the margin, of who is in one."""
    away = columns.keep(*(squared_distance(prepared, centroid) for centroid in centroids))
    own = [nw.when(code == number).then(column) for number, column in enumerate(away, start=1)]
    other = [nw.when(code != number).then(column) for number, column in enumerate(away, start=1)]
    within, beyond = columns.keep(nw.max_horizontal(*own), nw.min_horizontal(*other))
    apart = nw.when(beyond > 0).then(1.0 - within.sqrt() / beyond.sqrt()).otherwise(nw.lit(0.0))
    # The own centroid is the nearest, but for the rounding of numbers far larger than what tells two apart.
    return within.sqrt(), nw.when(within <= beyond).then(apart).otherwise(nw.lit(0.0))


def squared_distance(prepared: Sequence[nw.Expr], centroid: npt.NDArray[np.float64]) -> nw.Expr:
    """Return the square of how far customers are from a centroid, in prepared units."""
    differences = [column - float(place) for column, place in zip(prepared, centroid, strict=True)]
    return reduce(add, [one * one for one in differences])


def _affinity(prepared: Sequence[nw.Expr], centroid: npt.NDArray[np.float64]) -> nw.Expr:
    products = [column * float(place) for column, place in zip(prepared, centroid, strict=True)]
    return reduce(add, products) - 0.5 * float(np.square(centroid).sum())


def _clipped(preparation: Preparation, columns: Sequence[nw.Expr]) -> list[nw.Expr]:
    if preparation.recipe.winsorise is None:
        return list(columns)
    limits = zip(columns, preparation.low, preparation.high, strict=True)
    return [column.clip(float(low), float(high)) for column, low, high in limits]


def _away(preparation: Preparation, evened: Sequence[nw.Expr]) -> list[nw.Expr]:
    """Return the square of how far each feature is from the mean of all, in standard deviations."""
    found = []
    for column, centre, scale in zip(evened, preparation.far_centre, preparation.far_scale, strict=True):
        away = (column - float(centre)) / float(scale)
        found.append(away * away)
    return found


def _coded(coding: CategoryCoding, level: nw.Expr) -> list[nw.Expr]:
    """Return the prepared columns of a category."""
    levels = len(coding.category.level.levels)
    if isinstance(coding, Indicators):
        place = level.fill_null(float(levels))
        return [
            nw.when(place == float(position)).then(nw.lit(coding.height)).otherwise(nw.lit(0.0))
            for position in range(coding.width)
        ]
    rank = nw.when(level < float(levels)).then(level).otherwise(nw.lit(coding.fill))
    return [(rank - coding.centre) / coding.scale]
