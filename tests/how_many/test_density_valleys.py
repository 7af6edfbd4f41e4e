"""Valleys between segments: there between groups, and not where one group was cut."""

from __future__ import annotations

import numpy as np
import pytest

from custseg.clustering.engines.memory import fit
from custseg.how_many.density_valleys import Valley, shallowest_valley

ROWS = 1200


def boundary(values: np.ndarray, k: int) -> Valley:
    found = fit(values, k, seed=0)
    return shallowest_valley(values, found.labels.astype(np.intp), found.centroids)


def groups(distance: float, features: int = 3, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(ROWS, features))
    values[: ROWS // 3, 0] += distance
    return values


def test_between_two_groups_there_is_nobody() -> None:
    found = boundary(groups(9), 2)
    assert (found.first, found.second) == (1, 2)
    assert found.density_ratio < 0.01
    assert found.depth_z > 5


@pytest.mark.parametrize("distribution", ["normal", "uniform", "lognormal", "exponential"])
@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_single_group_that_was_cut_shows_no_valley(distribution: str, k: int) -> None:
    generator = np.random.default_rng(1)
    draw = {
        "normal": lambda: generator.normal(size=(ROWS, 3)),
        "uniform": lambda: generator.uniform(size=(ROWS, 3)),
        "lognormal": lambda: generator.lognormal(0, 0.5, (ROWS, 3)),
        "exponential": lambda: generator.exponential(size=(ROWS, 3)),
    }[distribution]
    found = boundary(draw(), k)
    assert found.density_ratio > 0.5
    assert found.depth_z < 3


def test_the_farther_two_groups_are_apart_the_emptier_is_it_between_them() -> None:
    density_ratio = [boundary(groups(distance), 2).density_ratio for distance in (3, 4, 5, 7)]
    assert density_ratio == sorted(density_ratio, reverse=True)


def test_the_pair_that_runs_into_each_other_is_named() -> None:
    values = np.random.default_rng(2).normal(size=(ROWS, 2))
    labels = np.where(values[:, 0] > 0, 1, 0)
    values[:200] += 30
    labels[:200] = 2
    centroids = np.array([values[labels == position].mean(axis=0) for position in range(3)])
    found = shallowest_valley(values, labels, centroids)
    assert (found.first, found.second) == (1, 2)


def test_segments_of_one_place_are_not_apart() -> None:
    values = np.zeros((6, 2))
    found = shallowest_valley(values, np.array([0, 0, 0, 1, 1, 1]), np.zeros((2, 2)))
    assert (found.density_ratio, found.depth_z) == (1.0, 0.0)


def test_two_points_are_apart() -> None:
    values = np.array([[0.0, 0], [0, 0], [0, 0], [9, 9], [9, 9], [9, 9]])
    found = shallowest_valley(values, np.array([0, 0, 0, 1, 1, 1]), np.array([[0.0, 0], [9, 9]]))
    assert found.density_ratio == 0.0
    assert np.isfinite(found.depth_z)
