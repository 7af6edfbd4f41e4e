"""Trimmed K-Means: those set apart are farthest from what the others have in common, in the table and later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score

from custseg import DataError, Recipe, SegmentationModel, SettingError, interpret, profile, segment
from tests.strategies import frames

FEATURES = list("abcd")


def planted(seed: int, strange: int, *, together: bool) -> tuple[pd.DataFrame, np.ndarray]:
    """Return three groups and, in the first rows, strange customers far from them: in one place or all around."""
    generator = np.random.default_rng(seed)
    group = generator.integers(0, 3, 300)
    values = generator.normal(size=(300, 4)) + generator.normal(0, 4, (3, 4))[group]
    around = generator.normal(size=(strange, 4))
    around *= 40 / np.linalg.norm(around, axis=1)[:, None]
    values[:strange] = np.array([30, 30, 0, 0]) + generator.normal(size=(strange, 4)) if together else around
    return pd.DataFrame(values, columns=FEATURES), group


@pytest.mark.parametrize("together", [False, True])
def test_strange_customers_are_set_apart_and_the_planted_groups_found(together: bool) -> None:  # noqa: FBT001 - a case
    without = []
    for seed in range(3, 7):
        frame, group = planted(seed, 6, together=together)
        plain, trimmed = (segment(frame, k=3, seed=0, recipe=Recipe(scaling="none", trim=share)) for share in (0, 0.02))
        assert np.flatnonzero(trimmed.labels == 0).tolist() == list(range(6))
        assert adjusted_rand_score(trimmed.labels[6:], group[6:]) > 0.9
        without.append(adjusted_rand_score(plain.labels[6:], group[6:]))
    assert min(without) < 0.85


@given(frames(), st.floats(0.01, 0.25), st.integers(2, 4))
def test_of_any_table_those_farthest_from_the_centroids_of_the_others_are_set_apart(
    frame: pd.DataFrame, share: float, k: int
) -> None:
    try:
        result = segment(frame, k=k, seed=0, recipe=Recipe(trim=share))
    except (DataError, SettingError):
        return
    prepared = result.preparation.apply(result.table.matrix(result.features))
    away = cdist(prepared, result.prepared_centroids).min(axis=1)
    kept = result.labels > 0
    assert result.set_apart == (~kept).sum() <= int(share * len(frame))
    assert away[kept].max() <= result.reach * (1 + 1e-9)
    assert (away[~kept] > result.reach * (1 - 1e-9)).all()
    assert result.sizes.tolist() == sorted(np.bincount(result.labels[kept], minlength=k + 1)[1:], reverse=True)
    assert result.inertia == pytest.approx(np.square(away[kept]).sum(), rel=1e-6, abs=1e-12)
    np.testing.assert_array_equal(result.assign(frame), result.labels)


def test_centroids_are_the_means_of_those_who_are_kept_and_better_than_from_any_random_start() -> None:
    frame, _ = planted(3, 12, together=False)
    result = segment(frame, k=4, seed=0, recipe=Recipe(trim=0.05))
    prepared, generator = result.preparation.apply(frame.to_numpy()), np.random.default_rng(0)
    for own in range(1, 5):
        np.testing.assert_allclose(result.prepared_centroids[own - 1], prepared[result.labels == own].mean(axis=0))
    inertias = []
    for _ in range(40):
        centroids = prepared[generator.choice(300, 4, replace=False)]
        for _ in range(30):
            squares = cdist(prepared, centroids, "sqeuclidean")
            kept = np.argsort(squares.min(axis=1))[:285]
            own = squares.argmin(axis=1)[kept]
            centroids = np.array([
                prepared[kept[own == place]].mean(axis=0) if (own == place).any() else centroids[place]
                for place in range(4)
            ])  # fmt: skip
        inertias.append(np.sort(cdist(prepared, centroids, "sqeuclidean").min(axis=1))[:285].sum())
    assert result.inertia <= min(inertias) * (1 + 1e-9)


def test_a_new_customer_farther_than_any_who_was_kept_is_in_no_segment() -> None:
    frame, _ = planted(1, 6, together=False)
    result = segment(frame, k=3, seed=0, recipe=Recipe(trim=0.02))
    inside = pd.DataFrame(result.centroids, columns=FEATURES)
    assert result.assign(inside).tolist() == [1, 2, 3]
    assert result.assign(inside + 100).tolist() == [0, 0, 0]
    # Alone, each gets what it got within the table.
    assert [int(result.assign(frame.iloc[[row]])[0]) for row in range(20)] == result.labels[:20].tolist()


def test_the_same_seed_sets_the_same_customers_apart() -> None:
    frame, _ = planted(2, 6, together=True)
    one, two = (segment(frame, k=4, seed=7, recipe=Recipe(trim=0.1)) for _ in range(2))
    np.testing.assert_array_equal(one.labels, two.labels)
    assert (one.reach, one.inertia) == (two.reach, two.inertia)


def test_it_is_said_how_many_were_set_apart_and_why() -> None:
    frame, _ = planted(2, 6, together=True)
    result = segment(frame, k=3, seed=0, recipe=Recipe(trim=0.02))
    assert result.preparation.steps[-1] == (
        "6 customers set apart as farthest from all segments: up to 2% of them, found together with the segments."
    )
    assert "6 customers, 2% of all. They are farther from every segment than the customers who are in one" in (
        interpret(profile(result)).exceptional
    )


def test_both_ways_to_set_customers_apart_go_together(table: object) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(exceptional=5, trim=0.05))
    exceptional = result.preparation.status(result.table.matrix(result.compared)) > 0
    assert exceptional.sum() > 0
    assert result.set_apart == exceptional.sum() + int(0.05 * (~exceptional).sum())
    assert "typical or farther from every segment" in interpret(profile(result)).exceptional


def test_a_model_runs_with_it_and_the_rest_follows(table: object) -> None:
    model = SegmentationModel(table, k=3, seed=0, recipe=Recipe(trim=0.02))
    result = model.run_clustering()
    assert result.set_apart == 8
    assert model.select_exceptional().customers == 8
