"""Customers at two times, each with the segment that it had and has: how many went where, and who changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from custseg.change.crosstab import crosstab
from custseg.change.customer_matching import match_customers
from custseg.tables.customers import segment_numbers
from custseg.tables.spend import spend_of_each

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]
    Texts = npt.NDArray[np.object_]


class Flows(NamedTuple):
    """Customers in each segment before (rows) and now (columns), (k + 2) x (k + 2), and the same in what they spend.

    After the k segments come those in no segment, and last those who were not there before (row) or are no longer there
    (column). Spend is None where no column of both tables is money.
    """

    customers: Labels
    spend_before: Floats | None
    spend_now: Floats | None


@dataclass(frozen=True, eq=False, slots=True)
class Changed:
    """Customers who changed: the segment (1..k, 0 for none) of each, and its features; nothing of a time without it."""

    customers: Texts
    before: Labels
    now: Labels
    values_before: Floats = field(repr=False)
    values_now: Floats = field(repr=False)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.customers)


class Followed(Protocol):
    """Customers at two times. Of the lists, ``most`` is how many at most; None for all."""

    def flows(self) -> Flows:
        """Return how many went where."""

    def moved(self, most: int | None = None) -> Changed:
        """Return those in another segment now, or in none, or no longer in none."""

    def left(self, most: int | None = None) -> Changed:
        """Return those who are no longer there."""

    def came(self, most: int | None = None) -> Changed:
        """Return those who were not there before."""


@dataclass(frozen=True, eq=False)
class FollowedInMemory:
    """Customers who are in memory at both times.

    ``labels`` are the segments (1..k, 0 for none) of the customers now, ``rows_before`` the row (from 0) that each had
    before, -1 for one that came.
    """

    before: Segmentation
    table: CustomerTable
    money: tuple[str, ...]
    labels: Labels
    rows_before: Labels

    def __post_init__(self) -> None:
        for array in (self.labels, self.rows_before):
            array.setflags(write=False)

    @classmethod
    def of(cls, before: Segmentation, table: CustomerTable, money: tuple[str, ...]) -> FollowedInMemory:
        """Match customers by their identifier. Raises DataError where that can't be done."""
        rows_before = match_customers(before.table, table)
        return cls(before, table, money, segment_numbers(before.codes(table.matrix(before.compared))), rows_before)

    def flows(self) -> Flows:
        """Return how many went where."""
        k, was, before = self.before.k, self.rows_before, self.before.labels
        # In no segment comes after the k segments; 0, which ``crosstab`` puts last, is for who is missing at one time.
        cells_before, cells_now = (np.where(own == 0, k + 1, own) for own in (before, self.labels))
        left = self._rows_left()
        rows = np.concatenate([np.where(was >= 0, cells_before[was], 0), cells_before[left]])
        columns = np.concatenate([cells_now, np.zeros(len(left), dtype=np.intp)])
        customers = crosstab(rows, columns, k + 1, k + 1)
        if not self.money:
            return Flows(customers, None, None)
        spent, spends = (_known_spend(table, self.money) for table in (self.before.table, self.table))
        spent = np.concatenate([np.where(was >= 0, spent[was], 0), spent[left]])
        spends = np.concatenate([spends, np.zeros(len(left))])
        return Flows(customers, *(crosstab(rows, columns, k + 1, k + 1, amounts) for amounts in (spent, spends)))

    def moved(self, most: int | None = None) -> Changed:
        """Return those in another segment now, or in none, or no longer in none."""
        stayed = np.flatnonzero(self.rows_before >= 0)
        return self._changed(stayed[self.before.labels[self.rows_before[stayed]] != self.labels[stayed]][:most])

    def came(self, most: int | None = None) -> Changed:
        """Return those who were not there before."""
        return self._changed(np.flatnonzero(self.rows_before < 0)[:most])

    def left(self, most: int | None = None) -> Changed:
        """Return those who are no longer there."""
        rows, table, features = self._rows_left()[:most], self.before.table, self.before.features
        nothing = np.full((len(rows), len(features)), np.nan)
        labels = self.before.labels[rows]
        return Changed(table.identifiers[rows], labels, np.zeros_like(labels), table.matrix(features, rows), nothing)

    def _changed(self, rows: Labels) -> Changed:
        was, features = self.rows_before[rows], self.before.features
        there = was >= 0
        return Changed(
            self.table.identifiers[rows],
            np.where(there, self.before.labels[was], 0),
            self.labels[rows],
            np.where(there[:, None], self.before.table.matrix(features, was), np.nan),
            self.table.matrix(features, rows),
        )

    def _rows_left(self) -> Labels:
        again = np.bincount(self.rows_before[self.rows_before >= 0], minlength=len(self.before.table))
        return np.flatnonzero(again == 0)


def _known_spend(table: CustomerTable, money: tuple[str, ...]) -> Floats:
    """Return what each customer spends as far as it is known; nobody of whom nothing is known adds to a sum."""
    return np.nan_to_num(spend_of_each(table.matrix(money)))
