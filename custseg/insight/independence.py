"""Whether two ways to divide the same customers are independent: Pearson's chi-squared test of a table of counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Counts = npt.NDArray[np.intp]
    Floats = npt.NDArray[np.float64]

# Where few customers are expected, the chi-squared distribution does not hold: Cochran, "Some Methods for Strengthening
# the Common Chi-squared Tests" (1954).
_LEAST_EXPECTED, _FEW_EXPECTED, _MOST_CELLS_WITH_FEW = 1.0, 5.0, 0.2
# His rule is about p near 0.05 and 0.01. Farther out the distribution fails sooner: 9 and 1 of ten against 1 and 9 have
# p = 0.00035 by it and 0.0011 by counting. Where p must be that small, each cell is expected to hold more.
_FAR_OUT, _LEAST_EXPECTED_FAR_OUT = 0.01, 10.0
# Even then it fails where few are expected in one cell only: of a level that one in ninety has, 11 in a segment of 1%,
# p is below 0.0005 nearly twice as often as it should be. So a p below what is asked for is believed when it is this
# many times smaller, and counted where it is not.
_CLEARLY = 1000
RESAMPLES = 1999
# Of many columns p has to be smaller than so few tables can show: as many are drawn as let the verdict rest on this
# many of them, up to a limit.
_DECIDING_TABLES, _MOST_RESAMPLES = 5, 199_999
# When so many random tables are as far from independence, p is at least a twentieth: more of them settle nothing.
_ENOUGH_AS_FAR = 100
_TABLES_AT_A_TIME = 125
# A bound on p is as good as p where both are read as “p < 0.001”.
_SURELY_SMALL = 0.001
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class IndependenceTest:
    """The result of one test.

    Attributes
    ----------
    chi_squared, degrees_of_freedom
        Pearson's statistic, without a correction for continuity.
    p_value
        How often chance alone would bring as large a statistic; of a permutation test less than 0.001, a bound that it
        does not exceed.
    by_permutation
        Whether p is that of permuting the customers, in place of the chi-squared distribution.

    """

    chi_squared: float
    degrees_of_freedom: int
    p_value: float
    by_permutation: bool


def check_independence(counts: Counts, significance: float) -> IndependenceTest:
    """Test a table of counts, rows x columns, none of them empty.

    Where the chi-squared distribution holds, by Cochran's rule or, for a ``significance`` below 0.01, a stricter one,
    p is from there; with the latter only where it is not below ``significance``, or is clearly so. Elsewhere it is that
    of permuting the customers: bounded by two moments where that settles whether p is below ``significance``, else
    estimated from random tables with the same margins, which is what permuting gives: up to RESAMPLES of them, and more
    where p can still be below a ``significance`` that so few cannot show.
    """
    from scipy.stats import chi2_contingency

    found = chi2_contingency(counts, correction=False)
    expected = np.asarray(found.expected_freq)
    statistic, degrees, p_value = float(found.statistic), int(found.dof), float(found.pvalue)
    by_permutation = not _holds_far_enough(expected, significance, p_value)
    if by_permutation:
        p_value = largest_p_value(counts, statistic)
        if p_value >= min(_SURELY_SMALL, significance):
            p_value = _permuted_p_value(counts, expected, statistic, significance)
    return IndependenceTest(statistic, degrees, p_value, by_permutation)


def _holds_far_enough(expected: Floats, significance: float, p_value: float) -> bool:
    """Whether the chi-squared distribution tells how likely so few are, where these are expected."""
    if significance < _FAR_OUT:
        settled = p_value >= significance or p_value < significance / _CLEARLY
        return settled and bool(expected.min() >= _LEAST_EXPECTED_FAR_OUT)
    few = np.mean(expected < _FEW_EXPECTED) > _MOST_CELLS_WITH_FEW
    return not few and bool(expected.min() >= _LEAST_EXPECTED)


def largest_p_value(counts: Counts, statistic: float) -> float:
    """Return what p of a permutation test can be at most.

    No variable exceeds its mean by a distance t more often than variance / (variance + t²) (Cantelli's inequality,
    1928). Mean and variance of chi-squared when customers are permuted are known exactly (Haldane, "The mean and
    variance of chi-squared, when used as a test of homogeneity, when expectations are small", 1940; in this form
    Lewontin & Felsenstein, "The robustness of homogeneity tests in 2 x N tables", 1965).
    """
    customers = int(counts.sum())
    if customers <= 3:
        return 1.0
    mean, variance = permutation_moments(counts)
    beyond = statistic - mean
    # Where each level is of one customer the statistic is always the same: only rounding is beyond its mean then.
    return variance / (variance + beyond**2) if beyond > _ROUNDING * statistic else 1.0


def permutation_moments(counts: Counts) -> tuple[float, float]:
    """Return the mean and the variance of chi-squared when more than three customers are permuted."""
    customers = int(counts.sum())
    (rows, row_free, row_uneven), (columns, column_free, column_uneven) = (
        _margin(counts.sum(axis=axis), customers) for axis in (1, 0)
    )
    mean = customers * (rows - 1) * (columns - 1) / (customers - 1)
    even = 2 * customers / (customers - 3) * (row_free - row_uneven) * (column_free - column_uneven)
    return mean, even + customers**2 / (customers - 1) * row_uneven * column_uneven


def _margin(sizes: Counts, customers: int) -> tuple[int, float, float]:
    """Return how many groups there are, and the two terms of theirs in the variance."""
    groups = len(sizes)
    free = (customers - groups) * (groups - 1) / (customers - 1)
    return groups, free, float((customers * (1 / sizes).sum() - groups**2) / (customers - 2))


def _permuted_p_value(counts: Counts, expected: Floats, statistic: float, significance: float) -> float:
    """Estimate p from random tables, of which no more are drawn than settle it.

    Besag & Clifford, "Sequential Monte Carlo p-values" (1991). The same table always gives the same p.
    """
    resamples = _tables_to_draw(significance)
    as_far = drawn = 0
    for far in _as_far(counts, expected, statistic, resamples):
        if drawn < RESAMPLES and as_far + np.count_nonzero(far) >= _ENOUGH_AS_FAR:
            return _ENOUGH_AS_FAR / (drawn + int(np.flatnonzero(far)[_ENOUGH_AS_FAR - as_far - 1]) + 1)
        as_far, drawn = as_far + int(np.count_nonzero(far)), drawn + len(far)
        # However the tables that are left turn out, p is not below significance.
        if drawn >= RESAMPLES and as_far + 1 >= significance * (resamples + 1):
            break
    return (as_far + 1) / (drawn + 1)


def _tables_to_draw(significance: float) -> int:
    """Return how many random tables can show that p is below ``significance``: RESAMPLES or more."""
    return int(np.clip(np.ceil(_DECIDING_TABLES / significance), RESAMPLES + 1, _MOST_RESAMPLES + 1)) - 1


def _as_far(counts: Counts, expected: Floats, statistic: float, resamples: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Draw random tables, some at a time, and yield which of them are as far from independence."""
    from scipy.stats import random_table

    generator, margins = np.random.default_rng(0), random_table(counts.sum(axis=1), counts.sum(axis=0))
    drawn = 0
    while drawn < resamples:
        # Never across RESAMPLES, where it is asked whether more are needed.
        some = min(_TABLES_AT_A_TIME, (RESAMPLES if drawn < RESAMPLES else resamples) - drawn)
        tables = margins.rvs(some, random_state=generator)
        yield (np.square(tables - expected) / expected).sum(axis=(1, 2)) >= statistic * (1 - _ROUNDING)
        drawn += some
