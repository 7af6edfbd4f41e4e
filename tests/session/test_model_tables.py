"""The model with other customers, other roles of columns, and other recipes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, SegmentationModel
from tests.session.waiting import all_runs_are_over

if TYPE_CHECKING:
    from pathlib import Path

    from tests.session.waiting import Gate


@pytest.fixture
def others() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    return pd.DataFrame({"revenue": generator.lognormal(5, 1, 50), "visits": generator.poisson(9, 50) * 1.0})


def test_other_customers_take_the_place_of_all_but_k_and_seed(model: SegmentationModel, others: pd.DataFrame) -> None:
    model.param.update(k=3, seed=7, recipe=Recipe(log="auto"))
    model.load(others)
    assert (model.result, model.outcome, model.stale, model.error) == (None, None, False, None)
    assert (model.k, model.seed, model.recipe) == (3, 7, Recipe())
    assert (model.x, model.y, model.features) == ("revenue", "visits", ["revenue", "visits"])
    assert len(model.run_clustering().labels) == 50


def test_runs_go_on_being_counted(model: SegmentationModel, others: pd.DataFrame) -> None:
    model.load(others)
    model.run_clustering()
    assert model.outcome is not None
    assert model.outcome.number == 2


def test_customers_that_cannot_be_used_leave_everything_as_it_was(model: SegmentationModel, tmp_path: Path) -> None:
    before = (model.table, model.result, model.features)
    with pytest.raises(DataError):
        model.load(tmp_path / "missing.csv")
    assert (model.table, model.result, model.features) == before


def test_another_role_keeps_the_result_and_makes_it_stale(model: SegmentationModel) -> None:
    result = model.result
    model.param.update(x="Fresh", y="Milk")
    model.load(model.table.change(roles={"Milk": "ignored"}))
    assert model.result is result
    assert model.stale
    assert "Milk" not in model.features
    assert (model.x, model.y) == ("Fresh", "Grocery")
    model.load(model.table.change(roles={"Milk": "feature"}))
    assert "Milk" in model.features


@pytest.mark.parametrize(
    ("axes", "ignored", "expected"),
    [
        (("a", "c"), ["a"], ("b", "c")),
        (("a", "c"), ["c"], ("a", "b")),
        (("a", "b"), ["a", "b"], ("c", "c")),
        (("b", "b"), ["b"], ("a", "c")),
    ],
)
def test_an_axis_that_is_gone_is_another_feature_and_the_other_one_stays(
    axes: tuple[str, str], ignored: list[str], expected: tuple[str, str]
) -> None:
    frame = pd.DataFrame({name: np.random.default_rng(0).normal(size=9) for name in "abc"})
    model = SegmentationModel(frame, x=axes[0], y=axes[1], k=2)
    model.load(model.table.change(roles=dict.fromkeys(ignored, "ignored")))
    assert (model.x, model.y) == expected


def test_other_money_makes_the_words_stale(model: SegmentationModel) -> None:
    model.load(model.table.change(money={"Fresh": False}))
    assert model.stale
    model.run_clustering()
    assert model.profile is not None
    assert "Fresh" not in model.profile.money


def test_another_recipe_makes_the_result_stale_until_it_is_put_back(model: SegmentationModel) -> None:
    model.recipe = replace(model.recipe, scaling="robust")
    assert model.stale
    model.recipe = Recipe()
    assert not model.stale


def test_watchers_see_other_customers_whole(model: SegmentationModel, others: pd.DataFrame) -> None:
    seen = []
    model.param.watch(lambda *_: seen.append((model.x, model.y, len(model.table), model.result)), ["table", "x", "y"])
    model.load(others)
    assert seen == [("revenue", "visits", 50, None)]


def test_a_run_of_customers_that_are_gone_is_discarded(others: pd.DataFrame, table: CustomerTable, gate: Gate) -> None:
    model = SegmentationModel(table)

    async def run_and_load() -> None:
        model.param.trigger("run")
        await gate.held()
        model.load(others)
        gate.open()
        await all_runs_are_over()

    asyncio.run(run_and_load())
    assert model.result is None
