"""How tests of a model wait for what happens off the event loop: for events, and never for a while."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from custseg import SettingError
from custseg.session.background import SupersededError
from custseg.session.run_result import run_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    import param
    import pytest

    from custseg import SegmentationModel
    from custseg.session.run_result import RunResult

# Only a broken model waits as long as this.
PATIENCE = 30
# What was refused, and what was given up.
EXPECTED = (SettingError, SupersededError)


class Gate:
    """Stands before the first run: says when it has begun, and holds it until opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._began, self._opened = threading.Event(), threading.Event()
        monkeypatch.setattr("custseg.session.next_run.run_pipeline", self._pass)

    def _pass(self, *asked: Any) -> RunResult:
        first = not self._began.is_set()
        self._began.set()
        try:
            return run_pipeline(*asked)
        finally:
            if first:
                assert self._opened.wait(PATIENCE), "Nobody opened the gate."

    async def held(self) -> None:
        assert await asyncio.to_thread(self._began.wait, PATIENCE)

    def open(self) -> None:
        self._opened.set()


async def change_of(
    state: param.Parameterized, name: str, action: Callable[[], Any], until: Callable[[Any], bool] = lambda _: True
) -> None:
    """Do something, and wait until a parameter has changed because of it (to a value that ``until`` takes)."""
    changed = asyncio.Event()
    watcher = state.param.watch(lambda event: changed.set() if until(event.new) else None, [name])
    action()
    await asyncio.wait_for(changed.wait(), PATIENCE)
    state.param.unwatch(watcher)


async def all_runs_are_over() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    ended = await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), PATIENCE)
    assert not [end for end in ended if isinstance(end, BaseException) and not isinstance(end, EXPECTED)]


async def fails_once(model: SegmentationModel, event: str, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trigger an event while the function that it calls runs out of memory."""

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(function, fail)
        model.param.trigger(event)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        (end,) = await asyncio.gather(*others, return_exceptions=True)
        assert isinstance(end, MemoryError)


def trigger(model: SegmentationModel) -> None:
    model.param.trigger("run")
