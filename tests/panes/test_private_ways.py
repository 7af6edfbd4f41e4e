"""Where Panel has no public way, its private one is still there. A new version of Panel that has none fails here."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from types import SimpleNamespace
from typing import Any

import pandas as pd
import panel as pn
import pytest
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.server.session import ServerSession
from panel.io import document as sending
from panel.io.callbacks import PeriodicCallback
from panel.io.state import set_curdoc
from panel.models.tabulator import CellClickEvent
from tornado.ioloop import IOLoop
from tornado.locks import Lock

from custseg.panes.base.offered import take_only_what_is_offered
from custseg.panes.base.sending import send_what_waits, stay_on_the_event_loop
from custseg.panes.base.server_wide import repeat_outside_of_sessions
from custseg.panes.base.text_updates import change_texts_alone
from custseg.panes.tables.table_of_texts import TableOfTexts
from tests.session.waiting import PATIENCE


class Socket:
    """The other end of a connection, of a kind that Panel is told how to write to."""

    def __init__(self) -> None:
        self.write_lock = SimpleNamespace(_block=SimpleNamespace(_value=1))


class Connection:
    """A connection of a browser, whose messages are but a word."""

    protocol = SimpleNamespace(create=lambda _kind, _events: "message")

    def __init__(self) -> None:
        self._socket = Socket()


def test_messages_can_be_found_that_wait_to_be_written() -> None:
    kept = {"_WRITE_MSGS", "_WRITE_EVENTS"} & set(vars(sending))
    assert len(kept) == 1, "Panel keeps what waits under another name: see custseg/panes/base/sending.py."
    assert "_WRITE_BLOCK" in vars(sending), "Panel marks what is being written otherwise: see the same file."


def test_a_message_is_sent_that_comes_while_another_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    first_goes_out, second_came = asyncio.Event(), asyncio.Event()

    async def goes_out() -> None:
        await first_goes_out.wait()
        connection._socket.write_lock._block._value = 1

    def write(connection: Connection, events: Any = None, msg: Any = None) -> list[Any]:
        # The write of the first message takes a while, in which the socket is locked.
        written.append(msg or events)
        if len(written) > 1:
            second_came.set()
            return []
        connection._socket.write_lock._block._value = 0
        return [asyncio.ensure_future(goes_out())]

    async def scenario() -> None:
        document = Document()
        for event in ("first", "second"):
            sending.schedule_write_events(document, [connection], [event])  # type: ignore[list-item]
            await settle()
        assert len(written) == 1
        first_goes_out.set()
        await asyncio.wait_for(second_came.wait(), PATIENCE)

    connection: Any = Connection()
    monkeypatch.setitem(sending.extra_socket_handlers, Socket, write)
    send_what_waits()
    asyncio.run(scenario())


def test_a_message_goes_as_soon_as_the_one_before_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def write(_: Connection, msg: str) -> list[Any]:
        written.append(msg)
        return []

    async def never(_seconds: float) -> None:
        await asyncio.Event().wait()

    async def scenario() -> None:
        connection: Any = Connection()
        lock = connection._socket.write_lock = Lock()
        document: Any = Document()
        document._session_context = lambda: SimpleNamespace(
            session=SimpleNamespace(_subscribed_connections={connection})
        )
        async with lock:
            sending.schedule_write_events(document, [connection], ["event"])  # type: ignore[list-item]
            await settle()
            assert not written
        await settle()

    # Panel would look whether it can write only after a sleep.
    patient = SimpleNamespace(**{**vars(asyncio), "sleep": never})
    monkeypatch.setattr(sending, "asyncio", patient)
    monkeypatch.setitem(sending.extra_socket_handlers, Socket, write)
    send_what_waits()
    asyncio.run(scenario())
    assert written == ["message"]


def test_what_a_session_is_asked_is_answered_on_the_event_loop() -> None:
    async def threads() -> list[int]:
        session: Any = ServerSession(ID("session"), Document(), io_loop=IOLoop.current())
        return [await session.with_document_locked(threading.get_ident), threading.get_ident()]

    stay_on_the_event_loop()
    called, loop = asyncio.run(threads())
    assert called == loop


def test_what_goes_on_for_as_long_as_the_server_keeps_no_session() -> None:
    async def kept() -> object:
        document, came_round = Document(), asyncio.Event()
        with set_curdoc(document):
            tidying = PeriodicCallback(callback=came_round.set, session_scoped=False, period=1)
            tidying.start()
        held = weakref.ref(document)
        del document
        await asyncio.wait_for(came_round.wait(), PATIENCE)
        gc.collect()
        found = held()
        tidying.stop()
        return found

    repeat_outside_of_sessions()
    assert asyncio.run(kept()) is None


async def settle() -> None:
    """Let the loop do all that is due."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_it_can_be_told_which_extensions_a_notebook_has_loaded() -> None:
    message = "Panel notes loaded extensions otherwise: see custseg/panes/base/notebook.py."
    assert isinstance(getattr(pn.extension, "_loaded_extensions", None), list), message


def test_another_text_leaves_the_style_sheets_of_a_pane_as_they_are() -> None:
    change_texts_alone()
    pane = pn.pane.HTML("before", stylesheets=["p { color: red; }"])
    model: Any = pane.get_root()
    of_the_theme = [*model.stylesheets, "of a theme"]
    model.stylesheets = of_the_theme
    pane.object = "<p>after</p>"
    assert "after" in model.text
    assert model.stylesheets == of_the_theme


def test_other_rows_of_a_table_of_texts_are_sent_alone() -> None:
    table = TableOfTexts(pd.DataFrame({"name": ["one", "two"]}, dtype=object), show_index=False)
    model: Any = table.get_root()
    configuration, columns = model.configuration, model.columns
    table.value = pd.DataFrame({"name": ["three", "four", "five"]}, dtype=object)
    assert list(model.source.data["name"]) == ["three", "four", "five"]
    assert list(model.source.data["index"]) == [0, 1, 2]
    assert model.configuration is configuration
    assert model.columns is columns


def test_other_columns_of_a_table_of_texts_are_described_anew() -> None:
    table = TableOfTexts(pd.DataFrame({"name": ["one"]}, dtype=object), show_index=False)
    model: Any = table.get_root()
    table.value = pd.DataFrame({"note": ["one"]}, dtype=object)
    assert [column.field for column in model.columns][-1] == "note"


@pytest.mark.parametrize(
    ("kind", "chosen", "gone"),
    [
        (pn.widgets.Select, "b", ["c", "", None, 7, ["a"], "x" * 10_000]),
        (pn.widgets.RadioButtonGroup, 1, [2, -9, "b", [0], 0.5]),
        (pn.widgets.CheckBoxGroup, [1], [[2], [0, 7], 3, ["b"], [None]]),
    ],
)
def test_a_choice_that_is_not_there_any_more_changes_nothing(kind: type[Any], chosen: Any, gone: list[Any]) -> None:
    take_only_what_is_offered()
    several = kind is pn.widgets.CheckBoxGroup
    choice = kind(options=["a", "b"], value=["a"] if several else "a")
    name = "value" if kind is pn.widgets.Select else "active"
    for value in gone:
        choice._process_events({name: value})
        assert choice.value in ("a", ["a"])
    choice._process_events({name: chosen})
    assert choice.value == (["b"] if several else "b")


def test_what_was_done_to_a_row_that_is_gone_meanwhile_is_passed_over() -> None:
    take_only_what_is_offered()
    told: list[int] = []
    table = pn.widgets.Tabulator(pd.DataFrame({"a": ["x", "y", "z"]}))
    table.on_click(lambda event: told.append(event.row))
    table.value = pd.DataFrame({"a": ["x"]})
    for row in (2, 0, -1, 10**9):
        table._process_event(CellClickEvent(table, "a", row))
    assert told == [0]
