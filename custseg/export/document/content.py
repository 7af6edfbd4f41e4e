"""What a model document holds: its entries, in the order in which they stand, and what each may be.

A document may come from anywhere, so all of it is checked. Floats are written so that they come back to the last bit.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from custseg.clustering.recipe import Method, Missing, Scaling
from custseg.export.checked_document import Entry
from custseg.settings import K_RANGE, LARGEST_SEED
from custseg.tables.column_format import Kind
from custseg.tables.column_roles import Quantity, Role
from custseg.tables.number_text import DecimalSign

VERSION = 1
TEST_ROWS = 20
_MOST_COLUMNS, _MOST_LEVELS, _MOST_COMPONENTS, _MOST_REFERENCES = 2000, 2000, 200, 1000

# How the cells of a column are kept where the customers were: what they are called hangs on the dataframe.
Stored = Literal["number", "text", "truth", "date", "moment", "moment with zone", "other"]
Text = Annotated[str, StringConstraints(max_length=10_000)]
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Level = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Row = Annotated[tuple[float, ...], Field(max_length=_MOST_COLUMNS)]
Cell = float | bool | Text | None


class Cells(Entry):
    """How the cells of a column become numbers or levels; see ``custseg.tables.column_format``."""

    kind: Kind
    stored: Stored
    decimal: DecimalSign = "."
    date_format: Text = ""
    latest: Annotated[dt.date | None, Field(strict=False)] = None
    gaps: Annotated[tuple[float | Text, ...], Field(max_length=_MOST_LEVELS)] = ()
    levels: Annotated[tuple[Level, ...], Field(max_length=_MOST_LEVELS)] = ()


class ComparedColumn(Entry):
    """A column that is compared, and what was understood of it."""

    name: ColumnName
    label: Text = ""
    unit: Text = ""
    money: bool = False
    quantity: Quantity = ""
    role: Role
    reason: Text = ""
    cells: Cells
    order: Annotated[tuple[Level, ...], Field(max_length=_MOST_LEVELS)] = ()
    level_labels: Annotated[tuple[tuple[Text, Text], ...], Field(max_length=_MOST_LEVELS)] = ()


class Feature(ComparedColumn):
    """A number that is compared, and how it is prepared: filled, moved to limits, evened out, and scaled.

    Prepared it is (value - centre) / scale, or (arcsinh(value / knee) - centre) / scale where there is a knee.
    ``far_centre`` and ``far_scale`` are those by which exceptional customers are told.
    """

    fill: float
    low: float | None = None
    high: float | None = None
    knee: Positive | None = None
    centre: float
    scale: Positive
    far_centre: float
    far_scale: Positive

    @property
    def plain(self) -> bool:
        """Whether it is neither moved to limits nor evened out."""
        return self.low is None and self.high is None and self.knee is None


class Indicators(Entry):
    """Levels without an order: one prepared column each, ``height`` for who has it and 0 for the others."""

    kind: Literal["indicators"] = "indicators"
    height: Positive


class Ranks(Entry):
    """Levels in an order: (rank from 0 - centre) / scale; ``fill`` is the rank of who has none of them."""

    kind: Literal["ranks"] = "ranks"
    centre: float
    scale: Positive
    fill: float


class Category(ComparedColumn):
    """A category that is compared: ``null`` is the level of no value, and ``merged`` rarer levels count as one."""

    compared_levels: Annotated[tuple[Level | None, ...], Field(min_length=1, max_length=_MOST_LEVELS)]
    merged: Count = 0
    coding: Annotated[Indicators | Ranks, Field(discriminator="kind")]

    @property
    def width(self) -> int:
        """How many prepared columns there are."""
        return len(self.compared_levels) + (self.merged > 0) if isinstance(self.coding, Indicators) else 1


class RecipeEntry(Entry):
    """How customers were made comparable; see ``custseg.Recipe``."""

    missing: Missing
    log: Text | Annotated[tuple[ColumnName, ...], Field(max_length=_MOST_COLUMNS)]
    winsorise: tuple[float, float] | None
    exceptional: float | None
    scaling: Scaling
    weights: Annotated[dict[ColumnName, float], Field(max_length=_MOST_COLUMNS)]
    categories: bool | Annotated[tuple[ColumnName, ...], Field(max_length=_MOST_COLUMNS)]
    trim: float
    method: Method


class PreparationEntry(Entry):
    """The recipe, what it did in sentences, and customers of whom others take the values that they miss.

    ``references`` are there only where missing values are filled from similar customers (missing is "nearest").
    """

    recipe: RecipeEntry
    steps: Annotated[tuple[Text, ...], Field(max_length=_MOST_COLUMNS)] = ()
    references: Annotated[
        tuple[Annotated[tuple[float | None, ...], Field(max_length=_MOST_COLUMNS)], ...] | None,
        Field(max_length=_MOST_REFERENCES),
    ] = None


class Segment(Entry):
    """A segment: its centroid in the features' own units, and in prepared units, those of categories after features."""

    segment: Annotated[int, Field(ge=1, le=K_RANGE[1])]
    name: Text = ""
    note: Text = ""
    customers: Count
    centroid: Row
    prepared_centroid: Row


class MixtureEntry(Entry):
    """Normal distributions in prepared units, and which segment (from 1) each is part of."""

    weights: Annotated[tuple[Positive, ...], Field(max_length=_MOST_COMPONENTS)]
    means: Annotated[tuple[Row, ...], Field(max_length=_MOST_COMPONENTS)]
    covariances: Annotated[
        tuple[Annotated[tuple[Row, ...], Field(max_length=_MOST_COLUMNS)], ...], Field(max_length=_MOST_COMPONENTS)
    ]
    segments: Annotated[tuple[int, ...], Field(max_length=_MOST_COMPONENTS)]


class OtherColumn(Entry):
    """A column that is not compared, and why."""

    name: ColumnName
    role: Role
    label: Text = ""
    reason: Text = ""


class Understanding(Entry):
    """What was understood of the table that was segmented."""

    title: Text = ""
    source: Text = ""
    remarks: Annotated[tuple[Text, ...], Field(max_length=_MOST_COLUMNS)] = ()
    other_columns: Annotated[tuple[OtherColumn, ...], Field(max_length=100_000)] = ()

    @property
    def identifier(self) -> str | None:
        """The column that tells customers apart, if there is one."""
        return next((column.name for column in self.other_columns if column.role == "identifier"), None)


class Provenance(Entry):
    """Of which customers it is, and what found it. ``data`` is the SHA-256 of the features as they were read."""

    customers: Count
    left_out: Count = 0
    set_apart: Count = 0
    data: Text
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    random_start: bool = False
    inertia: Annotated[float, Field(ge=0)]
    iterations: Count
    engine: Text
    versions: Annotated[dict[Text, Text], Field(max_length=50)]
    made: Annotated[dt.datetime, Field(strict=False)]


class TestRow(Entry):
    """Cells of nobody who was segmented, and the segment that they belong to; null for none."""

    __test__ = False  # It is no test of pytest's.

    cells: Annotated[dict[ColumnName, Cell], Field(max_length=_MOST_COLUMNS)]
    segment: Annotated[int, Field(ge=1, le=K_RANGE[1])] | None


class ModelContent(Entry):
    """A model document: segments of customers, and how a customer's columns become one of them."""

    format: Literal["custseg-model"] = "custseg-model"
    version: Literal[1] = 1
    segments: Annotated[tuple[Segment, ...], Field(min_length=K_RANGE[0], max_length=K_RANGE[1])]
    features: Annotated[tuple[Feature, ...], Field(min_length=1, max_length=_MOST_COLUMNS)]
    categories: Annotated[tuple[Category, ...], Field(max_length=_MOST_COLUMNS)] = ()
    preparation: PreparationEntry
    reach: Annotated[float, Field(ge=0)] | None = None
    mixture: MixtureEntry | None = None
    understanding: Understanding
    provenance: Provenance
    test_rows: Annotated[tuple[TestRow, ...], Field(max_length=TEST_ROWS)]

    @property
    def columns(self) -> tuple[ComparedColumn, ...]:
        """What is compared: features, then categories."""
        return (*self.features, *self.categories)

    @property
    def names(self) -> tuple[str, ...]:
        """What the segments are called."""
        return tuple(segment.name for segment in self.segments)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        width, names = len(self.features), [column.name for column in self.columns]
        prepared, k = width + sum(category.width for category in self.categories), len(self.segments)
        wrong = {
            "segments must be numbered from 1": [one.segment for one in self.segments] != [*range(1, k + 1)],
            "two compared columns have one name": len(set(names)) < len(names),
            f"a centroid must have {width} numbers": any(len(one.centroid) != width for one in self.segments),
            f"a prepared centroid must have {prepared} numbers": any(
                len(one.prepared_centroid) != prepared for one in self.segments
            ),
            "a lower limit is above the upper one": any(
                one.low is not None and one.high is not None and one.low > one.high for one in self.features
            ),
            "a level stands twice": any(
                len(set(one.compared_levels)) < len(one.compared_levels) for one in self.categories
            ),
            "a mixture does not fit the method, or the segments": not self._mixture_fits(prepared, k),
            "references do not fit the features": not self._references_fit(width),
            "a test row has other columns than those compared, or another segment": any(
                set(row.cells) != set(names) or (row.segment or 1) > k for row in self.test_rows
            ),
        }
        found = [what for what, holds in wrong.items() if holds]
        if found:
            raise ValueError(found[0])
        return self

    def _references_fit(self, width: int) -> bool:
        there = self.preparation.references
        asked = self.preparation.recipe.missing == "nearest"
        return (there is not None) == asked and all(len(row) == width for row in there or ())

    def _mixture_fits(self, prepared: int, k: int) -> bool:
        mixture = self.mixture
        if mixture is None or self.preparation.recipe.method != "mixture":
            return mixture is None and self.preparation.recipe.method == "k-means"
        components = [mixture.weights, mixture.means, mixture.covariances, mixture.segments]
        rows = [*mixture.means, *(row for covariance in mixture.covariances for row in covariance)]
        return (
            all(len(one) == len(other) for one, other in pairwise(components))
            and all(len(row) == prepared for row in rows)
            and all(len(covariance) == prepared for covariance in mixture.covariances)
            and set(mixture.segments) == set(range(1, k + 1))
        )
