"""Densities against SciPy's exact kernel estimate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gaussian_kde

from custseg.densities import kernel_density, kernel_width

GRID = np.linspace(-4, 4, 257)
values = st.lists(st.floats(-2, 2), min_size=1, max_size=60).map(np.array)


def exact(some: np.ndarray, width: float) -> np.ndarray:
    """Return the estimate of SciPy, whose width is a multiple of the spread."""
    return np.asarray(gaussian_kde(some, bw_method=width / some.std(ddof=1))(GRID))


def test_it_is_the_kernel_estimate_of_scipy() -> None:
    some = np.random.default_rng(0).normal(0, 0.5, 400)
    width = kernel_width(float(some.std()), len(some), 0.0)
    expected = exact(some, width)
    np.testing.assert_allclose(kernel_density(some, GRID, width), expected, atol=0.005 * expected.max())


def test_reflected_it_is_that_estimate_with_its_mirror_images() -> None:
    some = np.abs(np.random.default_rng(1).normal(0, 1, 400))
    some = some[some < 3]
    grid = np.linspace(0, 3, 129)
    images = np.concatenate([some, -some, 6 - some])
    expected = 3 * gaussian_kde(images, bw_method=0.2 / images.std(ddof=1))(grid)
    found = kernel_density(some, grid, 0.2, reflected=True)
    np.testing.assert_allclose(found, expected, atol=0.005 * expected.max())


@given(values, st.floats(GRID[1] - GRID[0], 0.4))
def test_it_integrates_to_one_and_follows_the_values(some: np.ndarray, width: float) -> None:
    density = kernel_density(some, GRID, width)
    assert (density >= 0).all()
    assert np.trapezoid(density, GRID) == pytest.approx(1, abs=1e-6)
    assert np.trapezoid(density * GRID, GRID) == pytest.approx(some.mean(), abs=1e-6)


@given(values, st.floats(0.05, 5))
def test_reflected_it_integrates_to_one_however_wide_the_kernel(some: np.ndarray, width: float) -> None:
    grid = np.linspace(some.min() - 0.5, some.max() + 0.5, 97)
    density = kernel_density(some, grid, max(width, grid[1] - grid[0]), reflected=True)
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-6)


@given(values, st.integers(90, 110))
def test_the_outermost_values_count_although_rounding_may_put_them_beyond_the_ends(
    some: np.ndarray, points: int
) -> None:
    grid = np.linspace(some.min(), some.max() + 0.1, points)
    width = grid[1] - grid[0]
    assert np.trapezoid(kernel_density(some, grid, width, reflected=True), grid) == pytest.approx(1, abs=1e-6)
    assert kernel_density(some, grid, width)[0] > 0


def test_nobody_has_no_density_and_values_beyond_the_grid_lower_it() -> None:
    assert not kernel_density(np.zeros(0), GRID, 0.1).any()
    half_beyond = kernel_density(np.array([0.0, 99.0]), GRID, 0.1)
    assert np.trapezoid(half_beyond, GRID) == pytest.approx(0.5)


def test_the_kernel_is_never_narrower_than_the_grid_can_show() -> None:
    assert kernel_width(0.0, 100, 0.25) == 0.25
    assert kernel_width(2.0, 32, 0.25) == pytest.approx(0.9 * 2 / 2)
