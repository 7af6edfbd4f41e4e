"""Runs that are kept: one click back, two compared, names that stay with their segments, customers over time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import DataError, Playbook, Recipe, SegmentationModel, SettingError
from custseg.session.run_history import MOST_RUNS
from custseg.session.run_result import changes_between
from tests.session.waiting import Gate, all_runs_are_over

if TYPE_CHECKING:
    import param

    from custseg import CustomerTable


def settings(model: SegmentationModel) -> tuple[object, ...]:
    return model.k, model.seed, tuple(model.features), model.recipe


def what_changed(event: param.parameterized.Event) -> frozenset[str]:
    return changes_between(event.old, event.new)


def test_undo_brings_back_the_run_before_with_its_settings_and_words(model: SegmentationModel) -> None:
    model.run_assessment()
    before, words, was = model.result, str(model.words), settings(model)
    model.param.update(k=7, seed=3, features=["Milk", "Grocery"], recipe=Recipe(log="auto"))
    model.run_clustering()
    assert model.result is not before
    model.undo()
    assert (model.result, str(model.words), settings(model)) == (before, words, was)
    assert not model.stale
    assert model.certainty is not None
    assert [run.number for run in model.history] == [1, 2]
    model.undo()
    assert model.result is before


def test_any_run_that_is_kept_can_be_returned_to(model: SegmentationModel) -> None:
    for k in (5, 6):
        model.k = k
        model.run_clustering()
    model.return_to(2)
    assert (model.k, model.outcome is model.history[1]) == (5, True)
    model.run_clustering()
    assert [run.number for run in model.history] == [1, 2, 3, 4]
    with pytest.raises(SettingError, match=r"There is no run “9”\. Choose from 1, 2, 3, 4\."):
        model.return_to(9)


def test_a_return_to_a_run_of_other_columns_brings_these_back(frame: pd.DataFrame) -> None:
    model = SegmentationModel(frame, k=3, seed=1)
    model.run_clustering()
    narrower = model.table.change(roles={"Delicassen": "ignored"})
    model.load(narrower)
    model.run_clustering()
    assert "Delicassen" not in model.features
    model.undo()
    assert "Delicassen" in model.table.features
    assert not model.stale


def test_a_failed_run_is_not_kept() -> None:
    constant = pd.DataFrame({"a": [1.0, 1.0] * 5, "b": [2.0, 3.0] * 5})
    small = SegmentationModel(constant, k=2, seed=0)
    small.run_clustering()
    small.k = 3
    with pytest.raises(SettingError):
        small.run_clustering()
    assert len(small.history) == 1
    assert small.previous is None


def test_only_the_last_runs_are_kept(model: SegmentationModel) -> None:
    model.k = 2
    for _ in range(MOST_RUNS + 1):
        model.run_clustering()
    assert len(model.history) == MOST_RUNS
    assert model.history[-1].number == MOST_RUNS + 2


def test_other_customers_have_another_history(model: SegmentationModel, frame: pd.DataFrame) -> None:
    model.load(frame.head(100))
    assert (model.history, model.compared, model.migration) == ((), None, None)
    with pytest.raises(SettingError, match="Run the clustering first"):
        model.return_to(1)


def test_two_runs_are_compared(model: SegmentationModel) -> None:
    model.k = 5
    model.run_clustering()
    found = model.compare_runs(1, 2)
    assert found is model.compared
    assert found.matrix.sum() == 440
    assert "Number of segments: 4 before, 5 after." in found.changes


def test_a_name_and_a_note_stay_with_the_segment_over_runs_and_axes(model: SegmentationModel) -> None:
    model.rename(2, "  Corner   shops ")
    model.annotate(2, "Ask Ana\nbefore calling")
    assert model.words is not None
    assert model.words.names[1] == "Corner shops"
    assert model.words.suggested[1] == "Selective: grocery and cleaning stock-ups"
    assert "**Segment 2: Corner shops.**" in str(model.words)
    assert "*Ask Ana before calling*" in str(model.words)
    model.param.update(x="Milk", y="Frozen")
    model.k = 5
    model.run_clustering()
    assert model.result is not None
    assert model.words is not None
    named = model.words.names.index("Corner shops")
    kept = model.history[0].segmentation.labels == 2
    assert np.mean(model.result.labels[kept] == named + 1) > 0.5
    assert model.words.notes[named] == "Ask Ana\nbefore calling"


def test_a_name_that_no_longer_fits_is_doubted_in_a_sentence(model: SegmentationModel) -> None:
    assert model.words is not None
    model.rename(1, "Quiet ones")
    assert model.words.fit_warnings == ("", "", "", "")
    model.param.update(features=["Delicassen"], k=3)
    model.run_clustering()
    fit_warning = next(fit_warning for fit_warning in model.words.fit_warnings if fit_warning)
    assert fit_warning.startswith("“Quiet ones” was given to “Moderate: little grocery and cleaning”. ")
    assert fit_warning.endswith("see whether the name still fits.")
    assert fit_warning.rstrip(".")[:20] in str(model.words)
    # Naming it again settles that.
    model.rename(model.words.names.index("Quiet ones") + 1, "Quiet ones")
    assert not any(model.words.fit_warnings)


def test_an_empty_name_takes_the_name_back_and_keeps_the_note(model: SegmentationModel) -> None:
    model.rename(1, "Quiet ones")
    model.annotate(1, "a note")
    model.rename(1, " ")
    assert model.words is not None
    assert model.words.names == model.words.suggested
    assert model.words.notes[0] == "a note"


def test_a_segment_that_comes_to_be_called_what_another_was_named_keeps_apart(model: SegmentationModel) -> None:
    first = model.words
    model.k = 9
    model.run_clustering()
    assert first is not None
    assert model.words is not None
    coming = next(name for name in model.words.names[1:] if name not in first.names)
    model.undo()
    model.rename(1, coming)
    model.k = 9
    model.run_clustering()
    assert coming in model.words.names
    assert len(set(model.words.names)) == 9


@pytest.mark.parametrize(
    ("segment", "name", "said"),
    [
        (0, "x", "There is no segment “0”. Choose from 1 to 4."),
        (5, "x", "There is no segment “5”"),
        (1, "x" * 61, "at most 60 characters, but got 61 characters"),
        (1, 7, "but got “7”"),
        (1, "SELECTIVE: grocery and cleaning stock-ups", "Another segment is called"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_lost(
    model: SegmentationModel, segment: int, name: str, said: str
) -> None:
    before = model.words
    with pytest.raises(SettingError, match=said):
        model.rename(segment, name)
    assert model.words is before


def test_names_are_kept_with_the_run_that_had_them(model: SegmentationModel) -> None:
    model.rename(1, "Quiet ones")
    model.run_clustering()
    model.rename(1, "Small shops")
    model.undo()
    assert model.words is not None
    assert model.words.names[0] == "Quiet ones"
    assert model.copy().words.names[0] == "Quiet ones"  # type: ignore[union-attr]


def test_a_name_a_note_and_how_sure_it_is_are_told_apart_from_another_run(model: SegmentationModel) -> None:
    seen: list[object] = []
    model.param.watch(lambda event: seen.append((event.new.words.names[0], what_changed(event))), ["outcome"])
    model.rename(1, "Quiet ones")
    model.annotate(1, "a note")
    model.run_assessment()
    model.run_clustering()
    assert seen == [("Quiet ones", kind) for kind in ({"names"}, {"names"}, {"assessment"}, {"run"})]
    assert not model.stale


def test_customers_are_followed_into_a_later_table(model: SegmentationModel, frame: pd.DataFrame) -> None:
    later = frame.iloc[10:].sample(frac=1, random_state=0)
    found = model.follow(later)
    assert found is model.migration
    assert (found.left, found.came) == (10, 0)
    with pytest.raises(DataError):
        model.follow(frame.drop(columns=["Milk"]))
    assert model.migration is found
    model.run_clustering()
    assert model.migration is None


def test_before_the_first_run_there_is_nothing_to_name_or_follow(table: CustomerTable, frame: pd.DataFrame) -> None:
    model = SegmentationModel(table)
    for attempt in (lambda: model.rename(1, "x"), lambda: model.annotate(1, "x"), lambda: model.follow(frame)):
        with pytest.raises(SettingError, match="Run the clustering first"):
            attempt()
    model.undo()
    assert model.result is None


def test_a_run_that_is_overtaken_by_an_undo_is_not_shown(
    model: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = model.result
    model.k = 6
    model.run_clustering()
    gate = Gate(monkeypatch)

    async def scenario() -> None:
        model.k = 8
        model.param.trigger("run")
        await gate.held()
        model.undo()
        gate.open()
        await all_runs_are_over()

    asyncio.run(scenario())
    assert not model.running
    assert model.result is first
    assert model.k == 4


def test_names_that_are_given_while_a_run_goes_on_are_kept(model: SegmentationModel, gate: Gate) -> None:
    async def scenario() -> None:
        model.param.trigger("run")
        await gate.held()
        model.rename(1, "Quiet ones")
        model.annotate(1, "a note")
        gate.open()
        await all_runs_are_over()

    asyncio.run(scenario())
    assert model.words is not None
    assert [run.number for run in model.history] == [1, 2]
    assert (model.words.names[0], model.words.notes[0]) == ("Quiet ones", "a note")


def test_a_name_comes_back_with_its_segment_after_a_run_without_it(model: SegmentationModel) -> None:
    for number in range(1, 5):
        model.rename(number, f"N{number}")
    for k in (3, 4):
        model.k = k
        model.run_clustering()
    assert model.words is not None
    assert model.words.names == ("N1", "N2", "N3", "N4")


def test_a_copy_has_the_history_and_the_playbook(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42, playbook=Playbook())
    model.run_clustering()
    model.k = 3
    model.run_clustering()
    twin = model.copy()
    twin.run_clustering()
    assert [run.number for run in twin.history] == [1, 2, 3]
    assert twin.words is not None
    assert not [name for name in twin.words.names if "stock-ups" in name]
    twin.undo()
    assert len(model.history) == 2


def test_another_playbook_speaks_at_once_and_of_every_run(model: SegmentationModel) -> None:
    first = model.outcome
    assert first is not None
    model.rename(2, "Corner shops")
    model.k = 3
    model.run_clustering()
    later = model.result
    model.playbook = Playbook(title="Silent")
    assert model.words is not None
    assert model.result is later
    assert (model.stale, model.words.plan.book, model.words.actions) == (False, "Silent", ())
    model.undo()
    assert model.words.plan.book == "Silent"
    assert model.words.suggested[1] == "Selective: Grocery and Detergents and paper buyers"
    assert (model.words.names[1], model.words.fit_warnings[1]) == ("Corner shops", "")
    assert model.history[0].words.plan.book == "Silent"
    model.playbook = None
    assert model.words.suggested == first.words.suggested
    assert model.words.actions == first.words.actions


def test_a_playbook_that_was_chosen_for_some_customers_is_not_for_others_but_one_s_own_is(
    model: SegmentationModel,
) -> None:
    others = {"customer": [f"c{row}" for row in range(40)], "visits": [row * row for row in range(40)]}
    own = Playbook(title="Own")
    kept = []
    for book in (Playbook.bundled("bank"), own):
        model.playbook = book
        model.load(pd.DataFrame(others).rename(columns={"visits": f"visits {book.title}"}))
        kept.append(model.playbook)
    assert kept == [None, own]


@pytest.mark.parametrize("name", ["exceptional accounts", "MODERATE: Little grocery and cleaning"])
def test_a_name_that_a_reader_would_take_for_another_s_is_refused(model: SegmentationModel, name: str) -> None:
    with pytest.raises(SettingError, match="Choose a name that no other segment has"):
        model.rename(2, name)


def test_a_name_of_nothing_that_shows_is_none(model: SegmentationModel) -> None:
    model.rename(2, "\u200b")
    assert model.words is not None
    assert model.words.names == model.words.suggested


def test_no_two_names_are_the_same_to_a_reader_whoever_gave_them(model: SegmentationModel) -> None:
    assert model.words is not None
    own = model.words.suggested
    model.rename(1, f"{own[1]} (2)")
    model.rename(2, "for a while")
    model.rename(3, own[1].upper())
    model.rename(2, "")
    names = [name.casefold() for name in model.words.names]
    assert len(set(names)) == 4
