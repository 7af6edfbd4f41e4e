"""Normal scores: values by their ranks alone, as if from a normal distribution, so that outliers decide nothing.

They are van der Waerden's: the quantile of the normal distribution at rank / (n + 1), equal values having their middle
rank. A missing value has none (NaN).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.sampling import sample_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def normal_scores(values: Floats) -> Floats:
    """Return the normal score of each of customers x features, NaN where missing."""
    from scipy.stats import norm, rankdata

    scores = np.full(values.shape, np.nan)
    # Column by column: a mask of its own for each is far faster than SciPy's way with missing values.
    for column, own in zip(values.T, scores.T, strict=True):
        known = ~np.isnan(column)
        own[known] = norm.ppf(rankdata(column[known]) / (known.sum() + 1))
    return scores


# Values are sorted for each test; of more customers at each time, as many at random stand for all.
MOST_CUSTOMERS = 50_000


def some_of(values: Floats, seed: int = 0) -> Floats:
    """Return the values (customers, or customers x features) of MOST_CUSTOMERS at random, or of all."""
    rows = sample_rows(len(values), MOST_CUSTOMERS, np.random.default_rng(seed))
    return values if len(rows) == len(values) else values[rows]


def chance_of_shift(before: Floats, now: Floats) -> float:
    """Return how likely chance brings so large a difference in level and spread of a feature (NaN where missing).

    A test after Lepage ("A combination of Wilcoxon's and Ansari-Bradley's statistics", Biometrika, 1971), with normal
    scores and their squares: the squared difference of both means, in units of what it would vary by if the customers
    were dealt out anew.
    """
    from scipy.stats import chi2

    known_before, known_now = before[~np.isnan(before)], now[~np.isnan(now)]
    known_before, known_now = some_of(known_before), some_of(known_now, 1)
    if not len(known_before) or not len(known_now):
        return 1.0
    scores = normal_scores(np.concatenate([known_before, known_now])[:, None])
    both = np.hstack([scores, np.square(scores)])
    both -= both.mean(axis=0)
    first, second = both[: len(known_before)], both[len(known_before) :]
    away = second.mean(axis=0) - first.mean(axis=0)
    varies = both.T @ both / (len(both) - 1) * (1 / len(first) + 1 / len(second))
    # Of a feature with two values, the squares say what the scores do.
    degrees = int(np.linalg.matrix_rank(varies, hermitian=True))
    return float(chi2.sf(away @ np.linalg.pinv(varies, hermitian=True) @ away, degrees)) if degrees else 1.0
