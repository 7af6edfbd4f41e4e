"""Log records that stay short, whatever a browser sent."""

from __future__ import annotations

import logging
from typing import Any

_LONGEST = 4_000
_END = 1_000


class BoundedRecord(logging.LogRecord):
    """A record whose message and traceback are short: Bokeh writes whole messages and values into its log."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            # Every formatter writes this where it is there.
            self.exc_text = shorten(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802 - the name of the standard library
        """Return the message, shortened."""
        return shorten(super().getMessage())


def shorten(text: str, longest: int = _LONGEST) -> str:
    """Return the text, without its middle where it is longer than so many characters."""
    end = min(_END, longest // 2)
    left_out = len(text) - longest
    return text if left_out <= 0 else f"{text[: longest - end]} [{left_out} characters left out] {text[-end:]}"
