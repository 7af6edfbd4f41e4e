"""What makes the server answer promptly where Python, Bokeh and Tornado wait by default."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from bokeh.server.session import ServerSession
from bokeh.server.views.session_handler import SessionHandler
from bokeh.server.views.ws import WSHandler

from dashboard.page_ahead import answering_as_written, giving_what_is_ahead, making_the_next

if TYPE_CHECKING:
    from collections.abc import Callable

# A thread that computes keeps the interpreter for so long, while the event loop waits for it at each message that comes
# or goes: 5 ms by default, which adds up over the dozen of them that a click takes.
_SECONDS_OF_A_THREAD = 0.0005


@cache
def answer_promptly() -> None:
    """Have this process answer promptly. Called again, it does nothing."""
    sys.setswitchinterval(_SECONDS_OF_A_THREAD)
    for owner, name, change in (
        (WSHandler, "open", _sending_at_once),
        (SessionHandler, "get_session", giving_what_is_ahead),
        (ServerSession, "_handle_pull", answering_as_written),
        (WSHandler, "send_message", making_the_next),
    ):
        setattr(owner, name, change(getattr(owner, name)))


def _sending_at_once(open_socket: Callable[..., Any]) -> Callable[..., Any]:
    """Send each frame when it is written.

    A message has three frames at least, and by default the system may hold the second back until the browser has
    acknowledged the first, which it can put off for 40 ms (Nagle's algorithm and delayed acknowledgements).
    """

    def open_promptly(self: WSHandler) -> Any:
        self.set_nodelay(True)
        return open_socket(self)

    return open_promptly
