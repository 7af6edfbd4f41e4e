"""How columns of numbers fit together: products, sums, near copies."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from custseg.tables.understanding import vocabulary as word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.tables.understanding.facts import ColumnFacts

    Floats = npt.NDArray[np.float64]

_MOST_ROWS = 5_000
_FEWEST_ROWS = 10
# A cell agrees where it differs by less than a hundredth, or by half a cent, from what it should be.
_NEAR, _CENT = 0.01, 0.0051
_NEARLY_ALL = 0.95
_COPY = 0.9995
_ACCUMULATED = 0.98


def is_product(total: ColumnFacts, first: ColumnFacts, second: ColumnFacts) -> bool:
    """Whether a column is the product of two others in nearly every row, as quantity x price is the amount."""
    product, found = first.values * second.values, total.values
    known = np.isfinite(product) & np.isfinite(found) & (product != 0)
    return int(known.sum()) >= _FEWEST_ROWS and _agree(product[known], found[known])


def is_difference(rest: ColumnFacts, whole: ColumnFacts, part: ColumnFacts) -> bool:
    """Whether a column is another less a third in nearly every row, as a total less its discount is what was paid."""
    difference, found = whole.values - np.abs(part.values), rest.values
    known = np.isfinite(difference) & np.isfinite(found)
    return int(known.sum()) >= _FEWEST_ROWS and _agree(difference[known], found[known])


def accumulated(columns: Sequence[ColumnFacts], durations: Sequence[ColumnFacts]) -> dict[str, tuple[str, str]]:
    """Return, for each rate whose product with a duration is about another of the columns, that one and the duration.

    A subscriber's charges in all are about the months times the charges of a month.
    """
    found = {}
    for rate, total in permutations(columns, 2):
        for duration in durations:
            if rate.name not in found and _is_about_product(total.values, rate.values, duration.values):
                found[rate.name] = (total.name, duration.name)
    return found


def _is_about_product(total: Floats, rate: Floats, duration: Floats) -> bool:
    known = np.isfinite(total) & np.isfinite(rate) & np.isfinite(duration) & (total != 0)
    if int(known.sum()) < _FEWEST_ROWS or np.ptp(duration[known]) == 0:
        return False
    product, found = (rate * duration)[known], total[known]
    near = np.abs(product / found - 1) < 0.2
    return bool(near.mean() > 0.8) and _correlation(product, found) > _ACCUMULATED


def sums_among(totals: Sequence[ColumnFacts], columns: Sequence[ColumnFacts]) -> dict[str, tuple[str, ...]]:
    """Return, for each of the first that is the sum of two or more of the others in nearly every row, those others.

    What is named as refunded or given off is taken off such a sum where it is not below 0 itself.
    """
    found: dict[str, tuple[str, ...]] = {}
    for total in totals:
        others = [column for column in columns if column is not total and column.name not in found]
        parts = _parts_of(total, others)
        if len(parts) > 1:
            found[total.name] = tuple(part.name for part in parts)
    return found


def _parts_of(total: ColumnFacts, others: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Return those of the columns whose sum the total is; none where it is no sum."""
    from scipy.optimize import nnls

    if len(others) < 2:
        return []
    signs = [-1.0 if _is_taken_off(other) else 1.0 for other in others]
    signed = [sign * other.values[:_MOST_ROWS] for sign, other in zip(signs, others, strict=True)]
    values = np.column_stack([total.values[:_MOST_ROWS], *signed])
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) < _FEWEST_ROWS or not values[:, 0].any():
        return []
    # Each part counts once or not at all, so that the least squares that are never negative show which do.
    shares, _ = nnls(values[:, 1:], values[:, 0])
    parts = [position for position, share in enumerate(shares) if share > 0.5]
    agrees = _agree(values[:, 1:][:, parts].sum(axis=1), values[:, 0])
    return [others[position] for position in parts] if agrees else []


def _is_taken_off(column: ColumnFacts) -> bool:
    return bool(column.words & (word.REFUNDED | word.DISCOUNT)) and not (column.finite < 0).any()


def near_copies(columns: Sequence[ColumnFacts]) -> dict[str, str]:
    """Return, for each column that says the same as one before it, that one: in another currency, or rounded."""
    found: dict[str, str] = {}
    for position, column in enumerate(columns):
        for earlier in columns[:position]:
            if earlier.name not in found and _says_the_same(earlier, column):
                found[column.name] = earlier.name
                break
    return found


def _says_the_same(earlier: ColumnFacts, column: ColumnFacts) -> bool:
    first, second = earlier.values[:_MOST_ROWS], column.values[:_MOST_ROWS]
    known = np.isfinite(first) & np.isfinite(second)
    # Few different values agree by chance, and where one is mostly missing it says something else.
    if int(known.sum()) < max(_FEWEST_ROWS, 0.9 * len(known)) or len(np.unique(second[known])) < _FEWEST_ROWS:
        return False
    return abs(_correlation(first[known], second[known])) >= _COPY


def _correlation(first: Floats, second: Floats) -> float:
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        correlation = float(np.corrcoef(first, second)[0, 1])
    return correlation if np.isfinite(correlation) else 0.0


def _agree(expected: Floats, found: Floats) -> bool:
    near = np.abs(expected - found) <= np.maximum(_CENT, _NEAR * np.abs(found))
    return bool(near.mean() >= _NEARLY_ALL)
