"""SegmentationModel as a script uses it: settings, stale, results that stay, errors in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, SegmentationModel, SettingError, interpret, profile, segment

if TYPE_CHECKING:
    from pathlib import Path

THREE_DIFFERENT = pd.DataFrame({"a": [1.0, 1.0, 5.0, 9.0], "b": [0.0, 0.0, 1.0, 5.0]})


@pytest.fixture
def new(table: CustomerTable) -> SegmentationModel:
    return SegmentationModel(table)


def test_nothing_is_computed_before_a_run(new: SegmentationModel) -> None:
    assert (new.result, new.outcome, new.profile, new.words, new.error) == (None, None, None, None, None)
    assert not new.stale
    assert not new.running


def test_a_new_model_compares_all_features_and_shows_the_first_two(new: SegmentationModel) -> None:
    assert tuple(new.features) == new.table.features
    assert (new.x, new.y, new.k, new.seed) == ("Fresh", "Milk", 4, 42)


def test_a_table_of_one_feature_is_shown_against_itself() -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 2.0, 9.0]}))
    assert (model.x, model.y) == ("a", "a")


def test_it_takes_a_frame_or_a_path_like_a_table(table_path: Path, frame: pd.DataFrame) -> None:
    by_path, by_frame = SegmentationModel(table_path).run_clustering(), SegmentationModel(frame).run_clustering()
    np.testing.assert_array_equal(by_path.labels, by_frame.labels)


def test_a_run_returns_the_result_that_it_keeps(new: SegmentationModel) -> None:
    result = new.run_clustering()
    assert new.result is result
    assert new.outcome is not None
    assert new.outcome.segmentation is result
    assert new.outcome.number == 1


def test_a_run_gives_what_the_functions_give(model: SegmentationModel, table: CustomerTable) -> None:
    expected = segment(table, k=4, seed=42)
    assert model.result is not None
    np.testing.assert_array_equal(model.result.labels, expected.labels)
    assert model.profile is not None
    assert model.profile.silhouette == profile(expected).silhouette
    assert model.words == interpret(profile(expected))


def test_runs_are_counted(model: SegmentationModel) -> None:
    model.run_clustering()
    assert model.outcome is not None
    assert model.outcome.number == 2


@pytest.mark.parametrize(("name", "value"), [("k", 5), ("seed", 7), ("seed", None), ("features", ["Milk", "Fresh"])])
def test_a_setting_of_the_clustering_makes_the_result_stale_until_it_is_set_back_or_run(
    model: SegmentationModel, name: str, value: Any
) -> None:
    before, result = getattr(model, name), model.result
    stale = []
    for chosen in (value, before, value):
        setattr(model, name, chosen)
        stale.append(model.stale)
        assert model.result is result
    model.run_clustering()
    assert [*stale, model.stale] == [True, False, True, False]
    assert model.result is not result


@pytest.mark.parametrize("axis", ["x", "y"])
def test_an_axis_neither_refits_nor_makes_the_result_stale(model: SegmentationModel, axis: str) -> None:
    result, outcome = model.result, model.outcome
    setattr(model, axis, "Delicassen")
    assert model.result is result
    assert model.outcome is outcome
    assert not model.stale


def test_settings_before_the_first_run_make_nothing_stale(new: SegmentationModel) -> None:
    new.param.update(k=5, seed=None)
    assert not new.stale


def test_without_a_seed_a_result_is_not_stale_after_its_run(model: SegmentationModel) -> None:
    model.seed = None
    first = model.run_clustering()
    assert not model.stale
    assert model.run_clustering().seed != first.seed
    assert not model.stale
    model.seed = first.seed
    assert model.stale


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("k", 11, "must be a whole number from 2 to 10, but got “11”"),
        ("k", True, "but got “True”"),
        ("k", None, "but got “None”"),
        ("seed", -1, "must be a whole number from 0 to 4294967295, but got “-1”"),
        ("seed", 1.5, "but got “1.5”"),
        ("features", [], "at least one feature"),
        ("features", ["Wine"], "no numeric column called “Wine” to segment on"),
        ("x", "Wine", "no numeric column called “Wine” to show on x"),
        ("y", None, "no numeric column called “None” to show on y"),
    ],
)
def test_a_setting_that_is_not_allowed_is_refused_and_the_old_one_kept(
    model: SegmentationModel, name: str, value: Any, sentence: str
) -> None:
    before, result = getattr(model, name), model.result
    with pytest.raises(SettingError, match=sentence):
        setattr(model, name, value)
    assert getattr(model, name) == before
    assert model.result is result
    assert not model.stale
    with pytest.raises(SettingError, match=sentence):
        SegmentationModel(model.table, **{name: value})


def test_customers_that_cannot_be_used_are_refused_at_once() -> None:
    with pytest.raises(DataError, match="“a” has an infinite value in row 1"):
        SegmentationModel(pd.DataFrame({"a": [float("inf"), 1.5, 2.0]}))


@pytest.mark.parametrize(("name", "value"), [("outcome", None), ("stale", True), ("running", True), ("table", None)])
def test_what_the_model_derives_cannot_be_set(model: SegmentationModel, name: str, value: object) -> None:
    before = getattr(model, name)
    with pytest.raises(TypeError, match="Constant parameter"):
        setattr(model, name, value)
    assert getattr(model, name) is before


def test_a_failed_run_keeps_the_result_and_says_what_happened() -> None:
    model = SegmentationModel(THREE_DIFFERENT, k=3)
    result = model.run_clustering()
    outcome = model.outcome
    model.k = 4
    with pytest.raises(SettingError) as failed:
        model.run_clustering()
    assert model.error == str(failed.value)
    assert model.error.startswith("4 segments need at least 4 customers")
    assert model.result is result
    assert model.outcome is outcome
    assert model.stale


def test_a_success_clears_the_error() -> None:
    model = SegmentationModel(THREE_DIFFERENT, k=4)
    with pytest.raises(SettingError):
        model.run_clustering()
    model.k = 2
    assert model.error is not None
    model.run_clustering()
    assert model.error is None


def test_two_models_of_one_table_share_nothing(table: CustomerTable) -> None:
    one, other = SegmentationModel(table), SegmentationModel(table)
    one.param.update(k=7, seed=1, x="Frozen", features=["Milk", "Frozen"])
    one.run_clustering()
    assert (other.k, other.seed, other.x, tuple(other.features)) == (4, 42, "Fresh", table.features)
    assert other.result is None


def test_two_models_of_other_tables_offer_their_own_features(table: CustomerTable) -> None:
    model, other = SegmentationModel(table), SegmentationModel(THREE_DIFFERENT)
    assert other.features == ["a", "b"]
    assert model.param["x"].objects == list(table.features)


def test_a_copy_has_the_settings_and_the_result_and_then_its_own_life(model: SegmentationModel) -> None:
    model.param.update(k=6, x="Frozen")
    twin = model.copy()
    assert (twin.k, twin.x, twin.table) == (6, "Frozen", model.table)
    assert twin.result is model.result
    assert twin.outcome is model.outcome
    assert twin.stale
    twin.run_clustering()
    assert model.stale
    assert model.result is not twin.result


def test_a_copy_of_a_model_that_has_not_run_has_no_result(new: SegmentationModel) -> None:
    twin = new.copy()
    assert twin.result is None
    assert not twin.stale


def test_a_result_is_announced_together_with_all_that_goes_with_it(new: SegmentationModel) -> None:
    seen: list[tuple[Any, ...]] = []
    new.error = "an old problem"
    new.param.watch(lambda event: seen.append((event.new is new.history[-1], new.words, new.error)), ["outcome"])
    new.run_clustering()
    assert seen == [(True, new.words, None)]
