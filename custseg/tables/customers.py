"""The seam: what every stage after reading asks of customers, wherever they are.

A pandas frame in memory is one kind, a table in an engine another. Sums and counts are exact (``aggregate``); order
statistics, silhouettes and pictures of single customers come from a seeded ``sample``; one customer, or a screen of
them, is a ``page``. Nobody beyond this seam knows rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from custseg.tables.conditions import containing
from custseg.tables.expressions import EVERYONE, LEFT_OUT, SET_APART, IdentifierContains, LevelOf
from custseg.tables.spend import spend_of_each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from custseg.tables.column_roles import Column
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

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.uint8]
    Flags = npt.NDArray[np.bool_]
    Texts = npt.NDArray[np.object_]

# Of more customers than this, as many at random show quartiles, ranks and effect sizes to three digits.
SAMPLE_SIZE = 200_000


class Customers(Protocol):
    """Customers, one a row, and the role of each column."""

    @property
    def table(self) -> Any:
        """The table that they are of."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the table's order."""

    @property
    def count(self) -> int:
        """How many customers there are."""

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        """Return each aggregate over the groups by labels and categories: an array with one axis for each.

        Positions on the axis of a label are codes: 0 for those left out, 1..k for the segments, and last those set
        apart. Those on the axis of a category are its levels.
        """

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        """Return ``most`` customers at random, in the table's order; all where there are no more."""

    def page(
        self,
        where: Condition = EVERYONE,
        order: Value | Measure | None = None,
        offset: int = 0,
        limit: int = 20,
        *,
        descending: bool = False,
    ) -> Sample:
        """Return some customers in the table's order, or that of a value or measure; in an engine also of a label."""

    def label(self, scoring: Scoring, name: str) -> Customers:
        """Return the same customers with the segment of each under a name for ``by`` and for conditions."""


@dataclass(frozen=True, eq=False)
class Aggregated:
    """Aggregates over groups.

    Attributes
    ----------
    values
        For each aggregate an array with one axis for each label or category that it was asked by.
    levels
        For each category that it was asked by, the levels along its axis; None stands for no value.

    """

    values: Mapping[Aggregate, npt.NDArray[Any]]
    levels: Mapping[str, tuple[str | None, ...]]

    def __getitem__(self, aggregate: Aggregate) -> npt.NDArray[Any]:
        """Return the array of one aggregate."""
        return self.values[aggregate]


@dataclass(frozen=True, eq=False, slots=True)
class Ordered:
    """The customers of a sample who have a value, from the least to the largest: their positions and these values."""

    positions: npt.NDArray[np.int32]
    values: Floats

    @classmethod
    def of(cls, values: Floats) -> Ordered:
        """Sort customers; those with the same value stay in their order."""
        positions = np.argsort(values, kind="stable").astype(np.int32)
        positions = positions[: len(positions) - int(np.isnan(values).sum())]
        return cls(positions, values[positions])


def _no_levels(wanted: LevelOf) -> Floats:
    msg = f"The levels of {wanted.column!r} are not in this sample."
    raise LookupError(msg)


@dataclass(frozen=True, eq=False)
class Sample:
    """Some customers with their numbers.

    Attributes
    ----------
    features
        Names of the d columns of ``values``: all features of the table.
    values
        Customers x d, NaN where a value is missing.
    labels
        The codes of each customer under each label: 0 left out, 1..k, SET_APART.
    of
        How many customers they stand for.
    identify
        Returns the identifiers; texts of many customers take more memory than their numbers, so they are made when
        they are asked for.
    orders
        The order of features, and of spend, that was asked for, kept for whoever has the same customers.
    find_levels
        Returns the level of each customer as a number, as ``LevelOf`` says.

    """

    features: tuple[str, ...]
    values: Floats = field(repr=False)
    labels: Mapping[str, Codes] = field(repr=False)
    of: int
    identify: Callable[[], Texts] = field(repr=False)
    orders: dict[str | tuple[str, ...], Ordered] = field(default_factory=dict, repr=False)
    find_levels: Callable[[LevelOf], Floats] = field(default=_no_levels, repr=False)

    def __len__(self) -> int:
        """Return how many customers are in it."""
        return len(self.values)

    @property
    def whole(self) -> bool:
        """Whether it is everybody that was asked for."""
        return len(self) == self.of

    @cached_property
    def identifiers(self) -> Texts:
        """One text a customer: its identifier, or its row number (from 1) where the table has none."""
        return self.identify()

    def column(self, feature: str) -> Floats:
        """Return the values of a feature."""
        return self.values[:, self.features.index(feature)]

    def ordered(self, feature: str) -> Ordered:
        """Return the customers from the least value of a feature to the largest."""
        if feature not in self.orders:
            self.orders[feature] = Ordered.of(self.column(feature))
        return self.orders[feature]

    def ordered_by_spend(self, amounts: tuple[str, ...]) -> Ordered:
        """Return the customers from who spends the least in all to who spends the most."""
        if amounts not in self.orders:
            self.orders[amounts] = Ordered.of(spend_of_each(self.matrix(amounts)))
        return self.orders[amounts]

    def matrix(self, wanted: Sequence[Value]) -> Floats:
        """Return customers x these features, and levels of categories as numbers."""
        if tuple(wanted) == self.features:
            return self.values
        if not any(isinstance(value, LevelOf) for value in wanted):
            return self.values[:, [self.features.index(str(name)) for name in wanted]]
        columns = [self.find_levels(one) if isinstance(one, LevelOf) else self.column(one) for one in wanted]
        return np.column_stack(columns)

    def in_segments(self, condition: InSegments) -> Flags:
        """Return who is in those segments."""
        return np.isin(self.labels[condition.label], list(condition.codes))

    def identified(self, condition: Identified | IdentifierContains) -> Flags:
        """Return who has one of those identifiers, or one in which that text stands."""
        if isinstance(condition, IdentifierContains):
            return containing(self.identifiers, condition.text)
        return np.isin(self.identifiers.astype(str), condition.identifiers)

    def passing(self, condition: Passing) -> Flags:
        """Return of whom the test holds."""
        return condition.test.holds(self.matrix(condition.test.features))

    def where(self, kept: Flags | npt.NDArray[np.intp]) -> Sample:
        """Return those of the customers."""
        labels = {name: codes[kept] for name, codes in self.labels.items()}
        asked = _OfThose(self, kept)
        return replace(
            self,
            values=self.values[kept],
            labels=labels,
            identify=asked.identifiers,
            orders={},
            find_levels=asked.levels,
        )


@dataclass(frozen=True, eq=False, slots=True)
class _OfThose:
    """What some customers of a sample have, when it is asked for."""

    sample: Sample
    kept: Flags | npt.NDArray[np.intp]

    def identifiers(self) -> Texts:
        return self.sample.identifiers[self.kept]

    def levels(self, wanted: LevelOf) -> Floats:
        return self.sample.find_levels(wanted)[self.kept]


def axis_length(k: int) -> int:
    """Return how long the axis of a label with k segments is: those left out, the segments, those set apart."""
    return k + 2


def positions_of(codes: Codes, k: int) -> npt.NDArray[np.intp]:
    """Return the position of each code on the axis of its label."""
    return np.where(codes == SET_APART, k + 1, codes).astype(np.intp)


def segment_numbers(codes: Codes) -> npt.NDArray[np.intp]:
    """Return the segments (1..k) that codes stand for, 0 for those in none."""
    return np.where(codes == SET_APART, LEFT_OUT, codes).astype(np.intp)
