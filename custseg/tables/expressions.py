"""What may be asked of customers wherever they are: whom it is about, and what is counted or added up of them.

Each is a frozen value. Whatever holds the customers evaluates it in its own way: arrays in memory, or the SQL of an
engine. A selection is such a condition too, and never a list of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import narwhals as nw
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class LevelOf:
    """Which of these levels of a category a customer has, as a number.

    It is the position among ``levels``; their number stands for any other level, and NaN for no value. Where None is
    among the levels, no value is a level like others.
    """

    column: str
    levels: tuple[str | None, ...]


# What may be asked of a customer as a number: a feature by its name, or the level that it has of a category.
Value = str | LevelOf
# What stands for a segment's number where a customer is in none: left out as incomplete, or set apart as exceptional.
LEFT_OUT, SET_APART = 0, 255


class Columns(Protocol):
    """Columns of customers in an engine, on which an expression stands."""

    def __getitem__(self, value: Value) -> nw.Expr:
        """Return the number of each customer, no value being null."""

    def keep(self, *expressions: nw.Expr) -> tuple[nw.Expr, ...]:
        """Add results that are needed more than once as columns, and return these."""


class Scoring(Protocol):
    """What gives a customer its segment: a frozen rule over some features and categories.

    One that can be put into an engine also has ``expression(columns: Columns) -> nw.Expr``, which gives the same codes.
    """

    @property
    def compared(self) -> tuple[Value, ...]:
        """What it looks at."""

    @property
    def k(self) -> int:
        """How many segments it tells apart."""

    def codes(self, values: Floats) -> npt.NDArray[np.uint8]:
        """Return the segment (1..k) of customers x compared, or LEFT_OUT or SET_APART."""


class Measure(Protocol):
    """A number that is worked out of those of a customer, such as how sure its segment is: a frozen rule.

    One that can be put into an engine also has ``expression(columns: Columns) -> nw.Expr``; no number is null.
    """

    @property
    def features(self) -> tuple[Value, ...]:
        """The features, and levels of categories, that it looks at."""

    def measured(self, values: Floats) -> Floats:
        """Return the number of each of customers x features, NaN for who has none."""


# Whom.


@dataclass(frozen=True, slots=True)
class Everyone:
    """All customers."""


@dataclass(frozen=True, slots=True)
class InSegments:
    """The customers of these segments (from 1), LEFT_OUT and SET_APART included where they are named."""

    codes: frozenset[int]
    label: str = SEGMENT


@dataclass(frozen=True, slots=True)
class Identified:
    """The customers with these identifiers."""

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentifierContains:
    """The customers in whose identifier a text stands, in upper or lower case."""

    text: str


class Test(Protocol):
    """Tells from the numbers of a customer whether something holds: a frozen rule over some features.

    One that can be put into an engine also has ``expression(columns: Columns) -> nw.Expr``; null is false.
    """

    @property
    def features(self) -> tuple[Value, ...]:
        """The features, and levels of categories, that it looks at."""

    def holds(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Return of which customers (customers x features) it holds."""


@dataclass(frozen=True, slots=True)
class Passing:
    """The customers of whom a test holds."""

    test: Test


@dataclass(frozen=True, slots=True)
class Both:
    """The customers of whom both hold."""

    one: Condition
    other: Condition


@dataclass(frozen=True, slots=True)
class Either:
    """The customers of whom one or the other holds."""

    one: Condition
    other: Condition


@dataclass(frozen=True, slots=True)
class Not:
    """The customers of whom it does not hold."""

    condition: Condition


Condition = Everyone | InSegments | Identified | IdentifierContains | Passing | Both | Either | Not
EVERYONE = Everyone()


# What is counted or added up. Of a group of nobody counts and sums are 0.


@dataclass(frozen=True, slots=True)
class Count:
    """How many customers."""


@dataclass(frozen=True, slots=True)
class Known:
    """How many customers have a value of a feature."""

    feature: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a feature over those that have a value."""

    feature: str


@dataclass(frozen=True, slots=True)
class Squares:
    """The sum of squared distances of a feature from a number for each group, over those that have a value."""

    feature: str
    around: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Least:
    """The least value of a feature; infinite where nobody has one."""

    feature: str


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest value of a feature; minus infinite where nobody has one."""

    feature: str


Aggregate = Count | Known | Total | Squares | Least | Largest
