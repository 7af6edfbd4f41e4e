"""One exact step of Lloyd's algorithm, against SciPy and NumPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from custseg.clustering.engines import lloyd

Floats = npt.NDArray[np.float64]
NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@st.composite
def customers_and_centroids(draw: st.DrawFn) -> tuple[Floats, Floats]:
    features = draw(st.integers(1, 4))
    rows, k = draw(st.integers(1, 30)), draw(st.integers(2, 5))
    return draw(arrays(float, (rows, features), elements=NUMBERS)), draw(arrays(float, (k, features), elements=NUMBERS))


@given(customers_and_centroids())
def test_nobody_is_nearer_to_another_centroid(both: tuple[Floats, Floats]) -> None:
    customers, centroids = both
    distances = cdist(customers, centroids, "sqeuclidean")
    own = distances[np.arange(len(customers)), lloyd.nearest(customers, centroids)]
    size = np.square(customers).sum(axis=1) + np.square(centroids).sum()
    assert (own <= distances.min(axis=1) + 1e-12 * size).all()


@given(customers_and_centroids())
def test_a_step_gives_the_mean_of_those_at_each_centroid(both: tuple[Floats, Floats]) -> None:
    customers, centroids = both
    labels, means = lloyd.step(customers, centroids)
    np.testing.assert_array_equal(labels, lloyd.nearest(customers, centroids))
    for position, centroid in enumerate(centroids):
        members = customers[labels == position]
        expected = members.mean(axis=0) if len(members) else centroid
        np.testing.assert_allclose(means[position], expected, rtol=1e-9, atol=1e-6)


def test_of_equally_near_centroids_the_first_is_taken() -> None:
    assert list(lloyd.nearest(np.array([[0.0], [2.0]]), np.array([[1.0], [1.0], [-1.0]]))) == [0, 0]


@pytest.mark.parametrize("rows", [1, 7, lloyd._CHUNK_ROWS, 2 * lloyd._CHUNK_ROWS + 5])
def test_a_customer_alone_gets_the_same_segment_as_among_others(rows: int) -> None:
    generator = np.random.default_rng(rows)
    customers, centroids = generator.normal(size=(rows, 5)), generator.normal(size=(6, 5))
    labels = lloyd.nearest(customers, centroids)
    for row in generator.integers(rows, size=20):
        assert lloyd.nearest(customers[row : row + 1], centroids)[0] == labels[row]
