"""Which two features show best in a picture how the segments are apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.evening_out import EveningOut
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from custseg.tables.customers import Sample
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Positions = npt.NDArray[np.intp]

# Of more features, pairs of those that separate the segments best by themselves are looked at.
MOST_FEATURES = 12
MOST_CUSTOMERS = 2000


def separating_pair(sample: Sample, features: tuple[str, ...], evened: Collection[str]) -> tuple[str, str] | None:
    """Return the two features in whose picture segments are furthest apart; None where there are not two features.

    It is the pair of the largest simplified silhouette (Hruschka, de Castro and Campello, 2004): the difference of a
    customer's distances from the nearest other centroid and from that of its own segment, as a share of the larger
    one, on average over the customers of each segment and then over the segments, so that each counts as much as any
    other. Distances are those of the picture: each axis spans what its feature does, those ``evened`` out so.

    Parameters
    ----------
    sample
        Customers who are in a segment, with its number from 1.
    features
        Those to choose from, in the order in which ties fall.
    evened
        The features that are drawn on a scale which evens out skewed amounts.

    """
    if len(features) < 2:
        return None
    some = sample.where(np.arange(0, len(sample), -(-len(sample) // MOST_CUSTOMERS)))
    places = _spanning_one(some.matrix(features), np.array([name in evened for name in features]))
    numbers, segments = np.unique(some.labels[SEGMENT], return_inverse=True)
    squares = [_squared_distances(column, segments, len(numbers)) for column in places.T]
    alone = [_separation(one, segments) for one in squares]
    # In the order of the features, so that a tie falls the same way whatever else is there.
    best_alone = sorted(sorted(range(len(features)), key=lambda position: -alone[position])[:MOST_FEATURES])
    pairs = list(combinations(best_alone, 2))
    first, second = max(pairs, key=lambda pair: _separation(squares[pair[0]] + squares[pair[1]], segments))
    return features[first], features[second]


def _spanning_one(values: Floats, evened: npt.NDArray[np.bool_]) -> Floats:
    """Return customers x features as a picture places them, each from 0 to 1."""
    scaled = EveningOut.fit(values, evened).apply(values)
    low, high = (bound(scaled, axis=0, initial=start, where=~np.isnan(scaled)) for bound, start in _BOUNDS)
    span = high - low
    return np.asarray((scaled - low) / np.where((span > 0) & np.isfinite(span), span, 1.0))


_BOUNDS = ((np.min, np.inf), (np.max, -np.inf))


def _squared_distances(column: Floats, segments: Positions, k: int) -> Floats:
    """Return the squared distance of each customer from the centroid of each segment, along one axis; k x customers.

    It is infinite for a customer without a value, and for a segment in which nobody has one.
    """
    known = ~np.isnan(column)
    counts = np.bincount(segments[known], minlength=k)
    sums = np.bincount(segments[known], column[known], minlength=k)
    centroids = np.divide(sums, counts, out=np.full(k, np.nan), where=counts > 0)
    squares = (column - centroids[:, None]) ** 2
    squares[np.isnan(squares)] = np.inf
    return np.asarray(squares)


def _separation(squares: Floats, segments: Positions) -> float:
    """Return the simplified silhouette, each segment counting as much as any other; who lies nowhere counts for 0."""
    customers = np.arange(len(segments))
    own, others = np.sqrt(squares[segments, customers]), squares.copy()
    others[segments, customers] = np.inf
    other = np.sqrt(others.min(axis=0))
    larger = np.maximum(own, other)
    fits = np.isfinite(larger) & (larger > 0)
    silhouettes = np.zeros(len(larger))
    silhouettes[fits] = (other[fits] - own[fits]) / larger[fits]
    counts = np.bincount(segments)
    return float((np.bincount(segments, silhouettes) / counts).mean())


def evened_out_amounts(table: CustomerTable) -> tuple[str, ...]:
    """Return what a picture evens out where nobody chose: skewed amounts, and not a few people more in a household."""
    return without_years(table, table.money(table.skewed))


def without_years(table: CustomerTable, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return features without those that are years."""
    return tuple(name for name in names if table.column(name).quantity != "year")
