"""The errors that custseg raises for bad input, how they quote untrusted values, and why a system refused."""

from __future__ import annotations

import errno
import os

import numpy as np

from custseg.language import mark, say

_LONGEST_QUOTE = 60
# What systems say in English, whatever language a page has.
_OF_THE_SYSTEM = {
    errno.ENOENT: mark("No such file or directory"),
    errno.EACCES: mark("Permission denied"),
    errno.EPERM: mark("Operation not permitted"),
    errno.ENOSPC: mark("No space left on device"),
    errno.EDQUOT: mark("Disk quota exceeded"),
    errno.EFBIG: mark("File too large"),
    errno.EROFS: mark("Read-only file system"),
    errno.EISDIR: mark("Is a directory"),
    errno.ENOTDIR: mark("Not a directory"),
    errno.ENAMETOOLONG: mark("File name too long"),
    errno.EMFILE: mark("Too many open files"),
    errno.EIO: mark("Input/output error"),
}


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


def reason_of_system(problem: OSError) -> str:
    """Return why a system refused, in the reader's language: what it says of a file, a folder or a disk."""
    known = _OF_THE_SYSTEM.get(problem.errno or 0)
    if known is not None and problem.strerror == os.strerror(problem.errno or 0):
        return say(known)
    return problem.strerror or type(problem).__name__


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
