"""Engines that run K-Means. Each is one function, chosen by name and imported when first used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

ENGINES = ("memory",)


@dataclass(frozen=True, eq=False)
class Fit:
    """What an engine found, in prepared units.

    ``centroids`` is k x features, the largest segment first, ties by the features in turn. ``labels`` is the position
    (0..k-1) of the nearest centroid of each customer, in the order given.
    """

    centroids: npt.NDArray[np.float64]
    labels: npt.NDArray[np.uint8]
    iterations: int


if TYPE_CHECKING:
    _Engine = Callable[[npt.NDArray[np.float64], int, int], Fit]


def fit(engine: str, prepared: npt.NDArray[np.float64], k: int, seed: int) -> Fit:
    """Run K-Means on customers x features (prepared units) with the named engine."""
    module = import_module(f"custseg.clustering.engines.{engine}")
    return cast("_Engine", module.fit)(prepared, k, seed)
