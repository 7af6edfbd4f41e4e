"""An immutable mapping of weights, so that a recipe that has weights can be compared and hashed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class FeatureWeights(Mapping[str, float]):
    """The weight of each feature; equal to any mapping of the same features and weights, in any order."""

    __slots__ = ("_pairs",)

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._pairs = tuple(weights.items())

    def __getitem__(self, name: str) -> float:
        """Return the weight of a feature. Raises KeyError where it has none."""
        for feature, weight in self._pairs:
            if feature == name:
                return weight
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the features in the order given."""
        return (feature for feature, _ in self._pairs)

    def __len__(self) -> int:
        """Return the number of features that have a weight."""
        return len(self._pairs)

    def __hash__(self) -> int:
        """Return the same hash for equal weights."""
        return hash(frozenset(self._pairs))

    def __repr__(self) -> str:
        """Write the weights as a dictionary."""
        return repr(dict(self._pairs))
