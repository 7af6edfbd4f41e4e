"""A run of very many customers goes on when its page is closed, and is there when the same link is opened again."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

import panel as pn

from custseg.session.long_runs import LongRuns
from dashboard.served_session import served_session
from dashboard.server_settings import server_settings

if TYPE_CHECKING:
    from bokeh.server.session import ServerSession

    from custseg import SegmentationModel


@cache
def _long_runs() -> LongRuns | None:
    """Return those of this process; None where the setting says that nothing is kept."""
    minutes = server_settings().keep_minutes
    return LongRuns(minutes) if minutes else None


def follow_long_runs(model: SegmentationModel) -> None:
    """Share the long runs of a session with those that come after it."""
    runs, context = _long_runs(), served_session()
    if runs is None or context is None or context.server_context is None:
        return
    pn.state.onload(partial(model.share_long_runs, runs))
    pn.state.on_session_destroyed(lambda _: model.leave_long_runs())

    def note(_: object) -> None:
        session: ServerSession | None = getattr(context, "session", None)
        if session is not None and session.connection_count:
            model.count_run_as_seen()

    model.param.watch(note, ["outcome"])
