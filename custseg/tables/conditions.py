"""Whom a condition is about, where there is a list of customers to look at: one place that knows every kind of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from custseg.tables.expressions import (
    Both,
    Either,
    Everyone,
    Identified,
    IdentifierContains,
    InSegments,
    LevelOf,
    Not,
    Passing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from custseg.tables.expressions import Condition

    Flags = npt.NDArray[np.bool_]


class Listed(Protocol):
    """Customers in some order, who can be looked at one by one: a sample, or all that are in memory."""

    def __len__(self) -> int:
        """Return how many they are."""

    def in_segments(self, condition: InSegments) -> Flags:
        """Return who is in those segments."""

    def identified(self, condition: Identified | IdentifierContains) -> Flags:
        """Return who has one of those identifiers, or one in which that text stands."""

    def passing(self, condition: Passing) -> Flags:
        """Return of whom the test holds."""


def containing(names: npt.NDArray[np.object_], text: str) -> Flags:
    """Return in which names a text stands, in upper or lower case."""
    sought = text.casefold()
    return np.fromiter((sought in str(name).casefold() for name in names), dtype=bool, count=len(names))


def holds(condition: Condition, customers: Listed) -> Flags:
    """Return of which customers a condition holds, in their order."""
    match condition:
        case Everyone():
            return np.ones(len(customers), dtype=bool)
        case InSegments():
            return customers.in_segments(condition)
        case Identified() | IdentifierContains():
            return customers.identified(condition)
        case Passing():
            return customers.passing(condition)
        case Not():
            return ~holds(condition.condition, customers)
        case Both() | Either():
            one, other = holds(condition.one, customers), holds(condition.other, customers)
            return one & other if isinstance(condition, Both) else one | other


def parts_of(condition: Condition) -> Iterator[Condition]:
    """Yield the conditions that one is made of."""
    match condition:
        case Not():
            yield from parts_of(condition.condition)
        case Both() | Either():
            yield from parts_of(condition.one)
            yield from parts_of(condition.other)
        case _:
            yield condition


def features_of(condition: Condition) -> set[str]:
    """Return the names of the columns that a condition looks at."""
    tests = [part.test for part in parts_of(condition) if isinstance(part, Passing)]
    return {value.column if isinstance(value, LevelOf) else value for test in tests for value in test.features}
