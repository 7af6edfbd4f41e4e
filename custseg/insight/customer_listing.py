"""Customers one by one: whom a list is narrowed to, in which order, and what is said of those on one screen of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Protocol

import numpy as np

from custseg.clustering.segmentation import IsIn
from custseg.insight.certainty import Margin, OnBorder, margins
from custseg.insight.filled_in import name_filled
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import (
    EVERYONE,
    SEGMENT,
    SET_APART,
    Both,
    Count,
    Everyone,
    IdentifierContains,
    LevelOf,
    Passing,
)
from custseg.tables.in_memory import in_memory
from custseg.tables.levels import OTHER

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Customers, Sample
    from custseg.tables.expressions import Columns, Condition, Measure, Value
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]

# What customers are put in order by, beside the columns of the table.
BY_SEGMENT, BY_MARGIN = "segment", "margin"


@dataclass(frozen=True, slots=True)
class HasLevel:
    """Whether a customer has this value of a category; ``text`` is None for no value."""

    category: str
    text: str | None

    @property
    def features(self) -> tuple[LevelOf, ...]:
        """The category."""
        return (LevelOf(self.category, (self.text,)),)

    def holds(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Return which customers have it."""
        return np.equal(values[:, 0], 0)

    def expression(self, columns: Columns) -> nw.Expr:
        """Return which customers in an engine have it."""
        return columns[self.features[0]] == 0


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list of customers is narrowed to.

    Attributes
    ----------
    text
        What stands in the identifier, in upper or lower case.
    code
        The segment (from 1), or LEFT_OUT or SET_APART; None for any.
    on_border
        Whether only customers nearly as close to another segment are meant.
    level
        The value of a category.

    """

    text: str = ""
    code: int | None = None
    on_border: bool = False
    level: HasLevel | None = None

    def where(self, result: Segmentation | None) -> Condition:
        """Return what holds of these customers, whatever later results say."""
        parts: list[Condition] = []
        if self.text:
            parts.append(IdentifierContains(self.text))
        if self.level is not None:
            parts.append(Passing(self.level))
        if result is not None and self.code is not None:
            parts.append(Passing(IsIn(result, frozenset({self.code}))))
        if result is not None and self.on_border:
            parts.append(Passing(OnBorder(result)))
        return reduce(Both, parts) if parts else EVERYONE


@dataclass(frozen=True, slots=True)
class Order:
    """By what customers are listed: a column, unless ``by_result`` says that it is what a result says of each."""

    by: str
    descending: bool = False
    by_result: bool = False


@dataclass(frozen=True, eq=False)
class Screen:
    """Some customers in the order of a list. Segments, margins and what was filled in are None without a result."""

    identifiers: npt.NDArray[np.object_]
    numbers: Floats
    categories: dict[str, list[str]]
    segments: npt.NDArray[np.intp] | None
    set_apart: npt.NDArray[np.bool_]
    margins: Floats | None
    filled: npt.NDArray[np.object_] | None


class Listing(Protocol):
    """Customers in the order of a list, a screen of whom can be shown."""

    def __len__(self) -> int:
        """Return how many are listed."""

    def screen(self, offset: int, limit: int, categories: tuple[str, ...]) -> Screen:
        """Return what is said of some of them, from one position on."""


def list_customers(
    table: CustomerTable, result: Segmentation | None, where: Condition, order: Order | None = None
) -> Listing:
    """List the customers of whom a condition holds, in order; what has no value comes last."""
    if table.elsewhere is not None:
        return ListedInEngine(table, result, where, order)
    return ListedInMemory(table, result, _rows(table, result, where, order))


@dataclass(frozen=True, eq=False)
class ListedInMemory:
    """A list of customers in memory, by their rows (from 0)."""

    table: CustomerTable
    result: Segmentation | None
    rows: Rows

    def __len__(self) -> int:
        """Return how many are listed."""
        return len(self.rows)

    def screen(self, offset: int, limit: int, categories: tuple[str, ...]) -> Screen:
        """Return what is said of some of them, from one position on."""
        return _screen_of(self.table, self.result, self.rows[offset : offset + limit], categories)


@dataclass(frozen=True, eq=False)
class ListedInEngine:
    """A list of customers in an engine, of which only what is shown is asked for."""

    table: CustomerTable
    result: Segmentation | None
    where: Condition
    order: Order | None

    def __len__(self) -> int:
        """Return how many are listed."""
        return int(self._customers.aggregate([Count()], where=self.where)[Count()])

    @property
    def _customers(self) -> Customers:
        return self.table.customers if self.result is None else self.result.label(self.table.customers, SEGMENT)

    @property
    def _ordered_by(self) -> Value | Measure | None:
        if self.order is None:
            return None
        if self.order.by_result:
            if self.result is None:
                return None
            return Margin(self.result) if self.order.by == BY_MARGIN else SEGMENT
        if self.order.by in self.table.features:
            return self.order.by
        texts: list[str] = [text for text in self.table.part.levels(self.order.by).texts if text is not None]
        return LevelOf(self.order.by, (*sorted(texts, key=str.casefold),))

    def screen(self, offset: int, limit: int, categories: tuple[str, ...]) -> Screen:
        """Return what is said of some of them, from one position on."""
        descending = self.order is not None and self.order.descending
        page = self._customers.page(self.where, self._ordered_by, offset, limit, descending=descending)
        texts = {name: _texts(page, self.table, name) for name in categories}
        values = page.matrix(self.table.features)
        if self.result is None:
            return Screen(page.identifiers, values, texts, None, np.zeros(len(page), dtype=bool), None, None)
        codes, compared = page.labels[SEGMENT], page.matrix(self.result.compared)
        return _said_of(self.result, codes, (page.identifiers, values, texts), compared)


def _texts(page: Sample, table: CustomerTable, name: str) -> list[str]:
    """Return the level of each customer of a page, as people read it."""
    levels = tuple(text for text in table.part.levels(name).texts if text is not None)
    positions = page.find_levels(LevelOf(name, levels))
    return ["" if np.isnan(place) else (*levels, OTHER)[int(place)] for place in positions]


def _rows(table: CustomerTable, result: Segmentation | None, where: Condition, order: Order | None) -> Rows:
    """Return the rows (from 0) of whom a condition holds, in order."""
    if isinstance(where, Everyone):
        rows = np.arange(len(table))
    else:
        rows = np.flatnonzero(in_memory(table.customers).where(where))
    if order is None:
        return rows
    keys = _keys(table, result, order, rows)
    return rows[np.argsort(-keys if order.descending else keys, kind="stable")]


def _keys(table: CustomerTable, result: Segmentation | None, order: Order, rows: Rows) -> Floats:
    """Return a number for each customer by which they are put in order; NaN for what comes last."""
    if order.by_result:
        if result is None:
            return np.full(len(rows), np.nan)
        if order.by == BY_MARGIN:
            return Margin(result).measured(table.matrix(result.compared, rows))
        segments = segment_numbers(_codes(result)[rows]).astype(float)
        return np.where(segments > 0, segments, np.nan)
    if order.by in table.features:
        return table.matrix([order.by], rows)[:, 0]
    levels = table.levels(order.by)
    ranked = sorted({(text or "").casefold() for text in levels.texts})
    place = {text: float(position) for position, text in enumerate(ranked)}
    places = [np.nan if text is None else place[text.casefold()] for text in levels.texts]
    return np.asarray(np.array(places)[levels.codes[rows]])


def _screen_of(table: CustomerTable, result: Segmentation | None, rows: Rows, categories: tuple[str, ...]) -> Screen:
    """Return what is said of the customers in those rows."""
    texts = {}
    for name in categories:
        levels = table.levels(name)
        texts[name] = [levels.texts[code] or "" for code in levels.codes[rows].tolist()]
    identifiers, values = table.identifiers_of(rows), table.matrix(table.features, rows)
    if result is None:
        nobody = np.zeros(len(rows), dtype=bool)
        return Screen(identifiers, values, texts, None, nobody, None, None)
    return _said_of(result, _codes(result)[rows], (identifiers, values, texts), table.matrix(result.compared, rows))


def _said_of(
    result: Segmentation,
    codes: npt.NDArray[np.uint8],
    known: tuple[npt.NDArray[np.object_], Floats, dict[str, list[str]]],
    compared: Floats,
) -> Screen:
    """Return what is known of customers, and what a result says of them."""
    segments = segment_numbers(codes)
    gaps = np.isnan(compared[:, : len(result.features)]) & (segments > 0)[:, None]
    margin, _ = margins(result, compared)
    return Screen(*known, segments, np.equal(codes, SET_APART), margin, name_filled(result, gaps))


def _codes(result: Segmentation) -> npt.NDArray[np.uint8]:
    return in_memory(result.assignment).labels[SEGMENT].codes
