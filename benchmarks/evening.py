"""What evening out finds of planted groups in skewed tables: beside other transforms, by skewness, and by what is told.

Recovered is the adjusted Rand index between the planted groups and K-Means with their number. The families are amounts
(lognormal, gamma, Pareto), counts, many zeros, refunds, half of the features symmetric, amounts on top of a fixed one,
and two whose groups differ by amounts rather than ratios; each with groups of like and of unlike sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

import custseg
from custseg.change.evened_out import compare_evened_out
from custseg.clustering.engines.threads import one_thread
from custseg.tables.evening_out import EveningOut
from custseg.tables.skewness import robust_skewness, skewed_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Generator = np.random.Generator

# Choices were made on the seeds from 0 on.
REPORTED_ON = 50_000
CUSTOMERS, GROUPS, FEATURES = 600, 4, 5
UNLIKE = (0.6, 0.25, 0.1, 0.05)
_BINS = (0, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, np.inf)
# Less of a difference in the adjusted Rand index counts as none.
_SAME = 0.02


def _lognormal(spread: float) -> Callable[[Generator, Floats], Floats]:
    return lambda generator, means: np.exp(2 * spread * means + generator.normal(0, spread, means.shape))


def _gamma(shape: float) -> Callable[[Generator, Floats], Floats]:
    return lambda generator, means: generator.gamma(shape, np.exp(2 * means / np.sqrt(shape)))


def _counts(typical: float) -> Callable[[Generator, Floats], Floats]:
    return lambda generator, means: generator.negative_binomial(3, 3 / (3 + typical * np.exp(means))).astype(float)


def _normal(generator: Generator, means: Floats) -> Floats:
    return 10 + 2 * means + generator.normal(size=means.shape)


FAMILIES: dict[str, Callable[[Generator, Floats], Floats]] = {
    **{f"lognormal, sigma {spread}": _lognormal(spread) for spread in (0.15, 0.3, 0.5, 1.0)},
    **{f"gamma, shape {shape}": _gamma(shape) for shape in (1, 4, 10)},
    "Pareto": lambda generator, means: (1 + generator.pareto(2, means.shape)) * np.exp(means),
    **{f"counts around {typical}": _counts(typical) for typical in (2, 10)},
    "many zeros": lambda generator, means: (
        _lognormal(0.7)(generator, means) * (generator.random(means.shape) > 1 / (1 + np.exp(means)))
    ),
    "refunds": lambda generator, means: (
        _lognormal(1)(generator, means) * np.where(generator.random(means.shape) < 0.1, -0.5, 1)
    ),
    "half symmetric": lambda generator, means: np.where(
        np.arange(means.shape[1]) % 2, _lognormal(1)(generator, means), _normal(generator, means)
    ),
    "on top of an amount": lambda generator, means: 5 + _lognormal(1)(generator, means),
    "normal": _normal,
    "normal, cut at 0": lambda generator, means: np.maximum(0, 3 + 3 * means + generator.normal(size=means.shape)),
}


def _knee_at(share: float) -> Callable[[Floats], Floats]:
    """Return the transform with its knee at a share of the median of what is not 0."""

    def apply(values: Floats) -> Floats:
        evening = EveningOut.fit(values, np.ones(values.shape[1], dtype=bool))
        return EveningOut(evening.evened.copy(), evening.knees * 3 * share).apply(values)

    return apply


TRANSFORMS: dict[str, Callable[[Floats], Floats]] = {
    "as they are": lambda values: values,
    "log1p": lambda values: np.sign(values) * np.log1p(np.abs(values)),
    "log1p, in thousands": lambda values: np.sign(values) * np.log1p(np.abs(values) / 1000),
    "cube root": np.cbrt,
    "normal scores of ranks": lambda values: stats.norm.ppf((stats.rankdata(values, axis=0) - 0.5) / len(values)),
    **{f"arcsinh, knee at median / {part}": _knee_at(1 / part) for part in (1, 2, 3, 5, 10, 30)},
}


def tables(first: int, of_each: int) -> Iterator[tuple[str, Floats, npt.NDArray[np.intp], int]]:
    """Yield the family, the customers x features, the planted group of each, and the seed."""
    for family, make in FAMILIES.items():
        for seed in range(first, first + of_each):
            generator = np.random.default_rng(seed)
            truth = generator.choice(GROUPS, CUSTOMERS, p=UNLIKE if seed % 2 else None)
            means = generator.normal(size=(GROUPS, FEATURES))[truth]
            yield family, make(generator, means) * 10 ** generator.uniform(0, 4, FEATURES), truth, seed


def recovered(values: Floats, truth: npt.NDArray[np.intp], seed: int) -> float:
    """Return the adjusted Rand index between the planted groups and K-Means on standardised values."""
    spread = values.std(axis=0)
    prepared = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)
    with one_thread():
        found = KMeans(GROUPS, n_init=3, random_state=seed).fit_predict(prepared)
    return float(adjusted_rand_score(truth, found))


def by_transform(of_each: int = 12) -> pd.DataFrame:
    """Return the mean that is recovered, families x transforms."""
    rows = [
        {"family": family, **{name: recovered(even(values), truth, seed) for name, even in TRANSFORMS.items()}}
        for family, values, truth, seed in tables(REPORTED_ON, of_each)
    ]
    return pd.DataFrame(rows).groupby("family", sort=False).mean()


def by_skewness(of_each: int = 24) -> pd.DataFrame:
    """Return how often evening out all features is better and worse, by the middle robust skewness of a table."""
    rows = [
        (
            float(np.median(robust_skewness(values))),
            recovered(_knee_at(1 / 3)(values), truth, seed) - recovered(values, truth, seed),
        )
        for _, values, truth, seed in tables(REPORTED_ON + 1_000, of_each)
    ]
    found = pd.DataFrame(rows, columns=["skewness", "gain"])
    gains = found.groupby(pd.cut(found["skewness"], _BINS), observed=True)["gain"]
    return pd.DataFrame(
        {
            "tables": gains.size(),
            "gain": gains.mean(),
            "better": gains.agg(lambda gain: (gain > _SAME).mean()),
            "worse": gains.agg(lambda gain: (gain < -_SAME).mean()),
        }
    )


def by_rule(of_each: int = 12) -> pd.DataFrame:
    """Return, for ways to choose between both, what is recovered and how often the worse of the two is chosen."""
    rows = [
        _both(values, truth, seed)
        for _, values, truth, seed in tables(REPORTED_ON + 2_000, of_each)
        if skewed_features(values, tuple(map(str, range(FEATURES))))
    ]
    found = pd.DataFrame(rows, columns=["plain", "evened", "suggested", "silhouette"])
    takes = {
        "never even out": np.zeros(len(found), dtype=bool),
        "the higher silhouette": found["silhouette"].to_numpy(dtype=bool),
        "as is suggested": found["suggested"].to_numpy(dtype=bool),
        "always even out": np.ones(len(found), dtype=bool),
    }
    plain, even = found["plain"].to_numpy(), found["evened"].to_numpy()
    chosen = {name: np.where(evened, even, plain) for name, evened in takes.items()}
    best = np.maximum(plain, even)
    return pd.DataFrame(
        {name: (values.mean(), (values < best - _SAME).mean(), len(found)) for name, values in chosen.items()},
        index=["recovered", "worse chosen", "tables"],
    ).T


def _both(values: Floats, truth: npt.NDArray[np.intp], seed: int) -> tuple[float, float, bool, bool]:
    frame = pd.DataFrame(values, columns=[f"feature {number}" for number in range(values.shape[1])])
    table = custseg.CustomerTable.read(frame)
    results = [custseg.segment(table, k=GROUPS, seed=seed, recipe=custseg.Recipe(log=log)) for log in ((), "auto")]
    plain, evened = (adjusted_rand_score(truth, result.labels) for result in results)
    fits = [silhouette_score(result.preparation.apply(values), result.labels) for result in results]
    found = compare_evened_out(results[0])
    return plain, evened, found is not None and found.evening_suggested, bool(fits[1] > fits[0])
