"""How sure a result is, as a page finds it out: after each run, off the event loop, and never of another result."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import SegmentationModel, certainty, find_rules
from custseg.insight.certainty import FIRST_RESAMPLES, RESAMPLES
from custseg.session.background import SupersededError
from custseg.session.precedence import Deference
from tests.session.waiting import PATIENCE, all_runs_are_over, change_of, fails_once, trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg import Certainty, CustomerTable, Segmentation
    from custseg.session.run_result import RunResult


@pytest.fixture
def new(table: CustomerTable) -> SegmentationModel:
    # A table of its own, of which nothing was found out yet.
    return SegmentationModel(replace(table), k=4, seed=42)


async def assessed(model: SegmentationModel, action: Callable[[], object]) -> None:
    """Do something, and wait until all is known of how sure the result is because of it."""
    await change_of(model, "outcome", action, until=lambda outcome: known(outcome) == RESAMPLES)


def known(outcome: RunResult | None) -> int:
    """Return how many resamples are known of an outcome."""
    return len(outcome.certainty.resamples) if outcome is not None and outcome.certainty is not None else 0


def test_a_triggered_run_finds_out_how_sure_it_is(new: SegmentationModel) -> None:
    asyncio.run(assessed(new, lambda: trigger(new)))
    assert new.result is not None
    assert new.certainty is not None
    np.testing.assert_array_equal(new.certainty.jaccard, certainty(new.result).jaccard)
    assert new.rules is not None
    assert new.rules.rules == find_rules(new.result).rules
    assert not new.assessing


def test_a_script_finds_it_out_at_once(new: SegmentationModel) -> None:
    assert new.run_assessment() is None
    new.run_clustering()
    assert new.run_assessment() is new.certainty is not None


def test_a_plain_run_leaves_it_to_be_asked_for(new: SegmentationModel) -> None:
    new.run_clustering()
    before = new.certainty
    asyncio.run(assessed(new, lambda: new.param.trigger("assess")))
    assert before is None
    assert new.certainty is not None
    assert new.certainty.segmentation is new.result


@pytest.mark.parametrize("asked", [False, True])
def test_others_come_first_unless_somebody_asks_for_it(
    new: SegmentationModel, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    steps = list[Any]()
    monkeypatch.setattr(Deference, "let_others_first", lambda _, check: steps.append(check))
    new.run_clustering()
    asyncio.run(assessed(new, lambda: new.param.trigger("assess") if asked else trigger(new)))
    assert bool(steps) is not asked


def test_without_a_result_there_is_nothing_to_find_out(new: SegmentationModel) -> None:
    async def scenario() -> None:
        new.param.trigger("assess")
        await all_runs_are_over()

    asyncio.run(scenario())
    assert (new.certainty, new.assessing) == (None, False)


def test_it_goes_with_its_result(new: SegmentationModel) -> None:
    asyncio.run(assessed(new, lambda: trigger(new)))
    new.k = 3
    assert new.certainty is not None
    new.run_clustering()
    assert new.certainty is None


def test_another_run_ends_the_search_of_the_one_before(new: SegmentationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def held(result: Segmentation, *, on_progress: Callable[[int], None], **how: Any) -> Certainty:
        def wait_once(number: int) -> None:
            if not began.is_set():
                began.set()
                go_on.wait(PATIENCE)
            try:
                on_progress(number)
            except SupersededError:
                ended.set()
                raise

        return certainty(result, on_progress=wait_once, **how)

    async def scenario() -> None:
        trigger(new)
        assert await asyncio.to_thread(began.wait, PATIENCE)
        new.k = 5
        await assessed(new, lambda: trigger(new))
        later = new.certainty
        go_on.set()
        await all_runs_are_over()
        assert new.certainty is later

    monkeypatch.setattr("custseg.session.assessment.certainty", held)
    asyncio.run(scenario())
    assert ended.is_set()
    assert new.certainty is not None
    assert new.certainty.segmentation is new.result


def test_a_run_that_is_refused_leaves_the_result_before_it_to_be_judged() -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 1.0, 5.0, 9.0]}), k=3)

    async def scenario() -> None:
        await change_of(model, "outcome", lambda: trigger(model))
        model.k = 4
        await assessed(model, lambda: trigger(model))

    asyncio.run(scenario())
    assert model.error is not None
    assert model.certainty is not None
    assert (model.certainty.segmentation, model.assessing) == (model.result, False)


def test_it_can_be_asked_for_again_after_something_went_wrong(
    new: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    new.run_clustering()
    asyncio.run(fails_once(new, "assess", "custseg.session.assessment.certainty", monkeypatch))
    assert not new.assessing
    asyncio.run(assessed(new, lambda: new.param.trigger("assess")))
    assert new.certainty is not None


def test_the_first_words_come_before_the_rest_and_stay_when_that_is_ended(new: SegmentationModel) -> None:
    seen: list[tuple[int, bool]] = []

    async def scenario() -> None:
        new.param.watch(lambda event: seen.append((known(event.new), new.assessing)), ["outcome"])
        await change_of(new, "outcome", lambda: new.param.trigger("assess"), until=lambda outcome: bool(known(outcome)))
        # What comes now takes the place of the search, which has its first words alone.
        new.rename(1, "Quiet ones")
        new.run_clustering()
        new.return_to(1)
        await all_runs_are_over()

    new.run_clustering()
    asyncio.run(scenario())
    assert seen[0] == (FIRST_RESAMPLES, True)
    assert (known(new.outcome), new.assessing) == (FIRST_RESAMPLES, False)
    # Asked for again, it goes on from there, and finds what it would have found at once.
    asyncio.run(assessed(new, lambda: new.param.trigger("assess")))
    assert new.result is not None
    assert new.certainty is not None
    np.testing.assert_array_equal(new.certainty.jaccard, certainty(new.result).jaccard)
    assert (new.certainty.complete, new.assessing) == (True, False)


def test_what_another_session_found_out_of_the_same_segments_is_not_found_out_again(
    new: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(assessed(new, lambda: trigger(new)))
    monkeypatch.setattr("custseg.session.assessment.certainty", None)
    other = SegmentationModel(new.table, k=4, seed=42)
    asyncio.run(assessed(other, lambda: trigger(other)))
    assert other.certainty is not None
    assert new.certainty is not None
    assert other.certainty.segmentation is other.result is not new.result
    np.testing.assert_array_equal(other.certainty.jaccard, new.certainty.jaccard)
    assert other.rules is not None
    assert other.rules.segmentation is other.result
