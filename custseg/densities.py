"""How densely values lie along an axis: kernel density estimates on an evenly spaced grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]

# As a share of the distance between two grid points.
_ROUNDING = 1e-3


def kernel_width(spread: float, customers: int, step: float) -> float:
    """Return the standard deviation of the kernel for this many values with this spread.

    Silverman's rule of thumb ("Density Estimation for Statistics and Data Analysis", 1986, equation 3.31), but at least
    the ``step`` of the grid: nothing finer can be seen.
    """
    return float(max(step, 0.9 * spread * customers**-0.2))


def kernel_density(values: Floats, grid: Floats, width: float, *, reflected: bool = False) -> npt.NDArray[np.float64]:
    """Return the density of values at each point of an evenly spaced grid, by Gaussian kernels of that width.

    Each value is first split between its two neighbouring points (linear binning, Wand, "Fast computation of
    multivariate kernel estimators", 1994). Values beyond the ends only count in the number of values. ``reflected`` is
    for an axis that no value can exceed: what a kernel would put beyond its ends is reflected back, so that the density
    integrates to 1. All 0 where there are no values.
    """
    from scipy.ndimage import gaussian_filter1d

    if not len(values):
        return np.zeros(len(grid))
    step = float(grid[-1] - grid[0]) / (len(grid) - 1)
    counts = _linear_bins((np.asarray(values, dtype=np.float64) - grid[0]) / step, len(grid))
    if reflected:
        # A value at an end is reflected too, so it counts twice there; SciPy's mirror mode counts it once.
        counts[[0, -1]] *= 2
    smoothed = gaussian_filter1d(counts, width / step, mode="mirror" if reflected else "constant")
    return np.asarray(smoothed / (len(values) * step))


def _linear_bins(positions: npt.NDArray[np.float64], points: int) -> npt.NDArray[np.float64]:
    """Split each position, 0 to points - 1, between the whole numbers below and above, by how near it is to each."""
    # Rounding can push a value at an end slightly beyond it.
    inside = (positions > -_ROUNDING) & (positions < points - 1 + _ROUNDING)
    positions = np.clip(positions[inside], 0, points - 1)
    lower = np.minimum(positions.astype(np.intp), points - 2)
    upper = positions - lower
    counts = np.bincount(lower, 1 - upper, points) + np.bincount(lower + 1, upper, points)
    return np.asarray(counts, dtype=np.float64)
