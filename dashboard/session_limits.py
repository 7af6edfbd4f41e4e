"""What one session may take, and how many sessions there may be, as the settings of the server say."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import ref

from bokeh.server.views.autoload_js_handler import AutoloadJsHandler
from bokeh.server.views.doc_handler import DocHandler
from bokeh.server.views.ws import WSHandler
from bokeh.util.token import get_session_id
from tornado.ioloop import IOLoop

from custseg.run_limits import RunLimits
from custseg.session.download import TOO_MUCH
from custseg.session.pace import Pace
from dashboard.page_ahead import with_people
from dashboard.request_rules import token_of
from dashboard.server_settings import server_settings, settings_in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from bokeh.server.tornado import BokehTornado
    from tornado.httputil import HTTPServerRequest

    from custseg import SegmentationModel

_MEGABYTE = 1_000_000
_LEFT_ALONE = 4000
SECONDS_A_MINUTE = 60.0


def limit_session(model: SegmentationModel) -> None:
    """Let a model run, and give files away, only as much as a session may."""
    settings = server_settings()
    model.limit_runs(RunLimits(settings.run_seconds, settings.run_megabytes, settings.runs_a_minute))
    model.downloads.limit(settings.download_megabytes, settings.downloads_a_minute, _downloads_of_all())


@cache
def _downloads_of_all() -> Pace:
    return Pace(TOO_MUCH, server_settings().all_downloads_megabytes)


def no_room_for(request: HTTPServerRequest, handler: type, server: BokehTornado) -> str | None:
    """Say why no session can be made for a request, None where it makes none or there is room for it."""
    if not issubclass(handler, DocHandler | AutoloadJsHandler | WSHandler):
        return None
    there = with_people(session for path in server.app_paths for session in server.get_sessions(path))
    if issubclass(handler, WSHandler):
        mine = get_session_id(token_of(request))
        ours = [session for session in there if session.id == mine]
        if ours:
            return _LEFT if ours[0].expiration_requested else None
    most = settings_in_force().sessions
    if len(there) < most:
        return None
    return (
        f"All {most:,} places of this server are taken. Try again in some minutes, or close pages that are not needed; "
        "whoever runs the server can set CUSTSEG_SESSIONS."
    )


_LEFT = "This page was left alone for so long that the server let go of it. Reload the page."


def bounding_messages(_: Any) -> property:
    """Let a socket take no larger message than the setting says: a longer one closes it."""
    return property(lambda _: settings_in_force().message_megabytes * _MEGABYTE)


def ending_when_idle(open_socket: Callable[[WSHandler], Any]) -> Callable[[WSHandler], Any]:
    """Close a socket through which nothing came for as long as the setting says, and let its session go."""

    def open_watched(self: WSHandler) -> Any:
        self.used = time.monotonic()  # type: ignore[attr-defined]
        seconds = SECONDS_A_MINUTE * settings_in_force().idle_minutes
        if seconds:
            IOLoop.current().call_later(seconds, _end_if_idle, ref(self), seconds)
        return open_socket(self)

    return open_watched


def noting_use(on_message: Callable[..., Any]) -> Callable[..., Any]:
    """Note when something came through a socket."""

    def note_and_take(self: WSHandler, fragment: str | bytes) -> Any:
        self.used = time.monotonic()  # type: ignore[attr-defined]
        return on_message(self, fragment)

    return note_and_take


def _end_if_idle(socket: ref[WSHandler], seconds: float) -> None:
    # Held weakly, since a page that is closed before would else be kept for all that time.
    handler = socket()
    if handler is None or handler.connection is None or handler.ws_connection is None:
        return
    left = seconds - (time.monotonic() - handler.used)  # type: ignore[attr-defined]
    if left > 0:
        IOLoop.current().call_later(left, _end_if_idle, socket, seconds)
        return
    # It goes once nobody is connected to it, which is looked for every few seconds.
    handler.connection.session.request_expiration()
    handler.close(_LEFT_ALONE, _LEFT)
