"""Which customers lie in a box of a picture, or within a closed line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.tables.evening_out import EveningOut
    from custseg.tables.expressions import Columns, Value

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]


class Projection(Protocol):
    """Where customers lie in a picture: a frozen rule over some features and categories."""

    @property
    def features(self) -> tuple[Value, ...]:
        """What it looks at."""

    def places(self, values: Floats) -> Floats:
        """Return where customers x features lie, customers x 2; NaN for one that lies nowhere."""

    def place_expressions(self, columns: Columns) -> tuple[nw.Expr, nw.Expr]:
        """Return where customers in an engine lie, across and up; null for one that lies nowhere."""


@dataclass(frozen=True, slots=True)
class OnFeatures:
    """A picture of two features: customers lie where their values are."""

    features: tuple[str, str]

    def places(self, values: Floats) -> Floats:
        """Return the values."""
        return values

    def place_expressions(self, columns: Columns) -> tuple[nw.Expr, nw.Expr]:
        """Return the values."""
        across, up = self.features
        return columns[across], columns[up]


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

    def place_expressions(self, columns: Columns) -> tuple[nw.Expr, nw.Expr]:
        """Return the places on these scales."""
        across, up = self.scales.expressions(self.projection.place_expressions(columns), columns)
        return across, up


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

    def expression(self, columns: Columns) -> nw.Expr:
        """Return which customers in an engine lie in it."""
        return box_expression(columns.keep(*self.projection.place_expressions(columns)), self.first, self.second)


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

    def expression(self, columns: Columns) -> nw.Expr:
        """Return which customers in an engine lie within it."""
        return polygon_expression(columns.keep(*self.projection.place_expressions(columns)), self.corners)


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


def box_expression(place: tuple[nw.Expr, ...], first: tuple[float, float], second: tuple[float, float]) -> nw.Expr:
    """Say what ``in_box`` says, of customers in an engine."""
    low, high = np.minimum(first, second).tolist(), np.maximum(first, second).tolist()
    across, up = ((one >= least) & (one <= most) for one, least, most in zip(place, low, high, strict=True))
    inside: nw.Expr = across & up
    return inside


def polygon_expression(place: tuple[nw.Expr, ...], corners: tuple[tuple[float, float], ...]) -> nw.Expr:
    """Say what ``in_polygon`` says, of customers in an engine: how often a ray crosses the line is counted."""
    across, up = place
    crossings: list[Any] = []
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        if y0 != y1:
            level = (up >= min(y0, y1)) & (up < max(y0, y1))
            left = across < (up - y0) * ((x1 - x0) / (y1 - y0)) + x0
            crossings.append(nw.when(level & left).then(nw.lit(1)).otherwise(nw.lit(0)))
    if not crossings:
        return across.is_null() & ~across.is_null()
    sides = np.array(corners)
    odd: nw.Expr = _sum(crossings) % 2 == 1
    return odd & box_expression(place, tuple(sides.min(axis=0)), tuple(sides.max(axis=0)))


def _sum(parts: Sequence[Any]) -> Any:
    """Add hundreds of parts without nesting them as deeply."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return _sum(parts[:middle]) + _sum(parts[middle:])
