"""Accelerated steps end where plain ones do, and there are fewer of them."""

from __future__ import annotations

import numpy as np
import pytest

from custseg.clustering.engines import lloyd
from custseg.clustering.engines.acceleration import Acceleration

_SETTLED = 1e-8


def overlapping(seed: int) -> np.ndarray:
    """Draw customers of groups that run into each other, so that plain steps are many."""
    generator = np.random.default_rng(seed)
    return generator.normal(generator.integers(0, 4, (6000, 1)) * [1.0, 2.0, 0.5], 1.0)


def steps_to_rest(prepared: np.ndarray, centroids: np.ndarray, acceleration: Acceleration | None) -> tuple[int, float]:
    """Return how many steps it took until no centroid moved, and the inertia then."""
    for number in range(1, 400):
        labels, means = lloyd.step(prepared, centroids)
        inertia = float(lloyd.squared_distances(prepared, centroids, labels).sum())
        if np.abs(means - centroids).max() < _SETTLED:
            return number, inertia
        centroids = means if acceleration is None else acceleration.following(centroids, means, inertia)
    pytest.fail("It never came to rest.")


@pytest.mark.parametrize("seed", range(4))
def test_it_ends_as_well_as_plain_steps(seed: int) -> None:
    prepared = overlapping(seed)
    start = prepared[:4].copy()
    plain, inertia = steps_to_rest(prepared, start, None)
    accelerated, found = steps_to_rest(prepared, start, Acceleration())
    assert accelerated < 1.3 * plain
    assert found < 1.005 * inertia


def test_it_takes_fewer_steps_in_all() -> None:
    counts = np.array(
        [
            [steps_to_rest(overlapping(seed), overlapping(seed)[:4].copy(), kind)[0] for kind in (None, Acceleration())]
            for seed in range(6)
        ]
    )
    assert counts[:, 1].sum() < counts[:, 0].sum()
