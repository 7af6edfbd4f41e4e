"""See that what Panel does for a whole server holds no session."""

from __future__ import annotations

from contextvars import Context
from functools import cache

from panel.io.callbacks import PeriodicCallback


@cache
def repeat_outside_of_sessions() -> None:
    """Have Panel (1.9.4 and 1.10.0) begin what goes on for as long as the server in no session's context.

    A task keeps the variables of the context that it was made in, the document of a session among them. The first
    click on a server begins a task that tidies up for ever, and that session's document was kept with it, and all that
    was still to be done in it.
    """
    start = PeriodicCallback.start

    def start_outside(callback: PeriodicCallback) -> None:
        if callback.session_scoped:
            start(callback)
        else:
            Context().run(start, callback)

    PeriodicCallback.start = start_outside
