"""Advice as a page asks for it: off the event loop, step by step, to be stopped, and dropped where it holds no more."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from custseg import Recipe, SegmentationModel, advise
from tests.session.waiting import PATIENCE, all_runs_are_over, change_of, fails_once

if TYPE_CHECKING:
    from custseg import CustomerTable


@pytest.fixture
def new(table: CustomerTable) -> SegmentationModel:
    return SegmentationModel(table, k=4, seed=42)


def suggest(model: SegmentationModel) -> None:
    model.param.trigger("suggest")


def test_it_is_what_the_function_gives_and_leaves_result_and_k_alone(
    new: SegmentationModel, table: CustomerTable
) -> None:
    asyncio.run(change_of(new.search, "advice", lambda: suggest(new)))
    assert new.advice is not None
    pd.testing.assert_frame_equal(new.advice.table, advise(table, seed=42).table)
    assert (new.result, new.k, new.current_k) == (None, 4, None)


def test_each_number_is_told_while_it_is_looked_at(new: SegmentationModel) -> None:
    seen: list[int | None] = []
    new.search.param.watch(lambda event: seen.append(event.new), ["current_k"])
    asyncio.run(change_of(new.search, "advice", lambda: suggest(new)))
    assert seen == [*range(2, 11), None]


def test_it_can_be_stopped(new: SegmentationModel, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = hold_at(4, monkeypatch)

    async def scenario() -> None:
        suggest(new)
        assert await asyncio.to_thread(looked.reached.wait, PATIENCE)
        new.stop_advice()
        looked.go_on.set()
        await all_runs_are_over()

    asyncio.run(scenario())
    assert (new.advice, new.current_k) == (None, None)
    assert looked.last == 4


def test_other_settings_end_it_and_drop_what_was_found(new: SegmentationModel) -> None:
    for change in (
        {"recipe": Recipe(log="auto")},
        {"features": ["Fresh", "Milk"]},
        {"smallest_share": 0.1},
        {"smallest_size": 300},
        {"ks": [2, 3]},
    ):
        asyncio.run(change_of(new.search, "advice", lambda: suggest(new)))
        assert new.advice is not None
        new.param.update(**change)
        assert new.advice is None
    asyncio.run(change_of(new.search, "advice", lambda: suggest(new)))
    new.param.update(k=7, x="Milk")
    assert new.advice is not None


def test_what_cannot_be_looked_at_is_said() -> None:
    nan = float("nan")
    customers = pd.DataFrame({"a": [1.0, 2.0, nan, nan], "b": [nan, nan, 2.0, 5.0]})
    model = SegmentationModel(customers, recipe=Recipe(missing="drop"))
    asyncio.run(change_of(model, "error", lambda: suggest(model)))
    assert model.error is not None
    assert (model.advice, model.current_k) == (None, None)


class Held:
    """A search that waits at one k until it may go on."""

    def __init__(self) -> None:
        self.reached, self.go_on, self.last = threading.Event(), threading.Event(), 0


def hold_at(k: int, monkeypatch: pytest.MonkeyPatch) -> Held:
    import custseg.how_many.evidence

    held, examine_one = Held(), custseg.how_many.evidence._examine_whole

    def wait(prepared: object, number: int, *others: object) -> object:
        held.last = number
        if number == k:
            held.reached.set()
            held.go_on.wait(PATIENCE)
        return examine_one(prepared, number, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(custseg.how_many.evidence, "_examine_whole", wait)
    return held


def test_it_can_be_asked_for_again_after_something_went_wrong(
    new: SegmentationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(fails_once(new, "suggest", "custseg.session.how_many_search.advise", monkeypatch))
    assert new.current_k is None
    asyncio.run(change_of(new.search, "advice", lambda: suggest(new)))
    assert new.advice is not None
