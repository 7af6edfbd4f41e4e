"""How often rules are right of customers who were not there when segments were found: ``python -m benchmarks.rules``.

The peer is the share that the rules say. Of customers who were held out when a rule was found they are right more often
where there are no groups, since segments were found on these too; what that makes is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

CUSTOMERS, FRESH, SEGMENTS, FEATURES = 440, 4_000, 4, 5
TABLES, FIRST_SEED = 60, 50_000
_CENTRES = np.random.default_rng(7).normal(0, 2.2, (SEGMENTS, FEATURES))
POPULATIONS: dict[str, Callable[[Floats, npt.NDArray[np.intp]], Floats]] = {
    "planted groups": lambda noise, group: noise + _CENTRES[group],
    "planted, exponential": lambda noise, group: np.exp(noise + _CENTRES[group]),
    "no groups": lambda noise, _: noise,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """How often rules said that they are right, and were, on average; and how many were right less often than said."""

    said: float
    was: float
    below_least: float


def measure(population: str, tables: int = TABLES, first_seed: int = FIRST_SEED) -> Measured:
    """Tell rules from tables of a population, and apply them to fresh customers of it."""
    found = []
    for seed in range(first_seed, first_seed + tables):
        generator = np.random.default_rng(seed)
        result = custseg.segment(draw(population, CUSTOMERS, generator), k=SEGMENTS, seed=seed)
        fresh = draw(population, FRESH, generator)
        segments = result.assign(fresh)
        for rule in custseg.find_rules(result, seed=seed).rules:
            if rule.least_precision is not None:
                right = float(np.mean(segments[meets(rule, fresh)] == rule.segment))
                found.append((rule.precision, right, right < rule.least_precision))
    return Measured(*np.mean(found, axis=0).tolist())


def draw(population: str, customers: int, generator: np.random.Generator) -> pd.DataFrame:
    """Draw customers of a population."""
    group = generator.integers(0, SEGMENTS, customers)
    noise = generator.normal(size=(customers, FEATURES))
    return pd.DataFrame(POPULATIONS[population](noise, group), columns=list("abcde"))


def meets(rule: custseg.Rule, customers: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which customers meet a rule."""
    met = np.ones(len(customers), dtype=bool)
    for condition in rule.conditions:
        met &= condition.met_by(customers[condition.feature].to_numpy())
    return met


def main() -> None:
    """Print, for each population, how often rules are right of fresh customers, and how often they say."""
    line = "{:<24} {:>8} {:>8} {:>24}"
    print(line.format("rules on fresh customers", "right", "said", "below the least they say"))
    for population in POPULATIONS:
        found = measure(population)
        print(line.format(population, f"{found.was:.1%}", f"{found.said:.1%}", f"{found.below_least:.1%}"), flush=True)


if __name__ == "__main__":
    main()
