"""What no page of ours would send is refused: with a sentence for who sent it, and a line in the log."""

from __future__ import annotations

import logging
import sys
import weakref
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg import DataError, SettingError
from dashboard.browser_writes import RefusedError, take_out_refused
from dashboard.log_words import told_in_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from bokeh.protocol.messages.patch_doc import patch_doc

    from custseg import SegmentationModel

_log = logging.getLogger("custseg")
# Where values of a browser are looked at before anything of ours is.
_LIBRARIES = ("bokeh", "numpy", "pandas", "panel", "param")
_OUR_OWN = ("dashboard.browser_writes", "dashboard.server_guard")
_UNUSABLE = "Something that this page sent cannot be used, and nothing was changed. Reload the page."


def taking_out_what_is_refused(apply: Callable[..., None]) -> Callable[..., None]:
    """Apply a message of changes without those that are refused."""

    def apply_allowed(self: patch_doc, document: Any, setter: Any = None) -> None:
        refused = take_out_refused(self.content, document)
        apply(self, document, setter)
        if refused:
            raise RefusedError("; ".join(refused))

    return apply_allowed


def answering_refusals(patch: Any) -> Any:
    """Answer a message that is refused, or that Bokeh cannot read, with why; Bokeh would log it with a traceback."""

    async def patch_or_refuse(cls: type, message: Any, connection: Any) -> Any:
        try:
            return await patch.__func__(cls, message, connection)
        except Exception as problem:
            if connection.session.destroyed:
                # The page was closed while its message waited: there is nothing left to change, nor anybody to tell.
                return connection.ok(message)
            if not is_of_a_browser(problem):
                raise
            log_refusal(problem)
            return connection.error(message, str(problem))

    return classmethod(patch_or_refuse)


def is_of_a_browser(problem: BaseException) -> bool:
    """Whether what went wrong lies in a value that a browser sent: it was refused, or a library failed with it."""
    if isinstance(problem, (RefusedError, DataError, SettingError)):
        return True
    frames = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(problem.__traceback__)]
    return bool(frames) and (frames[-1].partition(".")[0] in _LIBRARIES or frames[-1] in _OUR_OWN)


def log_refusal(problem: BaseException) -> None:
    """Write one line, without anything of what was sent."""
    _log.warning("A message of a page was refused: %s", told_in_log(problem))


def tell_refused_changes(model: SegmentationModel) -> None:
    """Show on the page why a change is refused that only fails when Panel takes it over."""
    pn.config.exception_handler = _Teller(model)


class _Teller:
    """Tells of what a change that a browser sent led to. It lives as long as the document, and holds no model."""

    def __init__(self, model: SegmentationModel) -> None:
        self._model = weakref.ref(model)

    def __call__(self, problem: BaseException) -> None:
        if not is_of_a_browser(problem):
            raise problem
        log_refusal(problem)
        model = self._model()
        if model is not None:
            model.error = str(problem) if isinstance(problem, (DataError, SettingError)) else _UNUSABLE


def is_told_otherwise(_: logging.LogRecord) -> bool:
    """Whether a record of Panel's is of none of these: it writes a traceback of each before it hands it on."""
    problem = sys.exc_info()[1]
    return problem is None or not is_of_a_browser(problem)
