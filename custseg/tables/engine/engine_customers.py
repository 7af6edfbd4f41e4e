"""Customers in an engine: the kind of ``Customers`` of whom nobody sees the rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.sampling import sample_rows
from custseg.tables.conditions import holds
from custseg.tables.customers import SAMPLE_SIZE, Aggregated, axis_length, positions_of
from custseg.tables.engine.asking import alone
from custseg.tables.engine.cell_levels import CellLevels
from custseg.tables.engine.drawn import Drawn
from custseg.tables.engine.grouping import Axis, grouped
from custseg.tables.engine.question import Question
from custseg.tables.engine.value_expressions import number_of
from custseg.tables.expressions import EVERYONE, SET_APART, Count, Everyone, InSegments, LevelOf
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Sample
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Aggregate, Condition, Measure, Scoring, Value

# Samples that are kept; every stage asks for one of two or three.
_MOST_SAMPLES = 4
# So many of a group stand for it where they are among those that were drawn anyway; of a rarer one the engine draws.
_FEWEST = 2000
# A screen of the page asks for a few dozen sums.
_MOST_ANSWERS = 100


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
    answered: dict[Any, tuple[Aggregated, object]] = field(default_factory=dict, repr=False)
    found_levels: dict[Column, CellLevels] = field(default_factory=dict, repr=False)
    table: Any = field(default=None, repr=False)

    @property
    def count(self) -> int:
        """How many customers there are."""
        return self.engine.count()

    def hold(self, drawn: nw.DataFrame[Any]) -> None:
        """Take rows that were drawn before for the sample that everybody asks for."""
        self.drawn[_key(SAMPLE_SIZE, 0, EVERYONE)] = Drawn(drawn, self._schema, self.count)

    def label(self, scoring: Scoring, name: str) -> EngineCustomers:
        """Return the same customers with the segment of each under a name, found whenever it is asked for."""
        return replace(self, labels={**self.labels, name: scoring})

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        """Return each aggregate over the groups by labels and categories: an array with one axis for each.

        It is one statement. Cells of a category that mean the same level are put together afterwards. What was answered
        is kept for whoever asks the same again.
        """
        key = tuple(wanted), tuple(by), where, _scored(self.labels)
        if key not in self.answered:
            if len(self.answered) >= _MOST_ANSWERS:
                self.answered.pop(next(iter(self.answered)))
            # With what scores, so that no other one gets its place in memory.
            self.answered[key] = self._ask(wanted, by, where), tuple(self.labels.values())
        return self.answered[key][0]

    @alone
    def _ask(self, wanted: Sequence[Aggregate], by: Sequence[str], where: Condition) -> Aggregated:
        features = [one.feature for one in wanted if not isinstance(one, Count)]
        categories = [name for name in by if name not in self.labels]
        labels = [name for name in by if name in self.labels]
        question = Question(self, features, categories, labels, where)
        axes = [self._axis(name, question) for name in by]
        values = grouped(self.engine, question.columns, wanted, axes)
        return Aggregated(values, {name: axis.levels for name, axis in zip(by, axes, strict=True) if axis.levels})

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        """Return ``most`` customers at random, in the engine's order; all where there are no more.

        They are taken from SAMPLE_SIZE that are drawn once, as long as those are enough. When the same seed gives the
        same ones, ``EngineFrame.sample`` says.
        """
        if (most, where) == (SAMPLE_SIZE, EVERYONE):
            return self._drawn_there(SAMPLE_SIZE, 0, EVERYONE)
        among = self._among_those_drawn(most, seed, where)
        return self._drawn_there(most, seed, where) if among is None else among

    def _among_those_drawn(self, most: int, seed: int, where: Condition) -> Sample | None:
        """Return some of those that were drawn already; None where these are too few to stand for all."""
        everybody = self.sample(SAMPLE_SIZE)
        there = np.arange(len(everybody)) if isinstance(where, Everyone) else np.flatnonzero(holds(where, everybody))
        if not everybody.whole and len(there) < min(most, _FEWEST):
            return None
        of = len(there) if everybody.whole else self._count_of(where)
        rows = there[sample_rows(len(there), most, np.random.default_rng(seed))] if len(there) > most else there
        return replace(everybody.where(rows), of=of)

    def _count_of(self, where: Condition) -> int:
        if isinstance(where, Everyone):
            return self.count
        if isinstance(where, InSegments):
            # All are counted at once, since who asks for one asks for the others too.
            sizes = self.aggregate([Count()], by=(where.label,))[Count()]
            codes = np.array(sorted(where.codes), dtype=np.uint8)
            return int(sizes[positions_of(codes, self.labels[where.label].k)].sum())
        return int(self.aggregate([Count()], where=where)[Count()])

    @alone
    def _drawn_there(self, most: int, seed: int, where: Condition) -> Sample:
        """Have the engine draw them."""
        segments = () if isinstance(where, Everyone) else tuple(self.labels.items())
        key = _key(most, seed, where, segments)
        if key not in self.drawn:
            question = Question(self, cells=self._read, where=where)
            frame = question.columns.frame
            of = self.count if isinstance(where, Everyone) else self.engine.count_of(frame)
            found = self.engine.sample(most, seed, frame, of)
            if len(self.drawn) >= _MOST_SAMPLES:
                # The first is the one that everybody asks for.
                self.drawn.pop(list(self.drawn)[1])
            self.drawn[key] = Drawn(_with_names(found, question), self._schema, of, segments)
        return self.drawn[key].sample(self.labels)

    @alone
    def page(
        self,
        where: Condition = EVERYONE,
        order: Value | Measure | None = None,
        offset: int = 0,
        limit: int = 20,
        *,
        descending: bool = False,
    ) -> Sample:
        """Return some customers in the order of the identifier, or of a value, measure or label (none of it last)."""
        labels = [str(order)] if order in self.labels else []
        question = Question(self, () if labels else _values_of(order), self._read, labels, where)
        columns = question.columns
        of = self.count if isinstance(where, Everyone) else self.engine.count_of(columns.frame)
        by = [] if order is None else [self._named(question, order)]
        by += [] if self.identifier is None else [columns.cells_called[self.identifier]]
        falling = [descending and order is not None, *([False] * (len(by) - 1))]
        frame = columns.frame.sort(*by, descending=falling[: len(by)], nulls_last=True) if by else columns.frame
        found = self.engine.collect(frame.head(offset + limit))[offset:]
        return Drawn(_with_names(found, question), self._schema, of).sample(self.labels)

    @alone
    def rows(self, where: Condition) -> nw.LazyFrame[Any]:
        """Return the rows of whom a condition holds as they are, unread."""
        if isinstance(where, Everyone):
            return self.engine.frame
        question = Question(self, cells=self.engine.columns, where=where)
        called = question.columns.cells_called
        return question.columns.frame.select(*(nw.col(held).alias(name) for name, held in called.items()))

    @alone
    def numbers(self, label: str, values: Sequence[Value]) -> nw.LazyFrame[Any]:
        """Return the identifier of each customer as text, its code under a label, and values, unread.

        The columns are ``customer``, ``segment``, ``value0``, ``value1`` and so on.
        """
        cells = [] if self.identifier is None else [self.identifier]
        question = Question(self, values, cells, [label])
        code, columns = question.codes(label), question.columns
        named = [columns[value].alias(f"value{place}") for place, value in enumerate(values)]
        return columns.frame.select(question.identifiers().alias("customer"), code.alias("segment"), *named)

    def _named(self, question: Question, order: Value | Measure) -> str:
        """Return what the column is called that customers are put in order by: null for who has none of it."""
        if order in self.labels:
            code = question.codes(str(order))
            return question.columns.keep_named(nw.when((code >= 1) & (code <= self.labels[str(order)].k)).then(code))[0]
        if isinstance(order, str | LevelOf):
            return question.columns.name_of(order)
        return question.columns.keep_named(question.measured(order))[0]

    def number(self, value: Value) -> nw.Expr:
        """Return what stands for a value in the engine: a feature, or the level of a category."""
        if isinstance(value, str):
            return number_of(self.engine, self._schema.column(value), self.levels_of)
        column = self._schema.column(value.column)
        return self.levels_of(column).position_among(value, self.engine.cells(value.column))

    @alone
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


def _values_of(order: Value | Measure | None) -> tuple[Value, ...]:
    if order is None:
        return ()
    return (order,) if isinstance(order, str | LevelOf) else order.features


def _key(most: int, seed: int, where: Condition, segments: tuple[tuple[str, Scoring], ...] = ()) -> object:
    return most, seed, where, _scored(dict(segments))


def _scored(labels: Mapping[str, Scoring]) -> tuple[tuple[str, int], ...]:
    return tuple((name, id(scoring)) for name, scoring in labels.items())


def _as_codes(keys: list[Any]) -> npt.NDArray[np.uint8]:
    return np.array(keys, dtype=np.float64).astype(np.uint8)


def _as_places(levels: CellLevels, keys: list[Any]) -> npt.NDArray[np.intp]:
    return np.array(levels.codes_of(keys), dtype=np.intp)


def _with_names(found: nw.DataFrame[Any], question: Question) -> nw.DataFrame[Any]:
    """Return rows in memory with the table's names for the columns."""
    return found.select(*question.columns.cells_called.values()).rename(
        {called: name for name, called in question.columns.cells_called.items()}
    )
