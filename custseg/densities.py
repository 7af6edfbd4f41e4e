"""How densely values lie along an axis: kernel density estimates on an evenly spaced grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]

# As a share of the distance of two points of a grid.
_ROUNDING = 1e-3


def kernel_width(spread: float, customers: int, step: float) -> float:
    """Return the standard deviation of the kernel for so many values of that spread.

    Silverman's rule of thumb ("Density Estimation for Statistics and Data Analysis", 1986, equation 3.31), but not less
    than the ``step`` of the grid: between its points nothing can be seen.
    """
    return float(max(step, 0.9 * spread * customers**-0.2))


def kernel_density(values: Floats, grid: Floats, width: float, *, reflected: bool = False) -> npt.NDArray[np.float64]:
    """Return the density of values at each point of an evenly spaced grid, by Gaussian kernels of that width.

    Values are first shared out between the two points next to each (linear binning, Wand, "Fast computation of
    multivariate kernel estimators", 1994). Those beyond the ends count in the number of values alone. ``reflected`` is
    for an axis beyond whose ends nobody can lie: what a kernel would put there is added within, so that the density
    integrates to 1. All 0 for no values.
    """
    from scipy.ndimage import gaussian_filter1d

    if not len(values):
        return np.zeros(len(grid))
    step = float(grid[-1] - grid[0]) / (len(grid) - 1)
    counts = _shared_out((np.asarray(values, dtype=np.float64) - grid[0]) / step, len(grid))
    if reflected:
        # What lies at an end is reflected too: it belongs there twice, and SciPy's mirror holds it once.
        counts[[0, -1]] *= 2
    smoothed = gaussian_filter1d(counts, width / step, mode="mirror" if reflected else "constant")
    return np.asarray(smoothed / (len(values) * step))


def _shared_out(positions: npt.NDArray[np.float64], points: int) -> npt.NDArray[np.float64]:
    """Count positions from 0 to points - 1 at the whole number below and the one above, by how near they are."""
    # By rounding, what lies at an end may be a hair beyond it.
    inside = (positions > -_ROUNDING) & (positions < points - 1 + _ROUNDING)
    positions = np.clip(positions[inside], 0, points - 1)
    lower = np.minimum(positions.astype(np.intp), points - 2)
    upper = positions - lower
    counts = np.bincount(lower, 1 - upper, points) + np.bincount(lower + 1, upper, points)
    return np.asarray(counts, dtype=np.float64)
