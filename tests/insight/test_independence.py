"""The test of independence: against SciPy's own, and p by permutation against counting all permutations."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import MonteCarloMethod, binom, chi2, chi2_contingency, fisher_exact, random_table

from custseg.insight.independence import RESAMPLES, check_independence, largest_p_value, permutation_moments

SPARSE = np.array([[1, 30, 20], [0, 25, 15], [1, 12, 22]])


def every_statistic(counts: np.ndarray) -> np.ndarray:
    """Return chi-squared of every way in which the customers could be permuted."""
    rows, columns = (np.repeat(np.arange(len(sizes)), sizes) for sizes in (counts.sum(axis=1), counts.sum(axis=0)))
    expected = chi2_contingency(counts, correction=False).expected_freq
    found = []
    for order in permutations(columns.tolist()):
        table = np.zeros(counts.shape)
        np.add.at(table, (rows, np.array(order)), 1)
        found.append((np.square(table - expected) / expected).sum())
    return np.array(found)


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Draw counts of which no row and no column is empty."""
    height, width = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    cells = draw(st.lists(st.integers(0, 12), min_size=height * width, max_size=height * width))
    counts = np.array(cells, dtype=np.intp).reshape(height, width)
    assume(counts.sum(axis=0).all())
    assume(counts.sum(axis=1).all())
    return counts


@pytest.mark.parametrize("counts", [[[3, 1], [1, 2]], [[2, 1, 0], [0, 1, 3]], [[1, 1], [1, 0], [2, 3]]])
def test_the_moments_are_those_over_every_permutation(counts: list[list[int]]) -> None:
    statistics = every_statistic(np.array(counts))
    assert permutation_moments(np.array(counts)) == pytest.approx((statistics.mean(), statistics.var()))


@given(tables())
def test_no_p_is_above_its_bound(counts: np.ndarray) -> None:
    found = chi2_contingency(counts, correction=False)
    drawn = random_table(counts.sum(axis=1), counts.sum(axis=0)).rvs(400, random_state=np.random.default_rng(0))
    statistics = (np.square(drawn - found.expected_freq) / found.expected_freq).sum(axis=(1, 2))
    share = np.mean(statistics >= found.statistic - 1e-9)
    # Of 400 tables a share is known to about a twentieth.
    assert share <= largest_p_value(counts, found.statistic) + 0.1


@given(tables(), st.sampled_from([0.05, 0.01, 0.001]))
def test_the_verdict_is_that_of_all_the_random_tables(counts: np.ndarray, significance: float) -> None:
    found = check_independence(counts, significance)
    if not found.by_permutation:
        assert found.p_value == chi2_contingency(counts, correction=False).pvalue
        return
    method = MonteCarloMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(0))
    oracle = chi2_contingency(counts, correction=False, method=method).pvalue
    # By chance, one in a thousand may turn up a few times among two thousand.
    surely_small = found.p_value < 0.001 and oracle < 0.005
    assert surely_small or (found.p_value < significance) == (oracle < significance)
    assert found.p_value == pytest.approx(oracle, abs=0.15)


CLEAR = np.array([[200, 1, 0], [1, 199, 0], [3, 2, 1]])


def test_where_chance_explains_it_no_more_tables_are_drawn_than_settle_it() -> None:
    found = check_independence(SPARSE, 0.05)
    assert found.by_permutation
    tables_drawn = 100 / found.p_value
    assert tables_drawn == pytest.approx(round(tables_drawn))
    assert 100 <= tables_drawn < RESAMPLES


def test_where_it_is_clear_p_is_bounded_without_a_table() -> None:
    found = check_independence(CLEAR, 0.05)
    assert found.by_permutation
    assert found.p_value == largest_p_value(CLEAR, found.chi_squared) < 0.001


def test_a_bound_that_does_not_settle_it_among_many_columns_is_not_taken() -> None:
    bound = check_independence(CLEAR, 0.05).p_value
    found = check_independence(CLEAR, bound / 2).p_value
    assert 1 / found == pytest.approx(round(1 / found))
    assert 1 / found > RESAMPLES + 1
    assert found < bound / 2


@pytest.mark.parametrize("counts", [[[9, 1], [1, 9]], [[8, 0], [0, 8]], [[6, 1], [1, 6]]])
def test_of_two_levels_p_is_that_of_the_exact_test(counts: list[list[int]]) -> None:
    # Of equal margins, the tables as far by chi-squared are those that are no more likely.
    exact = fisher_exact(np.array(counts)).pvalue
    assert check_independence(np.array(counts), 3 * exact).p_value < 3 * exact
    assert check_independence(np.array(counts), exact / 3).p_value >= exact / 3


def test_among_a_hundred_columns_p_can_be_small_enough() -> None:
    # Expected are less than five in most cells, and 1,999 tables would say p = 0.0005.
    counts = np.array([[9, 4, 2, 3, 40], [1, 1, 9, 1, 30], [0, 1, 1, 8, 20]])
    significance = 0.05 / 100
    assert largest_p_value(counts, check_independence(counts, 0.05).chi_squared) > significance
    found = check_independence(counts, significance)
    assert found.by_permutation
    assert found.p_value < significance
    drawn = random_table(counts.sum(axis=1), counts.sum(axis=0)).rvs(40_000, random_state=np.random.default_rng(1))
    expected = chi2_contingency(counts).expected_freq
    share = np.mean((np.square(drawn - expected) / expected).sum(axis=(1, 2)) >= found.chi_squared)
    assert share < significance


def test_where_few_are_expected_in_one_cell_p_is_not_too_small_too_often() -> None:
    # By the chi-squared distribution p is below 0.0005 in nearly a thousandth of such tables.
    tables, significance, sizes = 100_000, 0.05 / 100, np.array([1_000, 99_000])
    generator = np.random.default_rng(6)
    rare = np.stack([generator.binomial(size, 0.011, size=tables) for size in sizes], axis=1)
    counts = np.stack([rare, sizes - rare], axis=2)
    expected = counts.sum(axis=1, keepdims=True) * sizes[:, None] / sizes.sum()
    unlikely = counts[(np.square(counts - expected) / expected).sum(axis=(1, 2)) > chi2.isf(significance, 1)]
    assert len(unlikely) > binom.ppf(0.99, tables, significance)
    small = sum(check_independence(each, significance).p_value < significance for each in unlikely)
    assert small <= binom.ppf(0.99, tables, significance)


def test_the_same_table_gives_the_same_p() -> None:
    assert check_independence(SPARSE, 0.05) == check_independence(SPARSE, 0.05)


@pytest.mark.parametrize("sizes", [(2, 3), (4, 3), (1, 6), (5, 6), (2, 2, 3)])
def test_levels_of_one_customer_each_say_nothing(sizes: tuple[int, ...]) -> None:
    # However they are permuted, the statistic is the same.
    counts = np.repeat(np.eye(len(sizes), dtype=np.intp), sizes, axis=1)
    assert check_independence(counts, 0.05).p_value == 1


def test_of_a_handful_of_customers_nothing_is_sure() -> None:
    found = check_independence(np.array([[1, 0], [0, 1]]), 0.05)
    assert (found.by_permutation, found.p_value) == (True, 1.0)
