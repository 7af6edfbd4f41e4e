"""How often a change of the customers is noticed in a later table, and how often one is seen where nothing changed.

Each kind of change is planted in tables of 200 to 5,000 customers, normal ones and skewed ones: a pair of tables
counts as noticed where ``migrate`` warns of anything. Undrifted pairs are drawn anew from the same distribution, or are
the same customers some time later, whose numbers have moved while their distribution has not.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

REPORTED_ON = 70_000
SIZES = (200, 500, 1500, 5000)
DRIFTED, UNDRIFTED = 8, 200
_FEATURES, _K = 6, 4


@dataclass(frozen=True)
class Population:
    """What customers are drawn from: groups in the last features, and a correlation of the first two."""

    centres: Floats
    shares: Floats
    correlation: float
    skewed: bool
    raised: tuple[float, ...] = (0.0,) * _FEATURES
    stretched: float = 1.0
    level: float = 0.5
    missing: float = 0.0

    @classmethod
    def at_random(cls, generator: np.random.Generator, *, skewed: bool) -> Population:
        """Return one whose groups are from blurred to clear."""
        centres = generator.normal(size=(_K, _FEATURES)) * generator.uniform(1, 3)
        centres[:, :2] = 0
        shares = np.maximum(generator.dirichlet(np.full(_K, 4.0)), 0.1)
        return cls(centres, shares / shares.sum(), generator.choice([-1, 1]) * generator.uniform(0.3, 0.9), skewed)

    def draw(self, customers: int, generator: np.random.Generator, earlier: _Drawn | None = None) -> _Drawn:
        """Draw customers; where there are ``earlier`` ones these are the same, with numbers that have moved."""
        groups = generator.choice(len(self.shares), customers, p=self.shares) if earlier is None else earlier.groups
        noise = generator.normal(size=(customers, _FEATURES))
        if earlier is not None:
            noise = 0.8 * earlier.noise + 0.6 * noise
        return _Drawn(groups, noise, self._table(groups, noise, generator))

    def _table(self, groups: npt.NDArray[np.intp], noise: Floats, generator: np.random.Generator) -> pd.DataFrame:
        own = noise.copy()
        own[:, 1] = self.correlation * noise[:, 0] + np.sqrt(1 - self.correlation**2) * noise[:, 1]
        own[:, 2] *= self.stretched
        values = self.centres[groups] + own + np.array(self.raised)
        if self.skewed:
            values = np.round(np.exp(0.7 * values) * 100, 2)
        values[generator.random(len(values)) < self.missing, 3] = np.nan
        frame = pd.DataFrame(values, columns=[f"feature_{place}" for place in range(_FEATURES)])
        plan = np.where(generator.random(len(values)) < self.level, "basic", "plus")
        return frame.assign(customer_id=[f"c{row}" for row in range(len(values))], plan=plan)


@dataclass(frozen=True)
class _Drawn:
    groups: npt.NDArray[np.intp]
    noise: Floats
    frame: pd.DataFrame


def _with_shares(population: Population, first: float) -> Population:
    """Give the first group another share, and the others theirs of the rest."""
    others = population.shares[1:] / population.shares[1:].sum() * (1 - first)
    return replace(population, shares=np.array([first, *others]))


def _with_another_group(population: Population) -> Population:
    new = population.centres.mean(axis=0) + np.array([0, 0, 3.0, -3.0, 3.0, -3.0])
    return replace(
        population, centres=np.vstack([population.centres, new]), shares=np.append(population.shares * 0.85, 0.15)
    )


def _with_a_group_elsewhere(population: Population) -> Population:
    centres = population.centres.copy()
    centres[0, 2:] += np.array([1.5, -1.5, 1.5, -1.5])
    return replace(population, centres=centres)


KINDS: dict[str, Callable[[Population], Population]] = {
    "one feature rises by half a deviation": lambda now: replace(now, raised=(0.5, 0, 0, 0, 0, 0)),
    "all features rise by a third": lambda now: replace(now, raised=(0.33,) * _FEATURES),
    "one feature spreads by half": lambda now: replace(now, stretched=1.5),
    "one feature narrows by half": lambda now: replace(now, stretched=0.5),
    "a correlation turns its sign": lambda now: replace(now, correlation=-now.correlation),
    "a correlation is lost": lambda now: replace(now, correlation=0.0),
    "a group grows by 15 points": lambda now: _with_shares(now, float(now.shares[0]) + 0.15),
    "a group vanishes": lambda now: _with_shares(now, 0.0),
    "a group appears": _with_another_group,
    "a group moves": _with_a_group_elsewhere,
    "a category's level falls from 50% to 30%": lambda now: replace(now, level=0.3),
    "a tenth lose a value": lambda now: replace(now, missing=0.1),
}


def pair(seed: int, kind: str | None, customers: int) -> tuple[custseg.Segmentation, pd.DataFrame]:
    """Return segments and a later table, with a change of a kind or with none."""
    generator = np.random.default_rng(seed)
    population = Population.at_random(generator, skewed=bool(seed % 2))
    before = population.draw(customers, generator)
    now = population if kind is None else KINDS[kind](population)
    # Without a change, every other pair is of the same customers.
    again = before if kind is None and seed % 4 < 2 else None
    recipe = custseg.Recipe(log="auto" if seed % 8 < 4 else (), categories=True)
    result = custseg.segment(before.frame, k=_K, seed=seed, recipe=recipe)
    return result, now.draw(customers, generator, again).frame


def pairs(
    first: int, drifted: int, undrifted: int, sizes: tuple[int, ...] = SIZES
) -> Iterator[tuple[str | None, int, int]]:
    """Yield the kind, the seed and the size of each pair of tables."""
    for place, kind in enumerate([*KINDS, None]):
        for number in range(drifted if kind else undrifted):
            yield kind, first + 1000 * place + number, sizes[(number // 2) % len(sizes)]


@dataclass(frozen=True)
class Noticed:
    """How many pairs of tables of a kind there were, of how many there was a warning, and of how many new segments."""

    pairs: int
    warned: int
    renewed: int


def measure(
    first: int = REPORTED_ON, drifted: int = DRIFTED, undrifted: int = UNDRIFTED, sizes: tuple[int, ...] = SIZES
) -> dict[str, Noticed]:
    """Return by kind of change, and for none, how often it was noticed."""
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for kind, seed, customers in pairs(first, drifted, undrifted, sizes):
        migration = custseg.migrate(*pair(seed, kind, customers))
        renewed = "run the clustering again" in migration.sentence
        found[kind or "nothing changed"].append((not migration.fits, renewed))
    return {
        kind: Noticed(len(each), sum(warned for warned, _ in each), sum(renewed for _, renewed in each))
        for kind, each in found.items()
    }


def seconds(customers: int = 50_000) -> tuple[float, float]:
    """Return the processor's seconds to follow so many customers, and those of the clustering itself."""
    result, later = pair(REPORTED_ON, None, customers)
    began = time.process_time()
    custseg.segment(later.drop(columns="plan"), k=_K, seed=0)
    clustered = time.process_time()
    custseg.migrate(result, later)
    return time.process_time() - clustered, clustered - began
