"""SegmentationModel as a page uses it: a run is triggered, and happens off the event loop."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, SegmentationModel, segment
from tests.session.waiting import Gate, all_runs_are_over, change_of, trigger


@pytest.fixture
def new(table: CustomerTable) -> SegmentationModel:
    return SegmentationModel(table, k=4, seed=42)


def test_a_triggered_run_gives_the_same_result_as_a_plain_one(new: SegmentationModel, table: CustomerTable) -> None:
    asyncio.run(change_of(new, "outcome", lambda: trigger(new)))
    expected = segment(table, k=4, seed=42)
    assert new.result is not None
    np.testing.assert_array_equal(new.result.labels, expected.labels)
    np.testing.assert_array_equal(new.result.centroids, expected.centroids)
    assert not new.stale


def test_setting_the_event_is_a_run_too(new: SegmentationModel) -> None:
    async def set_it() -> None:
        await change_of(new, "outcome", lambda: setattr(new, "run", True))
        await all_runs_are_over()

    asyncio.run(set_it())
    assert new.outcome is not None
    assert new.outcome.number == 1


def test_the_event_loop_goes_on_during_a_run(new: SegmentationModel, gate: Gate) -> None:
    async def look_while_it_runs() -> None:
        await change_of(new, "running", lambda: trigger(new))
        assert new.running
        assert new.result is None
        await change_of(new, "outcome", gate.open)
        await all_runs_are_over()

    asyncio.run(look_while_it_runs())
    assert not new.running


def test_a_failed_run_says_what_happened_and_keeps_the_result() -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 1.0, 5.0, 9.0]}), k=3)
    result = model.run_clustering()
    model.k = 4
    asyncio.run(change_of(model, "error", lambda: trigger(model)))
    assert model.error is not None
    assert model.error.startswith("4 segments need at least 4 customers")
    assert model.result is result
    assert not model.running
    model.k = 2
    asyncio.run(change_of(model, "outcome", lambda: trigger(model)))
    assert model.error is None


def test_a_run_that_was_overtaken_is_discarded(new: SegmentationModel, gate: Gate) -> None:
    async def supersede() -> None:
        new.k = 3
        trigger(new)
        await gate.held()
        new.k = 5
        await change_of(new, "outcome", lambda: trigger(new))
        later = new.result
        gate.open()
        await all_runs_are_over()
        assert new.result is later

    asyncio.run(supersede())
    assert new.result is not None
    assert new.result.k == 5
    assert not new.running
    assert not new.stale


def test_the_failure_of_a_run_that_was_overtaken_is_nobodys_business(monkeypatch: pytest.MonkeyPatch) -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 1.0, 5.0, 9.0]}), k=4)
    gate = Gate(monkeypatch)

    async def supersede() -> None:
        trigger(model)
        await gate.held()
        model.k = 2
        await change_of(model, "outcome", lambda: trigger(model))
        gate.open()
        await all_runs_are_over()

    asyncio.run(supersede())
    assert model.result is not None
    assert model.error is None


def test_a_plain_run_overtakes_too_and_nothing_is_left_running(new: SegmentationModel, gate: Gate) -> None:
    async def supersede() -> None:
        new.k = 3
        await change_of(new, "running", lambda: trigger(new))
        new.k = 5
        result = new.run_clustering()
        gate.open()
        await all_runs_are_over()
        assert new.result is result

    asyncio.run(supersede())
    assert not new.running


def test_what_is_refused_during_a_run_is_still_said_after_it(new: SegmentationModel, gate: Gate) -> None:
    async def scenario() -> None:
        trigger(new)
        await gate.held()
        new.error = "The seed must be a whole number."
        gate.open()
        await all_runs_are_over()
        assert new.error == "The seed must be a whole number."
        trigger(new)
        await all_runs_are_over()
        assert new.error is None

    asyncio.run(scenario())
