"""How skewed features are, and of which the logarithm is recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# A lognormal of sigma 0.55 has about this skewness; beyond it a few customers set the mean and the spread.
STRONG_SKEW = 2.0


def skewness(values: Floats) -> Floats:
    """Return each column's skewness (Fisher-Pearson, of the population) without NaN; 0 where it doesn't vary."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array([_skewness(column[~np.isnan(column)]) for column in values.T])


def _skewness(known: Floats) -> float:
    # scipy.stats.skew takes ten times as long, warns of constant columns, and cubes large numbers to infinity.
    if not len(known) or np.ptp(known) == 0:
        return 0.0
    centred = known - known.mean()
    spread = centred.std()
    standard = centred / spread if 0 < spread < np.inf else np.zeros_like(centred)
    return float((standard * standard * standard).mean())


def skewed_features(values: Floats, features: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of which the logarithm is recommended: strongly skewed to the right and never negative."""
    fits = (skewness(values) >= STRONG_SKEW) & (np.nanmin(values, axis=0) >= 0)
    return tuple(name for name, fit in zip(features, fits, strict=True) if fit)
