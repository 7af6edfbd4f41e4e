"""Which customers lie in a box of a picture, or within a closed line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.evening_out import EveningOut
    from custseg.tables.expressions import Value

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


class Projection(Protocol):
    """Where customers lie in a picture: a frozen rule over some features and categories."""

    @property
    def features(self) -> tuple[Value, ...]:
        """What it looks at."""

    def places(self, values: Floats) -> Floats:
        """Return where customers x features lie, customers x 2; NaN for one that lies nowhere."""


@dataclass(frozen=True, slots=True)
class OnFeatures:
    """A picture of two features: customers lie where their values are."""

    features: tuple[str, str]

    def places(self, values: Floats) -> Floats:
        """Return the values."""
        return values


@dataclass(frozen=True, slots=True)
class OnLogScales:
    """A picture on logarithmic scales with room for 0: a line that is straight on the screen is so on these."""

    projection: Projection
    scales: EveningOut

    @property
    def features(self) -> tuple[Value, ...]:
        """What the picture shows."""
        return self.projection.features

    def places(self, values: Floats) -> Floats:
        """Return the places on these scales."""
        return self.scales.apply(self.projection.places(values))


@dataclass(frozen=True, slots=True)
class InBox:
    """Whether a customer lies in a box with these two corners."""

    projection: Projection
    first: tuple[float, float]
    second: tuple[float, float]

    @property
    def features(self) -> tuple[Value, ...]:
        """What the picture shows."""
        return self.projection.features

    def holds(self, values: Floats) -> Flags:
        """Return who lies in it."""
        return in_box(self.projection.places(values), self.first, self.second)


@dataclass(frozen=True, slots=True)
class InPolygon:
    """Whether a customer lies within a closed line through these corners."""

    projection: Projection
    corners: tuple[tuple[float, float], ...]

    @property
    def features(self) -> tuple[Value, ...]:
        """What the picture shows."""
        return self.projection.features

    def holds(self, values: Floats) -> Flags:
        """Return who lies within it."""
        return in_polygon(self.projection.places(values), np.array(self.corners))


def in_box(points: Floats, first: tuple[float, float], second: tuple[float, float]) -> Flags:
    """Say of each point (n x 2) whether it lies in the box with these two corners; one at no place doesn't."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return np.asarray(((points >= low) & (points <= high)).all(axis=1))


def in_polygon(points: Floats, corners: Floats) -> Flags:
    """Say of each point (n x 2) whether it lies within the closed line through the corners (m x 2).

    Where the line crosses itself, the even-odd rule counts: inside is from where a ray crosses the line an odd number
    of times. Points are sorted once, so that each edge looks only at those that lie level with it: a line drawn by hand
    has hundreds of edges, most of them short.
    """
    order = np.argsort(points[:, 1], kind="stable")
    order = order[np.isfinite(points[order]).all(axis=1)]
    x, y = points[order].T
    odd = np.zeros(len(order), dtype=bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        # Half open, so that a point level with a corner meets one of the two edges there.
        low, high = np.searchsorted(y, (min(y0, y1), max(y0, y1)))
        if low < high:
            odd[low:high] ^= x[low:high] < x0 + (y[low:high] - y0) * ((x1 - x0) / (y1 - y0))
    inside = np.zeros(len(points), dtype=bool)
    inside[order] = odd
    return inside
