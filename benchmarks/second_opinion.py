"""What a Gaussian mixture beside K-Means brings: adjusted Rand index with planted groups, and offers on empty tables.

Planted tables have 2 to 5 groups in 2 to 6 dimensions. In ``correlated noise`` groups are long, all in one direction or
each in its own; ``unequal sizes`` go up to 1 : 20; ``round groups`` are what K-Means is made for. The two nearest
groups are 4 to 6 standard deviations apart. K-Means is told the planted number, the mixture is not. The peer is mclust
(Scrucca et al., 2016), whose figures ``second_opinion_mclust.R`` wrote to ``second_opinion_mclust.json``. The
thresholds of ``custseg.clustering.mixture_groups`` and ``mixture_flanks`` were tuned on other tables.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

REPORTED_ON, EMPTY_ON = 60_000, 70_000
PLANTED, EMPTY = 20, 20
NEAREST, FARTHEST = 4.0, 6.0
PEER = Path(__file__).with_name("second_opinion_mclust.json")


def correlated_noise(generator: np.random.Generator) -> tuple[Floats, Labels]:
    """Return customers in long groups and the group of each."""
    features, k = int(generator.integers(2, 7)), int(generator.integers(2, 6))
    alike = bool(generator.integers(2))
    shapes = [_long(generator, features) for _ in range(k)]
    return _groups(generator, np.full(k, 1 / k), shapes[:1] * k if alike else shapes)


def unequal_sizes(generator: np.random.Generator) -> tuple[Floats, Labels]:
    """Return customers in round groups, the largest 20 times the smallest, and the group of each."""
    features, k = int(generator.integers(2, 7)), int(generator.integers(2, 6))
    shares = np.exp(np.linspace(0, np.log(20), k))
    return _groups(generator, shares / shares.sum(), [np.eye(features)] * k)


def round_groups(generator: np.random.Generator) -> tuple[Floats, Labels]:
    """Return customers in round groups of one size, and the group of each."""
    features, k = int(generator.integers(2, 7)), int(generator.integers(2, 6))
    return _groups(generator, np.full(k, 1 / k), [np.eye(features)] * k)


FAMILIES: dict[str, Callable[[np.random.Generator], tuple[Floats, Labels]]] = {
    "correlated noise": correlated_noise,
    "unequal sizes": unequal_sizes,
    "round groups": round_groups,
}


def _lumpy(generator: np.random.Generator, values: Floats) -> Floats:
    return values * (generator.random(values.shape) < generator.uniform(0.5, 0.95))


NOTHING: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "uniform": lambda generator, rows, features: generator.uniform(size=(rows, features)),
    "normal": lambda generator, rows, features: generator.normal(size=(rows, features)),
    "correlated": lambda generator, rows, features: (
        generator.normal(size=(rows, features)) @ generator.normal(size=(features, features))
    ),
    "lognormal": lambda generator, rows, features: generator.lognormal(
        0, generator.uniform(0.3, 1.5), (rows, features)
    ),
    "t": lambda generator, rows, features: generator.standard_t(3, (rows, features)),
    "gamma": lambda generator, rows, features: generator.gamma(generator.uniform(0.7, 4), 1, (rows, features)),
    "counts": lambda generator, rows, features: generator.poisson(
        np.exp(generator.uniform(0.5, 3.5, features)), (rows, features)
    ).astype(float),
    "zero-inflated": lambda generator, rows, features: _lumpy(generator, generator.gamma(2, 10, (rows, features))),
    "bent": lambda generator, rows, features: _bent(generator.normal(size=(rows, features))),
    "0/1 beside normal": lambda generator, rows, features: np.column_stack(
        [generator.normal(size=(rows, features)), generator.random(rows) < generator.uniform(0.1, 0.5)]
    ),
}


def _bent(values: Floats) -> Floats:
    values[:, 1] += np.square(values[:, 0])
    return values


def planted(family: str, seed: int) -> tuple[pd.DataFrame, Labels]:
    """Return a table of a family, and the group of each customer."""
    values, truth = FAMILIES[family](np.random.default_rng([list(FAMILIES).index(family), seed]))
    return _table(values), truth


def empty(family: str, seed: int) -> pd.DataFrame:
    """Return a table without groups."""
    generator = np.random.default_rng([list(NOTHING).index(family), seed])
    rows = int(np.exp(generator.uniform(np.log(300), np.log(4000))))
    return _table(NOTHING[family](generator, rows, int(generator.integers(2, 9))))


def _table(values: Floats) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"feature_{position}" for position in range(values.shape[1])])


def _long(generator: np.random.Generator, features: int) -> Floats:
    """Return a covariance of random directions, with standard deviations from 0.22 to 4.5."""
    directions, _ = np.linalg.qr(generator.normal(size=(features, features)))
    return np.asarray(directions * np.exp(generator.uniform(-3, 3, features)) @ directions.T)


def _groups(generator: np.random.Generator, shares: Floats, shapes: list[Floats]) -> tuple[Floats, Labels]:
    k, features = len(shares), len(shapes[0])
    sizes = np.maximum(generator.multinomial(int(generator.integers(400, 2500)), shares), 15)
    drawn = (generator.normal(size=(k, features)) for _ in range(200))
    nearest, centres = max(((_nearest(centres, shapes), centres) for centres in drawn), key=lambda pair: pair[0])
    centres = centres * generator.uniform(NEAREST, FARTHEST) / nearest
    groups = [
        generator.multivariate_normal(centre, shape, size, method="cholesky")
        for centre, shape, size in zip(centres, shapes, sizes, strict=True)
    ]
    return np.concatenate(groups), np.repeat(np.arange(k), sizes)


def _nearest(centres: Floats, shapes: list[Floats]) -> float:
    """Return how many standard deviations the two nearest groups are apart."""
    pairs = ((i, j) for i in range(len(centres)) for j in range(i))
    return min(
        float(np.sqrt(line @ np.linalg.solve((shapes[i] + shapes[j]) / 2, line)))
        for i, j in pairs
        for line in [centres[i] - centres[j]]
    )


def on_planted(family: str, first: int = REPORTED_ON, tables: int = PLANTED) -> dict[str, float]:
    """Return mean adjusted Rand indices, and how often the number is right and another shape is offered."""
    rows = []
    for seed in range(first, first + tables):
        table, truth = planted(family, seed)
        k = int(truth.max()) + 1
        began = time.process_time()
        result = custseg.segment(table, k=k, seed=0)
        opinion = custseg.second_opinion(result)
        seconds = time.process_time() - began
        groups = opinion.memberships(table).to_numpy().argmax(axis=1) if opinion.groups else np.zeros(len(truth))
        taken = groups if opinion.fits_better else result.labels
        rows.append(
            {
                "K-Means": adjusted_rand_score(truth, result.labels),
                "mixture": adjusted_rand_score(truth, groups),
                "as offered": adjusted_rand_score(truth, taken),
                "right number": opinion.groups == k,
                "offered": opinion.fits_better,
                "seconds": seconds,
            }
        )
    return {str(name): float(value) for name, value in pd.DataFrame(rows).astype(float).mean().items()}


def on_empty(family: str, first: int = EMPTY_ON, tables: int = EMPTY) -> dict[str, float]:
    """Return how often groups are seen, another shape is offered, or there is no opinion."""
    opinions = [
        custseg.second_opinion(custseg.segment(empty(family, seed), k=4, seed=0))
        for seed in range(first, first + tables)
    ]
    return {
        "groups seen": float(np.mean([(opinion.groups or 0) > 1 for opinion in opinions])),
        "offered": float(np.mean([opinion.fits_better for opinion in opinions])),
        "no opinion": float(np.mean([opinion.groups is None for opinion in opinions])),
    }


def write_tables(folder: Path, first: int = REPORTED_ON, tables: int = PLANTED) -> None:
    """Write the planted tables for the peer, each with the group of each customer in its last column."""
    folder.mkdir(parents=True, exist_ok=True)
    for family in FAMILIES:
        for seed in range(first, first + tables):
            table, truth = planted(family, seed)
            table.assign(truth=truth).to_csv(folder / f"{family.replace(' ', '_')}-{seed}.csv", index=False)


def peer() -> dict[str, float]:
    """Return the mean adjusted Rand index of mclust by family, from the committed figures."""
    figures = json.loads(PEER.read_text(encoding="utf-8"))
    return {family: float(np.mean([table["adjusted_rand"] for table in tables])) for family, tables in figures.items()}


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]))
