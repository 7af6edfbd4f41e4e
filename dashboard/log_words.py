"""What of a record may stand in the server's log: the words of who wrote the code, numbers, and where it happened.

Libraries put into their messages what they were at: cells, names, whole messages of a browser, identifiers of sessions.
The text of an exception is no better. Only while somebody develops (``panel serve --dev``) all of it is written.
"""

from __future__ import annotations

import re
import sys
import traceback
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING

import panel as pn

from dashboard.server_settings import ServerSettingError

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator
    from types import CodeType

OURS = "custseg"
# They say where the server is and how it was set up, before anybody comes.
_AT_THE_START = ("bokeh.command", "panel.command", "bokeh.server.server", "bokeh.server.util")
_REQUESTS = "tornado.access"
_PLACE_FOR_A_VALUE = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")
_LEFT_OUT = "..."


def somebody_develops() -> bool:
    """Whether the server is one's own, which starts again at each change of the code."""
    return bool(pn.config.autoreload)


def is_whole(record: logging.LogRecord) -> bool:
    """Whether all that a record says may be written: it is ours, or somebody develops."""
    whole = (OURS, *_AT_THE_START)
    return somebody_develops() or any(record.name == one or record.name.startswith(f"{one}.") for one in whole)


def words_of(record: logging.LogRecord) -> str:
    """Return what a library says in words of its own; where something is left out, also where it said so."""
    if record.name == _REQUESTS:
        return _request(record)
    said = _with_numbers(record) if record.args else _constant(record)
    if _LEFT_OUT not in said:
        return said
    return f"{said} ({Path(record.pathname).name}, line {record.lineno})"


def _request(record: logging.LogRecord) -> str:
    """Return the answer, the method and the path, where it is one of ours: people may ask for any."""
    status, asked, *_ = record.args if isinstance(record.args, tuple) else (0, "")
    method, _, address = str(asked).partition(" ")
    is_ours = isinstance(status, int) and not 400 <= status < 500
    return f"{status} {method} {re.split('[? ]', address)[0]}" if is_ours else f"{status} {method}"


def _with_numbers(record: logging.LogRecord) -> str:
    values = list(record.args) if isinstance(record.args, tuple) else []

    def fill(place: re.Match[str]) -> str:
        if place[0].endswith("%"):
            return "%"
        value = values.pop(0) if values else None
        return place[0] % value if isinstance(value, Number) else _LEFT_OUT

    return _PLACE_FOR_A_VALUE.sub(fill, str(record.msg))


def _constant(record: logging.LogRecord) -> str:
    """Return a message as far as it stands in the code that wrote it: values were put into what does not."""
    said = str(record.msg)
    constants = [one for code in _code_that_wrote(record) for one in code.co_consts if isinstance(one, str)]
    if said in constants:
        return said
    return max((one for one in constants if one and said.startswith(one)), key=len, default="") + _LEFT_OUT


def _code_that_wrote(record: logging.LogRecord) -> Iterator[CodeType]:
    frame = sys._getframe()  # noqa: SLF001 - documented, and what logging itself finds the place by
    while frame is not None:
        if (frame.f_code.co_filename, frame.f_lineno) == (record.pathname, record.lineno):
            yield frame.f_code
        frame = frame.f_back  # type: ignore[assignment]


def places_of(problem: BaseException) -> str:
    """Return a traceback without the text of any exception."""
    chain: list[BaseException] = []
    earlier: BaseException | None = problem
    while earlier is not None and earlier not in chain:
        chain.append(earlier)
        earlier = earlier.__cause__ or (None if earlier.__suppress_context__ else earlier.__context__)
    return "\n".join(_places(one) for one in reversed(chain))


def _places(problem: BaseException) -> str:
    frames = "".join(traceback.format_tb(problem.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{type(problem).__name__}"


def told_in_log(problem: BaseException) -> str:
    """Return in a few words what failed and where, with what it was about where that was noted.

    The sentence itself may quote a table, so that it is for the page alone, unless it is about a setting of the server.
    """
    about = "".join(f"{note}: " for note in getattr(problem, "__notes__", ()))
    if isinstance(problem, ServerSettingError):
        return f"{about}{problem}"
    places = traceback.extract_tb(problem.__traceback__)
    where = f" in {Path(places[-1].filename).name}, line {places[-1].lineno}" if places else ""
    return f"{about}{type(problem).__name__}{where}"
