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
def segment_profile(result: Segmentation) -> Profile:
    return profile(result)


def test_averages_are_those_of_pandas(frame: pd.DataFrame, segment_profile: Profile) -> None:
    groups = frame.groupby(segment_profile.segmentation.labels)[list(segment_profile.features)]
    np.testing.assert_allclose(segment_profile.means, groups.mean())
    np.testing.assert_allclose(segment_profile.medians, groups.median())
    np.testing.assert_allclose(segment_profile.deviations, groups.std(ddof=0))


def test_averages_are_also_known_of_what_was_not_compared(frame: pd.DataFrame) -> None:
    recipe = Recipe(exceptional=5)
    segment_profile = profile(
        segment(CustomerTable.read(frame), features=["Milk", "Grocery"], k=3, seed=0, recipe=recipe)
    )
    result, features = segment_profile.segmentation, ["Fresh", "Grocery"]
    groups = frame.groupby(np.where(result.exceptional, 99, result.labels))[features]
    np.testing.assert_allclose(segment_profile.averages(features), groups.mean())
    assert result.exceptional.any()


def test_averages_of_all_customers_are_those_of_pandas(frame: pd.DataFrame, segment_profile: Profile) -> None:
    everyone = frame[list(segment_profile.features)]
    np.testing.assert_allclose(segment_profile.overall_means, everyone.mean())
    np.testing.assert_allclose(segment_profile.overall_medians, everyone.median())
    np.testing.assert_allclose(segment_profile.overall_deviations, everyone.std(ddof=0))


def test_spend_and_shares_are_those_of_pandas(frame: pd.DataFrame, segment_profile: Profile) -> None:
    spend = frame[list(segment_profile.features)].sum(axis=1).groupby(segment_profile.segmentation.labels).sum()
    assert segment_profile.money == segment_profile.features
    assert segment_profile.spend == pytest.approx(spend.to_numpy())
    assert segment_profile.spend_share == pytest.approx((spend / spend.sum()).to_numpy())
    assert segment_profile.customer_share == pytest.approx(segment_profile.sizes / 440)


def test_the_silhouette_is_that_of_scikit_learn(frame: pd.DataFrame, segment_profile: Profile) -> None:
    values = frame[list(segment_profile.features)].to_numpy(float)
    standardised = (values - values.mean(axis=0)) / values.std(axis=0)
    assert segment_profile.silhouette == pytest.approx(
        silhouette_score(standardised, segment_profile.segmentation.labels)
    )
    assert segment_profile.silhouette_customers == 440


def test_the_silhouette_of_a_large_table_is_estimated_on_a_sample() -> None:
    customers = pd.DataFrame(np.random.default_rng(0).lognormal(8, 1, (4000, 2)), columns=["a", "b"])
    result = segment(customers, k=3, seed=0)
    segment_profile = profile(result)
    values = result.preparation.apply(customers.to_numpy())
    assert segment_profile.silhouette_customers == SILHOUETTE_SAMPLE
    assert segment_profile.silhouette == pytest.approx(silhouette_score(values, result.labels), abs=0.05)
    assert profile(result).silhouette == segment_profile.silhouette


def test_where_every_customer_is_a_segment_there_is_no_silhouette() -> None:
    segment_profile = profile(segment(pd.DataFrame({"a": [1.0, 5.0, 9.0]}), k=3, seed=0))
    assert segment_profile.silhouette == 0


def test_spend_is_all_that_is_money_compared_or_not() -> None:
    customers = pd.DataFrame({"visits": [1.0, 2, 30, 40], "spend": [10.0, 20, 400, 500], "other sales": [1.0, 2, 3, 5]})
    segment_profile = profile(segment(customers, features=["visits", "spend"], k=2, seed=0))
    assert segment_profile.money == ("spend", "other sales")
    assert segment_profile.spend is not None
    assert sorted(segment_profile.spend) == [33, 908]


def test_a_table_without_money_has_no_spend() -> None:
    segment_profile = profile(segment(pd.DataFrame({"age": [20.0, 21, 60, 61]}), k=2, seed=0))
    assert (segment_profile.money, segment_profile.spend, segment_profile.spend_share) == ((), None, None)
    assert "share of spend" not in segment_profile.frame


@pytest.mark.parametrize("gain", [[5.0, -5.0, 0.0], [-5.0, -3.0, -1.0], [50.0, -5.0, -1.0]])
def test_money_of_which_nothing_was_spent_or_a_segment_lost_some_has_no_shares(gain: list[float]) -> None:
    customers = CustomerTable.read(pd.DataFrame({"age": [20.0, 60, 61], "gain": gain}), money=["gain"])
    segment_profile = profile(segment(customers, k=2, seed=0))
    assert segment_profile.spend is not None
    assert sorted(segment_profile.spend) == sorted([gain[0], gain[1] + gain[2]])
    assert segment_profile.spend_share is None


@given(segmentations())
def test_shares_sum_to_1(result: Segmentation) -> None:
    segment_profile = profile(result)
    assert segment_profile.customer_share.sum() == pytest.approx(1)
    if segment_profile.spend_share is not None:
        assert segment_profile.spend_share.sum() == pytest.approx(1)


def test_the_frame_has_one_row_a_segment(segment_profile: Profile) -> None:
    summary = segment_profile.frame
    assert list(summary.index) == [1, 2, 3, 4]
    assert summary.index.name == "segment"
    assert list(summary) == ["customers", "share of customers", "share of spend", *segment_profile.features]
    assert list(summary["customers"]) == list(segment_profile.sizes)
    np.testing.assert_array_equal(summary[list(segment_profile.features)], segment_profile.means)


def test_a_feature_called_customers_stands_beside_the_count() -> None:
    customers = pd.DataFrame({"customers": [100.0, 101, 900, 901, 902], "age": [20.0, 21, 60, 61, 60]})
    summary = profile(segment(customers, k=2, seed=0)).frame
    assert list(summary) == ["customers", "share of customers", "customers", "age"]
    assert [list(row) for row in summary["customers"].to_numpy()] == [[3, 901], [2, 100.5]]


def test_a_notebook_shows_the_frame(segment_profile: Profile) -> None:
    shown = segment_profile.frame.rename(columns=segment_profile.segmentation.schema.label)
    assert shown.to_html() in segment_profile._repr_html_()


@given(segmentations())
def test_effects_and_ranks_are_what_counting_every_pair_gives(result: Segmentation) -> None:
    segment_profile = profile(result)
    values = result.table.matrix(result.features)
    for position in range(result.k):
        own, others = values[result.labels == position + 1], values[result.labels != position + 1]
        difference = np.sign(own[:, None] - others[None])
        np.testing.assert_allclose(segment_profile.effects[position], difference.mean(axis=(0, 1)), atol=1e-12)
        quartiles = np.quantile(own, [0.25, 0.5, 0.75], axis=0)
        np.testing.assert_allclose(segment_profile.quartiles[position], quartiles, rtol=1e-12)
        np.testing.assert_allclose(
            segment_profile.median_ranks[position], (values < segment_profile.medians[position]).mean(axis=0)
        )


def test_what_is_missing_is_in_no_number() -> None:
    customers = pd.DataFrame({"a": [1.0, 2, 3, 90, 91, 92], "b": [5.0, np.nan, np.nan, np.nan, 7, 9]})
    segment_profile = profile(segment(customers, k=2, seed=0))
    low = int(np.argmin(segment_profile.means[:, 0]))
    assert segment_profile.counts[:, 1].tolist() == ([1, 2] if low == 0 else [2, 1])
    assert (segment_profile.means[low, 1], segment_profile.medians[low, 1], segment_profile.effects[low, 1]) == (
        5,
        5,
        -1,
    )
    assert segment_profile.overall_counts.tolist() == [6, 3]
