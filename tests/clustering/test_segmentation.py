"""The frozen result, what it can be asked for, and what cannot be segmented."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, Segmentation, SettingError, segment
from custseg.clustering.engines import memory

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from custseg.clustering.engines import Fit


def test_the_result_says_how_it_was_made(table: CustomerTable, result: Segmentation) -> None:
    assert (result.k, result.seed, result.seeded, result.engine) == (4, 42, True, "memory")
    assert result.features == table.features
    assert result.table is table
    assert result.iterations >= 1
    assert result.seconds > 0


def test_centroids_are_in_the_units_of_the_features(frame: pd.DataFrame, result: Segmentation) -> None:
    means = frame.groupby(result.labels)[list(result.features)].mean()
    np.testing.assert_allclose(result.centroids, means)


def test_features_chosen_are_compared_in_the_order_chosen(table: CustomerTable) -> None:
    result = segment(table, features=["Milk", "Fresh"], k=3, seed=0)
    assert result.features == ("Milk", "Fresh")
    assert result.centroids.shape == (3, 2)


def test_the_result_is_frozen(result: Segmentation) -> None:
    with pytest.raises(FrozenInstanceError):
        result.k = 5  # type: ignore[misc]


@pytest.mark.parametrize("name", ["labels", "sizes", "centroids", "prepared_centroids"])
def test_its_arrays_cannot_be_written(result: Segmentation, name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(result, name)[0] = 0


def test_its_customers_are_the_table_with_the_segment_last(frame: pd.DataFrame, result: Segmentation) -> None:
    pd.testing.assert_frame_equal(result.customers, frame.assign(segment=result.labels))
    assert result.customers.columns[-1] == "segment"


def test_customers_keep_the_index_of_the_callers_frame() -> None:
    given = pd.DataFrame({"a": [1.0, 1.0, 9.0]}, index=["x", "y", "z"])
    customers = segment(given, k=2, seed=0).customers
    assert list(customers.index) == ["x", "y", "z"]
    assert list(customers["segment"]) == [1, 1, 2]
    assert list(given.columns) == ["a"]


def test_new_customers_get_the_segment_of_the_nearest_centroid(result: Segmentation) -> None:
    new = pd.DataFrame(result.centroids[[2, 0, 3]] * 1.001, columns=list(result.features))
    np.testing.assert_array_equal(result.assign(new), [3, 1, 4])


def test_new_customers_may_have_other_columns_in_another_order(frame: pd.DataFrame, result: Segmentation) -> None:
    shuffled = frame[[*reversed(frame.columns)]].assign(extra="x").iloc[100:110]
    np.testing.assert_array_equal(result.assign(shuffled), result.labels[100:110])


def test_new_customers_may_come_as_a_file_or_a_table(
    table: CustomerTable, table_path: Path, result: Segmentation
) -> None:
    np.testing.assert_array_equal(result.assign(table_path), result.labels)
    np.testing.assert_array_equal(result.assign(table), result.labels)


def test_no_new_customers_get_no_segments(frame: pd.DataFrame, result: Segmentation) -> None:
    assert result.assign(frame.head(0)).shape == (0,)


def test_new_customers_without_a_feature_are_refused(frame: pd.DataFrame, result: Segmentation) -> None:
    with pytest.raises(DataError, match="were expected, but got none called “Milk”, “Frozen”"):
        result.assign(frame.drop(columns=["Milk", "Frozen"]))


def test_new_customers_with_texts_for_numbers_are_refused(frame: pd.DataFrame, result: Segmentation) -> None:
    with pytest.raises(DataError, match="A number was expected in “Milk”, row 1, but got “a lot”"):
        result.assign(frame.assign(Milk="a lot"))


def test_a_new_customer_with_a_missing_cell_is_taken_to_have_the_median_of_the_first_ones(
    frame: pd.DataFrame, result: Segmentation
) -> None:
    gaps = frame.assign(Fresh=frame["Fresh"].mask(frame.index % 2 == 0))
    filled = frame.assign(Fresh=frame["Fresh"].mask(frame.index % 2 == 0, frame["Fresh"].median()))
    np.testing.assert_array_equal(result.assign(gaps), result.assign(filled))
    assert (result.assign(gaps) != result.labels).any()


def test_new_customers_with_an_infinite_cell_are_refused_with_its_place(
    frame: pd.DataFrame, result: Segmentation
) -> None:
    with pytest.raises(DataError, match="“Fresh” has an infinite value in row 3; 1 such cell in all"):
        result.assign(frame.assign(Fresh=frame["Fresh"].astype(float).mask(frame.index == 2, np.inf)))


@pytest.mark.parametrize(
    ("k", "seed", "features", "sentence"),
    [
        (11, 0, None, "must be a whole number from 2 to 10, but got “11”"),
        (4, -1, None, "must be a whole number from 0 to 4294967295, but got “-1”"),
        (4, 0, ["Wine"], "There is no numeric column called “Wine” to segment on"),
        (4, 0, [], "Segmenting needs at least one feature. Choose from “Fresh”"),
    ],
)
def test_a_setting_that_is_not_allowed_is_refused(
    table: CustomerTable, k: int, seed: int, features: list[str] | None, sentence: str
) -> None:
    with pytest.raises(SettingError, match=sentence):
        segment(table, k=k, seed=seed, features=features)


def test_an_identifier_or_a_category_is_no_feature(table: CustomerTable) -> None:
    with pytest.raises(SettingError, match="no numeric column called “Region” to segment on"):
        segment(table, features=["Region"])


def test_an_unknown_engine_is_refused_with_those_there_are(table: CustomerTable) -> None:
    with pytest.raises(SettingError, match=r"There is no engine “steam”\. Choose from “memory”\."):
        segment(table, engine="steam")


def test_more_segments_than_customers_that_differ_are_refused_with_the_k_that_will_do() -> None:
    customers = pd.DataFrame({"a": [1.0, 1, 1, 2, 2, 3], "b": [0.0, 0, 0, 0, 0, 1]})
    assert segment(customers, k=3, seed=0).sizes.tolist() == [3, 2, 1]
    with pytest.raises(SettingError) as refused:
        segment(customers, k=4, seed=0)
    assert str(refused.value) == (
        "4 segments need at least 4 customers who differ in the features, but only 3 do. "
        "Choose a k of 3 or less, or add a feature."
    )


def test_customers_alike_in_the_chosen_feature_are_refused() -> None:
    # As numbers they differ, but by less than can be told apart.
    with pytest.raises(SettingError, match="but all are alike"):
        segment(pd.DataFrame({"a": [1e-170, 2e-170, 3e-170]}), k=2, seed=0)


def test_customers_nearly_too_near_to_be_told_apart_are_segmented_or_refused_without_a_warning() -> None:
    near = pd.DataFrame({"a": [0.0, 0, 0, 0, 749380, 1e9, 1, 0], "b": [0.0, 0, 0, 0, 0, 0, 0, 1]})
    # Which of the two depends on the last bit of a sum.
    try:
        sizes = segment(near, k=5, seed=0).sizes
    except SettingError as refused:
        assert "5 segments need at least 5 customers who differ" in str(refused)  # noqa: PT017 - one of two outcomes
    else:
        assert sizes.all()


def test_an_engine_that_leaves_a_segment_empty_makes_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave_the_last_empty(prepared: npt.NDArray[np.float64], k: int, seed: int) -> Fit:
        found = fit(prepared, k, seed)
        return replace(found, labels=np.minimum(found.labels, k - 2))

    fit = memory.fit
    monkeypatch.setattr(memory, "fit", leave_the_last_empty)
    with pytest.raises(SettingError, match=r"^3 segments need at least 3 customers .* but only 2 do\."):
        segment(pd.DataFrame({"a": [1.0, 2.0, 3.0]}), k=3, seed=0)


def test_numbers_too_large_to_compute_with_are_refused() -> None:
    with pytest.raises(DataError, match="The numbers in “a” are too large to compute with"):
        segment(pd.DataFrame({"a": [1e308, -1e308, 1e308], "b": [1.0, 2.0, 3.0]}), k=2, seed=0)


def test_a_recipe_may_speak_of_features_that_are_not_compared_now(table: CustomerTable) -> None:
    recipe = Recipe(log=("Fresh", "Milk"), weights={"Fresh": 2})
    result = segment(table, features=["Milk", "Grocery"], k=3, seed=0, recipe=recipe)
    assert list(result.preparation.evening.evened) == [True, False]
    assert not any("Fresh" in step for step in result.preparation.steps)
    with pytest.raises(SettingError, match="There is no feature called “nothing” to prepare"):
        segment(table, k=3, seed=0, recipe=Recipe(weights={"nothing": 2}))
