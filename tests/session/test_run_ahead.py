"""Runs that are computed while somebody rests: the same as others, and unseen until they are asked for."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from custseg import CustomerTable, SegmentationModel
from custseg.session import run_ahead
from custseg.session.run_result import run_pipeline
from tests.session.waiting import PATIENCE, change_of, trigger

if TYPE_CHECKING:
    from custseg.session.run_result import RunResult


class Pipeline:
    """Counts the runs that are computed, and holds them while it is closed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ks: list[int] = []
        self._begun, self.open = threading.Semaphore(0), threading.Event()
        self.open.set()
        monkeypatch.setattr("custseg.session.next_run.run_pipeline", self._run)

    def _run(self, *asked: Any) -> RunResult:
        self.ks.append(asked[3].k)
        self._begun.release()
        assert self.open.wait(PATIENCE)
        return run_pipeline(*asked)

    async def begun(self) -> None:
        """Wait until one more run has begun."""
        assert await asyncio.to_thread(self._begun.acquire, timeout=PATIENCE)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setattr(run_ahead, "SECONDS_OF_REST", 0.001)
    return Pipeline(monkeypatch)


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    return SegmentationModel(table, k=4, seed=42)


def test_it_brings_what_a_plain_run_does(model: SegmentationModel, pipeline: Pipeline, table: CustomerTable) -> None:
    plain = SegmentationModel(table, k=4, seed=42)
    plain.run_clustering()
    plain.k = 5
    plain.run_clustering()
    pipeline.ks.clear()

    async def act() -> None:
        model.work_ahead()
        await pipeline.begun()
        await change_of(model, "outcome", lambda: trigger(model))
        model.k = 5
        await pipeline.begun()
        await change_of(model, "outcome", lambda: trigger(model))

    asyncio.run(act())
    assert pipeline.ks == [4, 5]
    ours, theirs = model.outcome, plain.outcome
    assert ours is not None
    assert theirs is not None
    np.testing.assert_array_equal(ours.segmentation.labels, theirs.segmentation.labels)
    np.testing.assert_array_equal(ours.segmentation.centroids, theirs.segmentation.centroids)
    assert (ours.number, ours.slots, ours.words.names) == (theirs.number, theirs.slots, theirs.words.names)
    assert not model.stale


def test_nothing_shows_before_it_is_asked_for(model: SegmentationModel, pipeline: Pipeline) -> None:
    async def act() -> None:
        model.work_ahead()
        await pipeline.begun()
        assert model.outcome is None
        await change_of(model, "outcome", lambda: trigger(model))
        before = model.outcome
        model.k = 6
        await pipeline.begun()
        assert model.outcome is before
        assert model.stale
        assert not model.running

    asyncio.run(act())


def test_other_settings_drop_it(model: SegmentationModel, pipeline: Pipeline) -> None:
    async def act() -> None:
        model.work_ahead()
        await pipeline.begun()
        model.k = 3
        await change_of(model, "outcome", lambda: trigger(model))

    asyncio.run(act())
    assert model.result is not None
    assert model.result.k == 3


def test_who_asks_while_it_is_computed_waits_for_it(model: SegmentationModel, pipeline: Pipeline) -> None:
    async def act() -> None:
        pipeline.open.clear()
        model.work_ahead()
        await pipeline.begun()
        await change_of(model, "running", lambda: trigger(model))
        await change_of(model, "outcome", pipeline.open.set)

    asyncio.run(act())
    assert pipeline.ks == [4]
    assert model.outcome is not None


def test_each_random_start_is_another(model: SegmentationModel, pipeline: Pipeline) -> None:
    seeds = []

    async def act() -> None:
        model.seed = None
        model.work_ahead()
        await pipeline.begun()
        for _ in range(2):
            await change_of(model, "outcome", lambda: trigger(model))
            assert model.result is not None
            seeds.append(model.result.seed)

    asyncio.run(act())
    assert seeds[0] != seeds[1]


def test_a_name_that_is_given_meanwhile_stays(model: SegmentationModel, pipeline: Pipeline) -> None:
    async def act() -> None:
        model.work_ahead()
        await pipeline.begun()
        await change_of(model, "outcome", lambda: trigger(model))
        model.k = 5
        await pipeline.begun()
        model.rename(1, "Our regulars")
        await change_of(model, "outcome", lambda: trigger(model))

    asyncio.run(act())
    assert model.words is not None
    assert "Our regulars" in model.words.names


def test_of_many_customers_only_what_is_asked_for_is_computed(
    model: SegmentationModel, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_ahead, "MOST_CUSTOMERS", 100)

    async def act() -> None:
        model.work_ahead()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not asyncio.current_task()))
        assert pipeline.ks == []
        await change_of(model, "outcome", lambda: trigger(model))

    asyncio.run(act())
    assert pipeline.ks == [4]


def test_without_an_event_loop_nothing_is_computed_ahead(model: SegmentationModel, pipeline: Pipeline) -> None:
    model.work_ahead()
    model.k = 5
    assert pipeline.ks == []
    model.run_clustering()
    assert pipeline.ks == [5]
