"""Fill missing values with those of the most similar customers.

The k-nearest-neighbours method of Troyanskaya et al., "Missing value estimation methods for DNA microarrays" (2001), as
scikit-learn's KNNImputer has it, against a sample of the customers, so that many of them take little time and memory.
Distances are summed feature by feature: a customer is filled alike alone and within a table, whatever BLAS does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.sampling import sample_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

NEAREST = 5
# As similar customers are hardly nearer among more of them, and each costs time for each customer that is filled in.
MOST_REFERENCES = 1000
_ROWS_AT_A_TIME = 256


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Customers of whom others take the values that they miss.

    Attributes
    ----------
    values
        Customers x features in the features' own units, NaN where missing.
    positions
        The same in units in which features can be compared.

    """

    values: Floats
    positions: Floats

    def __post_init__(self) -> None:
        self.values.setflags(write=False)
        self.positions.setflags(write=False)

    @staticmethod
    def rows(customers: int) -> npt.NDArray[np.intp]:
        """Return which of so many customers (from 0) are taken: the same ones each time."""
        return sample_rows(customers, MOST_REFERENCES, np.random.default_rng(0))

    def fill(self, values: Floats, positions: Floats, otherwise: Floats) -> Floats:
        """Return customers x features, each missing value the mean of the NEAREST similar customers who have one.

        ``otherwise`` is what a feature is filled with where nobody similar has a value.
        """
        filled = values.copy()
        for rows, column, found in self._similar(positions):
            known = ~np.isnan(found)
            having = known.sum(axis=1)
            means = np.where(known, found, 0).sum(axis=1) / np.maximum(having, 1)
            filled[rows, column] = np.where(having > 0, means, otherwise[column])
        return filled

    def alternatives(self, values: Floats, positions: Floats, otherwise: Floats) -> list[Floats]:
        """Return NEAREST times customers x features: missing values are those of the nearest customer, the next ..."""
        ways = [values.copy() for _ in range(NEAREST)]
        for rows, column, found in self._similar(positions):
            for way, some in zip(ways, found.T, strict=True):
                way[rows, column] = np.where(np.isnan(some), otherwise[column], some)
        return ways

    def _similar(self, positions: Floats) -> Iterator[tuple[npt.NDArray[np.intp], int, Floats]]:
        """Yield customers (rows) who miss a feature (column), and its values of the NEAREST who have one.

        The values are rows x NEAREST, NaN where fewer have one.
        """
        incomplete = np.flatnonzero(np.isnan(positions).any(axis=1))
        for first in range(0, len(incomplete), _ROWS_AT_A_TIME):
            rows = incomplete[first : first + _ROWS_AT_A_TIME]
            distances, gaps = self._squared_distances(positions[rows]), np.isnan(positions[rows])
            for column in np.flatnonzero(gaps.any(axis=0)).tolist():
                missing = gaps[:, column]
                reached = np.where(np.isnan(self.values[:, column]), np.inf, distances[missing])
                yield rows[missing], column, _values_of_nearest(reached, self.values[:, column])

    def _squared_distances(self, positions: Floats) -> Floats:
        """Return mean squared distances, rows x references, over what both have; infinite where that is nothing."""
        known, have = ~np.isnan(positions), ~np.isnan(self.positions)
        total = np.zeros((len(positions), len(self.positions)))
        away = np.empty_like(total)
        for own, other, here, there in zip(positions.T, self.positions.T, known.T, have.T, strict=True):
            np.subtract(np.where(here, own, 0)[:, None], np.where(there, other, 0), out=away)
            np.multiply(away, away, out=away)
            away[~here] = 0
            away[:, ~there] = 0
            total += away
        # Counts are exact, in whatever order BLAS adds them up.
        shared = known.astype(np.float64) @ have.T.astype(np.float64)
        return np.divide(total, shared, out=np.full_like(total, np.inf), where=shared > 0)


def _values_of_nearest(reached: Floats, values: Floats) -> Floats:
    """Return the values at the NEAREST smallest of each row of distances (overwritten), NaN for infinite ones.

    Of equally near ones the first is taken.
    """
    found = np.full((len(reached), NEAREST), np.nan)
    position = np.arange(len(reached))
    for place in range(NEAREST):
        nearest = reached.argmin(axis=1)
        near = np.isfinite(reached[position, nearest])
        found[near, place] = values[nearest[near]]
        reached[position, nearest] = np.inf
    return found
