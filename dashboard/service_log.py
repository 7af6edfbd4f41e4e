"""The server's log: what happened, a line each, as text or as JSON. It holds nothing of a table."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from dashboard.log_words import OURS, somebody_develops
from dashboard.server_settings import ServerSettingError, settings_in_force
from dashboard.service_events import EVENTS
from dashboard.service_metrics import ERRORS
from dashboard.session_mark import session_mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

# What a line of JSON has of a record that is not ours.
_FIELDS = frozenset({"time", "level", "logger", "message", "exc_info", "session"})
_log = logging.getLogger(OURS)


def set_up_log() -> None:
    """Log as the setting says, and count what is logged as an error."""
    kind = settings_in_force().log
    logging.getLogger(EVENTS).setLevel(logging.WARNING if kind == "trouble" else logging.INFO)
    # Panel writes by itself, and hands nothing on.
    for log in (logging.getLogger(), logging.getLogger("panel")):
        if not any(isinstance(handler, _Counting) for handler in log.handlers):
            log.addHandler(_Counting(logging.ERROR))
        if kind == "json":
            for handler in _written(log):
                handler.setFormatter(JSON_LINES)
    if not somebody_develops():
        _log_what_is_else_printed()


@contextmanager
def failures_told() -> Iterator[None]:
    """Log where a page failed that could not be made: Bokeh puts that into the text of its message alone."""
    try:
        yield
    except ServerSettingError as problem:
        _log.error("The page cannot be shown: %s", problem)
        raise
    except Exception:
        _log.exception("The page cannot be shown")
        raise


def _log_what_is_else_printed() -> None:
    """Have the log tell of warnings and of errors that nobody waits for, without their texts."""
    warnings.showwarning = _tell_warning
    threading.excepthook = lambda failed: _tell_error(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _tell_error(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _tell_warning(
    message: Warning | str,  # noqa: ARG001 - it may quote a table
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - the log is where it goes
    line: str | None = None,  # noqa: ARG001
) -> None:
    _log.warning("%s in %s, line %d", category.__name__, Path(filename).name, lineno)


def _tell_error(kind: type[BaseException], problem: BaseException | None, places: TracebackType | None) -> None:
    _log.error("An error came where nobody waits for it", exc_info=(kind, problem or kind(), places))


def _written(log: logging.Logger) -> list[logging.Handler]:
    """Return what writes lines; where nothing does yet, it is made."""
    if not any(isinstance(handler, logging.StreamHandler) for handler in log.handlers):
        log.addHandler(logging.StreamHandler(sys.stderr))
    return [handler for handler in log.handlers if isinstance(handler, logging.StreamHandler)]


class _AsJson(JsonFormatter):
    """One object a line: when, how grave, who says so and what, with the facts of an event."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        names = {"asctime": "time", "levelname": "level", "name": "logger"}
        super().__init__(*args, rename_fields=names, **kwargs)  # type: ignore[arg-type]

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Put in what there is to say, with the session; of others' records nothing that they added."""
        super().add_fields(log_data, record, message_dict)
        if mark := session_mark():
            log_data.setdefault("session", mark)
        if record.name.partition(".")[0] != OURS:
            for name in log_data.keys() - _FIELDS:
                del log_data[name]


class _Counting(logging.Handler):
    """Counts what is logged."""

    def emit(self, _: logging.LogRecord) -> None:
        ERRORS.inc()


JSON_LINES = _AsJson("{asctime}{levelname}{name}{message}", style="{")
