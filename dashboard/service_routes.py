"""What a service that watches over the server asks for: whether it lives, whether it is ready, and what was counted.

None of these makes a page, and none needs to know the name that people open, since a probe asks by a number.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from tornado.web import RequestHandler

from custseg import DataError, SettingError
from dashboard.early_start import is_reading
from dashboard.log_words import told_in_log
from dashboard.page_ahead import with_people
from dashboard.server_settings import settings_in_force
from dashboard.service_metrics import SESSIONS
from dashboard.source import check_settings

if TYPE_CHECKING:
    from bokeh.server.tornado import BokehTornado

_log = logging.getLogger("custseg")


class _Service(RequestHandler):
    def set_default_headers(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")


class _Liveness(_Service):
    """Answers where the event loop does."""

    def get(self) -> None:
        self.finish("alive\n")


class _Readiness(_Service):
    """Answers 200 where a page could be made, 503 while the table is read or where a setting stands in the way."""

    def get(self) -> None:
        if is_reading():
            self.set_status(503)
            self.finish("not ready: the table is being read\n")
            return
        try:
            check_settings()
        except (DataError, SettingError) as problem:
            # To the log alone: it may name a file.
            _log.error("The server is not ready: %s", told_in_log(problem))
            self.set_status(503)
            self.finish("not ready: the server's log says why\n")
            return
        self.finish("ready\n")


class _Metrics(_Service):
    def get(self) -> None:
        server: Any = self.application
        SESSIONS.set(sum(len(with_people(server.get_sessions(path))) for path in server.app_paths))
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(generate_latest())


PROBES: dict[str, type[RequestHandler]] = {"/liveness": _Liveness, "/readiness": _Readiness}


def probe(path: str, server: BokehTornado) -> type[RequestHandler] | None:
    """Return who answers a probe at this path, None where it is none."""
    return PROBES.get(path.removeprefix(server.prefix))


def service(path: str, server: BokehTornado) -> type[RequestHandler] | None:
    """Return who answers what only those ask for whom the server is; None for all else."""
    return _Metrics if path.removeprefix(server.prefix) == "/metrics" and settings_in_force().metrics == "on" else None
