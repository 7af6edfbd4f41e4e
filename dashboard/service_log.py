"""The server's log: what happened, a line each, as text or as JSON. It holds nothing of a table."""

from __future__ import annotations

import logging
import sys

from pythonjsonlogger.json import JsonFormatter

from dashboard.server_settings import settings_in_force
from dashboard.service_events import EVENTS
from dashboard.service_metrics import ERRORS


def set_up_log() -> None:
    """Log as the setting says, and count what is logged as an error."""
    kind, root = settings_in_force().log, logging.getLogger()
    logging.getLogger(EVENTS).setLevel(logging.WARNING if kind == "trouble" else logging.INFO)
    if not any(isinstance(handler, _Counting) for handler in root.handlers):
        root.addHandler(_Counting(logging.ERROR))
    if kind == "json":
        for handler in _written(root):
            handler.setFormatter(_AsJson("{asctime}{levelname}{name}{message}", style="{"))


def _written(root: logging.Logger) -> list[logging.Handler]:
    """Return what writes lines; where nothing does yet, it is made."""
    if not any(isinstance(handler, logging.StreamHandler) for handler in root.handlers):
        root.addHandler(logging.StreamHandler(sys.stderr))
    return [handler for handler in root.handlers if isinstance(handler, logging.StreamHandler)]


class _AsJson(JsonFormatter):
    """One object a line: when, how grave, who says so and what, with the facts of an event."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        names = {"asctime": "time", "levelname": "level", "name": "logger"}
        super().__init__(*args, rename_fields=names, **kwargs)  # type: ignore[arg-type]


class _Counting(logging.Handler):
    """Counts what is logged."""

    def emit(self, _: logging.LogRecord) -> None:
        ERRORS.inc()
