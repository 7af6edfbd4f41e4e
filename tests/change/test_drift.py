"""How far a feature has shifted: recomputed with pandas, and what chance alone brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, rankdata

from custseg.change.drift import CHANCE, LARGE_SHIFT, SMALLEST_COUNT, measure_drift
from custseg.change.normal_scores import chance_of_shift
from custseg.tables.column_roles import Column

X = Column("x", "feature", "numbers")
VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.integers(0, 2).map(float), st.just(np.nan)), min_size=1)


def some(values: list[float]) -> np.ndarray:
    return np.array([*values, 1.0, 2.0])


@pytest.mark.parametrize("factor", [1.0, 1.2, 2.0, 0.3])
def test_of_different_values_it_is_the_index_over_deciles(factor: float) -> None:
    before, now = np.random.default_rng(0).lognormal(size=(2, 3000)) * [[1], [factor]]
    cuts = [-np.inf, *np.quantile(before, np.arange(1, 10) / 10), np.inf]
    shares = np.array([pd.cut(values, cuts).value_counts().to_numpy() / len(values) for values in (before, now)])
    shares = np.clip(shares, SMALLEST_COUNT / 3000, None)
    expected = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    assert measure_drift(X, before, now).stability_index == pytest.approx(expected)


@pytest.mark.parametrize(("before", "now"), [(400, 400), (400, 20), (5000, 100), (12, 12), (440, 3)])
def test_chance_brings_a_small_p_value_once_in_a_hundred_times(before: int, now: int) -> None:
    generator = np.random.default_rng(0)
    drifts = [measure_drift(X, generator.normal(size=before), generator.normal(size=now)) for _ in range(300)]
    # The formulas are those of many customers; of few it is a little more, or less.
    assert np.mean([one.p_value <= CHANCE for one in drifts]) < 0.03


@pytest.mark.parametrize("lowest", [-np.inf, 0.0])
def test_the_chance_of_a_shift_is_that_of_dealing_out_anew(lowest: float) -> None:
    generator = np.random.default_rng(1)
    before = np.maximum(generator.normal(size=60), lowest)
    now = np.maximum(generator.normal(0.4, 1.3, size=40), lowest)

    def distance(before: np.ndarray, now: np.ndarray) -> float:
        ranks = rankdata(np.concatenate([before, now])) / 101
        both = np.column_stack([norm.ppf(ranks), norm.ppf(ranks) ** 2])
        away = both[len(before) :].mean(axis=0) - both[: len(before)].mean(axis=0)
        return float(away @ np.linalg.solve(np.cov(both.T), away))

    both = np.concatenate([before, now])
    deals = [distance(dealt[:60], dealt[60:]) for dealt in (generator.permutation(both) for _ in range(2000))]
    expected = np.mean(np.array(deals) >= distance(before, now))
    assert chance_of_shift(before, now) == pytest.approx(expected, abs=0.02)


def test_more_features_need_a_clearer_shift() -> None:
    before, now = np.random.default_rng(0).normal(np.array([[0], [0.45]]), size=(2, 200))
    assert measure_drift(X, before, now).shift != "stable"
    assert measure_drift(X, before, now, features=10_000).shift == "stable"


def test_few_customers_are_stable_where_many_would_have_shifted() -> None:
    before, now = np.arange(12.0), np.arange(12.0) + 3
    few, many = measure_drift(X, before, now), measure_drift(X, np.tile(before, 100), np.tile(now, 100))
    assert few.stability_index > LARGE_SHIFT
    assert (few.shift, many.shift) == ("stable", "large shift")


def test_among_many_zeros_a_shift_from_zero_is_seen() -> None:
    zeros = np.repeat([0.0, 5.0], [950, 50])
    down = np.repeat([-1.0, 0.0, 5.0], [500, 450, 50])
    for before, now in ((zeros, down), (down, zeros)):
        assert measure_drift(X, before, now).shift == "large shift"
    assert measure_drift(X, zeros, zeros).stability_index == 0


def test_missing_values_are_a_bin_of_their_own() -> None:
    before = np.arange(1000.0)
    now = np.where(np.arange(1000) % 2, np.nan, before)
    drift = measure_drift(X, before, now)
    assert drift.shift == "large shift"
    assert (drift.missing_before, drift.missing_now) == (0, 0.5)
    assert drift.sentence.endswith("; 0% had no value, 50% have none now.")
    assert measure_drift(X, now, now).stability_index == 0


@pytest.mark.parametrize(
    ("step", "words"), [(0, "has hardly"), (45, "has shifted somewhat"), (200, "has shifted a lot")]
)
def test_the_word_is_that_of_siddiqi(step: float, words: str) -> None:
    before = np.random.default_rng(0).normal(500, 120, size=5000)
    drift = measure_drift(X, before, before + step)
    assert drift.sentence.startswith(f"X {words}")


@given(VALUES, VALUES)
def test_it_is_never_negative_and_0_where_nothing_changed(before: list[float], now: list[float]) -> None:
    drift = measure_drift(X, some(before), some(now))
    assert 0 <= drift.stability_index < np.inf
    assert measure_drift(X, some(before), some(before)[::-1]).stability_index == 0
    assert drift.sentence.endswith(".")
