"""Customers in this process's memory: the kind of ``Customers`` that stands on a CustomerTable and NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from custseg.errors import DataError
from custseg.language import say
from custseg.parallel import in_parallel
from custseg.sampling import chunks, sample_rows, seeded_rows
from custseg.tables.conditions import containing, holds
from custseg.tables.customers import SAMPLE_SIZE, Aggregated, Sample, axis_length, positions_of
from custseg.tables.expressions import (
    EVERYONE,
    Count,
    Everyone,
    IdentifierContains,
    Known,
    Largest,
    Least,
    LevelOf,
    Squares,
    Total,
)
from custseg.tables.levels import positions_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Customers, Ordered
    from custseg.tables.expressions import (
        Aggregate,
        Condition,
        Identified,
        InSegments,
        Measure,
        Passing,
        Scoring,
        Value,
    )
    from custseg.tables.levels import Levels

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.intp]


class MemoryTable(Protocol):
    """The rows, which nobody beyond this module sees."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that customers can be segmented on."""

    @property
    def original(self) -> object:
        """The dataframe that it was made of."""

    @property
    def identifiers(self) -> npt.NDArray[np.object_]:
        """One text a customer."""

    def __len__(self) -> int:
        """Return the number of customers."""

    def has_the_customers_of(self, other: Any) -> bool:
        """Whether another table has the same customers in the same order."""

    def matrix(self, wanted: Iterable[Value], rows: slice | Rows | None = None) -> Floats:
        """Return customers x features, and levels of categories as numbers: of all, or of those in some rows."""

    def levels(self, name: str) -> Levels:
        """Return the different values of a column, and which of them each customer has."""

    def identifiers_of(self, rows: Rows) -> npt.NDArray[np.object_]:
        """Return the identifiers of the customers in some rows."""


# What an aggregate is of nobody, and its type.
_OF_NOBODY: dict[type, tuple[float, type]] = {
    Count: (0, np.intp),
    Known: (0, np.intp),
    Total: (0.0, np.float64),
    Squares: (0.0, np.float64),
    Least: (np.inf, np.float64),
    Largest: (-np.inf, np.float64),
}
# Samples that are kept; every stage asks for one of two or three.
_MOST_SAMPLES = 4


@dataclass(frozen=True, eq=False)
class Label:
    """The segment of each customer under one name: codes as uint8, and how many segments there are."""

    codes: npt.NDArray[np.uint8]
    k: int


@dataclass(frozen=True, eq=False)
class Drawn:
    """The rows of a sample (None for all), their values, and the order of each feature that was asked for."""

    rows: Rows | None
    values: Floats
    orders: dict[str | tuple[str, ...], Ordered]


@dataclass(frozen=True, eq=False)
class _WhenAsked:
    """What takes more memory than the numbers of some customers (all for None), and is made when it is asked for."""

    table: MemoryTable
    rows: Rows | None

    def identifiers(self) -> npt.NDArray[np.object_]:
        return self.table.identifiers if self.rows is None else self.table.identifiers_of(self.rows)

    def levels(self, wanted: LevelOf) -> Floats:
        return positions_among(self.table.levels(wanted.column), wanted, self.rows)


@dataclass(frozen=True, eq=False)
class InMemoryCustomers:
    """A table in memory, and the segments of its customers under any number of names.

    ``drawn`` keeps samples for whoever asks again, with the order of their values: what is sorted, is sorted once.
    """

    table: MemoryTable
    labels: Mapping[str, Label] = field(default_factory=dict)
    drawn: dict[tuple[int, int], Drawn] = field(default_factory=dict, repr=False)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the table's order."""
        return self.table.columns

    @property
    def count(self) -> int:
        """How many customers there are."""
        return len(self.table)

    def label(self, scoring: Scoring, name: str) -> InMemoryCustomers:
        """Return the same customers with the segment of each under a name."""
        codes = np.empty(self.count, dtype=np.uint8)

        def score(chunk: slice) -> None:
            codes[chunk] = scoring.codes(self.table.matrix(scoring.compared, chunk))

        in_parallel(score, chunks(self.count))
        return self.labelled(codes, scoring.k, name)

    def labelled(self, codes: npt.NDArray[np.uint8], k: int, name: str) -> InMemoryCustomers:
        """Return the same customers with segments that are known already."""
        codes.setflags(write=False)
        return replace(self, labels={**self.labels, name: Label(codes, k)})

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        """Return each aggregate over the groups by labels and categories: an array with one axis for each."""
        levels = {name: self.table.levels(name) for name in by if name not in self.labels}
        lengths = tuple(len(levels[name].texts) if name in levels else axis_length(self.labels[name].k) for name in by)
        size = int(np.prod(lengths, dtype=np.intp))
        found: dict[Aggregate, npt.NDArray[Any]] = {aggregate: of_nobody(aggregate, size) for aggregate in wanted}
        # What is asked for twice is added up once, and each feature is looked at once.
        columns = _by_feature(found)

        def add_up(some: slice | Rows) -> dict[Aggregate, npt.NDArray[Any]]:
            return self._aggregated(columns, self._groups(by, lengths, some), size, some)

        for piece in in_parallel(add_up, self._pieces(where)):
            for aggregate, more in piece.items():
                found[aggregate] = _joined(aggregate, found[aggregate], more)
        values = {aggregate: array.reshape(lengths) for aggregate, array in found.items()}
        return Aggregated(values, {name: found.texts for name, found in levels.items()})

    def _pieces(self, where: Condition) -> list[slice | Rows]:
        """Return whom it is about, some at a time."""
        if isinstance(where, Everyone):
            return [*chunks(self.count)]
        rows = np.flatnonzero(self.where(where))
        return [rows[chunk] for chunk in chunks(len(rows))]

    def _groups(self, by: Sequence[str], lengths: tuple[int, ...], some: slice | Rows) -> Rows:
        customers = len(some) if isinstance(some, np.ndarray) else some.stop - some.start
        groups = np.zeros(customers, dtype=np.intp)
        for name, length in zip(by, lengths, strict=True):
            groups = groups * length + self._positions(name, some)
        return groups

    def _positions(self, name: str, some: slice | Rows) -> Rows:
        """Return the position of customers on the axis of a label or a category."""
        if name in self.labels:
            return positions_of(self.labels[name].codes[some], self.labels[name].k)
        return self.table.levels(name).codes[some].astype(np.intp)

    def _aggregated(
        self, columns: Mapping[str | None, list[Aggregate]], groups: Rows, size: int, some: slice | Rows
    ) -> dict[Aggregate, npt.NDArray[Any]]:
        everyone = np.bincount(groups, minlength=size)
        found: dict[Aggregate, npt.NDArray[Any]] = {}
        for feature, wanted in columns.items():
            if feature is None:
                found |= dict.fromkeys(wanted, everyone)
                continue
            values, own, counts = self._column(feature)[some], groups, everyone
            gaps = np.isnan(values)
            if gaps.any():
                own, values = groups[~gaps], values[~gaps]
                counts = np.bincount(own, minlength=size)
            found |= {aggregate: _of_values(aggregate, own, values, counts) for aggregate in wanted}
        return found

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        """Return ``most`` customers at random, in the table's order; all where there are no more."""
        if not isinstance(where, Everyone):
            inside = np.flatnonzero(self.where(where))
            return self._sample(inside[sample_rows(len(inside), most, np.random.default_rng(seed))], len(inside))
        if most >= self.count > SAMPLE_SIZE:
            # Nobody keeps so many: where roles have changed, their numbers are a copy.
            return self._labelled_sample(Drawn(None, self._values(None), {}), self.count)
        key = (min(most, self.count), seed if most < self.count else 0)
        if key not in self.drawn:
            rows = seeded_rows(self.count, most, seed) if most < self.count else None
            if len(self.drawn) >= _MOST_SAMPLES:
                self.drawn.clear()
            self.drawn[key] = Drawn(rows, self._values(rows), {})
        return self._labelled_sample(self.drawn[key], self.count)

    def page(
        self,
        where: Condition = EVERYONE,
        order: Value | Measure | None = None,
        offset: int = 0,
        limit: int = 20,
        *,
        descending: bool = False,
    ) -> Sample:
        """Return some customers in the table's order, or in that of a value or measure (none of it last)."""
        rows = np.arange(self.count) if isinstance(where, Everyone) else np.flatnonzero(self.where(where))
        if order is not None:
            keys = self._keys(order, rows)
            rows = rows[np.argsort(-keys if descending else keys, kind="stable")]
        return self._sample(rows[offset : offset + limit], len(rows))

    def _keys(self, order: Value | Measure, rows: Rows) -> Floats:
        """Return a number for each of the customers in some rows by which they are put in order."""
        if isinstance(order, str | LevelOf):
            return self.table.matrix([order], rows)[:, 0]
        return order.measured(self.table.matrix(order.features, rows))

    def at(self, rows: Rows, of: int) -> Sample:
        """Return the customers in some rows, who stand for so many. In memory alone: elsewhere nobody has rows."""
        return self._sample(rows, of)

    def _sample(self, rows: Rows, of: int) -> Sample:
        return self._labelled_sample(Drawn(rows, self._values(rows), {}), of)

    def _values(self, rows: Rows | None) -> Floats:
        """Return the features of the customers in those rows; of all for None."""
        return self.table.matrix(self.table.features, rows)

    def _labelled_sample(self, drawn: Drawn, of: int) -> Sample:
        table, rows = self.table, drawn.rows
        asked = _WhenAsked(table, rows)
        labels = {name: label.codes if rows is None else label.codes[rows] for name, label in self.labels.items()}
        return Sample(
            features=table.features,
            values=drawn.values,
            labels=labels,
            of=of,
            identify=asked.identifiers,
            orders=drawn.orders,
            find_levels=asked.levels,
        )

    def where(self, condition: Condition) -> Flags:
        """Return of whom a condition holds, in the table's order. In memory alone: an engine has no such list."""
        return holds(condition, self)

    def __len__(self) -> int:
        """Return how many customers there are."""
        return self.count

    def in_segments(self, condition: InSegments) -> Flags:
        """Return who is in those segments."""
        wanted = np.zeros(256, dtype=bool)
        wanted[list(condition.codes)] = True
        return np.asarray(wanted[self.labels[condition.label].codes])

    def identified(self, condition: Identified | IdentifierContains) -> Flags:
        """Return who has one of those identifiers, or one in which that text stands."""
        if isinstance(condition, IdentifierContains):
            return containing(self.table.identifiers, condition.text)
        import pandas as pd

        return np.asarray(pd.Index(self.table.identifiers).isin(condition.identifiers))

    def passing(self, condition: Passing) -> Flags:
        """Return of whom the test holds."""
        found = np.empty(self.count, dtype=bool)

        def test(chunk: slice) -> None:
            found[chunk] = condition.test.holds(self.table.matrix(condition.test.features, chunk))

        in_parallel(test, chunks(self.count))
        return found

    def _column(self, feature: str) -> Floats:
        # Also what was a feature when a condition or a picture was made, and is something else by now.
        return self.table.matrix([feature])[:, 0]


def same_customers(one: Customers, other: Customers) -> bool:
    """Whether both are the same customers in the same order, whatever their columns are for."""
    if isinstance(one, InMemoryCustomers) and isinstance(other, InMemoryCustomers):
        return one.table.has_the_customers_of(other.table)
    return one is other


def made_of_the_same(one: Customers, other: Customers) -> bool:
    """Whether two tables in memory were read of the same dataframe."""
    if not (isinstance(one, InMemoryCustomers) and isinstance(other, InMemoryCustomers)) or one.count != other.count:
        return False
    return one.table.original is not None and one.table.original is other.table.original


def in_memory(customers: Customers) -> InMemoryCustomers:
    """Return customers that are in memory as such.

    Raises
    ------
    DataError
        They are somewhere else, where no list of all of them is made.

    """
    if isinstance(customers, InMemoryCustomers):
        return customers
    msg = say(
        "The rows of {customers:,} customers were asked for, but these are not in memory. Ask for totals "
        "(aggregate), a sample or a page of them.",
        customers=customers.count,
    )
    raise DataError(msg)


def _by_feature(wanted: Iterable[Aggregate]) -> dict[str | None, list[Aggregate]]:
    """Return what is wanted of each feature; under None what is wanted of none."""
    columns: dict[str | None, list[Aggregate]] = {}
    for aggregate in wanted:
        feature = None if isinstance(aggregate, Count) else aggregate.feature
        columns.setdefault(feature, []).append(aggregate)
    return columns


def _of_values(wanted: Aggregate, groups: Rows, values: Floats, counts: Rows) -> npt.NDArray[Any]:
    """Return an aggregate of values that are known, of so many in each group."""
    size = len(counts)
    if isinstance(wanted, Count | Known):
        return counts
    if isinstance(wanted, Total):
        return np.bincount(groups, values, minlength=size)
    if isinstance(wanted, Squares):
        return np.bincount(groups, np.square(values - np.asarray(wanted.around)[groups]), minlength=size)
    extremes, extreme = of_nobody(wanted, size), np.minimum if isinstance(wanted, Least) else np.maximum
    if size == 1:
        # Several times as fast as by group.
        extremes[0] = extreme.reduce(values, initial=extremes[0])
    else:
        extreme.at(extremes, groups, values)
    return extremes


def _joined(wanted: Aggregate, before: npt.NDArray[Any], more: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return an aggregate of two pieces together."""
    join = {Least: np.minimum, Largest: np.maximum}.get(type(wanted), np.add)
    return np.asarray(join(before, more))


def of_nobody(wanted: Aggregate, size: int) -> npt.NDArray[Any]:
    """Return what an aggregate is of so many groups without customers."""
    value, kind = _OF_NOBODY[type(wanted)]
    return np.full(size, value, dtype=kind)
