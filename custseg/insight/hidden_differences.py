"""Where a picture misleads: segments that overlap in it, but differ in a feature that it does not show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from custseg.insight.separating_features import separating_pair
from custseg.ranks import superiority
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Sample

    Floats = npt.NDArray[np.float64]

MOST_CUSTOMERS = 4000
# Of one customer from each segment, how often the one is above the other: half the time where segments are alike.
SEPARATED, OVERLAPPING = 0.95, 0.85
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class HiddenDifference:
    """Two segments that overlap in a picture, and the feature in which they differ.

    Attributes
    ----------
    higher, lower
        The two segments, from 1: the one with more of the feature, and the one with less of it.
    feature
        Its name.
    superiority
        Of one customer from each, how often the one in ``higher`` has more of the feature, 0 to 1.
    separation_in_picture
        How often where the two customers lie in the picture says which is which, along the line that separates them
        best; 0.5 to 1.

    """

    higher: int
    lower: int
    feature: str
    superiority: float
    separation_in_picture: float


@dataclass(frozen=True, eq=False)
class Overlaps:
    """How far apart every two segments of a result are in each feature, to check any picture of it against.

    Attributes
    ----------
    segmentation
        Of what.
    sample
        The customers that were compared: all segmented ones, or a sample of them.
    superiority
        k x k x features: of one customer from each segment, how often that of the first has more, ties counted half
        (``custseg.ranks.superiority``).

    """

    segmentation: Segmentation = field(repr=False)
    sample: Sample = field(repr=False)
    superiority: Floats = field(repr=False)
    # By the features that are evened out.
    _separating_pairs: dict[frozenset[str], tuple[str, str] | None] = field(default_factory=dict, repr=False)

    def separating_pair(self, evened: Collection[str]) -> tuple[str, str] | None:
        """Return the two features that separate the segments best in a picture, those ``evened`` out on that scale."""
        features, known = self.segmentation.features, self._separating_pairs
        scales = frozenset(evened).intersection(features)
        if scales not in known:
            known[scales] = separating_pair(self.sample, features, scales)
        return known[scales]

    def hidden_in(self, places: Floats, shown: Collection[str]) -> HiddenDifference | None:
        """Return the two segments that a picture misleads most about, or None where it misleads about none.

        ``places`` says where the customers of ``sample`` lie (customers x 2), NaN for one that is not drawn; ``shown``
        are the features that the picture's axes show by themselves.
        """
        for pair in self._separated_pairs(shown):
            separation = self._separation_on_axes(pair, shown)
            # What an axis alone separates needs no closer look.
            if separation < OVERLAPPING:
                groups = [self._drawn(places, number) for number in (pair.higher, pair.lower)]
                separation = _separation_in_picture(*groups)
            if separation < OVERLAPPING:
                return replace(pair, separation_in_picture=separation)
        return None

    def separates_less(self, pair: HiddenDifference, one: str, other: str) -> str:
        """Return the feature that separates two segments less, of two; one that was not compared separates nothing."""
        return min(one, other, key=lambda feature: self._separation_on_axes(pair, [feature]))

    def _separation_on_axes(self, pair: HiddenDifference, features: Collection[str]) -> float:
        """Return how often the best of some features alone says which of two customers is in which segment."""
        compared = self.segmentation.features
        columns = [compared.index(name) for name in features if name in compared]
        above = self.superiority[pair.higher - 1, pair.lower - 1, columns]
        return _ALIKE + float(np.abs(above - _ALIKE).max(initial=0))

    def _drawn(self, places: Floats, number: int) -> Floats:
        """Return where the customers of a segment lie in a picture, without those that are not drawn."""
        own = places[self.sample.labels[SEGMENT] == number]
        return np.asarray(own[np.isfinite(own).all(axis=1)])

    def _separated_pairs(self, shown: Collection[str]) -> list[HiddenDifference]:
        """Return every two segments that a feature not shown separates, the best separated first."""
        features = [name for name in self.segmentation.features if name not in shown]
        columns = [self.segmentation.features.index(name) for name in features]
        found = []
        for first, second in combinations(range(self.segmentation.k), 2) if columns else ():
            above = self.superiority[first, second, columns]
            best = int(np.abs(above - _ALIKE).argmax())
            pair = (first + 1, second + 1) if above[best] > _ALIKE else (second + 1, first + 1)
            found.append(HiddenDifference(*pair, features[best], float(max(above[best], 1 - above[best])), 0.0))
        return sorted((pair for pair in found if pair.superiority >= SEPARATED), key=lambda pair: -pair.superiority)


def find_overlaps(segmentation: Segmentation) -> Overlaps:
    """Find out how far apart every two segments are in each feature, in its own units."""
    sample, k = segmentation.segmented_sample(MOST_CUSTOMERS), segmentation.k
    values, codes = sample.matrix(segmentation.features), sample.labels[SEGMENT]
    groups = [_sorted_columns(values[codes == number]) for number in range(1, k + 1)]
    found = np.full((k, k, values.shape[1]), _ALIKE)
    for first, second in combinations(range(k), 2):
        shares = [superiority(own, other) for own, other in zip(groups[first], groups[second], strict=True)]
        found[first, second] = shares
        found[second, first] = 1 - found[first, second]
    return Overlaps(segmentation, sample, found)


def _sorted_columns(values: Floats) -> list[Floats]:
    """Return the values of each feature from the least to the largest, without NaN."""
    return [np.sort(column[~np.isnan(column)]) for column in values.T]


def _separation_in_picture(one: Floats, other: Floats) -> float:
    """Return how often where two customers lie says which is which, along the best line; 0.5 for nobody."""
    if not len(one) or not len(other):
        return _ALIKE
    centred = np.concatenate([one - one.mean(axis=0), other - other.mean(axis=0)])
    within = centred.T @ centred
    # Fisher's line; the pseudo-inverse also holds where all customers lie on one line.
    line = np.linalg.pinv(within, hermitian=True) @ (one.mean(axis=0) - other.mean(axis=0))
    candidates = [line, *np.eye(2)]
    found = [superiority(np.sort(one @ candidate), np.sort(other @ candidate)) for candidate in candidates]
    return max(max(share, 1 - share) for share in found)
