"""Begin what the first visitor would wait for as soon as the server accepts visitors, rather than when one comes."""

from __future__ import annotations

from functools import cache
from threading import Event, Thread
from typing import TYPE_CHECKING

from bokeh.server.tornado import BokehTornado
from tornado.ioloop import IOLoop

from dashboard.imports import importing

if TYPE_CHECKING:
    from collections.abc import Callable

_reading = Event()


@cache
def start_early() -> None:
    """Have the servers of this process that are yet to start begin early. Called again, it does nothing."""
    setattr(BokehTornado, "start", _beginning(BokehTornado.start))  # noqa: B010 - a method of another's class


def is_reading() -> bool:
    """Whether the server's table is being read for its first visitor."""
    return _reading.is_set()


def _beginning(start: Callable[[BokehTornado], None]) -> Callable[[BokehTornado], None]:
    def start_and_begin(self: BokehTornado) -> None:
        start(self)
        # Here, as each process of several has been made by now, and accepts visitors.
        IOLoop.current().add_callback(_begin)

    return start_and_begin


def _begin() -> None:
    """Import what a page is made of, and read the table behind it."""
    # Not in the thread: two that import what needs each other may see half of it.
    with importing("dashboard.session_start"):
        import dashboard.session_start  # noqa: F401 - all that a page is made of comes with it
    from dashboard.warm_up import go_on_alone, read_table

    def read_and_go_on() -> None:
        try:
            read_table()
        finally:
            _reading.clear()
        go_on_alone()

    _reading.set()
    Thread(target=read_and_go_on, name="early start", daemon=True).start()
