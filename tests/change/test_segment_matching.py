"""A segment keeps its colour from run to run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, Segmentation, SegmentationModel, segment
from custseg.change.segment_matching import assign_colour_slots, match_segments

PLACES = 10
CUSTOMERS = 30


def slots_of(model: SegmentationModel) -> tuple[int, ...]:
    assert model.outcome is not None
    return model.outcome.slots


def customers_by_slot(model: SegmentationModel) -> dict[int, set[int]]:
    assert model.result is not None
    labels = model.result.labels
    return {slot: set(np.flatnonzero(labels == number)) for number, slot in enumerate(slots_of(model), start=1)}


@st.composite
def label_lists(draw: st.DrawFn) -> list[int]:
    """Segments 1..k of CUSTOMERS customers, none of them empty."""
    k = draw(st.integers(2, PLACES))
    rest = draw(st.lists(st.integers(1, k), min_size=CUSTOMERS - k, max_size=CUSTOMERS - k))
    return draw(st.permutations([*range(1, k + 1), *rest]))


@pytest.fixture(scope="module")
def small() -> Segmentation:
    values = np.random.default_rng(0).normal(size=(CUSTOMERS, 2))
    return segment(CustomerTable.read(_frame(values)), k=2, seed=0)


def _frame(values: np.ndarray) -> object:
    import pandas as pd

    return pd.DataFrame(values, columns=["a", "b"])


def labelled(like: Segmentation, labels: list[int]) -> Segmentation:
    """Return a result that put the customers of another into these segments."""
    prepared = like.preparation.apply(like.table.matrix(like.features))
    segments = np.array(labels)
    numbers = range(1, max(labels) + 1)
    centroids = np.array([prepared[segments == number].mean(axis=0) for number in numbers])
    found = replace(
        like,
        k=len(numbers),
        sizes=np.bincount(segments)[1:],
        prepared_centroids=centroids,
        centroids=like.preparation.invert(centroids),
    )
    found.hold(segments.astype(np.uint8))
    return found


def test_the_first_run_takes_the_first_colours(result: Segmentation) -> None:
    assert assign_colour_slots(None, result, (), PLACES) == (0, 1, 2, 3)


def test_the_same_segments_found_with_another_seed_keep_their_colours(model: SegmentationModel) -> None:
    before = customers_by_slot(model)
    model.seed = 7
    model.run_clustering()
    after = customers_by_slot(model)
    assert after.keys() == before.keys()
    for slot, customers in after.items():
        assert len(customers & before[slot]) / len(customers | before[slot]) > 0.9


@pytest.mark.parametrize("k", range(2, 10))
def test_one_segment_more_and_back_keeps_the_colours_of_those_that_stay(table: CustomerTable, k: int) -> None:
    model = SegmentationModel(table, k=k, seed=42)
    model.run_clustering()
    start = customers_by_slot(model)
    model.k = k + 1
    model.run_clustering()
    between = customers_by_slot(model)
    assert start.keys() < between.keys()
    model.k = k
    model.run_clustering()
    kept = {slot: customers for slot, customers in customers_by_slot(model).items() if slot in start}
    assert len(kept) >= k - 1
    for slot, customers in kept.items():
        if between[slot] & start[slot]:
            assert customers & start[slot]


def test_colours_follow_the_customers_not_the_numbers(small: Segmentation) -> None:
    before = labelled(small, [1] * 15 + [2] * 10 + [3] * 5)
    after = labelled(small, [3] * 15 + [1] * 10 + [2] * 5)
    assert match_segments(before, after) == {1: 2, 2: 3, 3: 1}
    assert assign_colour_slots(before, after, (4, 0, 7), PLACES) == (0, 7, 4)


def test_a_small_segment_that_swells_keeps_its_colour(small: Segmentation) -> None:
    before = labelled(small, [1] * 21 + [2] * 9)
    # Most of the large segment went over to the small one, which is the large one now.
    after = labelled(small, [2] * 5 + [1] * 25)
    assert assign_colour_slots(before, after, (5, 6), PLACES) == (6, 5)


def test_a_new_segment_takes_the_first_free_colour(small: Segmentation) -> None:
    before = labelled(small, [1] * 20 + [2] * 10)
    after = labelled(small, [1] * 18 + [2] * 9 + [3] * 3)
    assert assign_colour_slots(before, after, (0, 2), PLACES) == (0, 2, 1)


def test_other_customers_are_matched_by_the_nearest_centroid(table: CustomerTable, result: Segmentation) -> None:
    others = CustomerTable.read(table.frame.to_pandas().iloc[::-1].iloc[:430])
    after = segment(others, k=4, seed=1)
    assert sorted(match_segments(result, after)) == [1, 2, 3, 4]
    assert match_segments(result, after)[1] == 1


def test_other_customers_and_other_features_match_nothing(table: CustomerTable, result: Segmentation) -> None:
    others = CustomerTable.read(table.frame.to_pandas().head(100))
    after = segment(others, features=["Milk", "Fresh"], k=3, seed=1)
    assert match_segments(result, after) == {}
    assert assign_colour_slots(result, after, (3, 2, 1, 0), PLACES) == (0, 1, 2)


@given(label_lists(), label_lists(), st.permutations(range(PLACES)))
def test_colours_are_always_distinct_and_among_the_places(
    small: Segmentation, labels_before: list[int], labels_after: list[int], order: list[int]
) -> None:
    before, after = labelled(small, labels_before), labelled(small, labels_after)
    slots_before = tuple(order[: before.k])
    slots = assign_colour_slots(before, after, slots_before, PLACES)
    assert len(set(slots)) == after.k
    assert set(slots) <= set(range(PLACES))
    assert len(set(slots) & set(slots_before)) >= min(before.k, after.k)


@given(label_lists(), st.permutations(range(PLACES)))
def test_renumbering_alone_changes_no_colour(small: Segmentation, labels: list[int], order: list[int]) -> None:
    before = labelled(small, labels)
    renumbered = [order.index(label - 1) for label in labels]
    position = {old: new for new, old in enumerate(sorted(set(renumbered)), start=1)}
    after = labelled(small, [position[label] for label in renumbered])
    slots_before = tuple(range(before.k))
    slots = assign_colour_slots(before, after, slots_before, PLACES)
    assert [slots[number - 1] for number in after.labels] == [slots_before[number - 1] for number in before.labels]
