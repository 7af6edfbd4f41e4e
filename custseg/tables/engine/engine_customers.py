"""Customers in an engine: the kind of ``Customers`` of whom nobody sees the rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.tables.customers import Aggregated, axis_length, positions_of
from custseg.tables.engine.cell_levels import CellLevels
from custseg.tables.engine.drawn import Drawn
from custseg.tables.engine.grouping import Axis, grouped
from custseg.tables.engine.question import Question
from custseg.tables.engine.value_expressions import number_of
from custseg.tables.expressions import EVERYONE, SET_APART, Count, Everyone
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Sample
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Aggregate, Condition, Scoring, Value

# Samples that are kept; every stage asks for one of two or three.
_MOST_SAMPLES = 4


@dataclass(frozen=True, eq=False)
class EngineCustomers:
    """A table in an engine, what its columns are for, and what gives its customers segments under any number of names.

    Rows have no order there: ``page`` puts them in that of the identifier.
    """

    engine: EngineFrame
    columns: tuple[Column, ...]
    identifier: str | None
    labels: Mapping[str, Scoring] = field(default_factory=dict)
    drawn: dict[Any, Drawn] = field(default_factory=dict, repr=False)
    found_levels: dict[Column, CellLevels] = field(default_factory=dict, repr=False)
    table: Any = field(default=None, repr=False)

    @property
    def count(self) -> int:
        """How many customers there are."""
        return self.engine.count()

    def label(self, scoring: Scoring, name: str) -> EngineCustomers:
        """Return the same customers with the segment of each under a name, found whenever it is asked for."""
        return replace(self, labels={**self.labels, name: scoring})

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        """Return each aggregate over the groups by labels and categories: an array with one axis for each.

        It is one statement. Cells of a category that mean the same level are put together afterwards.
        """
        features = [one.feature for one in wanted if not isinstance(one, Count)]
        categories = [name for name in by if name not in self.labels]
        labels = [name for name in by if name in self.labels]
        question = Question(self, features, categories, labels, where)
        axes = [self._axis(name, question) for name in by]
        values = grouped(self.engine, question.columns, wanted, axes)
        return Aggregated(values, {name: axis.levels for name, axis in zip(by, axes, strict=True) if axis.levels})

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        """Return ``most`` customers at random, in the engine's order; all where there are no more.

        When the same seed gives the same ones, ``EngineFrame.sample`` says.
        """
        segments = () if isinstance(where, Everyone) else tuple(self.labels.items())
        key = most, seed, where, tuple((name, id(scoring)) for name, scoring in segments)
        if key not in self.drawn:
            question = Question(self, cells=self._read, where=where)
            frame = question.columns.frame
            of = self.count if isinstance(where, Everyone) else self.engine.count_of(frame)
            found = self.engine.sample(most, seed, frame, of)
            if len(self.drawn) >= _MOST_SAMPLES:
                self.drawn.clear()
            self.drawn[key] = Drawn(_with_names(found, question), self._schema, of, segments)
        return self.drawn[key].sample(self.labels)

    def page(
        self,
        where: Condition = EVERYONE,
        order: str | None = None,
        offset: int = 0,
        limit: int = 20,
        *,
        descending: bool = False,
    ) -> Sample:
        """Return some customers in the order of the identifier, or of a feature (no value last)."""
        question = Question(self, () if order is None else [order], self._read, where=where)
        columns = question.columns
        of = self.count if isinstance(where, Everyone) else self.engine.count_of(columns.frame)
        by = [] if order is None else [columns.name_of(order)]
        by += [] if self.identifier is None else [columns.cells_called[self.identifier]]
        falling = [descending and order is not None, *([False] * (len(by) - 1))]
        frame = columns.frame.sort(*by, descending=falling[: len(by)], nulls_last=True) if by else columns.frame
        found = self.engine.collect(frame.head(offset + limit))[offset:]
        return Drawn(_with_names(found, question), self._schema, of).sample(self.labels)

    def number(self, value: Value) -> nw.Expr:
        """Return what stands for a value in the engine: a feature, or the level of a category."""
        if isinstance(value, str):
            return number_of(self.engine, self._schema.column(value), self.levels_of)
        column = self._schema.column(value.column)
        return self.levels_of(column).position_among(value, self.engine.cells(value.column))

    def levels_of(self, column: Column) -> CellLevels:
        """Return the levels of a column, and which cells stand for each; the engine is asked once."""
        if column not in self.found_levels:
            self.found_levels[column] = CellLevels(self.engine, column)
        return self.found_levels[column]

    @cached_property
    def _schema(self) -> Schema:
        return Schema(self.columns)

    @property
    def _read(self) -> tuple[str, ...]:
        """The columns of a customer who comes into memory."""
        schema = self._schema
        compared = [value for scoring in self.labels.values() for value in scoring.compared]
        names = [value if isinstance(value, str) else value.column for value in compared]
        names += [*schema.features, *schema.categories, *schema.outcomes]
        return tuple(dict.fromkeys(names if self.identifier is None else [self.identifier, *names]))

    def _axis(self, name: str, question: Question) -> Axis:
        if name in self.labels:
            k = self.labels[name].k
            codes = question.codes(name)
            position = nw.when(codes == SET_APART).then(nw.lit(k + 1)).otherwise(codes)
            return Axis(codes, lambda: position, lambda keys: positions_of(_as_codes(keys), k), axis_length(k))
        levels, cells = self.levels_of(self._schema.column(name)), question.columns.cells(name)
        texts = levels.levels.texts
        return Axis(cells, lambda: levels.position(cells), lambda keys: _as_places(levels, keys), len(texts), texts)


def _as_codes(keys: list[Any]) -> npt.NDArray[np.uint8]:
    return np.array(keys, dtype=np.float64).astype(np.uint8)


def _as_places(levels: CellLevels, keys: list[Any]) -> npt.NDArray[np.intp]:
    return np.array(levels.codes_of(keys), dtype=np.intp)


def _with_names(found: nw.DataFrame[Any], question: Question) -> nw.DataFrame[Any]:
    """Return rows in memory with the table's names for the columns."""
    return found.select(*question.columns.cells_called.values()).rename(
        {called: name for name, called in question.columns.cells_called.items()}
    )
