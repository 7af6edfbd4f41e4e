"""K-Means in memory, against scikit-learn's and against what must hold for any table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from custseg import CustomerTable, Segmentation, SettingError, segment
from custseg.clustering import engines
from custseg.clustering.engines import lloyd, memory
from tests.strategies import frames, segmentations

if TYPE_CHECKING:
    import numpy.typing as npt

# Inertia of scikit-learn's KMeans(n_init=10) on the standardised table.
BEST_KNOWN = {2: 1954.0, 3: 1620.3, 4: 1312.5, 5: 1058.8, 6: 915.8, 7: 822.7, 8: 737.0, 9: 666.2, 10: 609.2}


def prepared(result: Segmentation) -> npt.NDArray[np.float64]:
    return result.preparation.apply(result.table.matrix(result.features))


def skewed(rows: int, seed: int) -> pd.DataFrame:
    """Return spend as it often is: many small customers and a few very large ones."""
    return pd.DataFrame(np.random.default_rng(seed).lognormal(8, 1.2, (rows, 4)), columns=list("abcd"))


@pytest.mark.parametrize("k", BEST_KNOWN)
@pytest.mark.parametrize("seed", [0, 42, 2**32 - 1])
def test_the_inertia_on_the_bundled_table_is_the_best_known(table: CustomerTable, k: int, seed: int) -> None:
    assert segment(table, k=k, seed=seed).inertia <= BEST_KNOWN[k] * 1.001


@pytest.mark.parametrize("k", BEST_KNOWN)
def test_scikit_learn_started_from_our_centroids_finds_the_same_segments(table: CustomerTable, k: int) -> None:
    ours = segment(table, k=k, seed=42)
    theirs = KMeans(k, init=ours.prepared_centroids, n_init=1, tol=0).fit(prepared(ours))
    np.testing.assert_array_equal(theirs.labels_ + 1, ours.labels)
    np.testing.assert_allclose(theirs.cluster_centers_, ours.prepared_centroids, atol=1e-9)
    assert ours.inertia == pytest.approx(theirs.inertia_)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_skewed_tables_ten_starts_of_scikit_learn_are_not_better(seed: int) -> None:
    ours = segment(skewed(500, seed), k=6, seed=seed)
    theirs = KMeans(6, n_init=10, random_state=seed).fit(prepared(ours))
    assert ours.inertia <= theirs.inertia_ * 1.001


def test_a_table_larger_than_the_sample_is_segmented_as_well() -> None:
    ours = segment(skewed(5 * memory.SEARCHED_ROWS, 7), k=5, seed=7)
    theirs = KMeans(5, n_init=5, random_state=7).fit(prepared(ours))
    assert ours.inertia <= theirs.inertia_ * 1.001


def test_a_table_larger_than_both_samples_is_segmented_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SEARCHED_ROWS", 500)
    monkeypatch.setattr(memory, "REFINED_ROWS", 4000)
    ours = segment(skewed(20_000, 7), k=5, seed=7)
    theirs = KMeans(5, n_init=5, random_state=7).fit(prepared(ours))
    assert ours.inertia <= theirs.inertia_ * 1.001


def inflated_counts(generator: np.random.Generator, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    return np.where(generator.random(shape) < 0.3, generator.negative_binomial(1, 0.05, shape), 0.0)


def unlike_sizes(generator: np.random.Generator, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Return groups of which the largest is fifty times the smallest."""
    sizes = np.geomspace(1, 50, 8)
    centres = 4 * generator.normal(size=(8, shape[1]))
    return centres[generator.choice(8, shape[0], p=sizes / sizes.sum())] + generator.normal(size=shape)


HEAVY_TAILS = {
    "lognormal, sigma 2": lambda generator, shape: generator.lognormal(0, 2, shape),
    "lognormal, sigma 3": lambda generator, shape: generator.lognormal(0, 3, shape),
    "Pareto, alpha 1": lambda generator, shape: generator.pareto(1, shape),
    "Pareto, alpha 1.5": lambda generator, shape: generator.pareto(1.5, shape),
    "t, 2 degrees of freedom": lambda generator, shape: generator.standard_t(2, shape),
    "counts with many zeros": inflated_counts,
    "groups of unlike sizes": unlike_sizes,
}


@pytest.mark.parametrize("family", HEAVY_TAILS)
def test_far_customers_do_not_lead_to_worse_segments_than_ten_starts_of_scikit_learn(family: str) -> None:
    values = HEAVY_TAILS[family](np.random.default_rng(31), (3 * memory.SEARCHED_ROWS, 5))
    standardised = (values - values.mean(axis=0)) / values.std(axis=0)
    ours = engines.fit("memory", standardised, 6, 31)
    theirs = KMeans(6, n_init=10, random_state=31).fit(standardised)
    assert lloyd.squared_distances(standardised, ours.centroids, ours.labels).sum() <= 1.002 * theirs.inertia_


def test_rare_customers_missing_from_the_sample_still_get_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SEARCHED_ROWS", 20)
    monkeypatch.setattr(memory, "REFINED_ROWS", 20)
    customers = pd.DataFrame({"a": [0.0] * 3000 + [1.0, 50.0, 51.0]})
    result = segment(customers, k=4, seed=0)
    assert sorted(result.sizes) == [1, 1, 1, 3000]
    assert result.inertia == pytest.approx(0, abs=1e-12)


def test_where_exact_steps_are_too_dear_labels_are_still_the_nearest(
    monkeypatch: pytest.MonkeyPatch, table: CustomerTable
) -> None:
    monkeypatch.setattr(memory, "_CELLS_TO_POLISH", 1)
    result = segment(table, k=10, seed=3)
    np.testing.assert_array_equal(cdist(prepared(result), result.prepared_centroids).argmin(axis=1) + 1, result.labels)
    assert result.sizes.all()


def test_where_sizes_are_alike_and_exact_steps_too_dear_the_largest_segment_still_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "_CELLS_TO_POLISH", 1)
    values = np.random.default_rng(5).normal(size=(6000, 3))
    found = engines.fit("memory", values, 8, 5)
    assert (np.diff(np.bincount(found.labels, minlength=8)) <= 0).all()
    np.testing.assert_array_equal(lloyd.nearest(values, found.centroids), found.labels)


@pytest.mark.parametrize("rows", [3, 5000])
def test_as_many_segments_as_customers_who_differ_get_one_each(rows: int) -> None:
    customers = pd.DataFrame({"a": np.resize([1.0, 2.0, 9.0], rows), "b": np.resize([4.0, 4.0, 5.0], rows), "c": 7.0})
    result = segment(customers, features=["a", "b"], k=3, seed=1)
    assert result.inertia == pytest.approx(0, abs=1e-9)
    assert result.sizes.all()


@given(segmentations())
def test_segments_are_numbered_from_1_none_is_empty_and_sizes_sum(result: Segmentation) -> None:
    assert set(result.labels) == set(range(1, result.k + 1))
    assert list(result.sizes) == [np.count_nonzero(result.labels == number) for number in range(1, result.k + 1)]
    assert result.sizes.sum() == len(result.table)


@given(segmentations())
def test_the_largest_segment_comes_first_and_ties_go_by_centroid(result: Segmentation) -> None:
    keys = [(-int(size), *centroid) for size, centroid in zip(result.sizes, result.prepared_centroids, strict=True)]
    assert keys == sorted(keys)


@given(segmentations())
def test_every_customer_is_in_the_segment_of_the_nearest_centroid(result: Segmentation) -> None:
    distances = cdist(prepared(result), result.prepared_centroids, "sqeuclidean")
    own = distances[np.arange(len(distances)), result.labels - 1]
    assert (own <= distances.min(axis=1) + 1e-9).all()
    assert result.inertia == pytest.approx(own.sum(), abs=1e-9)


@given(segmentations())
def test_every_centroid_is_the_mean_of_its_segment(result: Segmentation) -> None:
    values = result.table.matrix(result.features)
    means = [values[result.labels == number].mean(axis=0) for number in range(1, result.k + 1)]
    tolerance = 1e-9 * np.abs(values).max()
    np.testing.assert_allclose(result.centroids, means, rtol=0, atol=tolerance)


@given(segmentations())
def test_assigning_the_same_customers_gives_their_labels_together_and_one_by_one(result: Segmentation) -> None:
    customers = result.table.frame.to_pandas()
    np.testing.assert_array_equal(result.assign(customers), result.labels)
    alone = [result.assign(customers.iloc[[row]])[0] for row in range(len(customers))]
    np.testing.assert_array_equal(alone, result.labels)


@given(frames())
def test_a_k_that_is_too_many_is_refused_and_the_k_advised_instead_works(customers: pd.DataFrame) -> None:
    assume(len(customers.drop_duplicates()) > 1)
    k, refusal = 10, attempt(customers, 10)
    while "Choose a k of" in refusal:
        advised = int(refusal.split("Choose a k of ")[1].split()[0])
        assert 2 <= advised < k
        k, refusal = advised, attempt(customers, advised)
    assert refusal == "" or "all are alike" in refusal


def attempt(customers: pd.DataFrame, k: int) -> str:
    """Return the sentence of the refusal, or nothing where every segment has customers."""
    try:
        result = segment(CustomerTable.read(customers), k=k, seed=0)
    except SettingError as refusal:
        return str(refusal)
    return "" if result.sizes.all() else "a segment is empty"
