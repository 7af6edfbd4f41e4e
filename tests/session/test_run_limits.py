"""What a run may take on a server, and what is said where it would take more."""

from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import Recipe, SegmentationModel, SettingError
from custseg.run_limits import RunLimits
from custseg.session.pace import TOO_MANY_RUNS, Pace
from tests.session.waiting import change_of

if TYPE_CHECKING:
    from custseg import CustomerTable


class Clock:
    """A clock that goes on with each look at it."""

    def __init__(self, seconds_a_look: float) -> None:
        self._now, self._step = 0.0, seconds_a_look

    def monotonic(self) -> float:
        self._now += self._step
        return self._now


@pytest.mark.parametrize("recipe", [Recipe(), Recipe(trim=0.05), Recipe(method="mixture")])
def test_a_run_ends_with_its_next_step_once_its_time_is_over(
    table: CustomerTable, monkeypatch: pytest.MonkeyPatch, recipe: Recipe
) -> None:
    model = SegmentationModel(table, k=4, seed=1, recipe=recipe)
    before = model.run_clustering()
    model.limit_runs(RunLimits(seconds=1))
    monkeypatch.setattr("custseg.run_limits.time", Clock(0.6))
    # The one before is known, and takes no time.
    model.seed = 2
    with pytest.raises(SettingError, match="The run took longer than 1 second, the limit here"):
        model.run_clustering()
    assert model.result is before
    assert not model.running


def test_a_run_that_takes_too_much_memory_does_not_begin() -> None:
    values = np.random.default_rng(0).normal(size=(6000, 8))
    model = SegmentationModel(pd.DataFrame(values, columns=[f"v{number}" for number in range(8)]), k=3, seed=0)
    model.limit_runs(RunLimits(megabytes=1))
    with pytest.raises(SettingError, match="6,000 customers and 8 features takes about 1 MB of memory, and 1 MB is"):
        model.run_clustering()
    model.features = ["v0", "v1"]
    assert model.run_clustering().k == 3


def test_a_session_starts_only_so_many_runs_and_searches_in_a_minute(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3, seed=0)
    model.limit_runs(RunLimits(a_minute=2))

    async def scenario() -> None:
        await change_of(model, "outcome", lambda: model.param.trigger("run"))
        await change_of(model, "outcome", lambda: model.param.trigger("run"))
        for asked in ("run", "try_settings", "ask_second_opinion", "suggest"):
            await change_of(model, "error", partial(model.param.trigger, asked), lambda said: said is not None)
            assert "At most 2 runs can be started in a minute here, and so many were. Try again in" in str(model.error)
            model.load(table)
        assert "At most 2 runs" in " ".join(await model.reopen(model.project))

    asyncio.run(scenario())
    assert model.multiverse is None
    assert model.advice is None


def test_after_a_minute_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("custseg.session.pace.time", SimpleNamespace(monotonic=lambda: now[0]))
    runs = Pace(TOO_MANY_RUNS, 2)
    runs.count()
    now[0] += 30
    runs.count()
    with pytest.raises(SettingError, match="Try again in 30 s"):
        runs.count()
    now[0] += 30
    runs.count()
