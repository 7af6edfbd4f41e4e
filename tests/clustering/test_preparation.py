"""Making features comparable: each step against scikit-learn, SciPy or NumPy, and what it says that it did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from custseg import CustomerTable, DataError, SettingError, segment
from custseg.clustering.preparation import CustomerStatus, Preparation
from custseg.clustering.recipe import Recipe
from custseg.tables.skewness import skewness

FEATURES = ("a", "b", "c")
GENERATOR = np.random.default_rng(7)
SPEND = GENERATOR.lognormal(5, 1.2, (400, 3))
GAPS = np.where(GENERATOR.random((400, 3)) < 0.1, np.nan, SPEND)
EXCEPTIONAL = "{} set apart as exceptional: more than {} times as far from the average customer as is typical."
EVENED_OUT = (
    "Evened out, so that ratios count more than differences: {} (arcsinh of 3 times the value over the median of what "
    "is not 0)."
)
STANDARDISED = "Standardised: each feature to mean 0 and standard deviation 1."


def fit(values: Any = SPEND, **choices: Any) -> Preparation:
    return Preparation.fit(np.asarray(values, dtype=float), FEATURES[: np.shape(values)[1]], Recipe(**choices))


def evened(values: Any) -> Any:
    """Return positive amounts evened out."""
    return np.arcsinh(3 * values / np.median(values))


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("standard", StandardScaler()), ("robust", RobustScaler()), ("minmax", MinMaxScaler())]
)
def test_features_are_scaled_as_scikit_learn_does(scaling: str, oracle: Any) -> None:
    np.testing.assert_allclose(fit(scaling=scaling).apply(SPEND), oracle.fit_transform(SPEND), atol=1e-12)


def test_features_that_are_not_scaled_are_only_moved_to_mean_0() -> None:
    np.testing.assert_allclose(fit(scaling="none").apply(SPEND), SPEND - SPEND.mean(axis=0), atol=1e-10)


@pytest.mark.parametrize("offset", [0.0, 1e9, -1e12, 1.7e18])
def test_numbers_far_from_0_are_told_apart_unscaled(offset: float) -> None:
    step = 5.0 * max(1.0, np.spacing(abs(offset)))
    customers = pd.DataFrame({"a": offset + step * np.repeat([0.0, 1.0, 2.0], [6, 5, 4])})
    result = segment(customers, k=3, seed=0, recipe=Recipe(scaling="none"))
    assert list(result.sizes) == [6, 5, 4]
    np.testing.assert_allclose(result.centroids[:, 0], offset + step * np.arange(3), rtol=1e-15)
    np.testing.assert_array_equal(result.assign(customers.iloc[::-1]), result.labels[::-1])


@pytest.mark.parametrize("scaling", ["standard", "robust", "minmax", "none"])
def test_a_feature_that_is_the_same_everywhere_does_not_divide_by_nothing(scaling: str) -> None:
    prepared = fit(np.column_stack([SPEND[:, 0], np.full(400, 3.0)]), scaling=scaling).apply(
        np.array([[100.0, 3.0], [1.0, 3.0]])
    )
    assert np.isfinite(prepared).all()
    assert prepared[0, 1] == prepared[1, 1]


def test_gaps_are_filled_with_the_median_before_scaling() -> None:
    filled = SimpleImputer(strategy="median").fit_transform(GAPS)
    np.testing.assert_allclose(fit(GAPS).apply(GAPS), StandardScaler().fit_transform(filled), atol=1e-12)
    assert (fit(GAPS).status(GAPS) == CustomerStatus.SEGMENTED).all()


def test_customers_with_gaps_are_left_out_by_choice_and_nothing_is_learned_from_them() -> None:
    kept = ~np.isnan(GAPS).any(axis=1)
    preparation = fit(GAPS, missing="drop")
    np.testing.assert_array_equal(preparation.status(GAPS) == CustomerStatus.SEGMENTED, kept)
    np.testing.assert_array_equal(preparation.status(GAPS) == CustomerStatus.INCOMPLETE, ~kept)
    np.testing.assert_allclose(preparation.apply(GAPS[kept]), StandardScaler().fit_transform(GAPS[kept]), atol=1e-12)


def test_features_are_evened_out_before_they_are_scaled() -> None:
    expected = np.column_stack([evened(SPEND[:, 0]), SPEND[:, 1], evened(SPEND[:, 2])])
    prepared = fit(log=("c", "a")).apply(SPEND)
    np.testing.assert_allclose(prepared, StandardScaler().fit_transform(expected), atol=1e-12)


def test_skewness_is_that_of_scipy_without_the_gaps() -> None:
    np.testing.assert_allclose(skewness(SPEND), stats.skew(SPEND))
    np.testing.assert_array_equal(skewness(np.array([[3.0, np.nan], [3.0, 2.0]])), [0, 0])


def test_a_column_that_does_not_vary_is_not_skewed_by_rounding_and_a_large_one_is_as_a_small_one() -> None:
    # The mean of seven times 0.1 is not quite 0.1.
    np.testing.assert_array_equal(skewness(np.full((7, 1), 0.1)), [0])
    np.testing.assert_allclose(skewness(SPEND * 1e140), stats.skew(SPEND))


def test_skewness_of_a_column_with_gaps_is_that_of_the_values_that_are_there() -> None:
    np.testing.assert_allclose(skewness(GAPS), stats.skew(GAPS, nan_policy="omit"))


def test_what_is_skewed_is_evened_out_where_that_is_left_to_the_values() -> None:
    even = GENERATOR.normal(50, 5, 400)
    values = np.column_stack([SPEND[:, 0], even, SPEND[:, 1] - 50])
    assert fit(values, log="auto").evening.evened.tolist() == [True, False, True]


def test_outliers_are_moved_to_the_quantiles() -> None:
    low, high = np.quantile(SPEND, (0.05, 0.9), axis=0)
    clipped = np.clip(SPEND, low, high)
    preparation = fit(winsorise=(0.05, 0.9))
    np.testing.assert_allclose(preparation.apply(SPEND), StandardScaler().fit_transform(clipped), atol=1e-12)
    np.testing.assert_array_equal([preparation.low, preparation.high], [low, high])


def test_outliers_are_moved_among_the_values_that_are_there() -> None:
    np.testing.assert_array_equal(fit(GAPS, winsorise=(0.05, 0.9)).high, np.nanquantile(GAPS, 0.9, axis=0))


def test_all_steps_come_in_their_order() -> None:
    filled = SimpleImputer(strategy="median").fit_transform(GAPS)
    clipped = np.clip(filled, *np.nanquantile(GAPS, (0.01, 0.99), axis=0))
    expected = RobustScaler().fit_transform(np.arcsinh(3 * clipped / np.nanmedian(GAPS, axis=0))) * np.sqrt([1, 3, 1])
    found = fit(GAPS, log=FEATURES, winsorise=(0.01, 0.99), scaling="robust", weights={"b": 3})
    np.testing.assert_allclose(found.apply(GAPS), expected, atol=1e-12)


def test_twice_the_weight_is_the_same_as_having_the_feature_twice(frame: pd.DataFrame) -> None:
    # What says the same as another column is a feature only where a person wants it.
    twice = CustomerTable.read(frame.assign(Again=frame["Fresh"]), roles={"Again": "feature"})
    names = ["Fresh", "Milk", "Grocery"]
    weighted = segment(frame, features=names, k=4, seed=1, recipe=Recipe(weights={"Fresh": 2}))
    doubled = segment(twice, features=[*names, "Again"], k=4, seed=1)
    np.testing.assert_array_equal(weighted.labels, doubled.labels)
    assert weighted.inertia == pytest.approx(doubled.inertia)
    assert (weighted.labels != segment(frame, features=names, k=4, seed=1).labels).any()


# Of arbitrary numbers the middle half may differ by so little that the rest is beyond all numbers beside that.
THOUSANDTHS = st.integers(0, 10**9).map(lambda thousandths: thousandths / 1000)


@pytest.mark.parametrize("scaling", ["standard", "robust", "minmax", "none"])
@example(values=np.eye(9, 2) * 5e-324, log=())
@given(values=arrays(float, (9, 2), elements=THOUSANDTHS), log=st.sampled_from([(), ("a",), ("a", "b")]))
def test_what_was_prepared_comes_back_in_its_own_units(values: Any, log: tuple[str, ...], scaling: str) -> None:
    preparation = fit(values, log=log, scaling=scaling, weights={"b": 5})
    np.testing.assert_allclose(preparation.invert(preparation.apply(values)), values, rtol=1e-9, atol=1e-6)


MOSTLY_ZERO = np.column_stack([np.repeat([0.0, 1, 500], [30, 8, 2]), np.repeat([0.0, 7], [35, 5]), np.arange(40.0)])


def test_robust_scaling_is_warned_off_where_a_few_customers_would_decide() -> None:
    steps = fit(MOSTLY_ZERO, scaling="robust").steps
    assert steps[-2:] == (
        "b divided by the standard deviation: the interquartile range is 0.",
        (
            "Robust scaling does not suit a: the standard deviation is more than 3 times the interquartile range, so "
            "that a few customers decide the segments. Choose the standard scale."
        ),
    )
    assert not any("suit" in step for step in fit(MOSTLY_ZERO).steps)
    # Of normal values it is 0.74.
    assert fit(SPEND[:, [0, 0, 0]], scaling="robust").steps[-1].startswith("Scaled robustly")


def test_a_feature_without_an_interquartile_range_counts_as_much_as_if_it_were_standardised() -> None:
    prepared = fit(MOSTLY_ZERO, scaling="robust").apply(MOSTLY_ZERO)
    assert prepared[:, 1].std() == pytest.approx(1)


def test_a_spread_that_is_nothing_beside_the_values_is_refused_with_what_to_do() -> None:
    values = np.repeat([[0.0, 1.0], [1e-30, 2.0], [1e6, 3.0]], 3, axis=0)
    values[6:8] = values[3:5]
    with pytest.raises(DataError, match=r"The numbers in “a” are too large to compute with.*choose another scale"):
        fit(values, scaling="robust")


def test_exceptional_customers_are_further_than_so_many_times_the_typical_distance() -> None:
    preparation = fit(exceptional=2.5, log=("b",))
    comparable = StandardScaler().fit_transform(np.column_stack([SPEND[:, 0], evened(SPEND[:, 1]), SPEND[:, 2]]))
    squares = np.square(comparable).sum(axis=1)
    far = np.sqrt(squares / squares.mean()) > 2.5
    np.testing.assert_array_equal(preparation.status(SPEND) == CustomerStatus.EXCEPTIONAL, far)
    assert 0 < far.sum() < 40
    # The rest is scaled as if they weren't there.
    rest = StandardScaler().fit(SPEND[~far])
    np.testing.assert_allclose(preparation.apply(SPEND)[:, [0, 2]], rest.transform(SPEND)[:, [0, 2]], atol=1e-12)


def test_a_customer_both_incomplete_and_far_away_is_left_out_as_incomplete_once() -> None:
    values = np.vstack([SPEND, [np.nan, 1e6, 1e6]])
    assert fit(values, exceptional=3, missing="drop").status(values)[-1] == CustomerStatus.INCOMPLETE
    assert fit(values, exceptional=3).status(values)[-1] == CustomerStatus.EXCEPTIONAL


def test_new_customers_are_prepared_with_what_was_learned_from_the_first_ones(frame: pd.DataFrame) -> None:
    recipe = Recipe(log="auto", winsorise=(0.02, 0.98), exceptional=2.5, weights={"Milk": 2})
    result = segment(frame, k=3, seed=0, recipe=recipe)
    assert result.exceptional.any()
    np.testing.assert_array_equal(result.assign(frame), result.labels)
    for row in (0, 200, int(np.flatnonzero(result.exceptional)[0])):
        np.testing.assert_array_equal(result.assign(frame.iloc[[row]]), result.labels[[row]])
    giant = frame.head(1).assign(**dict.fromkeys(result.features, 10**9))
    np.testing.assert_array_equal(result.assign(giant), [0])


def test_new_customers_with_gaps_are_filled_or_left_out_as_the_first_ones(frame: pd.DataFrame) -> None:
    gaps = frame.astype({"Fresh": float})
    gaps.loc[[3, 5], "Fresh"] = np.nan
    filled, dropped = (segment(gaps, k=3, seed=0, recipe=Recipe(missing=how)) for how in ("median", "drop"))
    new = gaps.loc[[5]]
    assert filled.assign(new)[0] == filled.assign(new.assign(Fresh=gaps["Fresh"].median()))[0] > 0
    assert dropped.assign(new)[0] == 0
    assert dropped.sizes.sum() == len(gaps) - 2


def test_by_default_the_bundled_table_is_standardised_and_nothing_else(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42)
    assert result.preparation.steps == (STANDARDISED,)
    # Solutions of all but the same quality differ in a customer or two.
    np.testing.assert_allclose(result.sizes, [316, 110, 10, 4], atol=2)


def test_evened_out_the_bundled_table_falls_into_segments_of_like_size(table: CustomerTable) -> None:
    result = segment(table, k=4, seed=42, recipe=Recipe(log="auto"))
    np.testing.assert_allclose(result.sizes, [176, 89, 89, 86], atol=3)


def test_each_step_says_how_many_customers_or_cells_it_touched() -> None:
    values = np.arange(200.0).reshape(100, 2) + 1
    values[[0, 1], 0] = np.nan
    values[0, 1] = np.nan
    values[99] = 1e5
    choices = {"log": ("b",), "winsorise": (0.0, 0.95), "exceptional": 5, "scaling": "minmax", "weights": {"a": 2.5}}
    assert fit(values, **choices).steps == (
        "3 missing values of 2 customers (2%) in a and b filled with the median.",
        EXCEPTIONAL.format("1 customer", 5),
        EVENED_OUT.format("b"),
        "Values below the 0.0% or above the 95.0% quantile moved to that quantile: 5 customers affected.",
        "Scaled by range: each feature from 0 to 1.",
        "A has weight 2.5.",
    )
    assert fit(values, missing="drop").steps == (
        "2 customers (2%) left out because of a missing value in a and b.",
        STANDARDISED,
    )


def test_what_was_learned_cannot_be_written() -> None:
    preparation = fit()
    for name in ("fill", "low", "high", "centre", "scale", "far_centre", "far_scale"):
        assert not getattr(preparation, name).flags.writeable


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"log": ("d",)}, "There is no feature called “d” to prepare. Choose from “a”, “b”, “c”."),
        ({"weights": {"d": 2}}, "There is no feature called “d” to prepare. Choose from “a”, “b”, “c”."),
    ],
)
def test_a_recipe_that_does_not_fit_the_features_is_refused(choices: Any, sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        fit(SPEND * [1, -1, 1], **choices)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("values", "choices", "sentence"),
    [
        ([[1.0, np.nan], [np.nan, 2.0]], {"missing": "drop"},
         "No customer is left, since every one has a missing value. Fill missing values, or compare fewer features."),
        ([[1.0, np.nan], [2.0, np.nan]], {}, "No customer has a value in “b”. Remove this from the features."),
        ([[1.0, 1e300], [2.0, 0.0]], {"scaling": "none"},
         "The numbers in “b” are too large to compute with. Give them in a larger unit, or choose another scale."),
        ([[1.0, 1e308], [2.0, 0.0], [3.0, 1.0]], {"winsorise": (0, 0.6)},
         "The numbers in “b” are too large to compute with. Give them in a larger unit, or choose another scale."),
        ([[1.0, 1e308], [2.0, -1e308]], {},
         "The numbers in “b” are too large to compute with. Give them in a larger unit, or choose another scale."),
    ],
)  # fmt: skip
def test_values_that_nothing_can_be_learned_from_are_refused(values: Any, choices: Any, sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        fit(values, **choices)
    assert str(refused.value) == sentence
