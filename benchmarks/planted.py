"""How often the planted number of groups is found, and how often groups are found where there are none.

Tables have 2 to 8 groups in 2 to 12 dimensions and 300 to 5,000 customers, with unequal sizes and shapes, from hard to
clear; or no groups. The peers are single indices, each with its usual rule. The thresholds in
``custseg.how_many.natural_groups`` were tuned on ``benchmarks.families``, not on these tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from kneed import KneeLocator
from sklearn.metrics import pairwise_distances

import custseg
from custseg.clustering.engines.seeding import initial_centroids
from custseg.clustering.engines.threads import one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

REPORTED_ON = 50_000
PLANTED, EMPTY = 200, 100
KS = range(2, 11)
# Distance of the two nearest groups, in standard deviations of a group along the line between them.
HARD, CLEAR, CLEAREST = 2.5, 5.0, 7.5
_SMALLEST_SHARE = 0.06
_REFERENCES = 3
SHAPES: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "uniform": lambda generator, rows, features: generator.uniform(size=(rows, features)),
    "one Gaussian": lambda generator, rows, features: generator.normal(size=(rows, features)),
    "one lognormal": lambda generator, rows, features: generator.lognormal(
        0, generator.uniform(0.3, 1.2), (rows, features)
    ),
    "correlated": lambda generator, rows, features: (
        generator.normal(size=(rows, features)) @ generator.normal(size=(features, features))
    ),
}


@dataclass(frozen=True)
class Case:
    """A table, how many groups were planted in it (0 for none), and how far apart they are."""

    table: custseg.CustomerTable
    groups: int
    separation: float
    seed: int


def planted(seed: int) -> Case:
    """Return a table with groups of unequal sizes and shapes."""
    generator = np.random.default_rng(seed)
    k, features, rows = _dimensions(generator)
    separation = float(generator.uniform(HARD, CLEAREST))
    shares = np.maximum(generator.dirichlet(np.full(k, 4.0)), _SMALLEST_SHARE)
    sizes = np.maximum(generator.multinomial(rows, shares / shares.sum()), 10)
    shapes = [_profile(generator, features) for _ in range(k)]
    centres, nearest = generator.normal(size=(k, features)), 0.0
    for _ in range(200):
        nearest = min(_separation(centres[[i, j]], (shapes[i], shapes[j])) for i in range(k) for j in range(i))
        if nearest > 0.15:
            break
        centres = generator.normal(size=(k, features))
    centres *= separation / nearest
    groups = [
        centre + generator.normal(size=(size, features)) @ profile.T
        for centre, size, profile in zip(centres, sizes, shapes, strict=True)
    ]
    return Case(_table(np.concatenate(groups)), k, separation, seed)


def empty(seed: int) -> Case:
    """Return a table without groups."""
    generator = np.random.default_rng(seed)
    _, features, rows = _dimensions(generator)
    draw = list(SHAPES.values())[seed % len(SHAPES)]
    return Case(_table(draw(generator, rows, features)), 0, 0.0, seed)


def _dimensions(generator: np.random.Generator) -> tuple[int, int, int]:
    rows = int(np.exp(generator.uniform(np.log(300), np.log(5000))))
    return int(generator.integers(2, 9)), int(generator.integers(2, 13)), rows


def _profile(generator: np.random.Generator, features: int) -> Floats:
    """Return axes of random directions, of lengths from 0.6 to 1.65."""
    directions, _ = np.linalg.qr(generator.normal(size=(features, features)))
    return np.asarray(directions * np.exp(generator.uniform(-0.5, 0.5, features)))


def _separation(centres: Floats, shapes: tuple[Floats, Floats]) -> float:
    line = centres[1] - centres[0]
    distance = float(np.linalg.norm(line))
    deviations = [float(np.linalg.norm(profile.T @ (line / distance))) for profile in shapes]
    return distance / float(np.mean(deviations))


def _table(values: Floats) -> custseg.CustomerTable:
    names = [f"feature_{position}" for position in range(values.shape[1])]
    return custseg.CustomerTable.read(pd.DataFrame(values, columns=names))


def answers(case: Case) -> dict[str, int]:
    """Return how many groups each method finds; 0 for none, which only the first and the last two can say."""
    advice = custseg.advise(case.table, ks=KS, seed=0)
    evidence = advice.evidence
    return {
        "custseg": advice.suggested if advice.natural_groups else 0,
        "prediction strength, at least 0.8": max(
            (candidate.k for candidate in evidence if candidate.agreement.prediction_strength >= 0.8), default=0
        ),
        "Calinski-Harabasz": max(evidence, key=lambda candidate: candidate.indices.calinski_harabasz).k,
        "silhouette": max(evidence, key=lambda candidate: candidate.indices.silhouette).k,
        "elbow (kneed)": _elbow([candidate.indices.inertia for candidate in evidence]),
        "gap statistic": _gap(case),
    }


def _elbow(inertias: list[float]) -> int:
    """Return the k at the elbow (Satopää et al., 2011), as kneed finds it; 0 for none."""
    return int(KneeLocator(list(KS), inertias, curve="convex", direction="decreasing").elbow or 0)


def _gap(case: Case) -> int:
    """Return the k of the gap statistic (Tibshirani, Walther & Hastie, 2001), with uniform references in PCA space."""
    values = case.table.matrix(case.table.features)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    rotated = scaled @ np.linalg.svd(scaled, full_matrices=False)[2].T
    generator = np.random.default_rng(0)
    references = [
        generator.uniform(rotated.min(axis=0), rotated.max(axis=0), rotated.shape) for _ in range(_REFERENCES)
    ]
    ks = range(1, max(KS) + 1)
    with one_thread():
        observed = np.array([_log_inertia(rotated, k) for k in ks])
        expected = np.array([[_log_inertia(reference, k) for reference in references] for k in ks])
    gaps = expected.mean(axis=1) - observed
    errors = expected.std(axis=1) * np.sqrt(1 + 1 / _REFERENCES)
    gaps_of_next = zip(ks, gaps, gaps[1:], errors[1:], strict=False)
    enough = [k for k, gap, next_gap, error in gaps_of_next if gap >= next_gap - error]
    smallest = enough[0] if enough else max(KS)
    return smallest if smallest > 1 else 0


def _log_inertia(values: Floats, k: int) -> float:
    single = values.astype(np.float32)
    if k == 1:
        return float(np.log(np.square(single - single.mean(axis=0)).sum()))
    centroids = initial_centroids(single, k, np.random.default_rng(0), starts=12, rounds=1)
    return float(np.log(pairwise_distances(single, centroids, metric="sqeuclidean").min(axis=1).sum()))


def cases(first: int, planted_cases: int = PLANTED, empty_cases: int = EMPTY) -> Iterator[Case]:
    """Yield the tables of these seeds."""
    yield from (planted(first + seed) for seed in range(planted_cases))
    yield from (empty(first + seed) for seed in range(empty_cases))


def measure(first: int = REPORTED_ON, planted_cases: int = PLANTED, empty_cases: int = EMPTY) -> dict[str, list[float]]:
    """Return by method the share found of all planted tables, that of the clear ones, and the share of false finds."""
    right: dict[str, list[list[bool]]] = defaultdict(lambda: [[], [], []])
    for case in cases(first, planted_cases, empty_cases):
        for method, groups in answers(case).items():
            if not case.groups:
                right[method][2].append(groups > 0)
                continue
            right[method][0].append(groups == case.groups)
            if case.separation >= CLEAR:
                right[method][1].append(groups == case.groups)
    return {method: [float(np.mean(outcomes)) for outcomes in kinds] for method, kinds in right.items()}
