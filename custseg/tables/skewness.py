"""How skewed features are, and which of them evening out is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.sampling import sample_rows
from custseg.tables.evening_out import EveningOut

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# A lognormal of sigma 0.55 has about this skewness; beyond it a few customers set the mean and the spread.
STRONG_SKEW = 2.0
# Of planted tables with a skewness from 0.5 to 0.75 evening out finds more of the groups in half and less in a quarter;
# from 1 on more in 9 of 10 and less in 1 of 20 (python -m benchmarks evening).
SKEWED = 1.0
_CLEARLY = 0.9
_EXTREME = 0.005
_MOST_ROWS = 20_000


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


def robust_skewness(values: Floats) -> Floats:
    """Return each column's skewness once the half percent at either end, one value at least, is moved in.

    So a single customer makes no feature skewed.
    """
    return skewness(np.column_stack([_moved_in(column[~np.isnan(column)], len(values)) for column in values.T]))


def _moved_in(known: Floats, rows: int) -> Floats:
    """Return a column without its gaps and its extreme values, filled up with NaN to so many rows."""
    column = np.full(rows, np.nan)
    moved = max(1, round(_EXTREME * len(known)))
    if len(known) > 2 * moved:
        low, high = np.partition(known, (moved, len(known) - 1 - moved))[[moved, len(known) - 1 - moved]]
        column[: len(known)] = np.clip(known, low, high)
    return column


def skewed_features(values: Floats, features: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features that evening out is for: skewed, and clearly less so afterwards.

    Judged are 20,000 customers at random where there are more. A feature of two values stays what it is, and so does
    one that is far from 0 for its spread, such as a year.
    """
    some = values[sample_rows(len(values), _MOST_ROWS, np.random.default_rng(0))]
    before = np.abs(robust_skewness(some))
    skewed = before >= SKEWED
    after = np.abs(robust_skewness(EveningOut.fit(some, skewed).apply(some)))
    fits = skewed & (after < _CLEARLY * before)
    return tuple(name for name, fit in zip(features, fits, strict=True) if fit)
