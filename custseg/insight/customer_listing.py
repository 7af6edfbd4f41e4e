"""Customers one by one: whom a list is narrowed to, in which order, and what is said of those on one screen of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.segmentation import IsIn
from custseg.insight.certainty import OnBorder, margins
from custseg.insight.filled_in import name_filled
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import (
    EVERYONE,
    SEGMENT,
    SET_APART,
    Both,
    Everyone,
    IdentifierContains,
    LevelOf,
    Passing,
)
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.expressions import Columns, Condition
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


def list_rows(table: CustomerTable, result: Segmentation | None, where: Condition, order: Order | None = None) -> Rows:
    """Return the rows (from 0) of whom a condition holds, in order; what has no value comes last."""
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
            return margins(result, table.matrix(result.compared)[rows])[0]
        segments = segment_numbers(_codes(result)[rows]).astype(float)
        return np.where(segments > 0, segments, np.nan)
    if order.by in table.features:
        return np.asarray(table.matrix([order.by])[rows, 0])
    levels = table.levels(order.by)
    ranked = sorted({(text or "").casefold() for text in levels.texts})
    place = {text: float(position) for position, text in enumerate(ranked)}
    places = [np.nan if text is None else place[text.casefold()] for text in levels.texts]
    return np.asarray(np.array(places)[levels.codes[rows]])


def screen_of(table: CustomerTable, result: Segmentation | None, rows: Rows, categories: tuple[str, ...]) -> Screen:
    """Return what is said of the customers in those rows."""
    texts = {}
    for name in categories:
        levels = table.levels(name)
        texts[name] = [levels.texts[code] or "" for code in levels.codes[rows].tolist()]
    identifiers, values = table.identifiers_of(rows), table.matrix(table.features)[rows]
    if result is None:
        nobody = np.zeros(len(rows), dtype=bool)
        return Screen(identifiers, values, texts, None, nobody, None, None)
    codes = _codes(result)[rows]
    segments = segment_numbers(codes)
    gaps = np.isnan(table.matrix(result.features)[rows]) & (segments > 0)[:, None]
    margin, _ = margins(result, table.matrix(result.compared)[rows])
    return Screen(identifiers, values, texts, segments, np.equal(codes, SET_APART), margin, name_filled(result, gaps))


def _codes(result: Segmentation) -> npt.NDArray[np.uint8]:
    return in_memory(result.assignment).labels[SEGMENT].codes
