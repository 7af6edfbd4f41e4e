"""Ten tables that R's fpc and this package both assess: real, planted, skewed, and without groups.

``python -m tests.insight.clusterboot.tables FOLDER`` writes the prepared numbers and centroids of each for figures.R,
which writes figures.json: ``Rscript figures.R FOLDER figures.json``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris

from custseg import Segmentation, segment

DATA = Path(__file__).resolve().parents[3] / "data"
# How many segments each table is cut into.
SEGMENTS = {
    "wholesale": 4,
    "wholesale_six": 6,
    "loyalty": 4,
    "shop": 4,
    "iris": 3,
    "planted": 4,
    "unequal": 3,
    "skewed": 4,
    "empty_normal": 4,
    "empty_uniform": 5,
}
_FILES = {
    "wholesale": "wholesale_customers.csv",
    "wholesale_six": "wholesale_customers.csv",
    "loyalty": "loyalty_cards.parquet",
    "shop": "online_shop_customers.csv",
}


def _numbers(name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    generator = np.random.default_rng(13)
    if name == "planted":
        centres = np.array([[0.0, 0, 0], [3, 0, 0], [0, 3, 1], [3, 3, -1]])
        return centres[generator.integers(4, size=900)] + generator.normal(size=(900, 3))
    if name == "unequal":
        centres = np.repeat([[0.0, 0], [4, 4], [5, -3]], [900, 90, 30], axis=0)
        return centres + generator.normal(size=centres.shape)
    if name == "skewed":
        return np.exp(generator.normal(0, 1, (800, 4)))
    if name == "empty_normal":
        return generator.normal(size=(600, 3))
    return generator.uniform(size=(500, 2))


def segmented(name: str) -> Segmentation:
    """Return the segmentation of one of the tables."""
    if name in _FILES:
        source: object = DATA / _FILES[name]
    elif name == "iris":
        source = pd.DataFrame(load_iris().data, columns=["a", "b", "c", "d"])
    else:
        source = pd.DataFrame(_numbers(name)).add_prefix("x")
    return segment(source, k=SEGMENTS[name], seed=42)


def prepared(result: Segmentation) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the customers as K-Means compares them."""
    return result.preparation.apply(result.table.matrix(result.compared))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for each in SEGMENTS:
        found = segmented(each)
        for what, numbers in (("values", prepared(found)), ("centroids", found.prepared_centroids)):
            np.savetxt(folder / f"{each}.{what}.csv", numbers, delimiter=",", fmt="%.17g")
