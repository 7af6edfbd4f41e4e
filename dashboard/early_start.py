"""Begin what the first visitor would wait for as soon as the server accepts visitors, rather than when one comes."""

from __future__ import annotations

from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

from bokeh.server.tornado import BokehTornado
from tornado.ioloop import IOLoop

from dashboard.imports import importing

if TYPE_CHECKING:
    from collections.abc import Callable

_reading: list[Thread] = []


@cache
def start_early() -> None:
    """Have the servers of this process that are yet to start begin early. Called again, it does nothing."""
    setattr(BokehTornado, "start", _beginning(BokehTornado.start))  # noqa: B010 - a method of another's class


def is_reading() -> bool:
    """Whether the server's table is being read for its first visitor."""
    return any(thread.is_alive() for thread in _reading)


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

    reading = Thread(target=read_table, name="early start", daemon=True)

    def go_on() -> None:
        reading.join()
        go_on_alone()

    _reading[:] = [reading]
    reading.start()
    Thread(target=go_on, name="early start, later", daemon=True).start()
