"""Where Panel has no public way, its private one is still there. A new version of Panel that has none fails here."""

from __future__ import annotations

import asyncio
import inspect
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import ref

import panel as pn
from bokeh.document import Document
from panel.io import document as sending
from panel.io.notebook import patch_inline_stylesheets

from custseg.panes.base.sending import _send_what_was_left

if TYPE_CHECKING:
    import pytest


class Socket:
    """The other end of a connection, of a kind that Panel is told how to write to."""


class Connection:
    """A connection of a browser, whose messages are but a word."""

    protocol = SimpleNamespace(create=lambda _kind, _events: "message")

    def __init__(self) -> None:
        self._socket = Socket()


def test_messages_can_be_found_that_wait_to_be_written() -> None:
    kept = {"_WRITE_MSGS", "_WRITE_EVENTS"} & set(vars(sending))
    assert len(kept) == 1, "Panel keeps what waits under another name: see custseg/panes/base/sending.py."
    assert "_WRITE_BLOCK" in vars(sending), "Panel marks what is being written otherwise: see the same file."


def test_a_message_that_panel_forgot_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []

    def write(_connection: object, _events: object = None, msg: object = None) -> list[Any]:
        sent.append(msg)
        return []

    async def scenario() -> None:
        document = Document()
        connections: list[Any] = [Connection()]
        events: list[Any] = [object()]
        # Panel's write of another message ends in between, and takes away the mark.
        sending.schedule_write_events(document, connections, events)
        del sending._WRITE_BLOCK[document]
        await settle()
        assert sent == []
        _send_what_was_left(asyncio.get_running_loop(), ref(document))
        await settle()
        assert sent == ["message"]
        _send_what_was_left(asyncio.get_running_loop(), ref(document))
        await settle()
        assert sent == ["message"]

    monkeypatch.setitem(sending.extra_socket_handlers, Socket, write)
    asyncio.run(scenario())


async def settle() -> None:
    """Let the loop do all that is due."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_it_can_be_told_which_extensions_a_notebook_has_loaded() -> None:
    message = "Panel notes loaded extensions otherwise: see custseg/panes/base/notebook.py."
    assert isinstance(getattr(pn.extension, "_loaded_extensions", None), list), message


def test_style_sheets_can_be_written_into_a_model() -> None:
    message = "Panel writes style sheets into a file otherwise: see custseg/panes/snapshot.py."
    first, *others = inspect.signature(patch_inline_stylesheets).parameters.values()
    assert first.name == "model", message
    assert all(parameter.default is not inspect.Parameter.empty for parameter in others), message
