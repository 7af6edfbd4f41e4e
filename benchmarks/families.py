"""Families of tables without groups, and of tables with planted groups, by name; shared by the audit and the tests.

Each takes a random generator and returns values, customers x features, the planted ones also the group of each
customer. Sizes, dimensions and shapes vary within a family; what its name says does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]
    Planted = tuple[Floats, Labels]

# Distance of the two nearest centres, in standard deviations within a group.
NEAREST = (3.5, 7.0)


def _shape(generator: np.random.Generator, most_features: int = 10) -> tuple[int, int]:
    rows = int(np.exp(generator.uniform(np.log(300), np.log(3000))))
    return rows, int(generator.integers(2, most_features + 1))


def _correlated(generator: np.random.Generator, rows: int, features: int) -> Floats:
    """Return normal values whose correlations are random, of standard deviation 1."""
    values = generator.normal(size=(rows, features)) @ generator.normal(size=(features, features))
    return np.asarray(values / values.std(axis=0))


def _maybe_correlated(generator: np.random.Generator) -> Floats:
    """Return normal values, every second time correlated."""
    rows, features = _shape(generator)
    if generator.random() < 0.5:
        return generator.normal(size=(rows, features))
    return _correlated(generator, rows, features)


def _uniform(generator: np.random.Generator) -> Floats:
    return generator.uniform(size=_shape(generator))


def _normal(generator: np.random.Generator) -> Floats:
    return generator.normal(size=_shape(generator))


def _correlated_normal(generator: np.random.Generator) -> Floats:
    return _correlated(generator, *_shape(generator))


def _lognormal(generator: np.random.Generator) -> Floats:
    return np.asarray(np.exp(generator.uniform(0.3, 1.5) * _maybe_correlated(generator)))


def _t(generator: np.random.Generator) -> Floats:
    """Return t values of 2 to 6 degrees of freedom: independent ones, or those of a multivariate t distribution."""
    rows, features = _shape(generator)
    freedom = generator.uniform(2, 6)
    if generator.random() < 0.5:
        return np.asarray(generator.standard_t(freedom, (rows, features)))
    stretch = np.sqrt(freedom / generator.chisquare(freedom, (rows, 1)))
    return np.asarray(_correlated(generator, rows, features) * stretch)


def _gamma(generator: np.random.Generator) -> Floats:
    rows, features = _shape(generator)
    return np.asarray(generator.gamma(generator.uniform(0.5, 4, features), size=(rows, features)))


def _counts(generator: np.random.Generator) -> Floats:
    """Return counts of rates 0.3 to 20, every second time more of all for some customers (a gamma factor)."""
    rows, features = _shape(generator)
    rates = np.exp(generator.uniform(np.log(0.3), np.log(20), features))
    activity = generator.gamma(3, 1 / 3, (rows, 1)) if generator.random() < 0.5 else 1.0
    return generator.poisson(rates * activity, (rows, features)).astype(np.float64)


def _zero_inflated(generator: np.random.Generator) -> Floats:
    """Return lognormal amounts of which each feature is 0 for 20 to 80 % of customers."""
    values = np.exp(generator.uniform(0.3, 1.2) * _maybe_correlated(generator))
    absent = generator.uniform(size=values.shape) < generator.uniform(0.2, 0.8, values.shape[1])
    return np.asarray(np.where(absent, 0.0, values))


def _binary_beside_normals(generator: np.random.Generator) -> Floats:
    values = _maybe_correlated(generator)
    values[:, 0] = generator.uniform(size=len(values)) < generator.uniform(0.1, 0.9)
    return values


def _mixed(generator: np.random.Generator) -> Floats:
    """Return features of several of these kinds side by side."""
    rows, features = _shape(generator)
    kinds: tuple[Callable[[], Floats], ...] = (
        lambda: generator.normal(size=rows),
        lambda: generator.uniform(size=rows),
        lambda: generator.lognormal(0, 0.8, rows),
        lambda: generator.poisson(generator.uniform(0.5, 8), rows).astype(np.float64),
        lambda: (generator.uniform(size=rows) < 0.4).astype(np.float64),
        lambda: np.where(generator.uniform(size=rows) < 0.5, 0.0, generator.gamma(2, size=rows)),
    )
    return np.column_stack([kinds[generator.integers(len(kinds))]() for _ in range(features)])


EMPTY: dict[str, Callable[[np.random.Generator], Floats]] = {
    "uniform": _uniform,
    "normal": _normal,
    "correlated normal": _correlated_normal,
    "lognormal": _lognormal,
    "t": _t,
    "gamma": _gamma,
    "counts": _counts,
    "zero-inflated": _zero_inflated,
    "0/1 beside normals": _binary_beside_normals,
    "mixed": _mixed,
}


def _groups(generator: np.random.Generator, rows: int, k: int, smallest: float = 0.4) -> Labels:
    """Return the group of each customer; the smallest share over the largest is about ``smallest``."""
    shares = np.exp(np.linspace(np.log(smallest), 0, k))
    sizes = np.maximum(np.round(rows * shares / shares.sum()), 12).astype(int)
    return generator.permutation(np.repeat(np.arange(k), sizes))


def _centres(generator: np.random.Generator, k: int, features: int, nearest: float) -> Floats:
    """Return centres of which the two nearest are this far apart, none much farther from all others."""
    best, best_ratio = np.zeros((k, features)), -1.0
    for _ in range(50):
        centres = generator.normal(size=(k, features))
        between = np.linalg.norm(centres[:, None] - centres[None], axis=2)
        apart = between[np.triu_indices(k, 1)]
        if apart.min() / apart.max() > best_ratio:
            best, best_ratio = centres * nearest / apart.min(), apart.min() / apart.max()
    return best


def _drawn(
    generator: np.random.Generator, ks: tuple[int, int] = (2, 6), smallest: float = 0.4, most_features: int = 8
) -> tuple[Labels, Floats]:
    """Return the group of each customer, and the centres of the groups."""
    rows, features = _shape(generator, most_features)
    k = int(generator.integers(ks[0], ks[1] + 1))
    labels = _groups(generator, rows, k, smallest)
    return labels, _centres(generator, k, features, generator.uniform(*NEAREST))


def _noise(generator: np.random.Generator, labels: Labels, centres: Floats) -> Floats:
    return generator.normal(size=(len(labels), centres.shape[1]))


def _spheres(generator: np.random.Generator) -> Planted:
    labels, centres = _drawn(generator)
    return centres[labels] + _noise(generator, labels, centres), labels


def _unequal_sizes(generator: np.random.Generator) -> Planted:
    """Return groups of which the largest is 20 to 50 times the smallest, far apart, so that K-Means can see that."""
    labels, centres = _drawn(generator, (2, 4), smallest=1 / generator.uniform(20, 50))
    return 2 * centres[labels] + _noise(generator, labels, centres), labels


def _unequal_spreads(generator: np.random.Generator) -> Planted:
    labels, centres = _drawn(generator)
    spreads = np.exp(generator.uniform(-0.7, 0.4, len(centres)))
    return centres[labels] + spreads[labels, None] * _noise(generator, labels, centres), labels


def _ellipses(generator: np.random.Generator) -> Planted:
    labels, centres = _drawn(generator)
    axes = np.array([_axes(generator, centres.shape[1]) for _ in centres])
    noise = np.einsum("ij,ijk->ik", _noise(generator, labels, centres), axes[labels])
    return centres[labels] + noise, labels


def _axes(generator: np.random.Generator, features: int) -> Floats:
    turned, _ = np.linalg.qr(generator.normal(size=(features, features)))
    return np.asarray(np.exp(generator.uniform(-0.8, 0.4, (features, 1))) * turned)


def _flat(generator: np.random.Generator) -> Planted:
    """Return cubes within which customers are spread evenly."""
    labels, centres = _drawn(generator)
    return centres[labels] + np.sqrt(3) * generator.uniform(-1, 1, (len(labels), centres.shape[1])), labels


def _heavy_tails(generator: np.random.Generator) -> Planted:
    labels, centres = _drawn(generator)
    return 1.5 * centres[labels] + generator.standard_t(4, (len(labels), centres.shape[1])), labels


def _many(generator: np.random.Generator) -> Planted:
    labels, centres = _drawn(generator, (7, 9), smallest=0.6)
    return centres[labels] + _noise(generator, labels, centres), labels


def _beside_noise(generator: np.random.Generator) -> Planted:
    """Return groups that differ in some of the features, beside one to four that say nothing."""
    labels, centres = _drawn(generator, most_features=5)
    noise = generator.normal(size=(len(labels), int(generator.integers(1, 5))))
    spread = generator.uniform(1, 3)
    return np.column_stack([centres[labels] + _noise(generator, labels, centres), spread * noise]), labels


def _amounts(generator: np.random.Generator) -> Planted:
    """Return amounts: groups in the logarithm."""
    labels, centres = _drawn(generator, (2, 5))
    logs = centres[labels] + _noise(generator, labels, centres)
    return np.exp(generator.uniform(0.2, 0.4) * (logs - centres.mean(axis=0))) * 10, labels


def _planted_counts(generator: np.random.Generator) -> Planted:
    """Return counts: each group with a rate of its own for each feature, from 0.5 to 40."""
    rows, features = _shape(generator, 8)
    k = int(generator.integers(2, 6))
    labels = _groups(generator, rows, k)
    rates = np.exp(generator.uniform(np.log(0.5), np.log(40), (k, features)))
    return generator.poisson(rates[labels]).astype(np.float64), labels


def _absent(generator: np.random.Generator) -> Planted:
    """Return amounts that are 0 for most customers of some groups, and for few of the others."""
    labels, centres = _drawn(generator, (2, 4))
    bought = generator.uniform(size=centres.shape) < 0.6
    chance = np.where(bought, 0.95, 0.08)[labels]
    logs = 0.35 * (centres[labels] + _noise(generator, labels, centres))
    return np.where(generator.uniform(size=logs.shape) < chance, np.exp(logs - logs.min() / 2), 0.0), labels


def _with_flags(generator: np.random.Generator) -> Planted:
    """Return numbers, and one or two 0/1 features that are likelier in some groups."""
    labels, centres = _drawn(generator, most_features=6)
    chance = generator.uniform(0.1, 0.9, (len(centres), int(generator.integers(1, 3))))
    flags = generator.uniform(size=(len(labels), chance.shape[1])) < chance[labels]
    return np.column_stack([1.3 * centres[labels] + _noise(generator, labels, centres), flags]), labels


PLANTED: dict[str, Callable[[np.random.Generator], Planted]] = {
    "spheres": _spheres,
    "unequal sizes": _unequal_sizes,
    "unequal spreads": _unequal_spreads,
    "ellipses": _ellipses,
    "flat": _flat,
    "heavy tails": _heavy_tails,
    "many groups": _many,
    "beside noise": _beside_noise,
    "amounts": _amounts,
    "counts": _planted_counts,
    "absent amounts": _absent,
    "0/1 beside numbers": _with_flags,
}
# Families of what is never negative, so that the logarithm can be taken of it as it is.
AMOUNTS = ("lognormal", "gamma", "counts", "zero-inflated", "amounts", "absent amounts")


def logged(values: Floats) -> Floats:
    """Return log1p of each feature, moved to start at 0 where it is negative somewhere."""
    return np.asarray(np.log1p(values - np.minimum(values.min(axis=0), 0)))
