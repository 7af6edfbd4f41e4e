"""Tables like a given one but without groups: what evidence of groups looks like where there are none.

Each column keeps its skew, its tails and its frequent values, such as zeros or the two values of a flag, but has a
single peak apart from these; the columns keep their correlations (a Gaussian copula), those of frequent values in part.
So segments that come of skew, of frequent values or of correlations come of these tables as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.how_many.frequent_values import FREQUENT, ranks_within_columns

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# At so many places the peak of a column is looked for.
_PEAKS = 24


@dataclass(frozen=True, slots=True)
class NullModel:
    """What tables without groups are drawn from: sorted values of each column, and a root of their correlations."""

    margins: Floats
    root: Floats

    def draw(self, generator: np.random.Generator) -> Floats:
        """Return a table, rows x columns."""
        latent = generator.normal(size=self.margins.shape) @ self.root
        return np.take_along_axis(self.margins, ranks_within_columns(latent), axis=0)


def null_model(values: Floats) -> NullModel:
    """Learn what tables without groups look like that are otherwise like this one, customers x columns."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    # Customers who share a value share its middle rank: at random ones, they would hide what columns have in common.
    scores = ndtri((rankdata(values, axis=0) - 0.5) / len(values))
    deviations = scores - scores.mean(axis=0)
    lengths = np.linalg.norm(deviations, axis=0)
    standard = np.divide(deviations, lengths, out=np.zeros_like(deviations), where=lengths > 0)
    spread, directions = np.linalg.eigh(standard.T @ standard)
    margins = np.column_stack([_one_peaked(np.sort(column)) for column in values.T])
    return NullModel(margins, (directions * np.sqrt(np.maximum(spread, 0))).T)


def _one_peaked(ordered: Floats) -> Floats:
    """Return as many sorted values with a single peak, beside the frequent ones, which stay."""
    distinct, counts = np.unique(ordered, return_counts=True)
    frequent = counts >= FREQUENT * len(ordered)
    places, masses = distinct[~frequent], counts[~frequent].astype(np.float64)
    if len(places) < 3:
        return ordered
    customers = int(masses.sum())
    shares = (masses[:-1] + masses[1:]) / 2
    below = np.interp((np.arange(customers) + 0.5) / customers, _cumulated(places, shares), places)
    return np.sort(np.concatenate([np.repeat(distinct[frequent], counts[frequent]), below]))


def _cumulated(places: Floats, shares: Floats) -> Floats:
    """Return the one-peaked distribution nearest to what is between these places, cumulated at each of them.

    Left of its peak it is the greatest convex minorant, right of it the least concave majorant (Hartigan & Hartigan,
    "The dip test of unimodality", 1985).
    """
    from scipy.optimize import isotonic_regression

    widths = np.diff(places)
    densities = shares / widths
    observed = np.cumsum(shares)
    best, best_distance = observed, np.inf
    for peak in np.unique(np.linspace(0, len(widths), _PEAKS + 1).astype(int)):
        rising = isotonic_regression(densities[:peak], weights=widths[:peak]).x if peak else densities[:0]
        falling = densities[peak:]
        if len(falling):
            falling = isotonic_regression(falling, weights=widths[peak:], increasing=False).x
        fitted = np.cumsum(np.concatenate([rising, falling]) * widths)
        distance = float(np.abs(fitted - observed).max())
        if distance < best_distance:
            best, best_distance = fitted, distance
    return np.concatenate([[0.0], best / best[-1]])
