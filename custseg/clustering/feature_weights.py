"""A mapping that nobody can change, so that a recipe with weights is a value: it can be compared, hashed and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class FeatureWeights(Mapping[str, float]):
    """How much each feature counts; equal to any mapping of the same features and weights, in whatever order."""

    __slots__ = ("_pairs",)

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._pairs = tuple(weights.items())

    def __getitem__(self, name: str) -> float:
        """Return the weight of a feature. Raises KeyError where none is stated."""
        for feature, weight in self._pairs:
            if feature == name:
                return weight
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Go through the features, in the order in which they were stated."""
        return (feature for feature, _ in self._pairs)

    def __len__(self) -> int:
        """Return how many features have a weight."""
        return len(self._pairs)

    def __hash__(self) -> int:
        """Return the same number for equal weights."""
        return hash(frozenset(self._pairs))

    def __repr__(self) -> str:
        """Write them as a dictionary."""
        return repr(dict(self._pairs))
