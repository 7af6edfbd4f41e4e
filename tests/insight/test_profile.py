"""The segments in numbers, recomputed with pandas and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sklearn.metrics import silhouette_score

from custseg import CustomerTable, Profile, Recipe, Segmentation, profile, segment
from custseg.clustering.validity_indices import SILHOUETTE_SAMPLE
from tests.strategies import segmentations


@pytest.fixture
def shape(result: Segmentation) -> Profile:
    return profile(result)


def test_averages_are_those_of_pandas(frame: pd.DataFrame, shape: Profile) -> None:
    groups = frame.groupby(shape.segmentation.labels)[list(shape.features)]
    np.testing.assert_allclose(shape.means, groups.mean())
    np.testing.assert_allclose(shape.medians, groups.median())
    np.testing.assert_allclose(shape.deviations, groups.std(ddof=0))


def test_averages_are_also_known_of_what_was_not_compared(frame: pd.DataFrame) -> None:
    recipe = Recipe(exceptional=5)
    shape = profile(segment(CustomerTable.read(frame), features=["Milk", "Grocery"], k=3, seed=0, recipe=recipe))
    result, features = shape.segmentation, ["Fresh", "Grocery"]
    groups = frame.groupby(np.where(result.exceptional, 99, result.labels))[features]
    np.testing.assert_allclose(shape.averages(features), groups.mean())
    assert result.exceptional.any()


def test_averages_of_all_customers_are_those_of_pandas(frame: pd.DataFrame, shape: Profile) -> None:
    everyone = frame[list(shape.features)]
    np.testing.assert_allclose(shape.overall_means, everyone.mean())
    np.testing.assert_allclose(shape.overall_medians, everyone.median())
    np.testing.assert_allclose(shape.overall_deviations, everyone.std(ddof=0))


def test_spend_and_shares_are_those_of_pandas(frame: pd.DataFrame, shape: Profile) -> None:
    spend = frame[list(shape.features)].sum(axis=1).groupby(shape.segmentation.labels).sum()
    assert shape.money == shape.features
    assert shape.spend == pytest.approx(spend.to_numpy())
    assert shape.spend_share == pytest.approx((spend / spend.sum()).to_numpy())
    assert shape.customer_share == pytest.approx(shape.sizes / 440)


def test_the_silhouette_is_that_of_scikit_learn(frame: pd.DataFrame, shape: Profile) -> None:
    values = frame[list(shape.features)].to_numpy(float)
    standardised = (values - values.mean(axis=0)) / values.std(axis=0)
    assert shape.silhouette == pytest.approx(silhouette_score(standardised, shape.segmentation.labels))
    assert shape.silhouette_customers == 440


def test_the_silhouette_of_a_large_table_is_estimated_on_a_sample() -> None:
    customers = pd.DataFrame(np.random.default_rng(0).lognormal(8, 1, (4000, 2)), columns=["a", "b"])
    result = segment(customers, k=3, seed=0)
    shape = profile(result)
    values = result.preparation.apply(customers.to_numpy())
    assert shape.silhouette_customers == SILHOUETTE_SAMPLE
    assert shape.silhouette == pytest.approx(silhouette_score(values, result.labels), abs=0.05)
    assert profile(result).silhouette == shape.silhouette


def test_where_every_customer_is_a_segment_there_is_no_silhouette() -> None:
    shape = profile(segment(pd.DataFrame({"a": [1.0, 5.0, 9.0]}), k=3, seed=0))
    assert shape.silhouette == 0


def test_spend_is_all_that_is_money_compared_or_not() -> None:
    customers = pd.DataFrame({"visits": [1.0, 2, 30, 40], "spend": [10.0, 20, 400, 500], "other sales": [1.0, 2, 3, 5]})
    shape = profile(segment(customers, features=["visits", "spend"], k=2, seed=0))
    assert shape.money == ("spend", "other sales")
    assert shape.spend is not None
    assert sorted(shape.spend) == [33, 908]


def test_a_table_without_money_has_no_spend() -> None:
    shape = profile(segment(pd.DataFrame({"age": [20.0, 21, 60, 61]}), k=2, seed=0))
    assert (shape.money, shape.spend, shape.spend_share) == ((), None, None)
    assert "share of spend" not in shape.frame


@pytest.mark.parametrize("gain", [[5.0, -5.0, 0.0], [-5.0, -3.0, -1.0], [50.0, -5.0, -1.0]])
def test_money_of_which_nothing_was_spent_or_a_segment_lost_some_has_no_shares(gain: list[float]) -> None:
    customers = CustomerTable.read(pd.DataFrame({"age": [20.0, 60, 61], "gain": gain}), money=["gain"])
    shape = profile(segment(customers, k=2, seed=0))
    assert shape.spend is not None
    assert sorted(shape.spend) == sorted([gain[0], gain[1] + gain[2]])
    assert shape.spend_share is None


@given(segmentations())
def test_shares_sum_to_1(result: Segmentation) -> None:
    shape = profile(result)
    assert shape.customer_share.sum() == pytest.approx(1)
    if shape.spend_share is not None:
        assert shape.spend_share.sum() == pytest.approx(1)


def test_the_frame_has_one_row_a_segment(shape: Profile) -> None:
    summary = shape.frame
    assert list(summary.index) == [1, 2, 3, 4]
    assert summary.index.name == "segment"
    assert list(summary) == ["customers", "share of customers", "share of spend", *shape.features]
    assert list(summary["customers"]) == list(shape.sizes)
    np.testing.assert_array_equal(summary[list(shape.features)], shape.means)


def test_a_feature_called_customers_stands_beside_the_count() -> None:
    customers = pd.DataFrame({"customers": [100.0, 101, 900, 901, 902], "age": [20.0, 21, 60, 61, 60]})
    summary = profile(segment(customers, k=2, seed=0)).frame
    assert list(summary) == ["customers", "share of customers", "customers", "age"]
    assert [list(row) for row in summary["customers"].to_numpy()] == [[3, 901], [2, 100.5]]


def test_a_notebook_shows_the_frame(shape: Profile) -> None:
    assert shape._repr_html_() == shape.frame.to_html()


@given(segmentations())
def test_effects_and_ranks_are_what_counting_every_pair_gives(result: Segmentation) -> None:
    shape = profile(result)
    values = result.table.matrix(result.features)
    for position in range(result.k):
        own, others = values[result.labels == position + 1], values[result.labels != position + 1]
        difference = np.sign(own[:, None] - others[None])
        np.testing.assert_allclose(shape.effects[position], difference.mean(axis=(0, 1)), atol=1e-12)
        quartiles = np.quantile(own, [0.25, 0.5, 0.75], axis=0)
        np.testing.assert_allclose(shape.quartiles[position], quartiles, rtol=1e-12)
        np.testing.assert_allclose(shape.median_ranks[position], (values < shape.medians[position]).mean(axis=0))


def test_what_is_missing_is_in_no_number() -> None:
    customers = pd.DataFrame({"a": [1.0, 2, 3, 90, 91, 92], "b": [5.0, np.nan, np.nan, np.nan, 7, 9]})
    shape = profile(segment(customers, k=2, seed=0))
    low = int(np.argmin(shape.means[:, 0]))
    assert shape.counts[:, 1].tolist() == ([1, 2] if low == 0 else [2, 1])
    assert (shape.means[low, 1], shape.medians[low, 1], shape.effects[low, 1]) == (5, 5, -1)
    assert shape.overall_counts.tolist() == [6, 3]
