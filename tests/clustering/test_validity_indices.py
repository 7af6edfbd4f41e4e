"""The indices of fit, against scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from sklearn import metrics

from custseg.clustering.validity_indices import SILHOUETTE_SAMPLE, Distances, measure


def customers(seed: int, rows: int, features: int) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0, 1, (rows, features)).astype(np.float32)


def labels_of(seed: int, rows: int, k: int) -> np.ndarray:
    """Return labels of which every segment has a customer."""
    labels = np.random.default_rng(seed).integers(0, k, rows)
    labels[:k] = range(k)
    return labels


@given(seed=st.integers(0, 1000), rows=st.integers(12, 80), features=st.integers(1, 5), k=st.integers(2, 10))
def test_each_index_is_that_of_scikit_learn(seed: int, rows: int, features: int, k: int) -> None:
    values, labels = customers(seed, rows, features), labels_of(seed, rows, k)
    found = measure(values, labels, k, Distances(values, np.random.default_rng(0)))
    exact = values.astype(float)
    assert found.silhouette == pytest.approx(metrics.silhouette_score(exact, labels), abs=1e-5)
    assert found.calinski_harabasz == pytest.approx(metrics.calinski_harabasz_score(exact, labels))
    centres = np.array([exact[labels == position].mean(axis=0) for position in range(k)])
    # scikit-learn takes distances from squares, which loses the digits of centroids that nearly coincide.
    if pdist(centres).min() > 1e-3:
        assert found.davies_bouldin == pytest.approx(metrics.davies_bouldin_score(exact, labels))
    assert found.inertia == pytest.approx(np.square(exact - centres[labels]).sum())


def test_of_many_customers_the_silhouette_is_that_of_a_sample() -> None:
    values = customers(0, 3 * SILHOUETTE_SAMPLE, 3)
    labels = (values[:, 0] > 2).astype(np.intp)
    distances = Distances(values, np.random.default_rng(0))
    assert distances.silhouette(labels, 2) == pytest.approx(metrics.silhouette_score(values, labels), abs=0.03)


@given(seed=st.integers(0, 1000), rows=st.integers(12, 60), k=st.integers(2, 6))
def test_the_silhouette_of_each_customer_is_that_of_scikit_learn(seed: int, rows: int, k: int) -> None:
    values, labels = customers(seed, rows, 3).astype(float), labels_of(seed, rows, k)
    distances = Distances(values, np.random.default_rng(0))
    expected = metrics.silhouette_samples(metrics.pairwise_distances(values), labels, metric="precomputed")
    np.testing.assert_allclose(distances.coefficients(labels, k), expected, atol=1e-9)


def test_of_a_single_segment_every_silhouette_is_0() -> None:
    distances = Distances(customers(0, 20, 2), np.random.default_rng(0))
    assert not distances.coefficients(np.zeros(20, dtype=np.intp), 3).any()


def test_customers_that_are_all_alike_give_numbers_all_the_same() -> None:
    values = np.ones((6, 2), dtype=np.float32)
    labels = np.array([0, 0, 0, 1, 1, 1])
    values[3:] = 2
    found = measure(values, labels, 2, Distances(values, np.random.default_rng(0)))
    assert (found.inertia, found.silhouette, found.davies_bouldin) == (0.0, 1.0, 0.0)
    assert found.calinski_harabasz == metrics.calinski_harabasz_score(values, labels)
