"""See that what changes reaches the browser, where Panel and Bokeh may lose it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import panel as pn
from bokeh.server import session as sessions
from panel.io import document as sending
from tornado.websocket import WebSocketClosedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bokeh.document import Document


@contextmanager
def sent_together() -> Iterator[None]:
    """Send all changes as one message, so that a browser lays out and paints once.

    A run ends outside the document's lock, where plain Bokeh objects can't be changed without this. Panel's own does
    nothing until a page says that all of it is drawn, and people press Run before.
    """
    document = pn.state.curdoc
    session = getattr(document.session_context, "session", None) if document else None
    if document is None or session is None or pn.state.loaded or document.callbacks.hold_value:
        with pn.io.unlocked():
            yield
        return
    # It is called with the lock, and before the changes are held back, which would hold back the call too.
    document.add_next_tick_callback(document.unhold)
    document.hold()
    yield


@cache
def send_what_waits() -> None:
    """Have Panel (1.9.4 and 1.10.0) send also what it would put aside and forget, and all of it as soon as it can go.

    Where a second message comes while the first is being written, the end of the first takes away the mark that the
    second waits for (``_WRITE_BLOCK``), and it stays where it is until something else is put aside: on a busy machine
    or a slow line a table then shows what was true before. What comes later may overtake it, and refer to what the
    browser doesn't know yet.

    What a click brings comes while the answer to the click is being written, as a rule: Panel looks 10 ms later again.
    """
    write = sending._dispatch_msgs  # noqa: SLF001 - there is no public way; tests/panes/test_private_ways.py guards it

    async def write_all(document: Document) -> None:
        try:
            await _until_all_is_written(document)
            await write(document)
        except WebSocketClosedError:
            # The page was closed meanwhile.
            return
        if _put_aside(document) and document not in sending._WRITE_BLOCK:  # noqa: SLF001
            sending.schedule_write_events(document, [], [])

    sending._dispatch_msgs = write_all  # noqa: SLF001


async def _until_all_is_written(document: Document) -> None:
    """Wait until nothing is being written to the browsers of a session."""
    session: Any = getattr(document.session_context, "session", None)
    for connection in list(session._subscribed_connections) if session else []:  # noqa: SLF001 - as Panel does
        lock = getattr(connection._socket, "write_lock", None)  # noqa: SLF001 - the same
        if lock is not None:
            async with lock:
                pass


@cache
def stay_on_the_event_loop() -> None:
    """Have Bokeh 3.10 call back on the event loop, as earlier ones do, and not in threads.

    HoloViews is not made for threads, nor is the way in which Panel (1.10.0) holds changes back to send them together:
    where a result comes on the loop while something else is being answered in a thread, the document can stay on hold
    for good. What takes long has threads of its own here (``custseg/session/background.py``).
    """
    if hasattr(sessions, "_run_in_executor"):
        sessions._run_in_executor = _at_once  # noqa: SLF001 - tests/panes/test_private_ways.py guards these too
        sessions.ServerSession._run_in_executor = staticmethod(_at_once)  # type: ignore[attr-defined]  # noqa: SLF001


async def _at_once(work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    return work(*arguments, **named)


def _put_aside(document: Document) -> Any:
    """Return what Panel keeps to be written: messages in 1.9, in 1.10 the events that messages are made of."""
    kept = sending._WRITE_EVENTS if hasattr(sending, "_WRITE_EVENTS") else sending._WRITE_MSGS  # noqa: SLF001
    return kept.get(document)
