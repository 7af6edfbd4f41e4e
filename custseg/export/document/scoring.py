"""From the entries of a document to what scores customers, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.clustering import category_coding
from custseg.clustering.category_coding import ComparedCategory
from custseg.clustering.mixture import Mixture
from custseg.clustering.neighbours import Neighbours
from custseg.clustering.preparation import Preparation
from custseg.clustering.recipe import Recipe
from custseg.clustering.scoring_model import ScoringModel
from custseg.export.document import content
from custseg.export.document.content import Category, Feature, ModelContent
from custseg.tables.column_format import ColumnFormat
from custseg.tables.column_roles import Column
from custseg.tables.evening_out import EveningOut
from custseg.tables.expressions import LevelOf
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from custseg.clustering.category_coding import CategoryCoding
    from custseg.export.document.content import ComparedColumn, Stored

    Floats = npt.NDArray[np.float64]


def scoring_of(document: ModelContent) -> ScoringModel:
    """Return what scores customers. Raises SettingError where the recipe of a document is not allowed."""
    mixture = document.mixture
    return ScoringModel(
        Schema(tuple(map(_column, document.columns))),
        _preparation(document),
        np.array([one.prepared_centroid for one in document.segments]),
        np.inf if document.reach is None else document.reach,
        None
        if mixture is None
        else Mixture(
            np.array(mixture.weights),
            np.array(mixture.means),
            np.array(mixture.covariances),
            np.array(mixture.segments, dtype=np.intp) - 1,
        ),
    )


def _preparation(document: ModelContent) -> Preparation:
    features, entry = document.features, document.preparation
    recipe = Recipe(**dict(entry.recipe))
    evening = EveningOut(
        np.array([one.knee is not None for one in features]), _array((one.knee for one in features), 1.0)
    )
    far = _array(one.far_centre for one in features), _array(one.far_scale for one in features)
    neighbours = None
    if entry.references is not None:
        values = np.array([[np.nan if cell is None else cell for cell in row] for row in entry.references])
        with np.errstate(over="ignore", invalid="ignore"):
            neighbours = Neighbours(values, (evening.apply(values) - far[0]) / far[1])
    return Preparation(
        tuple(one.name for one in features),
        recipe,
        _array(one.fill for one in features),
        evening,
        _array((one.low for one in features), -np.inf),
        _array((one.high for one in features), np.inf),
        _array(one.centre for one in features),
        _array(one.scale for one in features),
        *far,
        entry.steps,
        tuple(map(_coding, document.categories)),
        neighbours,
    )


def _array(some: Iterable[float | None], none: float = np.nan) -> Floats:
    """Return numbers as an array, ``none`` where there is none."""
    return np.array([none if one is None else one for one in some], dtype=np.float64)


def _column(entry: ComparedColumn) -> Column:
    cells = entry.cells
    found = ColumnFormat(cells.kind, cells.decimal, cells.date_format, cells.latest, cells.gaps, cells.levels)
    return Column(
        entry.name, entry.role, entry.reason, found, entry.unit, entry.money, "", entry.label, entry.order,
        entry.level_labels, entry.quantity,
    )  # fmt: skip


def _coding(entry: Category) -> CategoryCoding:
    coding, ranked = entry.coding, isinstance(entry.coding, content.Ranks)
    compared = ComparedCategory(LevelOf(entry.name, entry.compared_levels), ranked, entry.merged)
    if isinstance(coding, content.Ranks):
        return category_coding.RankScores(compared, coding.centre, coding.scale, coding.fill)
    return category_coding.Indicators(compared, coding.height)


def feature_entries(scoring: ScoringModel, stored: Mapping[str, Stored]) -> tuple[Feature, ...]:
    """Return the features of what scores customers, and how each is prepared."""
    learned = scoring.preparation
    return tuple(
        Feature(
            **_meaning(scoring.schema.column(name), stored[name]),
            fill=float(learned.fill[place]),
            low=_finite(learned.low[place]),
            high=_finite(learned.high[place]),
            knee=float(learned.evening.knees[place]) if learned.evening.evened[place] else None,
            centre=float(learned.centre[place]),
            scale=float(learned.scale[place]),
            far_centre=float(learned.far_centre[place]),
            far_scale=float(learned.far_scale[place]),
        )
        for place, name in enumerate(learned.features)
    )


def category_entries(scoring: ScoringModel, stored: Mapping[str, Stored]) -> tuple[Category, ...]:
    """Return the categories that are compared, and how each becomes numbers."""
    return tuple(
        Category(
            **_meaning(scoring.schema.column(coding.category.column), stored[coding.category.column]),
            compared_levels=coding.category.level.levels,
            merged=coding.category.merged,
            coding=_coding_entry(coding),
        )
        for coding in scoring.preparation.categories
    )


def _coding_entry(coding: CategoryCoding) -> content.Indicators | content.Ranks:
    if isinstance(coding, category_coding.Indicators):
        return content.Indicators(height=float(coding.height))
    return content.Ranks(centre=float(coding.centre), scale=float(coding.scale), fill=float(coding.fill))


def _meaning(column: Column, stored: Stored) -> dict[str, Any]:
    held = column.format
    cells = content.Cells(
        kind=held.kind, stored=stored, decimal=held.decimal, date_format=held.date_format, latest=held.latest,
        gaps=held.gaps, levels=held.levels,
    )  # fmt: skip
    return {
        "name": column.name, "label": column.label, "unit": column.unit, "money": column.money,
        "quantity": column.quantity, "role": column.role, "reason": column.reason, "cells": cells,
        "order": column.order, "level_labels": column.level_labels,
    }  # fmt: skip


def _finite(limit: float) -> float | None:
    return float(limit) if np.isfinite(limit) else None


def stored_as(dtype: nw.dtypes.DType) -> Stored:
    """Return how the cells of a column are kept, whatever its dataframe calls it."""
    if dtype.is_numeric():
        return "number"
    if dtype == nw.Boolean:
        return "truth"
    if dtype == nw.Date:
        return "date"
    if dtype == nw.Datetime:
        return "moment with zone" if getattr(dtype, "time_zone", None) else "moment"
    return "text" if dtype in (nw.String, nw.Categorical) or isinstance(dtype, nw.Enum) else "other"
