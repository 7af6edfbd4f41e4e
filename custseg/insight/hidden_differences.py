"""Where a picture lies: segments that run into each other in it, and are apart in a feature that it doesn't show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.sampling import sample_rows

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation

    Floats = npt.NDArray[np.float64]

MOST_CUSTOMERS = 4000
# Of one customer of each segment, how often the one is above the other: half the time where segments are alike.
APART, OVERLAPPING = 0.95, 0.85


@dataclass(frozen=True, slots=True)
class HiddenDifference:
    """Two segments that overlap in a picture, and the feature that tells them apart.

    Attributes
    ----------
    higher, lower
        The two segments, from 1: the one with more of the feature, and the one with less.
    feature
        Its name.
    apart
        Of one customer of each, how often the one of ``higher`` has more of the feature, 0 to 1.
    shown
        How often the two customers are told apart by where they lie in the picture, along the line that does it best.

    """

    higher: int
    lower: int
    feature: str
    apart: float
    shown: float


@dataclass(frozen=True, eq=False)
class Overlaps:
    """What is known of each two segments of a result, to judge any picture of it by.

    Attributes
    ----------
    segmentation
        Of what.
    rows
        The customers that were looked at (from 0): all segmented ones, or a sample of them.
    superiority
        k x k x features: of one customer of each segment, how often that of the first has more, ties counted half
        (McGraw & Wong, "A common language effect size statistic", 1992; the AUC of Mann and Whitney's U).

    """

    segmentation: Segmentation = field(repr=False)
    rows: npt.NDArray[np.intp] = field(repr=False)
    superiority: Floats = field(repr=False)

    def hidden_in(self, places: Floats, shown: Collection[str]) -> HiddenDifference | None:
        """Return the two segments that a picture misleads most about, or None where it misleads about none.

        ``places`` says where the customers of ``rows`` lie (rows x 2), NaN for one that is not drawn; ``shown`` are the
        features that the picture's axes show by themselves.
        """
        result = self.segmentation
        position = {number: np.flatnonzero(result.labels[self.rows] == number) for number in range(1, result.k + 1)}
        columns = [result.features.index(name) for name in shown if name in result.features]
        for pair in self._separated_pairs(shown):
            # What an axis alone tells apart needs no closer look.
            seen = 0.5 + np.abs(self.superiority[pair.higher - 1, pair.lower - 1, columns] - 0.5).max(initial=0)
            if seen < OVERLAPPING:
                one, other = (places[position[number]] for number in (pair.higher, pair.lower))
                seen = _separation_in_picture(one[np.isfinite(one).all(axis=1)], other[np.isfinite(other).all(axis=1)])
            if seen < OVERLAPPING:
                return replace(pair, shown=seen)
        return None

    def separates_less(self, pair: HiddenDifference, one: str, other: str) -> str:
        """Return the one of two features that tells two segments less apart; one that was not compared, not at all."""

        def apart(feature: str) -> float:
            features = self.segmentation.features
            column = features.index(feature) if feature in features else None
            return 0.0 if column is None else abs(self.superiority[pair.higher - 1, pair.lower - 1, column] - 0.5)

        return min(one, other, key=apart)

    def _separated_pairs(self, shown: Collection[str]) -> list[HiddenDifference]:
        """Every two segments that a feature not shown tells apart, the best told first."""
        features = [name for name in self.segmentation.features if name not in shown]
        columns = [self.segmentation.features.index(name) for name in features]
        found = []
        for one, other in combinations(range(self.segmentation.k), 2) if columns else ():
            above = self.superiority[one, other, columns]
            best = int(np.abs(above - 0.5).argmax())
            pair = (one + 1, other + 1) if above[best] > 0.5 else (other + 1, one + 1)
            found.append(HiddenDifference(*pair, features[best], float(max(above[best], 1 - above[best])), 0.0))
        return sorted((pair for pair in found if pair.apart >= APART), key=lambda pair: -pair.apart)


def find_overlaps(segmentation: Segmentation) -> Overlaps:
    """Find out how far apart every two segments are in each feature, in its own units."""
    segmented = np.flatnonzero(segmentation.segmented)
    rows = segmented[sample_rows(len(segmented), MOST_CUSTOMERS, np.random.default_rng(0))]
    values = segmentation.table.matrix(segmentation.features)[rows]
    labels, k = segmentation.labels[rows], segmentation.k
    groups = [np.sort(values[labels == number], axis=0) for number in range(1, k + 1)]
    superiority = np.full((k, k, values.shape[1]), 0.5)
    for one, other in combinations(range(k), 2):
        for column in range(values.shape[1]):
            share = _superiority(groups[one][:, column], groups[other][:, column])
            superiority[one, other, column], superiority[other, one, column] = share, 1 - share
    return Overlaps(segmentation, rows, superiority)


def _superiority(one: Floats, other: Floats) -> float:
    """Return how often a value of ``one`` is above one of ``other`` (both sorted, NaN last); one half for no values."""
    one, other = one[~np.isnan(one)], other[~np.isnan(other)]
    if not len(one) or not len(other):
        return 0.5
    below, up_to = (np.searchsorted(other, one, side).mean() for side in ("left", "right"))
    return float((below + up_to) / 2 / len(other))


def _separation_in_picture(one: Floats, other: Floats) -> float:
    """Return how often two customers are told apart along the line that does it best; 0.5 for nobody."""
    if not len(one) or not len(other):
        return 0.5
    centred = np.concatenate([one - one.mean(axis=0), other - other.mean(axis=0)])
    within = centred.T @ centred
    # Fisher's line; the inverse holds too for customers who all lie on one.
    line = np.linalg.pinv(within, hermitian=True) @ (one.mean(axis=0) - other.mean(axis=0))
    candidates = [line, *np.eye(2)]
    found = [_superiority(np.sort(one @ candidate), np.sort(other @ candidate)) for candidate in candidates]
    return max(max(share, 1 - share) for share in found)
