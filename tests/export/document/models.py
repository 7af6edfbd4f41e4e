"""Models of every kind that a document can hold."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from custseg import CustomerTable, Recipe, Segmentation, segment
from tests.engines import random_customers

RECIPES = {
    "plain": Recipe(),
    "prepared": Recipe(log="auto", winsorise=(0.01, 0.99), categories=True, weights={"visits": 2.0}),
    "complete customers": Recipe(missing="drop", exceptional=3.0),
    "similar customers": Recipe(missing="nearest", categories=True),
    "trimmed": Recipe(trim=0.05, scaling="robust", categories=True),
    "range": Recipe(scaling="minmax", log="auto"),
    "mixture": Recipe(method="mixture"),
}

# From 1,234.50 to 1.234,50.
_CONTINENTAL = str.maketrans(",.", ".,")


@cache
def customers(name: str = "plain") -> pd.DataFrame:
    """Return the customers of a model; those of a mixture are of two long groups."""
    if name != "mixture":
        return random_customers(0)
    generator = np.random.default_rng(0)
    along = generator.normal(0, 5, 400)
    group = np.arange(400) % 2
    return pd.DataFrame({"spend": along + 100, "visits": along + 60 + 6 * group + generator.normal(0, 0.5, 400)})


@cache
def result_of(name: str) -> Segmentation:
    table = CustomerTable.read(customers(name), open_questions=True)
    return segment(table, k=2 if name == "mixture" else 4, seed=1, recipe=RECIPES[name])


def of_every_kind(rows: int = 400) -> pd.DataFrame:
    """Return customers whose columns are kept and written in many ways: dates, ranks, words for yes and no, codes."""
    generator = np.random.default_rng(3)
    group = generator.integers(0, 3, rows)
    day = pd.Timestamp("2024-03-01") - pd.to_timedelta(group * 100 + generator.integers(0, 60, rows), unit="D")
    spend = np.round(100 * (group + 1) + generator.normal(0, 20, rows), 2)
    spend[generator.random(rows) < 0.05] = np.nan
    return pd.DataFrame(
        {
            "spend": spend,
            "last order": day,
            "born": 1950 + 15 * group + generator.integers(0, 10, rows),
            "size": np.array(["small", "medium", "large"])[np.clip(group + generator.integers(-1, 2, rows), 0, 2)],
            "member": np.array(["yes", "No"])[(generator.random(rows) < 0.3 + 0.2 * group).astype(int)],
            "newsletter": generator.random(rows) < 0.2 + 0.3 * group,
            "bill": [f"{amount:,.2f} €".translate(_CONTINENTAL) for amount in 700 * (group + 1) + np.arange(rows) / 7],
            "channel": np.array([1, 2, 3])[(group + generator.integers(0, 2, rows)) % 3],
        }
    )
