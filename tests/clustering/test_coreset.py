"""A few customers that stand for all: sums over them, and who is never missing."""

from __future__ import annotations

import numpy as np
import pytest

from custseg.clustering.engines.coreset import Coreset, draw_coreset

TAILED = np.random.default_rng(3).lognormal(0, 2, (20_000, 3))
SIZE = 2000


def drawn(seed: int, size: int = SIZE) -> Coreset:
    return draw_coreset(TAILED, size, np.random.default_rng(seed))


def test_a_table_that_fits_is_taken_as_it_is() -> None:
    whole = drawn(0, len(TAILED))
    np.testing.assert_array_equal(whole.rows, TAILED.astype(np.float32))
    assert (whole.weights == 1).all()


def test_about_as_many_as_asked_for_are_drawn_and_none_twice() -> None:
    assert SIZE / 2 < len(drawn(0).rows) < 1.1 * SIZE
    assert len(np.unique(drawn(0).rows, axis=0)) == len(drawn(0).rows)


def test_the_farthest_customers_are_always_there_and_stand_for_themselves_alone() -> None:
    far = np.argsort(-np.square(TAILED - TAILED.mean(axis=0)).sum(axis=1))[:20]
    for seed in range(5):
        coreset = drawn(seed)
        for row in TAILED[far].astype(np.float32):
            assert coreset.weights[(coreset.rows == row).all(axis=1)] == 1


@pytest.mark.parametrize("twice", [False, True])
def test_the_inertia_of_any_centroids_is_estimated_without_bias(*, twice: bool) -> None:
    centroids = np.array([[1.0, 1.0, 1.0], [50.0, 2.0, 2.0]])

    def inertia(rows: np.ndarray, weights: np.ndarray) -> float:
        return float((np.square(rows[:, None] - centroids).sum(axis=2).min(axis=1) * weights).sum())

    estimates = []
    for seed in range(100):
        generator = np.random.default_rng(seed)
        coreset = draw_coreset(TAILED, SIZE, generator)
        coreset = coreset.smaller(SIZE // 4, generator) if twice else coreset
        estimates.append(inertia(coreset.rows, coreset.weights))
    truth = inertia(TAILED, np.ones(len(TAILED)))
    error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - truth) < 4 * error
    assert np.std(estimates) < 0.1 * truth


def test_customers_who_are_all_alike_can_be_drawn_too() -> None:
    coreset = draw_coreset(np.ones((5000, 2)), SIZE, np.random.default_rng(0))
    assert coreset.weights.sum() == pytest.approx(5000, rel=0.2)
