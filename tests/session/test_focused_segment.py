"""The segment that is looked at, and its colour: both stay with it from run to run."""

from __future__ import annotations

import numpy as np
import pytest

from custseg import CustomerTable, SegmentationModel, SettingError


def customers_of(model: SegmentationModel, segment: int | None) -> set[str]:
    assert model.result is not None
    return set(model.table.identifiers[model.result.labels == segment].tolist())


def test_the_first_segment_is_looked_at_until_another_one_is_chosen(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    before: int | None = model.focused_segment
    assert before is None
    model.run_clustering()
    assert model.focused_segment == 1
    model.focus_segment(3)
    assert (model.focused_segment, model.selected) == (3, None)
    model.select_segment(2)
    assert model.focused_segment == 2
    model.clear_selection()
    assert model.focused_segment == 2


@pytest.mark.parametrize("segment", [0, 5, True, "2"])
def test_a_segment_that_is_not_there_is_refused(model: SegmentationModel, segment: int) -> None:
    model.focus_segment(2)
    with pytest.raises(SettingError, match="There is no segment"):
        model.focus_segment(segment)
    assert model.focused_segment == 2


def test_it_is_the_same_segment_after_another_run(model: SegmentationModel) -> None:
    for segment in range(1, 5):
        model.focus_segment(segment)
        before = customers_of(model, segment)
        model.k = 7
        model.run_clustering()
        shared = [len(before & customers_of(model, other)) for other in range(1, 8)]
        assert model.focused_segment == int(np.argmax(shared)) + 1
        model.undo()
        assert model.focused_segment == segment


def test_where_it_is_gone_the_first_is_looked_at(model: SegmentationModel) -> None:
    assert model.outcome is not None
    before = model.outcome.slots
    model.k = 2
    model.run_clustering()
    gone = next(number for number, slot in enumerate(before, start=1) if slot not in model.outcome.slots)
    model.undo()
    model.focus_segment(gone)
    model.k = 2
    model.run_clustering()
    assert model.focused_segment == 1


def test_another_colour_is_kept_over_runs_and_names_stay_with_their_segments(model: SegmentationModel) -> None:
    model.rename(2, "Corner shops")
    model.rename(3, "Cleaners")
    model.focus_segment(2)
    model.recolour(2, 7)
    assert model.outcome is not None
    assert model.words is not None
    assert model.outcome.slots == (0, 7, 2, 3)
    assert (model.words.names[1:3], model.focused_segment) == (("Corner shops", "Cleaners"), 2)
    model.k = 5
    model.run_clustering()
    named = model.words.names.index("Corner shops")
    assert model.outcome.slots[named] == 7
    assert len(set(model.outcome.slots)) == 5


def test_a_colour_that_another_segment_has_is_exchanged(model: SegmentationModel) -> None:
    model.rename(1, "Small ones")
    model.rename(4, "Large ones")
    for looked_at in (1, 4, 2):
        model.focus_segment(looked_at)
        model.recolour(4, model.outcome.slots[0] if model.outcome else 0)
        assert model.focused_segment == looked_at
    assert model.outcome is not None
    assert model.outcome.slots == (3, 1, 2, 0)
    model.run_clustering()
    assert (model.outcome.words.names[0], model.outcome.words.names[3]) == ("Small ones", "Large ones")
    assert model.outcome.slots == (3, 1, 2, 0)


@pytest.mark.parametrize("slot", [-1, 10, True, "blue"])
def test_a_colour_that_is_not_there_is_refused(model: SegmentationModel, slot: int) -> None:
    assert model.outcome is not None
    before = model.outcome.slots
    with pytest.raises(SettingError, match="There is no colour"):
        model.recolour(1, slot)
    assert model.outcome.slots == before
