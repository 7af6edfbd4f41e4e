"""The two errors that custseg raises for bad input, and how they quote untrusted values."""

from __future__ import annotations

import numpy as np

from custseg.language import say

_LONGEST_QUOTE = 60


class DataError(ValueError):
    """A table cannot be used. The message says what was expected, what was found, where, and what to do."""


class SettingError(ValueError):
    """A setting cannot be used: k, the seed, a feature, an axis. The message says what is allowed."""


def quote(value: object) -> str:
    """Put an untrusted value in quotation marks, on one line and short enough to read.

    The result is plain text, not markup: it still has to be escaped before it is put on a page.
    """
    text = value if isinstance(value, str) else _representation(value)
    # Of a text of megabytes the rest is not looked at.
    line = "".join(character if character.isprintable() else " " for character in text[: _LONGEST_QUOTE + 1])
    if len(line) > _LONGEST_QUOTE:
        line = f"{line[: _LONGEST_QUOTE - 3]}..."
    return say("“{line}”", line=line)


def _representation(value: object) -> str:
    try:
        # NumPy writes the type of a number before it.
        return repr(value.item() if isinstance(value, np.generic) else value)
    except ValueError:
        # Python refuses to write whole numbers of more than 4300 digits.
        return say("a very large {kind}", kind=type(value).__name__)


def listed(values: tuple[str, ...] | list[str], most: int = 12) -> str:
    """List the values for a reader, and say how many more there are."""
    shown = ", ".join(quote(value) for value in values[:most])
    return shown if len(values) <= most else say("{shown} and {more} more", shown=shown, more=len(values) - most)
