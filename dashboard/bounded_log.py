"""Log records that stay short and hold nothing of a table, whatever a browser sent and whichever library writes."""

from __future__ import annotations

import logging
from traceback import format_exception
from typing import Any

from dashboard.log_words import is_whole, places_of, somebody_develops, words_of
from dashboard.session_mark import session_mark

_LONGEST = 4_000
_END = 1_000


class BoundedRecord(logging.LogRecord):
    """A record on one line, of which a value that others put in and the text of an exception are left out.

    Every formatter and handler sees only what is left, with the session that it is about.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_whole(self):
            self.msg, self.args = words_of(self), None
        if self.exc_info and self.exc_info[1]:
            self.exc_text = shorten(_traceback(self.exc_info[1]))
            # Some formatters would write it anew.
            self.exc_info = None

    def getMessage(self) -> str:  # noqa: N802 - the name of the standard library
        """Return the message, shortened, on one line."""
        line = "".join(one if one.isprintable() else " " for one in shorten(super().getMessage()))
        mark = session_mark()
        return line if not mark or hasattr(self, "session") else f"{line} session={mark}"


def _traceback(problem: BaseException) -> str:
    return "".join(format_exception(problem)).rstrip() if somebody_develops() else places_of(problem)


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return the text, without its middle where it is longer than so many characters."""
    end = min(_END, longest // 2)
    left_out = len(text) - longest
    return text if left_out <= 0 else f"{text[: longest - end]} [{left_out} characters left out] {text[-end:]}"
