"""Whether a part of a mixture in the flank of another is a group of its own, though no valley lies between them.

Where one group is twenty times as large as another, its flank buries the valley. A bump in a flank is then all there is
to see, and a skewed group that takes several normal distributions has none. So customers along a line are described by
a single distribution that may be skewed, and have heavy or light tails (sinh-arcsinh, Jones & Pewsey, 2009): only where
the mixture describes them clearly better, though it was not fitted to them, are there two groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.mixture_cross_fit import line_between

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.mixture_cross_fit import CrossFitted

    Floats = npt.NDArray[np.float64]

# How many standard errors above 0 the mean difference of the logarithms of the densities is where there are two groups.
# Tuned on other tables than those of ``benchmarks/second_opinion.py``.
_LEAST_GAIN_IN_ERRORS = 2.5
# A single customer far from all others would decide it.
_QUANTILES = 0.005, 0.995
# The least and the most of the centre, the logarithm of the scale, the skewness, and the logarithm of the weight of the
# tails, of which a normal distribution has 0 and 0; tails are the heavier, the smaller it is.
_BOUNDS = (-np.inf, -np.inf, -5.0, np.log(0.1)), (np.inf, np.inf, 5.0, np.log(10.0))
# Of a normal distribution, in standard deviations.
_QUARTILES_APART = 1.349


def bumps_out(fitted: CrossFitted, pair: tuple[list[int], list[int]], here: npt.NDArray[np.bool_]) -> bool:
    """Return whether two groups, each the numbers of its components, are clearly two to the customers that are here.

    The single distribution is fitted to these very customers, so that chance speaks for it.
    """
    values, folds = fitted.values[here], fitted.folds[here]
    gains = np.zeros(len(values))
    for fold, mixture in enumerate(fitted.mixtures):
        line, left_out = line_between(mixture, pair), folds == fold
        along = line.along(values)
        as_two = line.log_densities(along[left_out], mixture, [*pair[0], *pair[1]])
        gains[left_out] = as_two - skewed_log_densities(along)[left_out]
    gains = np.clip(gains, *np.quantile(gains, _QUANTILES))
    return bool(gains.mean() > _LEAST_GAIN_IN_ERRORS * gains.std(ddof=1) / np.sqrt(len(gains)))


def skewed_log_densities(values: Floats) -> Floats:
    """Return the logarithm of the density of the sinh-arcsinh distribution that fits values best, at each of them."""
    from scipy.optimize import Bounds, minimize

    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    width = max(float(high - low) / _QUARTILES_APART, float(values.std()) / 100)
    standard = (values - middle) / width

    def loss(chosen: Floats) -> float:
        return -float(_log_densities(standard, chosen).mean())

    # To the side to which the mean lies from the median it is skewed.
    start = np.array([0.0, 0.0, 0.5 * np.sign(standard.mean()), 0.0])
    found = minimize(loss, start, method="L-BFGS-B", bounds=Bounds(*_BOUNDS))
    return np.asarray(_log_densities(standard, np.asarray(found.x)) - np.log(width))


def _log_densities(values: Floats, chosen: Floats) -> Floats:
    """Return the logarithm of the density at each value, for what is chosen in the order of the bounds."""
    centre, log_scale, skewness, log_tails = chosen
    standard = (values - centre) * np.exp(-log_scale)
    normal = np.exp(log_tails) * np.arcsinh(standard) - skewness
    # Beyond 50 the density is 0 in any case.
    squares = np.square(np.sinh(np.clip(normal, -50, 50)))
    constant = log_tails - log_scale - 0.5 * np.log(2 * np.pi)
    return np.asarray(constant + 0.5 * (np.log1p(squares) - np.log1p(np.square(standard)) - squares))
