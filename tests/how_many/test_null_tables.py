"""Tables without groups: what they keep of a table, and what they lose."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import skew, spearmanr

from custseg.how_many.null_tables import null_model

ROWS = 2000


def null_of(values: np.ndarray, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return null_model(values).draw(generator)


def test_skew_tails_frequent_values_and_correlations_stay() -> None:
    generator = np.random.default_rng(1)
    normal = generator.multivariate_normal([0, 0, 0], [[1, 0.7, 0], [0.7, 1, -0.4], [0, -0.4, 1]], ROWS)
    values = np.column_stack([np.exp(normal[:, 0]), np.maximum(normal[:, 1], 0), normal[:, 2] > 0.5])
    null = null_of(values)
    assert (null[:, 1] == 0).sum() == (values[:, 1] == 0).sum()
    assert null[:, 2].sum() == values[:, 2].sum()
    assert skew(null[:, 0]) == pytest.approx(skew(values[:, 0]), rel=0.15)
    assert (null[:, 0].min(), null[:, 0].max()) == pytest.approx((values[:, 0].min(), values[:, 0].max()), rel=0.5)
    np.testing.assert_allclose(spearmanr(null).statistic, spearmanr(values).statistic, atol=0.15)


def test_a_column_of_one_peak_stays_as_it_is() -> None:
    values = np.random.default_rng(2).gamma(2, size=(ROWS, 1))
    quantiles = np.linspace(0.02, 0.98, 25)
    np.testing.assert_allclose(np.quantile(null_of(values), quantiles), np.quantile(values, quantiles), atol=0.1)


def test_the_gap_between_two_peaks_is_filled() -> None:
    values = np.random.default_rng(3).normal(size=(ROWS, 2))
    values[: ROWS // 2, 0] += 8
    between = (null_of(values)[:, 0] > 3) & (null_of(values)[:, 0] < 5)
    assert between.sum() > 0.1 * ROWS
    assert ((values[:, 0] > 3) & (values[:, 0] < 5)).sum() < 0.02 * ROWS


@pytest.mark.parametrize("values", [[[0.0], [1.0]], [[0.0], [1.0], [2.0]], [[5.0], [5.0], [5.0], [7.0]]])
def test_next_to_no_customers_are_no_problem(values: list[list[float]]) -> None:
    null = null_of(np.array(values))
    assert null.shape == np.shape(values)
    assert np.isfinite(null).all()
