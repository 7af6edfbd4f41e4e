"""Evening out: one transform, the same in any unit, for what is skewed and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

from custseg import CustomerTable, Recipe, segment
from custseg.clustering.preparation import Preparation
from custseg.tables.evening_out import EveningOut
from custseg.tables.skewness import robust_skewness, skewed_features, skewness

if TYPE_CHECKING:
    import pandas as pd

GENERATOR = np.random.default_rng(11)
ALL = np.ones(1, dtype=bool)
AMOUNTS = st.one_of(st.just(0.0), st.floats(-1e9, -1e-3), st.floats(1e-3, 1e9))


def skewed(**columns: Any) -> tuple[str, ...]:
    return skewed_features(np.column_stack([np.asarray(values, float) for values in columns.values()]), tuple(columns))


def test_a_value_of_the_knee_is_a_third_of_the_median_of_what_is_not_0() -> None:
    values = np.array([[0.0], [0.0], [0.0], [3.0], [-6.0], [30.0], [np.nan]])
    evening = EveningOut.fit(values, ALL)
    assert evening.knees.tolist() == [2.0]
    np.testing.assert_allclose(evening.apply(values)[:, 0], np.arcsinh(values[:, 0] / 2))


def test_what_stays_as_it_is_is_the_very_same() -> None:
    values = GENERATOR.lognormal(size=(20, 2))
    evening = EveningOut.fit(values, np.array([False, True]))
    np.testing.assert_array_equal(evening.apply(values)[:, 0], values[:, 0])
    assert EveningOut.fit(values, np.zeros(2, dtype=bool)).apply(values) is values


@given(values=arrays(float, (9, 1), elements=AMOUNTS))
def test_what_was_evened_out_comes_back_and_refunds_mirror_purchases(values: Any) -> None:
    evening, mirrored = EveningOut.fit(values, ALL), EveningOut.fit(-values, ALL)
    np.testing.assert_allclose(evening.invert(evening.apply(values)), values, rtol=1e-9)
    np.testing.assert_array_equal(mirrored.apply(-values), -evening.apply(values))
    assert (np.diff(evening.apply(np.sort(values, axis=0)), axis=0) >= 0).all()


@given(values=arrays(float, (9, 1), elements=AMOUNTS), unit=st.floats(1e-6, 1e6))
def test_a_feature_comes_out_the_same_in_any_unit(values: Any, unit: float) -> None:
    same = EveningOut.fit(values * unit, ALL).apply(values * unit)
    np.testing.assert_allclose(same, EveningOut.fit(values, ALL).apply(values), rtol=1e-9)


@pytest.mark.parametrize("unit", [0.001, 7.3, 1000.0])
def test_the_bundled_table_falls_into_the_same_segments_in_any_unit(frame: pd.DataFrame, unit: float) -> None:
    names = ["Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen"]
    recipe = Recipe(log="auto")
    found, other = (
        segment(table, features=names, k=4, seed=42, recipe=recipe)
        for table in (frame, frame.assign(**{name: frame[name] * unit for name in names}))
    )
    np.testing.assert_array_equal(found.labels, other.labels)
    np.testing.assert_allclose(found.centroids * unit, other.centroids)


def test_a_feature_that_is_always_0_or_the_same_stays_usable() -> None:
    values = np.column_stack([np.zeros(30), np.full(30, 5.0), GENERATOR.lognormal(size=30)])
    prepared = Preparation.fit(values, ("a", "b", "c"), Recipe(log=("a", "b", "c"))).apply(values)
    np.testing.assert_allclose(prepared[:, :2], 0, atol=1e-12)
    np.testing.assert_allclose(prepared[:, 2].std(), 1)


def test_a_later_table_is_evened_out_by_what_was_learned_and_refunds_that_come_are_no_zeros() -> None:
    values = GENERATOR.lognormal(5, 1.2, (200, 2))
    preparation = Preparation.fit(values, ("a", "b"), Recipe(log=("a", "b")))
    knees = np.median(values, axis=0) / 3
    later = np.vstack([values[:5] * 1000, [[-50.0, 0.0]]])
    expected = StandardScaler().fit(np.arcsinh(values / knees)).transform(np.arcsinh(later / knees))
    np.testing.assert_allclose(preparation.apply(later), expected)
    np.testing.assert_allclose(preparation.invert(preparation.apply(later)), later, atol=1e-9)


def test_amounts_counts_many_zeros_and_refunds_are_evened_out_and_nothing_else_is() -> None:
    spend = GENERATOR.lognormal(4, 0.8, 500)
    refunds = np.where(GENERATOR.random(500) < 0.1, -0.5, 1) * spend
    assert skewed(
        spend=spend,
        debt=-spend,
        refunds=refunds,
        visits=GENERATOR.negative_binomial(1, 0.1, 500),
        mostly_0=np.where(GENERATOR.random(500) < 0.7, 0, spend),
        age=GENERATOR.normal(45, 12, 500),
        left=100 - GENERATOR.gamma(2, 5, 500),
        year=2025 - GENERATOR.gamma(1, 3, 500).round(),
        rare=GENERATOR.random(500) < 0.05,
        same=np.full(500, 3.0),
    ) == ("spend", "debt", "refunds", "visits", "mostly_0")


def test_a_single_customer_makes_no_feature_skewed() -> None:
    even = GENERATOR.normal(100, 10, 300)
    even[7] = 1e6
    assert skewness(even[:, None])[0] > 10
    assert abs(robust_skewness(even[:, None])[0]) < 0.5
    assert skewed(even=even) == ()


def test_gaps_say_nothing_of_skew() -> None:
    values = GENERATOR.lognormal(size=(400, 1))
    gaps = np.vstack([values, np.full((400, 1), np.nan)])
    np.testing.assert_allclose(robust_skewness(gaps), robust_skewness(values))


def test_a_spread_that_is_nearly_as_usual_stays_as_it_is() -> None:
    # A skewness of about 0.6, where evening out helps no more often than not.
    assert skewed(a=GENERATOR.lognormal(3, 0.2, 2_000)) == ()
    assert skewed(a=GENERATOR.lognormal(3, 0.5, 2_000)) == ("a",)


def test_standardised_stays_the_default(table: CustomerTable) -> None:
    assert Recipe().log == ()
    assert not segment(table, k=2, seed=0).preparation.evening.evened.any()
