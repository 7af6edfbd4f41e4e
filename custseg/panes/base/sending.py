"""Send model changes to the browser: as one message, and without fail."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import ref

import panel as pn
from panel.io import document as sending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bokeh.document import Document

# When to look again, in seconds.
_LOOKS = (0.1, 0.5, 2.0)


@contextmanager
def batch_updates() -> Iterator[None]:
    """Send all changes of the block as one message, so that the browser lays out and paints once.

    A run ends outside the document's lock, where plain Bokeh objects can't be changed without this.
    """
    document = pn.state.curdoc
    try:
        with pn.io.unlocked():
            yield
    finally:
        if document is not None and document.session_context is not None:
            # Without a running loop there is none that could have left anything.
            with suppress(RuntimeError):
                loop = asyncio.get_running_loop()
                # Weakly, so that a page that is closed meanwhile can go.
                page = ref(document)
                for delay in _LOOKS:
                    loop.call_later(delay, _send_what_was_left, loop, page)


def _send_what_was_left(loop: asyncio.AbstractEventLoop, page: ref[Document]) -> None:
    """Send messages that Panel (1.9.4 and 1.10.0) has put aside and forgotten.

    Where a second message comes while the first is being written, the end of the first takes away the mark that the
    second waits for (``_WRITE_BLOCK``), and it stays where it is until something else is sent.
    """
    document = page()
    if document is None or not _put_aside(document):
        return
    if document in sending._WRITE_BLOCK:  # noqa: SLF001
        # Still being written, as on a busy machine or a slow line.
        loop.call_later(_LOOKS[-1], _send_what_was_left, loop, page)
    else:
        sending.schedule_write_events(document, [], [])


def _put_aside(document: Document) -> Any:
    """Return what Panel keeps to be written: messages in 1.9, in 1.10 the events that messages are made of."""
    # There is no public way; tests/panes/test_private_ways.py guards these names.
    kept = sending._WRITE_EVENTS if hasattr(sending, "_WRITE_EVENTS") else sending._WRITE_MSGS  # noqa: SLF001
    return kept.get(document)
