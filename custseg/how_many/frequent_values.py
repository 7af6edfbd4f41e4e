"""Gaps beside a value that many share, such as 0 or a flag: closed where a single column has them.

A column of such values is made normal by rank: the same order, equal values at random within it. So a gap of one column
closes, and one that several columns agree on stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating]

# A value is frequent with so large a share of all customers, or of one segment: 0 may be rare but for a segment that
# has come of it. More than half, since a count such as 2 is frequent in many a group.
FREQUENT, FREQUENT_IN_SEGMENT = 0.1, 0.5


class FrequentValues:
    """Which columns have frequent values, in all customers and in each segment (``labels`` are 0..k-1)."""

    def __init__(self, prepared: Floats, labels: npt.NDArray[np.intp], k: int) -> None:
        self._values, self._labels = prepared, labels
        frequent = _largest_shares(prepared) >= FREQUENT
        self._spread = prepared.copy()
        self._spread[:, frequent] = _normal_scores(prepared[:, frequent])
        self._within = [_largest_shares(prepared[labels == position]) > FREQUENT_IN_SEGMENT for position in range(k)]

    def pair(self, first: int, second: int) -> tuple[Floats, Floats]:
        """Return the customers of two segments, customers x columns, with frequent values spread.

        Where most of a segment share a value, ranks are those within the two segments: values of others in between
        would leave the gap open.
        """
        columns = self._within[first] | self._within[second]
        both = (self._labels == first) | (self._labels == second)
        spread, labels = self._spread[both], self._labels[both]
        spread[:, columns] = _normal_scores(self._values[both][:, columns])
        return spread[labels == first], spread[labels == second]


def _largest_shares(values: Floats) -> npt.NDArray[np.float64]:
    """Return for each column the share of the customers who have its most frequent value."""
    return np.array([np.unique(column, return_counts=True)[1].max() / len(values) for column in values.T])


def _normal_scores(values: Floats) -> Floats:
    """Return what a normal distribution has at the rank of each value, as spread as the values are."""
    from scipy.special import ndtri

    return np.asarray(ndtri((ranks_within_columns(values) + 0.5) / len(values)) * values.std(axis=0))


def ranks_within_columns(values: Floats) -> npt.NDArray[np.intp]:
    """Return the rank of each value in its column, from 0, equal ones in their order."""
    return np.asarray(values.argsort(axis=0, kind="stable").argsort(axis=0))
