"""What keeps the server from waiting while somebody does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from bokeh.server.views.ws import WSHandler

from dashboard.promptness import answer_promptly

if TYPE_CHECKING:
    from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    interval = sys.getswitchinterval()
    answer_promptly.cache_clear()
    yield
    answer_promptly.cache_clear()
    sys.setswitchinterval(interval)


def test_frames_are_sent_when_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Socket:
        def set_nodelay(self, value: object) -> None:
            done.append(f"without delay: {value}")

    monkeypatch.setattr(WSHandler, "open", lambda _socket: done.append("opened"))
    answer_promptly()
    answer_promptly()
    WSHandler.open(Socket())

    assert done == ["without delay: True", "opened"]


def test_a_thread_that_computes_lets_the_event_loop_in_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WSHandler, "open", WSHandler.open)
    sys.setswitchinterval(0.005)
    answer_promptly()
    assert sys.getswitchinterval() < 0.002
