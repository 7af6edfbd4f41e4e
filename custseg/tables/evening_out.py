"""The transform that evens out skewed amounts and counts, and gives the same in whatever unit they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from custseg.sampling import seeded_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from custseg.tables.expressions import Columns

    Floats = npt.NDArray[np.float64]

# Up to a third of the typical amount, differences count as amounts; above it, more and more as ratios.
_KNEE = 1 / 3
_MOST_FOR_MEDIANS = 200_000
_SMALLEST_KNEE = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False, slots=True)
class EveningOut:
    """Which features are evened out: value to arcsinh(value / knee), as the identity up to the knee, then a logarithm.

    The knee is a third of the median of what is not 0, without its sign. So a feature comes out the same in euros and
    in cents, once it is scaled, 0 stays 0, and refunds are the mirror of purchases. On planted groups of customers
    (lognormal, gamma and Pareto amounts, counts, many zeros, refunds) a third recovers more of them than the whole
    median or a tenth of it; so does no other transform that knows no unit, such as a cube root or normal scores
    (``python -m benchmarks evening``). See Burbidge, Magee and Robb, "Alternative transformations to handle extreme
    values of the dependent variable", 1988.

    Attributes
    ----------
    evened
        Whether each feature is evened out, shape (features,).
    knees
        In the features' own units; 1 where a feature stays as it is.

    """

    evened: npt.NDArray[np.bool_]
    knees: Floats

    def __post_init__(self) -> None:
        self.evened.setflags(write=False)
        self.knees.setflags(write=False)

    @classmethod
    def fit(cls, values: Floats, evened: npt.NDArray[np.bool_]) -> EveningOut:
        """Learn the knees from customers x features, NaN where missing; from 200,000 at random where there are more."""
        some = values[:, evened]
        if len(some) > _MOST_FOR_MEDIANS:
            some = some[seeded_rows(len(some), _MOST_FOR_MEDIANS)]
        knees = np.ones(values.shape[1])
        knees[evened] = [_knee(column) for column in some.T]
        return cls(evened.copy(), knees)

    def apply(self, values: Floats) -> Floats:
        """Even out customers x features; values themselves where no feature is evened out."""
        return self._replaced(values, lambda column, knee: np.arcsinh(column / knee))

    def invert(self, values: Floats) -> Floats:
        """Return what was evened out in its own units."""
        return self._replaced(values, lambda column, knee: np.sinh(column) * knee)

    def expressions(self, values: Sequence[nw.Expr], columns: Columns) -> tuple[nw.Expr, ...]:
        """Even out the features of customers in an engine; values themselves where a feature is not evened out."""
        places = np.flatnonzero(self.evened).tolist()
        divided = columns.keep(*(values[place] / float(self.knees[place]) for place in places))
        evened = dict(zip(places, _arcsinh(divided, columns), strict=True))
        return tuple(evened.get(place, value) for place, value in enumerate(values))

    def _replaced(self, values: Floats, compute: Callable[[Floats, float], Floats]) -> Floats:
        if not self.evened.any():
            return values
        replaced = values.copy(order="K")
        # Column by column: of all at once there would be three more copies.
        for position in np.flatnonzero(self.evened):
            replaced[:, position] = compute(values[:, position], float(self.knees[position]))
        return replaced


def _arcsinh(values: Sequence[nw.Expr], columns: Columns) -> list[nw.Expr]:
    """Return the area hyperbolic sine, for which Narwhals has no name.

    It lets engines ask whether there is a root and a logarithm, and so write out twice what these are of.
    """
    squares = columns.keep(*(value * value + 1.0 for value in values))
    risen = columns.keep(*(value.abs() + square.sqrt() for value, square in zip(values, squares, strict=True)))
    signs = [nw.when(value < 0).then(nw.lit(-1.0)).otherwise(nw.lit(1.0)) for value in values]
    return [one.log() * sign for one, sign in zip(risen, signs, strict=True)]


def _knee(column: Floats) -> float:
    sizes = np.abs(column[(column != 0) & ~np.isnan(column)])
    return max(float(np.median(sizes)) * _KNEE, _SMALLEST_KNEE) if len(sizes) else 1.0
