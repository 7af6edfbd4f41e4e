"""Customers as they lie in a picture: how many in each cell of a grid over it, and one of each cell.

This is all that a picture of very many customers is drawn from. Whatever holds customers answers it in its own way:
``placed`` is a function of the kind of customers, with which another kind is registered. In memory datashader counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial, singledispatch
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from custseg.errors import DataError
from custseg.parallel import MOST_THREADS, in_parallel
from custseg.sampling import chunks
from custseg.settings import K_RANGE
from custseg.tables.customers import axis_length, positions_of
from custseg.tables.in_memory import InMemoryCustomers, in_memory

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.customers import Customers, Sample
    from custseg.tables.expressions import Condition
    from custseg.tables.shapes import Projection

    Counts = npt.NDArray[np.uint32]
    Places = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.intp]
    Span = tuple[float, float]


# Datashader compiles its code anew for each number of groups, so there is only this one.
_MOST_GROUPS = axis_length(K_RANGE[1])
# Of fewer customers, a thread takes longer to start than to count them.
_FEWEST_IN_A_PIECE = 500_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A part of a picture, cut into cells."""

    x: Span
    y: Span
    columns: int
    rows: int


class Placed(Protocol):
    """Customers in a picture."""

    @property
    def customers(self) -> Customers:
        """Who they are."""

    @property
    def spans(self) -> tuple[Span, Span] | None:
        """From where to where they lie on each axis; None where nobody lies anywhere."""

    @property
    def nowhere(self) -> int:
        """How many lie nowhere, since a value is missing."""

    def labelled(self, customers: Customers) -> Placed:
        """Return the same customers in the same places, with the labels that these have."""

    def where(self, condition: Condition) -> Placed:
        """Return those of whom a condition holds."""

    def counts(self, grid: Grid, label: str | None = None) -> Counts:
        """Return how many lie in each cell, the lowest row first: rows x columns x groups.

        Groups are the codes of a label as ``aggregate`` has them; without one there is a single group.
        """

    def one_a_cell(self, grid: Grid) -> Sample:
        """Return one of the customers of each cell in which there are any."""


@singledispatch
def placed(customers: Customers, projection: Projection) -> Placed:  # noqa: ARG001 - what other kinds ask
    """Place customers in a picture.

    Raises
    ------
    DataError
        Customers of this kind can't say how many lie where.

    """
    msg = f"No picture of {customers.count:,} customers can be drawn from where these are: {type(customers).__name__}."
    raise DataError(msg)


@placed.register(InMemoryCustomers)
def _in_memory(customers: InMemoryCustomers, projection: Projection) -> Placed:
    # Eight bytes a customer: more digits than a screen has.
    x, y = (np.empty(customers.count, dtype=np.float32) for _ in "xy")
    for chunk in chunks(customers.count):
        x[chunk], y[chunk] = projection.places(customers.table.matrix(projection.features, chunk)).T
    return PlacedInMemory(customers, x, y)


@dataclass(frozen=True, eq=False)
class PlacedInMemory:
    """Customers in memory with their places; ``rows`` says which of them, None for all."""

    customers: InMemoryCustomers
    x: Places = field(repr=False)
    y: Places = field(repr=False)
    rows: Rows | None = field(default=None, repr=False)

    @cached_property
    def spans(self) -> tuple[Span, Span] | None:
        """From where to where they lie on each axis; None where nobody lies anywhere."""
        if self.nowhere == len(self.x):
            return None
        x, y = ((float(np.nanmin(places)), float(np.nanmax(places))) for places in (self.x, self.y))
        return x, y

    @cached_property
    def nowhere(self) -> int:
        """How many lie nowhere, since a value is missing."""
        return int(np.count_nonzero(np.isnan(self.x) | np.isnan(self.y)))

    def labelled(self, customers: Customers) -> PlacedInMemory:
        """Return the same customers in the same places, with the labels that these have."""
        return replace(self, customers=in_memory(customers))

    def where(self, condition: Condition) -> PlacedInMemory:
        """Return those of whom a condition holds."""
        rows = np.flatnonzero(self.customers.where(condition))
        return PlacedInMemory(self.customers, self.x[rows], self.y[rows], rows)

    def counts(self, grid: Grid, label: str | None = None) -> Counts:
        """Return how many lie in each cell, the lowest row first: rows x columns x groups."""
        # Late: it takes seconds to import, and to compile.
        import datashader as ds
        import pandas as pd

        codes, groups = self._groups(label)
        canvas = ds.Canvas(grid.columns, grid.rows, x_range=grid.x, y_range=grid.y)

        def count(some: slice) -> Counts:
            frame = pd.DataFrame({"x": self.x[some], "y": self.y[some], "group": codes[some]}, copy=False)
            counted: Any = canvas.points(frame, "x", "y", ds.by(ds.category_modulo("group", _MOST_GROUPS), ds.count()))
            return np.asarray(counted.data)

        # Few pieces, since each has counts of its own for all cells.
        pieces = max(1, min(MOST_THREADS, len(self.x) // _FEWEST_IN_A_PIECE))
        ends = np.linspace(0, len(self.x), pieces + 1, dtype=int).tolist()
        counted = in_parallel(count, [slice(first, end) for first, end in pairwise(ends)])
        return np.asarray(np.sum([found[..., :groups] for found in counted], axis=0, dtype=np.uint32))

    def _groups(self, label: str | None) -> tuple[npt.NDArray[np.uint8], int]:
        """Return the group of each customer, and how many groups there are."""
        if label is None:
            return np.zeros(len(self.x), dtype=np.uint8), 1
        if label not in self._positions:
            codes = self.customers.labels[label].codes
            some = codes if self.rows is None else codes[self.rows]
            self._positions[label] = positions_of(some, self.customers.labels[label].k).astype(np.uint8)
        return self._positions[label], axis_length(self.customers.labels[label].k)

    @cached_property
    def _positions(self) -> dict[str, npt.NDArray[np.uint8]]:
        """The groups by labels: each zoom asks for them."""
        return {}

    def one_a_cell(self, grid: Grid) -> Sample:
        """Return one of the customers of each cell in which there are any: the first in the table."""
        first = np.full(grid.columns * grid.rows, -1, dtype=np.intp)
        # From the last to the first, so that the first is what stays.
        for cells, positions in reversed(in_parallel(partial(self._first_of_cells, grid), chunks(len(self.x)))):
            first[cells] = positions
        found = np.sort(first[first >= 0])
        return self.customers.at(found if self.rows is None else self.rows[found], of=len(self.x))

    def _first_of_cells(self, grid: Grid, chunk: slice) -> tuple[Rows, Rows]:
        """Return the cells in which some customers lie, and the position of the first of each."""
        cells, positions = cells_of(self.x[chunk], self.y[chunk], grid)
        first = np.full(grid.columns * grid.rows, -1, dtype=np.intp)
        first[cells[::-1]] = chunk.start + positions[::-1]
        taken = np.flatnonzero(first >= 0)
        return taken, first[taken]


def cells_of(x: npt.NDArray[np.floating[Any]], y: npt.NDArray[np.floating[Any]], grid: Grid) -> tuple[Rows, Rows]:
    """Return the cells of those who lie in a grid, and their positions."""
    inside = (x >= grid.x[0]) & (x <= grid.x[1]) & (y >= grid.y[0]) & (y <= grid.y[1])
    positions = np.flatnonzero(inside)
    column, row = (
        np.minimum((places[positions] - low) * (cells / (high - low)), cells - 1).astype(np.intp)
        for places, (low, high), cells in ((x, grid.x, grid.columns), (y, grid.y, grid.rows))
    )
    return row * grid.columns + column, positions
