"""Importing without looking for garbage, once, and never at the expense of sessions."""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from dashboard.imports import importing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_imported_is_never_looked_through_for_garbage() -> None:
    with importing("is_not_there_yet"):
        assert not gc.isenabled()
        imported = ["stays"]
    assert gc.isenabled()
    assert not any(thing is imported for thing in gc.get_objects())


def test_what_a_session_leaves_is_still_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "is_there", ModuleType("is_there"))
    with importing("is_there"):
        assert gc.isenabled()
        session = ["goes"]
    assert any(thing is session for thing in gc.get_objects())


def test_an_import_that_fails_leaves_all_as_it_was() -> None:
    with pytest.raises(ImportError), importing("is_not_there_yet"):
        raise ImportError
    assert gc.isenabled()
