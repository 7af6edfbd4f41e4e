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
    known = np.where(np.isnan(values), np.nanmean(values, axis=0), values)
    counts = np.maximum((~np.isnan(values)).sum(axis=0), 1)
    centred = known - known.mean(axis=0)
    variance = np.square(centred).sum(axis=0) / counts
    spread = np.sqrt(np.where(variance > 0, variance, 1.0))
    return np.where(variance > 0, ((centred / spread) ** 3).sum(axis=0) / counts, 0.0)


def skewed_features(values: Floats, features: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of which the logarithm is recommended: strongly skewed to the right and never negative."""
    fits = (skewness(values) >= STRONG_SKEW) & (np.nanmin(values, axis=0) >= 0)
    return tuple(name for name, fit in zip(features, fits, strict=True) if fit)
