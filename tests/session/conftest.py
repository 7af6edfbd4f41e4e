"""Fixtures of the tests of a model that runs off the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.session.waiting import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(monkeypatch)
    yield gate
    gate.open()
