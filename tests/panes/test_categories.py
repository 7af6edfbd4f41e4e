"""Categories on the page: the switch, what each column decided, and the hint that none takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, SegmentationModel
from custseg.panes.parts.category_hint import CategoryHint
from custseg.panes.parts.controls import Controls
from custseg.panes.parts.customer_detail import CustomerDetail
from custseg.panes.parts.influence import InfluenceBars
from custseg.panes.parts.preparation import PreparationSteps
from custseg.tables.in_memory import in_memory
from custseg.wording import capitalised, fixed, percent
from tests.hostile import HOSTILE
from tests.panes.hands import markup_of, press, widget

if TYPE_CHECKING:
    from typing import Any

SWITCH = "Also compare categories"


def table(**more: Any) -> CustomerTable:
    generator = np.random.default_rng(0)
    columns = {name: generator.choice(["a", "b", "c"], 200) for name in ("plan", "region", "device")}
    return CustomerTable.read(pd.DataFrame({"spend": generator.normal(50, 9, 200), **columns, **more}))


def is_stale(model: SegmentationModel) -> bool:
    return model.stale


@pytest.fixture
def model() -> SegmentationModel:
    return SegmentationModel(table(), k=3, seed=0)


def test_one_switch_lets_categories_take_part(model: SegmentationModel) -> None:
    controls = Controls(model)
    assert model.run_clustering().categories == ()
    widget(controls, SWITCH).value = [SWITCH]
    assert is_stale(model)
    assert model.run_clustering().categories == ("plan", "region", "device")
    assert not is_stale(model)
    model.undo()
    assert not widget(controls, SWITCH).value


def test_the_switch_is_there_only_where_there_are_categories(model: SegmentationModel) -> None:
    controls = Controls(model)
    assert SWITCH in controls.state().controls
    assert "plan, region and device" in markup_of(controls)
    model.load(pd.DataFrame({"spend": np.arange(50.0), "visits": np.arange(50.0) ** 2}))
    assert SWITCH not in controls.state().controls


def test_a_choice_of_some_categories_is_kept_by_the_switch(model: SegmentationModel) -> None:
    controls = Controls(model)
    model.recipe = Recipe(categories=("region",))
    assert widget(controls, SWITCH).value
    assert model.recipe.categories == ("region",)


def test_what_each_column_decided_is_shown(model: SegmentationModel) -> None:
    bars = InfluenceBars(model)
    assert "What set the segments apart" not in markup_of(bars)
    model.recipe = Recipe(categories=True)
    found = model.run_clustering()
    markup = markup_of(bars)
    for name, share in found.influence.ranked:
        assert f"<dt>{capitalised(name)}</dt><dd>{percent(share)}</dd>" in markup


def test_once_assessed_what_segments_would_be_without_each_column_stands_there_too(model: SegmentationModel) -> None:
    bars = InfluenceBars(model)
    model.recipe = Recipe(categories=True)
    model.run_clustering()
    assert "Without it" not in markup_of(bars)
    model.run_assessment()
    assert model.outcome is not None
    found = model.outcome.influence
    assert found.without is not None
    markup = markup_of(bars)
    for agreement in found.without:
        assert f'<dt class="without">Without it</dt><dd class="without">{fixed(agreement, 2)}</dd>' in markup


def test_one_column_that_decides_all_is_warned_of() -> None:
    model = SegmentationModel(table(tenure=np.random.default_rng(1).normal(size=200)), k=3, seed=0)
    bars = InfluenceBars(model)
    model.recipe = Recipe(weights={"tenure": 100})
    model.run_clustering()
    assert '<p class="warning">Nearly all that sets these segments apart is tenure' in markup_of(bars)
    model.run_assessment()
    assert '<p class="warning">Tenure alone decides these segments: the rest hardly matter.' in markup_of(bars)


def test_many_columns_are_summed_up() -> None:
    more = {f"number {place}": np.random.default_rng(place).normal(size=200) for place in range(9)}
    model = SegmentationModel(table(**more), k=3, seed=0)
    bars = InfluenceBars(model)
    found = model.run_clustering()
    rest = percent(sum(share for _, share in found.influence.ranked[8:]))
    assert f"2 other columns together: {rest}" in markup_of(bars)


def test_a_hint_says_that_most_columns_take_no_part_and_its_button_changes_that(model: SegmentationModel) -> None:
    hint = CategoryHint(model)
    assert "3 of 4 usable columns are categories and take no part in the comparison." in markup_of(hint)
    press(hint, "Compare them too")
    assert model.recipe == Recipe(categories=True)
    assert not hint.__panel__().visible
    model.recipe = Recipe()
    assert hint.__panel__().visible
    model.load(model.table.change(roles=dict.fromkeys(("plan", "region"), "ignored")))
    assert not hint.__panel__().visible


def test_the_steps_say_which_categories_are_compared(model: SegmentationModel) -> None:
    steps = PreparationSteps(model)
    model.recipe = Recipe(categories=True)
    model.run_clustering()
    assert "Categories compared too: plan, region and device." in markup_of(steps)


def test_another_role_of_a_compared_category_makes_the_result_stale(model: SegmentationModel) -> None:
    model.recipe = Recipe(categories=True)
    model.run_clustering()
    model.load(model.table.change(roles={"plan": "ignored"}))
    assert is_stale(model)
    model.load(model.table.change(roles={"plan": "category"}))
    assert not is_stale(model)
    model.load(model.table.change(orders={"plan": ["c", "b", "a"]}))
    assert is_stale(model)


def test_an_earlier_run_with_categories_comes_back_to_the_last_customer(model: SegmentationModel) -> None:
    model.recipe = Recipe(categories=True)
    labels = model.run_clustering().labels.copy()
    model.recipe = Recipe()
    model.run_clustering()
    model.return_to(1)
    assert model.recipe == Recipe(categories=True)
    assert model.result is not None
    np.testing.assert_array_equal(model.result.labels, labels)


def test_a_selected_segment_stays_selected_when_a_compared_category_is_set_aside(model: SegmentationModel) -> None:
    model.recipe = Recipe(categories=True)
    labels = model.run_clustering().labels
    selection = model.select_segment(2)
    assert len(selection) == np.count_nonzero(labels == 2)
    model.load(model.table.change(roles={"plan": "ignored"}))
    assert model.selected is not None
    chosen = in_memory(model.table.customers).where(model.selected.where)
    np.testing.assert_array_equal(chosen, labels == 2)


def test_one_customer_is_explained_on_the_page(model: SegmentationModel) -> None:
    model.recipe = Recipe(categories=True)
    detail = CustomerDetail(model)
    labels = model.run_clustering().labels
    model.focused_customer = "5"
    assert f"With these numbers it stays in <b>segment {labels[4]}</b>" in markup_of(detail)


def test_names_and_levels_are_never_markup() -> None:
    hostile = {f"{text} {place}": [text, "other"] * 100 for place, text in enumerate(HOSTILE[:4])}
    model = SegmentationModel(table(**hostile), k=3, seed=0, recipe=Recipe(categories=True))
    controls, hint, steps = Controls(model), CategoryHint(model), PreparationSteps(model)
    model.run_clustering()
    for view in (controls, hint, steps):
        assert "<script" not in markup_of(view)
        assert "<img" not in markup_of(view)
