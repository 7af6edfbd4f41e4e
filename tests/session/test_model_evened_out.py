"""What the last run is with skewed features as they are and evened out, as a page finds it out after each run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import Recipe, SegmentationModel
from custseg.change.evened_out import compare_evened_out
from tests.session.waiting import all_runs_are_over, change_of, fails_once, trigger

if TYPE_CHECKING:
    from custseg import CustomerTable


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    # A table of its own, of which nothing was found out yet.
    return SegmentationModel(replace(table), k=4, seed=42)


def test_a_triggered_run_finds_out_both_ways_and_the_result_stays(model: SegmentationModel) -> None:
    asyncio.run(change_of(model, "evened_out", lambda: trigger(model)))
    assert model.evened_out is not None
    assert model.evened_out.plain.sizes == (4, 10, 109, 317)
    assert model.evened_out == compare_evened_out(model.result)  # type: ignore[arg-type]
    assert model.outcome is not None
    assert model.outcome.number == 1
    assert model.result is not None
    assert model.result.preparation.recipe == Recipe()


def test_it_stands_while_one_goes_to_the_other_way_and_back_and_goes_with_other_settings(
    model: SegmentationModel,
) -> None:
    asyncio.run(change_of(model, "evened_out", lambda: trigger(model)))
    known = model.evened_out
    model.recipe = Recipe(log="auto")
    model.run_clustering()
    assert model.evened_out is known
    model.undo()
    assert model.evened_out is known
    model.k = 3
    model.run_clustering()
    assert model.evened_out is None


def test_it_goes_with_the_customers(model: SegmentationModel) -> None:
    asyncio.run(change_of(model, "evened_out", lambda: trigger(model)))
    model.load(pd.DataFrame({"a": np.arange(9.0), "b": np.arange(9.0) % 4}))
    assert model.evened_out is None


def test_where_nothing_is_skewed_or_the_other_way_fails_there_is_nothing_to_choose() -> None:
    # Evened out, too few customers differ in single precision.
    values = np.r_[np.full(300, 1.0), np.full(60, 1 + 1e-6), np.full(9, 2.0), 5.0]
    for column in (np.random.default_rng(1).normal(50, 5, 300), values):
        model = SegmentationModel(pd.DataFrame({"a": column, "b": np.arange(len(column)) % 7 / 1e3}), k=3, seed=1)

        async def run(model: SegmentationModel = model) -> None:
            trigger(model)
            await all_runs_are_over()

        asyncio.run(run())
        assert model.evened_out is None
        assert model.error is None
        assert model.certainty is not None


def test_what_goes_wrong_leaves_nothing_running(model: SegmentationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(fails_once(model, "run", "custseg.session.closer_look.compare_evened_out", monkeypatch))
    assert not model.assessing
    assert model.outcome is not None
