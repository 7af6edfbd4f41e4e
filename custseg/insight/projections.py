"""Two directions through all features at once, for a picture that hides less than two features do.

The principal plane shows as much as two directions can of how customers differ (Pearson, 1901); the discriminant plane
as much as they can of how far segments are apart beside how wide each is (Fisher, 1936; Rao, 1948).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from custseg.clustering.scoring_expression import prepare_columns
from custseg.tables.expressions import SEGMENT

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.expressions import Columns, Value

    Floats = npt.NDArray[np.float64]

Kind = Literal["principal", "discriminant"]
KINDS: tuple[str, ...] = get_args(Kind)
# Added to how wide segments are, as a share of that and of all, so that there is an answer too where features say the
# same twice, or where every customer is at its centroid.
_RIDGE, _LEAST = 1e-8, 1e-12
# A direction that separates so much less than the first does so by rounding alone.
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane through the centre of all segmented customers, in prepared units.

    Attributes
    ----------
    kind
        What it shows as much of as a plane can.
    centre
        The mean of the customers, (prepared columns,).
    directions
        2 x prepared columns; a customer's place is its difference from the centre times these.
    shares
        How much of the variance (principal) or of the separation (discriminant) each direction shows, 0 to 1.

    """

    kind: Kind
    centre: Floats = field(repr=False)
    directions: Floats = field(repr=False)
    shares: tuple[float, float]

    def place(self, prepared: Floats) -> Floats:
        """Return where customers or centroids (rows x prepared columns) lie, rows x 2."""
        return np.asarray((prepared - self.centre) @ self.directions.T)


@dataclass(frozen=True, eq=False)
class OnPlane:
    """A picture of a plane: customers x compared lie where they are on it, once they are prepared."""

    plane: Plane
    preparation: Preparation

    @property
    def features(self) -> tuple[Value, ...]:
        """What was compared."""
        return self.preparation.compared

    def places(self, values: Floats) -> Floats:
        """Return where they lie, customers x 2; a missing value is filled."""
        return self.plane.place(self.preparation.apply(values))

    def place_expressions(self, columns: Columns) -> tuple[nw.Expr, nw.Expr]:
        """Return where customers in an engine lie, across and up."""
        prepared = prepare_columns(self.preparation, columns).prepared
        away = columns.keep(*(column - float(mean) for column, mean in zip(prepared, self.plane.centre, strict=True)))
        across, up = (
            reduce(add, [column * float(part) for column, part in zip(away, direction, strict=True)])
            for direction in self.plane.directions
        )
        return across, up


def find_planes(segmentation: Segmentation) -> tuple[Plane, ...]:
    """Return the principal and the discriminant plane of a segmentation; none where all lie on one line."""
    if segmentation.prepared_centroids.shape[1] < 2:
        return ()
    sample = segmentation.segmented_sample()
    prepared = segmentation.preparation.apply(sample.matrix(segmentation.compared))
    centre = prepared.mean(axis=0)
    total = _scatter(prepared - centre)
    # Of the segments' own means: centroids are not quite that where the search for them ended early.
    labels = sample.labels[SEGMENT].astype(np.intp) - 1
    sums = np.array([np.bincount(labels, column, minlength=segmentation.k) for column in (prepared - centre).T])
    apart = sums / np.sqrt(np.maximum(np.bincount(labels, minlength=segmentation.k), 1))
    between = apart @ apart.T
    return _principal(centre, total), _discriminant(centre, total, between)


def _scatter(centred: Floats) -> Floats:
    # einsum would give the same bits on any number of threads, but takes longer; a picture can bear the last bit.
    return np.asarray(centred.T @ centred)


def _principal(centre: Floats, total: Floats) -> Plane:
    values, vectors = np.linalg.eigh(total)
    return _plane("principal", centre, values[::-1], vectors.T[::-1], float(np.trace(total)))


def _discriminant(centre: Floats, total: Floats, between: Floats) -> Plane:
    from scipy.linalg import eigh

    within = total - between
    ridge = max(_RIDGE * float(np.trace(within)), _LEAST * float(np.trace(total)))
    values, vectors = eigh(between, within + ridge * np.eye(len(within)))
    values, vectors = values[::-1], (vectors / np.linalg.norm(vectors, axis=0)).T[::-1]
    if values[1] <= _NOTHING * values[0]:
        # Two segments, or all on one line: nothing but that line sets them apart, so show beside it how all differ.
        values, vectors = np.array([values[0], 0.0]), np.array([vectors[0], _widest_beside(vectors[0], total)])
    return _plane("discriminant", centre, values, vectors, float(np.maximum(values, 0).sum()))


def _widest_beside(direction: Floats, total: Floats) -> Floats:
    """Return the direction of most variance among those at right angles to one."""
    beside = np.eye(len(direction)) - np.outer(direction, direction)
    return np.asarray(np.linalg.eigh(beside @ total @ beside)[1][:, -1])


def _plane(kind: Kind, centre: Floats, values: Floats, vectors: Floats, total: float) -> Plane:
    # The sign of a direction is arbitrary: let most of it point up and to the right, everywhere the same.
    directions = vectors[:2] * np.where(vectors[:2].sum(axis=1) < 0, -1.0, 1.0)[:, None]
    first, second = np.clip(values[:2] / total, 0, 1) if total > 0 else (0.0, 0.0)
    return Plane(kind, centre, directions, (float(first), float(second)))
