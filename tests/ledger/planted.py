"""Customers in planted groups, over periods."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Where the groups lie, far from each other.
CENTRES = {"A": (0, 0), "B": (0, 100), "C": (100, 0), "D": (100, 100), "E": (250, 250)}
NAMES = {"visits": 0, "basket": 1}


def customers(groups: dict[str, str], seed: int = 0) -> pd.DataFrame:
    """Return customers by identifier, each in the group that it is given."""
    generator = np.random.default_rng(seed)
    centres = np.array([CENTRES[group] for group in groups.values()], dtype=float)
    values = centres + generator.normal(scale=3, size=centres.shape)
    return pd.DataFrame({"customer_id": list(groups), "visits": values[:, 0], "basket": values[:, 1]})


def many(**sizes: int) -> dict[str, str]:
    """Return the group of each of so many customers, called by the group they began in."""
    return {f"{group}{number}": group for group, size in sizes.items() for number in range(size)}
