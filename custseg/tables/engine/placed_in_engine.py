"""Customers of an engine as they lie in a picture: the engine counts them, and a row a cell and segment comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import numpy as np

from custseg.tables.customers import SAMPLE_SIZE, axis_length, positions_of
from custseg.tables.engine.asking import alone
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.engine.question import Question
from custseg.tables.expressions import EVERYONE, Both, Everyone, Passing
from custseg.tables.placed import Grid, Placed, cells_of, placed
from custseg.tables.shapes import InBox, box_expression

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.customers import Customers, Sample
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Condition
    from custseg.tables.shapes import Projection

    Span = tuple[float, float]

# Where fewer of those who were drawn lie in a part of a picture, the engine is asked for this many who lie there.
_MOST_NAMED = 2000


@placed.register(EngineCustomers)
def _in_engine(customers: EngineCustomers, projection: Projection) -> Placed:
    return PlacedInEngine(customers, projection)


@dataclass(frozen=True, eq=False)
class PlacedInEngine:
    """Customers in an engine, where they lie, and whom it is about."""

    customers: EngineCustomers
    projection: Projection
    condition: Condition = EVERYONE

    @property
    def engine(self) -> EngineFrame:
        """Where the rows are."""
        return self.customers.engine

    @cached_property
    @alone
    def spans(self) -> tuple[Span, Span] | None:
        """From where to where they lie on each axis; None where nobody lies anywhere."""
        frame, names = self._placed()
        limits = [limit for name in names for limit in (nw.col(name).min(), nw.col(name).max())]
        asked = frame.select(*(limit.alias(f"limit{place}") for place, limit in enumerate(limits)))
        (found,) = self.engine.collect(asked).iter_rows()
        if any(number is None for number in found):
            return None
        left, right, low, high = map(float, found)
        return (left, right), (low, high)

    @cached_property
    @alone
    def nowhere(self) -> int:
        """How many lie nowhere, since a value is missing."""
        frame, (x, y) = self._placed()
        lost = frame.filter(nw.col(x).is_null() | nw.col(y).is_null())
        return self.engine.count_of(lost)

    def labelled(self, customers: Customers) -> PlacedInEngine:
        """Return the same customers in the same places, with the labels that these have."""
        return replace(self, customers=cast("EngineCustomers", customers))

    def where(self, condition: Condition) -> PlacedInEngine:
        """Return those of whom a condition holds."""
        both = condition if isinstance(self.condition, Everyone) else Both(self.condition, condition)
        return replace(self, condition=both)

    @alone
    def counts(self, grid: Grid, label: str | None = None) -> npt.NDArray[np.uint32]:
        """Return how many lie in each cell, the lowest row first: rows x columns x groups."""
        labels = () if label is None else (label,)
        question = Question(self.customers, self.projection.features, labels=labels, where=self.condition)
        columns = question.columns
        x, y = columns.keep(*self.projection.place_expressions(columns))
        codes = columns.keep_named(*(question.codes(one) for one in labels))
        inside = box_expression((x, y), (grid.x[0], grid.y[0]), (grid.x[1], grid.y[1]))
        cells = _cell(x, grid.x, grid.columns), _cell(y, grid.y, grid.rows)
        names = [*columns.keep_named(*cells), *codes]
        (kept,) = columns.keep_named(inside)
        asked = columns.frame.filter(nw.col(kept)).group_by(*names).agg(nw.len().alias("customers"))
        found = self.engine.collect(asked)
        groups = axis_length(self.customers.labels[label].k) if label is not None else 1
        counts = np.zeros((grid.rows, grid.columns, groups), dtype=np.uint32)
        column, row, *segments = (np.array(found[name].to_list(), dtype=np.int64) for name in names)
        k = groups - 2
        group = positions_of(segments[0].astype(np.uint8), k) if segments else np.zeros(len(found), dtype=np.intp)
        np.add.at(counts, (row, column, group), np.array(found["customers"].to_list(), dtype=np.uint32))
        return counts

    def one_a_cell(self, grid: Grid) -> Sample:
        """Return one of the customers of each cell, of those who were drawn, or where these are few, of some there."""
        drawn = self.customers.sample(SAMPLE_SIZE, where=self.condition)
        found = _first_of_each_cell(drawn, self.projection, grid)
        if drawn.whole or len(found) >= min(_MOST_NAMED, grid.columns * grid.rows) // 4:
            return found
        there = InBox(self.projection, (grid.x[0], grid.y[0]), (grid.x[1], grid.y[1]))
        page = self.customers.page(self.where(Passing(there)).condition, limit=_MOST_NAMED)
        return _first_of_each_cell(page, self.projection, grid)

    def _placed(self) -> tuple[nw.LazyFrame[Any], list[str]]:
        """Return a frame with the places of customers, and what these columns are called."""
        question = Question(self.customers, self.projection.features, where=self.condition)
        names = question.columns.keep_named(*self.projection.place_expressions(question.columns))
        return question.columns.frame, names


def _cell(place: nw.Expr, span: Span, cells: int) -> nw.Expr:
    """Return in which cell of an axis a place is; the end of the last one belongs to it."""
    low, high = span
    number = ((place - low) * (cells / (high - low))).floor()
    return nw.when(number >= cells).then(nw.lit(cells - 1)).otherwise(number)


def _first_of_each_cell(some: Sample, projection: Projection, grid: Grid) -> Sample:
    """Return the first of the customers of each cell in which there are any."""
    x, y = projection.places(some.matrix(projection.features)).T
    cells, positions = cells_of(x, y, grid)
    _, first = np.unique(cells, return_index=True)
    return some.where(np.sort(positions[first]))
