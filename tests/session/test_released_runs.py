"""What a history keeps of each run: what scores, and not the rows."""

from __future__ import annotations

import numpy as np
import pytest

from custseg import SegmentationModel


@pytest.fixture
def model(table: object) -> SegmentationModel:
    return SegmentationModel(table, seed=0)


def held(model: SegmentationModel) -> list[bool]:
    """Say of each run that is kept whether the segment of each customer is held."""
    return ["assignment" in vars(run.segmentation) for run in model.history]


def test_only_the_run_that_is_shown_holds_the_segment_of_each_customer(model: SegmentationModel) -> None:
    labels = []
    for k in (3, 5, 4):
        model.k = k
        labels.append(model.run_clustering().labels)
        assert model.outcome is not None
        assert len(model.outcome.groups.segments) == k
        assert held(model) == [False] * (len(labels) - 1) + [True]
    for run, before in zip(model.history, labels, strict=True):
        np.testing.assert_array_equal(run.segmentation.labels, before)


def test_a_run_that_is_returned_to_and_compared_is_as_it_was(model: SegmentationModel) -> None:
    first = model.run_clustering().labels
    certainty = model.run_assessment()
    assert certainty is not None
    margin = certainty.margin
    model.k = 6
    second = model.run_clustering().labels
    moved = int((first != second).sum())
    assert model.compare_runs(1, 2).moved <= moved
    model.undo()
    assert model.result is not None
    np.testing.assert_array_equal(model.result.labels, first)
    assert model.certainty is certainty
    np.testing.assert_array_equal(certainty.margin, margin)
