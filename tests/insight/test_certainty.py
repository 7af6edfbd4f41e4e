"""How sure each customer's segment is, and each segment: recomputed, and told apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sklearn.metrics import silhouette_samples
from threadpoolctl import threadpool_limits

from custseg import Certainty, CustomerTable, Recipe, Segmentation, certainty, segment
from custseg.clustering.validity_indices import SILHOUETTE_SAMPLE
from custseg.insight.certainty import BORDERLINE
from custseg.tables.expressions import SEGMENT, SET_APART
from tests.strategies import segmentations


@pytest.fixture
def segment_certainty(result: Segmentation) -> Certainty:
    return certainty(result, resamples=2)


def test_the_margin_is_that_of_the_two_nearest_centroids(segment_certainty: Certainty, result: Segmentation) -> None:
    prepared = result.preparation.apply(result.table.matrix(result.features))
    distances = np.sort(np.linalg.norm(prepared[:, None] - result.prepared_centroids, axis=2), axis=1)
    np.testing.assert_allclose(segment_certainty.margin, 1 - distances[:, 0] / distances[:, 1])
    assert (segment_certainty.second != result.labels).all()


def test_the_silhouette_of_each_customer_is_that_of_scikit_learn(
    segment_certainty: Certainty, result: Segmentation
) -> None:
    prepared = result.preparation.apply(result.table.matrix(result.features))
    np.testing.assert_allclose(segment_certainty.silhouette, silhouette_samples(prepared, result.labels), atol=1e-5)
    assert len(segment_certainty.sample) == 440


def test_borderline_customers_come_with_where_else_they_could_be_the_least_sure_first(
    segment_certainty: Certainty,
) -> None:
    frame = segment_certainty.borderline_customers
    assert len(frame) == segment_certainty.borderline == (segment_certainty.margin < BORDERLINE).sum()
    assert frame["margin"].is_monotonic_increasing
    assert (frame["margin"] < BORDERLINE).all()
    row = int(np.nanargmin(segment_certainty.margin))
    assert frame.iloc[0]["customer"] == segment_certainty.segmentation.table.identifiers[row]
    assert frame.iloc[0]["could be"] == segment_certainty.second[row]


def test_groups_far_apart_are_solid_and_slices_of_one_are_not() -> None:
    generator = np.random.default_rng(0)
    apart = pd.DataFrame(np.repeat([[0.0, 0], [20, 0], [0, 20]], 60, axis=0) + generator.normal(size=(180, 2)))
    one = pd.DataFrame(generator.normal(size=(180, 2)))
    assert certainty(segment(apart, k=3, seed=0), resamples=20).stability == ("solid",) * 3
    slices = certainty(segment(one, k=7, seed=0), resamples=20)
    assert slices.stability.count("solid") <= 1
    assert slices.jaccard.mean() < 0.8


def test_one_seed_gives_the_same_numbers(result: Segmentation) -> None:
    once, again = (certainty(result, seed=5, resamples=8) for _ in range(2))
    np.testing.assert_array_equal(once.resamples.jaccard, again.resamples.jaccard)
    np.testing.assert_array_equal(once.intervals.times_average, again.intervals.times_average)


def test_what_is_gone_on_with_is_what_would_have_been_found_at_once(result: Segmentation) -> None:
    numbers: list[int] = []
    first = certainty(result, seed=5, resamples=4)
    rest = certainty(result, resamples=9, after=first, on_progress=numbers.append)
    assert numbers == [5, 6, 7, 8, 9]
    np.testing.assert_array_equal(rest.resamples.jaccard, certainty(result, seed=5, resamples=9).resamples.jaccard)


def test_threads_of_blas_change_nothing(result: Segmentation) -> None:
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(certainty(result, resamples=4).resamples.jaccard)
    np.testing.assert_array_equal(found[0], found[1])


def test_the_mean_comes_with_its_error_and_with_one_of_four_words(result: Segmentation) -> None:
    found = certainty(result, resamples=4)
    shown = [
        replace(found, resamples=replace(found.resamples, jaccard=np.full((4, 4), [number, 1.0, number, 0.5])))
        for number in (0.85, 0.75, 0.6, 0.59)
    ]
    assert [each.stability[0] for each in shown] == ["solid", "fair", "doubtful", "fragile"]
    spread = replace(found.resamples, jaccard=np.array([[0.8] * 4, [0.9] * 4, [0.7] * 4, [0.8] * 4]))
    np.testing.assert_allclose(replace(found, resamples=spread).jaccard_error, np.std([8, 9, 7, 8], ddof=1) / 20)


def test_customers_in_no_segment_have_no_margin(table: CustomerTable) -> None:
    result = segment(table, k=3, seed=0, recipe=Recipe(exceptional=5))
    segment_certainty = certainty(result, resamples=2)
    np.testing.assert_array_equal(np.isnan(segment_certainty.margin), result.exceptional)
    np.testing.assert_array_equal(segment_certainty.second == 0, result.exceptional)
    assert SET_APART not in segment_certainty.sample.labels[SEGMENT]


def test_of_many_customers_a_sample_is_looked_at() -> None:
    values = np.random.default_rng(0).normal(size=(9000, 2))
    values[:3000] += 12
    result = segment(pd.DataFrame(values, columns=["a", "b"]), k=2, seed=0)
    segment_certainty = certainty(result, resamples=10)
    assert len(segment_certainty.silhouette) == len(segment_certainty.sample) == SILHOUETTE_SAMPLE
    assert np.isfinite(segment_certainty.margin).all()
    assert segment_certainty.stability == ("solid", "solid")


def test_a_small_segment_that_a_sample_would_miss_is_looked_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(0)
    groups = np.repeat([[0.0, 0], [20, 0], [0, 20]], 6000, axis=0) + generator.normal(size=(18_000, 2))
    far = np.array([[400.0, 400.0]]) + generator.normal(size=(8, 2))
    result = segment(pd.DataFrame(np.concatenate([groups, far]), columns=["a", "b"]), k=4, seed=0)
    monkeypatch.setattr("custseg.insight.resampling.MOST_CUSTOMERS", 2000)
    monkeypatch.setattr("custseg.insight.resampling.FEWEST_OF_A_SEGMENT", 30)
    segment_certainty = certainty(result, resamples=20)
    assert list(result.sizes)[-1] == 8
    assert segment_certainty.stability == ("solid",) * 4
    assert 2000 < segment_certainty.drawn_from <= 2008
    # Eight of 18,008 customers weigh what they weigh, though the sample holds all of them and a ninth of the others.
    low, high = segment_certainty.intervals.sizes[-1]
    assert 1 <= low < 8 < high < 20


@given(segmentations())
def test_of_any_segmentation_all_numbers_are_in_their_range(result: Segmentation) -> None:
    segment_certainty = certainty(result, resamples=4)
    assert ((segment_certainty.margin >= 0) & (segment_certainty.margin <= 1)).all()
    assert ((segment_certainty.jaccard >= 0) & (segment_certainty.jaccard <= 1)).all()
    assert (np.abs(segment_certainty.silhouette) <= 1 + 1e-6).all()
    assert set(segment_certainty.second) <= set(range(1, result.k + 1))


def test_what_few_customers_allow_is_an_answer() -> None:
    # A segment of one, duplicates, a feature without a spread, and resamples with fewer who differ than segments.
    frame = pd.DataFrame({"a": [1.0, 1.0, 1.0, 1.0, 2.0, 9.0], "b": [3.0] * 6})
    found = certainty(segment(frame, k=3, seed=0), resamples=12)
    assert ((found.jaccard >= 0) & (found.jaccard <= 1)).all()
    assert (found.resamples.jaccard == 0).any()
    assert np.isnan(found.intervals.sizes).all()
