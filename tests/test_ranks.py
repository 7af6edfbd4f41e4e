"""Ranks and effect sizes against SciPy's own, for any values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from custseg.ranks import cliffs_delta, mid_ranks, mid_ranks_within, share_below, superiority

# Few different values, so that many are tied.
values = st.lists(st.integers(-3, 3).map(float) | st.floats(-10, 10), min_size=1, max_size=40).map(np.array)


@given(values, values)
def test_superiority_is_the_share_of_mann_whitneys_u(one: np.ndarray, other: np.ndarray) -> None:
    expected = stats.mannwhitneyu(one, other, method="asymptotic").statistic / (len(one) * len(other))
    assert superiority(np.sort(one), np.sort(other)) == pytest.approx(expected)


@given(values, values)
def test_cliffs_delta_counts_every_pair_of_the_group_with_the_others(group: np.ndarray, others: np.ndarray) -> None:
    above = np.sign(group[:, None] - others).mean()
    everyone = np.sort(np.concatenate([group, others]))
    assert cliffs_delta(np.sort(group), everyone) == pytest.approx(above, abs=1e-12)


@given(values)
def test_mid_ranks_are_those_of_scipy(some: np.ndarray) -> None:
    # SciPy's are positions from 1; a value is half below itself.
    expected, ordered = stats.rankdata(some) - 0.5, np.sort(some)
    np.testing.assert_allclose(mid_ranks(some, ordered), expected)
    np.testing.assert_allclose(mid_ranks_within(ordered), np.sort(expected))


@given(values, st.integers(-3, 3).map(float))
def test_the_share_below_is_the_percentile_of_scipy(some: np.ndarray, value: float) -> None:
    assert share_below(value, np.sort(some)) == pytest.approx(stats.percentileofscore(some, value, kind="strict") / 100)


def test_nobody_is_neither_above_nor_below() -> None:
    nobody, some = np.zeros(0), np.array([1.0, 2.0])
    assert (superiority(nobody, some), superiority(some, nobody)) == (0.5, 0.5)
    assert not len(mid_ranks_within(nobody))
    assert np.isnan([cliffs_delta(nobody, some), cliffs_delta(some, some), share_below(1.0, nobody)]).all()


def test_a_missing_value_has_no_rank() -> None:
    some = np.array([1.0, 2.0])
    assert np.isnan(share_below(np.nan, some))
    np.testing.assert_array_equal(mid_ranks(np.array([np.nan, 2.0]), some), [np.nan, 1.5])
