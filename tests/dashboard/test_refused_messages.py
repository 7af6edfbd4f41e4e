"""What is told of a message that cannot be taken over."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.server.session import ServerSession
from tornado.ioloop import IOLoop

from dashboard.refused_messages import answering_refusals

if TYPE_CHECKING:
    import pytest


class _Handler:
    """Takes over a message as Bokeh does once it is its turn: it asks the session for its document."""

    @classmethod
    async def patch(cls, _message: Any, connection: Any) -> None:
        assert connection.session.document is None


async def _answer(*, closed: bool) -> str:
    session = ServerSession(ID("session"), Document(), io_loop=IOLoop.current())
    if closed:
        session.destroy()
    else:
        # What no session lacks that is there.
        del session._document
    connection = SimpleNamespace(session=session, ok=lambda _: "fine", error=lambda _, why: why)
    answer: str = await answering_refusals(_Handler.__dict__["patch"]).__get__(None, _Handler)("message", connection)
    return answer


def test_a_page_that_was_closed_while_its_message_waited_refused_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(_answer(closed=True)) == "fine"
    assert caplog.messages == []


def test_what_fails_in_a_page_that_is_there_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert "_document" in asyncio.run(_answer(closed=False))
    (told,) = caplog.messages
    assert told.startswith("A message of a page was refused: AttributeError")
