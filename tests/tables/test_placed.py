"""Customers counted by where they lie: datashader's counts against those of NumPy, and who stands for a cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, segment
from custseg.insight.projections import OnPlane, find_planes
from custseg.tables.evening_out import EveningOut
from custseg.tables.expressions import SEGMENT, Passing
from custseg.tables.placed import Grid, placed
from custseg.tables.shapes import InBox, OnFeatures, OnLogScales
from tests.tables.rowless import Rowless

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 3000
AXES = "a", "b"


@pytest.fixture(scope="module")
def table() -> CustomerTable:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(3, 1, (ROWS, 3)).round(2), columns=["a", "b", "c"])
    frame.iloc[:40, 0] = np.nan
    frame.iloc[50, :] = 40_000.0
    return CustomerTable.read(frame.assign(id=[f"C{row}" for row in range(ROWS)]))


def counted_by_numpy(places: np.ndarray, codes: np.ndarray, groups: int, grid: Grid) -> np.ndarray:
    edges = np.linspace(*grid.y, grid.rows + 1), np.linspace(*grid.x, grid.columns + 1), np.arange(groups + 1) - 0.5
    counts, _ = np.histogramdd(np.column_stack([places[:, ::-1], codes]), bins=edges)
    return counts


@pytest.mark.parametrize("log", [False, True])
def test_each_cell_holds_those_who_lie_there_by_segment(table: CustomerTable, log: bool) -> None:  # noqa: FBT001 - a parameter
    result = segment(table, k=3, seed=0, recipe=Recipe(missing="drop", exceptional=8))
    scales = EveningOut.fit(table.matrix(AXES), np.array([log, log]))
    everyone = placed(result.assignment, OnLogScales(OnFeatures(AXES), scales) if log else OnFeatures(AXES))
    places, codes = scales.apply(table.matrix(AXES)), np.where(result.exceptional, 4, result.labels)
    assert everyone.nowhere == 40
    assert everyone.spans is not None
    spans = [(np.nanmin(column), np.nanmax(column)) for column in places.T]
    np.testing.assert_allclose(everyone.spans, spans, rtol=1e-6)
    x, y = ((low - 0.1, high + 0.1) for low, high in everyone.spans)
    for grid in (Grid(x, y, 31, 17), Grid((1.03, 3.04), (1.01, 2.52), 50, 40)):
        counts = everyone.counts(grid, SEGMENT)
        np.testing.assert_array_equal(counts, counted_by_numpy(places, codes, 5, grid))
        np.testing.assert_array_equal(everyone.counts(grid)[..., 0], counts.sum(axis=2))


@pytest.mark.parametrize("log", [False, True])
def test_an_engine_counts_what_memory_does(table: CustomerTable, log: bool, tmp_path: Path) -> None:  # noqa: FBT001
    path = tmp_path / "customers.parquet"
    table.to_pandas().to_parquet(path)
    there = CustomerTable.read(path, most_in_memory=100)
    result = segment(table, k=3, seed=0, recipe=Recipe(missing="drop", exceptional=8))
    scales = EveningOut.fit(table.matrix(AXES), np.array([log, log]))
    projection = OnLogScales(OnFeatures(AXES), scales) if log else OnFeatures(AXES)
    here, engine = placed(result.assignment, projection), placed(there.customers.label(result, SEGMENT), projection)
    assert engine.nowhere == here.nowhere
    assert engine.spans is not None
    assert here.spans is not None
    np.testing.assert_allclose(engine.spans, here.spans, rtol=1e-6)
    x, y = ((low - 0.1, high + 0.1) for low, high in here.spans)
    for grid in (Grid(x, y, 31, 17), Grid((1.03, 3.04), (1.01, 2.52), 50, 40)):
        np.testing.assert_array_equal(engine.counts(grid, SEGMENT), here.counts(grid, SEGMENT))
        np.testing.assert_array_equal(engine.counts(grid), here.counts(grid))
    some = Passing(InBox(projection, (0, 0), (10, 10)))
    np.testing.assert_array_equal(engine.where(some).counts(grid), here.where(some).counts(grid))
    named = engine.one_a_cell(grid)
    places = projection.places(named.matrix(AXES))
    assert len(named) == np.count_nonzero(here.counts(grid))
    assert ((places >= (grid.x[0], grid.y[0])) & (places <= (grid.x[1], grid.y[1]))).all()


def test_a_plane_has_everybody_in_it(table: CustomerTable) -> None:
    result = segment(table, k=3, seed=0)
    plane, _ = find_planes(result)
    everyone = placed(result.assignment, OnPlane(plane, result.preparation))
    x, y = everyone.spans or ((0, 0), (0, 0))
    grid = Grid((x[0] - 1, x[1] + 1), (y[0] - 1, y[1] + 1), 9, 9)
    assert everyone.counts(grid, SEGMENT).sum(axis=(0, 1)).tolist() == [0, *result.sizes.tolist(), 0]


def test_only_those_of_whom_a_condition_holds_are_counted(table: CustomerTable) -> None:
    projection, whole = OnFeatures(AXES), Grid((0, 50_000), (0, 50_000), 8, 8)
    everyone = placed(table.customers, projection)
    some = everyone.where(Passing(InBox(projection, (0, 0), (30, 30))))
    inside = np.flatnonzero(np.asarray((table.matrix(AXES) <= 30).all(axis=1)))
    assert some.counts(whole).sum() == len(inside)
    assert set(some.one_a_cell(Grid((0, 50), (0, 50), 40, 40)).identifiers) <= set(table.identifiers[inside])
    result = segment(table, k=2, seed=0)
    by_segment = some.labelled(result.assignment).counts(whole, SEGMENT).sum(axis=(0, 1))
    assert by_segment[1:3].tolist() == np.bincount(result.labels[inside], minlength=3)[1:].tolist()


def test_one_of_each_cell_lies_in_it_and_nobody_alone_is_left_out(table: CustomerTable) -> None:
    projection, grid = OnFeatures(AXES), Grid((0, 60_000), (0, 60_000), 600, 600)
    everyone = placed(table.customers, projection)
    sample = everyone.one_a_cell(grid)
    cells = (sample.matrix(AXES) // 100).astype(int)
    assert len(np.unique(cells, axis=0)) == len(sample) == np.count_nonzero(everyone.counts(grid))
    # The one who lies far from all others.
    assert "C50" in sample.identifiers
    assert sample.of == ROWS
    assert len(everyone.one_a_cell(Grid((-9, -8), (-9, -8), 5, 5))) == 0


def test_customers_that_cannot_be_counted_so_are_refused_in_words(table: CustomerTable) -> None:
    result = segment(table, k=2, seed=0)
    with pytest.raises(DataError, match="3,000 customers"):
        placed(replace(result, source=Rowless(result.source)).assignment, OnFeatures(AXES))
