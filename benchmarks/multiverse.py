"""Time of trying other settings, and whether what is said of worth is so, on tables with and without something to find.

Run alone with ``python -m benchmarks.multiverse``; ``quick`` takes a tenth of the tables.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

import custseg

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.intp]

DATA = Path(__file__).resolve().parents[1] / "data"
# Tests have other seeds.
_FIRST_SEED, _TABLES, _CUSTOMERS = 70_000, 100, 400
_RATES, _SHARE = np.array([0.1, 0.2, 0.5]), 0.2


def trying(name: str) -> tuple[float, float, float]:
    """Return milliseconds of CPU of trying other settings of a bundled table, those of as many KMeans, and settings."""
    table = custseg.CustomerTable.read(DATA / name)
    result = custseg.segment(table, k=4, seed=42)
    prepared = result.preparation.apply(table.matrix(table.features))
    began = time.process_time()
    tried = len(custseg.multiverse(result).settings)
    middle = time.process_time()
    KMeans(4, n_init=10, random_state=0).fit(prepared)
    return 1000 * (middle - began), 1000 * tried * (time.process_time() - middle), tried


def _table(generator: np.random.Generator) -> tuple[pd.DataFrame, Numbers]:
    """Return customers in three groups, told apart by visits and age, whose spend is their own; and their groups."""
    group = generator.integers(3, size=_CUSTOMERS)
    columns = {
        "visits": 6 * group + generator.normal(size=_CUSTOMERS),
        "age": 40 - 6 * (group == 1) + generator.normal(size=_CUSTOMERS),
        "spend": np.exp(generator.normal(size=_CUSTOMERS)),
    }
    return pd.DataFrame(columns), group


def _rank(spend: Floats) -> Floats:
    return spend.argsort().argsort() / len(spend)


# What became of customers: from a generator, the group of each, and what each spends.
_OUTCOMES: dict[str, Callable[[np.random.Generator, Numbers, Floats], Any]] = {
    "nothing is to be found": lambda draw, group, _: draw.random(len(group)) < draw.choice([0.1, 0.3, 0.5]),
    "a later spend with a long tail is anybody's": lambda draw, group, _: np.exp(draw.normal(size=len(group))),
    "one of the groups leaves more often": lambda draw, group, _: draw.random(len(group)) < _RATES[group],
    "who spends more leaves more often": lambda draw, group, spend: draw.random(len(group)) < _rank(spend),
}
_PLANTED = "one of the groups leaves more often"


def judged(where: str, tables: int = _TABLES) -> dict[str, float]:
    """Return how often segments are said to gain, and to beat groups by spend, and how often the interval is right."""
    found: list[tuple[bool, bool, bool]] = []
    truth = _SHARE * (_RATES.max() / _RATES.mean() - 1) if where == _PLANTED else 0.0
    for seed in range(_FIRST_SEED, _FIRST_SEED + tables):
        generator = np.random.default_rng(seed)
        frame, group = _table(generator)
        values = _OUTCOMES[where](generator, group, frame["spend"].to_numpy())
        table = custseg.CustomerTable.read(frame, money=["spend"])
        result = custseg.segment(table, features=["visits", "age"], k=3, seed=seed)
        worth = custseg.worth(result, values, share=_SHARE, seed=seed)
        beats = worth.against_spend is not None and worth.against_spend.low > 0
        low, high = worth.interval
        found.append((worth.is_something, worth.is_something and beats, low <= truth <= high))
    gains, beats_spend, right = np.mean(found, axis=0).tolist()
    return {"said to gain": gains, "said to beat spend": beats_spend, "interval holds": right}


def named(tables: int = _TABLES) -> tuple[float, float]:
    """Return how often the one column that tells two groups apart is said to be needed, and how often another one is.

    Of each segment of each table; three more columns are noise.
    """
    right, wrong = 0, 0
    for seed in range(_FIRST_SEED, _FIRST_SEED + tables):
        generator = np.random.default_rng(seed)
        frame = pd.DataFrame(generator.normal(size=(150, 4)), columns=["telling", "a", "b", "c"])
        frame["telling"] += 12.0 * (np.arange(150) % 2)
        recipe = custseg.Recipe(weights={"telling": 3})
        found = custseg.multiverse(custseg.segment(frame, k=2, seed=seed, recipe=recipe), seed=seed)
        for breaks in found.breaks:
            columns = {one.deviation.left_out for one in breaks if one.deviation.left_out}
            right += "telling" in columns
            wrong += bool(columns - {"telling"})
    return right / (2 * tables), wrong / (2 * tables)


def main(tables: int = _TABLES) -> None:
    """Print times and shares."""
    for name in ("wholesale_customers.csv", "online_shop_customers.csv", "loyalty_cards.parquet"):
        ours, peer, settings = trying(name)
        print(f"{settings:.0f} other settings of {name}: {ours:,.0f} ms (as many KMeans, n_init=10: {peer:,.0f} ms)")
    right, wrong = named(tables)
    print(f"a column that segments need is named {right:.0%}, one that they don't {wrong:.0%}", flush=True)
    for where in _OUTCOMES:
        said = ", ".join(f"{what} {share:.0%}" for what, share in judged(where, tables).items())
        print(f"worth where {where}: {said}", flush=True)


if __name__ == "__main__":
    main(_TABLES // 10 if "quick" in sys.argv else _TABLES)
