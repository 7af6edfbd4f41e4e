"""Rows by which whoever scores elsewhere can check that it gives the same segments. None of them is a customer's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.export.document.content import TEST_ROWS, Category, Feature, TestRow
from custseg.export.document.scoring import scoring_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from custseg.clustering.scoring_model import ScoringModel
    from custseg.export.document.content import Cell, ComparedColumn, ModelContent

    Floats = npt.NDArray[np.float64]

# No test row is so close to a border that the rounding of another engine could move it.
_LEAST_MARGIN = 0.01
_DRAWN, _SPREAD, _FAR = 120, 0.4, 40.0
_GAPS, _NEW_LEVELS = 0.15, 0.1
_NEW_LEVEL = "another level"


def draw_test_rows(document: ModelContent) -> tuple[TestRow, ...]:
    """Draw cells around and between the centroids, some of them missing, new or far away, and place them."""
    scoring, generator = scoring_of(document), np.random.default_rng(document.provenance.seed)
    drawn = [_draw(document, scoring, generator, number) for number in range(_DRAWN)]
    placed = scoring.place(scoring.values(as_arrow(document.columns, drawn)))
    sure = np.flatnonzero((placed.segments == 0) | (placed.margin > _LEAST_MARGIN)).tolist()
    return tuple(TestRow(cells=drawn[row], segment=int(placed.segments[row]) or None) for row in sure[:TEST_ROWS])


def as_arrow(columns: Sequence[ComparedColumn], rows: Iterable[dict[str, Cell]]) -> pa.Table:
    """Return rows of cells as a table, each column as it was kept where the customers were."""
    import pyarrow as pa

    rows = list(rows)
    kinds = {"number": pa.float64(), "truth": pa.bool_()}
    cells = [
        pa.array([row[column.name] for row in rows], kinds.get(column.cells.stored, pa.string())) for column in columns
    ]
    dates = {"date": pa.date32(), "moment": pa.timestamp("us"), "moment with zone": pa.timestamp("us", tz="UTC")}
    cells = [
        cell.cast(dates[column.cells.stored]) if column.cells.stored in dates else cell
        for cell, column in zip(cells, columns, strict=True)
    ]
    return pa.table(cells, names=[column.name for column in columns])


def _draw(
    document: ModelContent, scoring: ScoringModel, generator: np.random.Generator, number: int
) -> dict[str, Cell]:
    """Draw the cells of one row: the first ones at a centroid each, then others farther and farther away."""
    k, features = scoring.k, len(document.features)
    one, other = number % k, int(generator.integers(k))
    way = 0.0 if number < k else generator.random() * 0.6
    centroids = scoring.prepared_centroids[:, :features]
    spread = 0.0 if number < k else _FAR if number % 10 == 9 else _SPREAD
    place = centroids[one] + way * (centroids[other] - centroids[one]) + generator.normal(0, spread, features)
    with np.errstate(over="ignore"):
        values = scoring.preparation.invert(place[None])[0]
    cells: dict[str, Cell] = {
        feature.name: None if number >= k and generator.random() < _GAPS else _cell_of(feature, float(value))
        for feature, value in zip(document.features, values, strict=True)
    }
    return cells | {category.name: _level_of(category, generator) for category in document.categories}


def _cell_of(feature: Feature, value: float) -> Cell:
    """Return a cell that stands for about this number of a feature; None where none is known to."""
    cells = feature.cells
    if not np.isfinite(value):
        return None
    if cells.kind == "truth":
        yes = value >= 0.5
        return {"number": float(yes), "truth": bool(yes)}.get(cells.stored, "true" if yes else "false")
    if cells.kind == "ordinal":
        return _stored(cells.levels[int(np.clip(round(value), 1, len(cells.levels))) - 1], cells.stored)
    if cells.kind == "date":
        return _day(feature, value)
    number = float(f"{value:.6g}")
    if cells.kind == "birth year" and cells.latest is not None:
        number = float(round(cells.latest.year - value))
    if number in cells.gaps:
        return None
    return number if cells.stored == "number" else f"{number:f}".replace(".", cells.decimal)


def _day(feature: Feature, value: float) -> Cell:
    cells, latest = feature.cells, feature.cells.latest
    if latest is None or not abs(value) < latest.toordinal() - 800 or value < -(10**5):
        return None
    day = (latest - dt.timedelta(days=round(value))).isoformat()
    written = cells.stored in ("date", "moment", "moment with zone") or cells.date_format == "%Y-%m-%d"
    return day if written and day not in cells.gaps else None


def _level_of(category: Category, generator: np.random.Generator) -> Cell:
    """Return a cell with one of the levels that are compared, with none, or with one that is not known."""
    chance, known = generator.random(), [level for level in category.compared_levels if level is not None]
    if chance < _NEW_LEVELS and category.cells.stored == "text" and category.cells.kind == "text":
        return _NEW_LEVEL if _NEW_LEVEL not in known else None
    if chance < _NEW_LEVELS + _GAPS or not known:
        return None
    level = known[int(generator.integers(len(known)))]
    codes = {label: code for code, label in category.level_labels}
    return _stored(codes.get(level, level), category.cells.stored)


def _stored(level: str, stored: str) -> Cell:
    """Return a level as a cell; None where it can't be one."""
    read: dict[str, Any] = {"number": float, "truth": {"True": True, "False": False}.get, "date": _date}
    if stored in ("text", "other"):
        return level
    try:
        found: Cell = read[stored](level)
    except (KeyError, ValueError):
        return None
    return found


def _date(level: str) -> str:
    return dt.date.fromisoformat(level).isoformat()
