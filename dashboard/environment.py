"""One setting of the server, from the environment: a number or a word, or a sentence that says what it must be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from custseg.errors import SettingError, quote

if TYPE_CHECKING:
    from collections.abc import Sequence


class ServerSettingError(SettingError):
    """A setting of the server is wrong. The message is about that alone, so that it may stand in the log."""


def whole_number(setting: str, usual: int, unit: str, *, least: int = 1) -> int:
    """Return a number, the usual one where none is set. Raises SettingError for anything else."""
    text = os.environ.get(setting, "").strip() or str(usual)
    if text.isascii() and text.isdigit() and int(text) >= least:
        return int(text)
    allowed = "above 0" if least else "or 0 for none"
    msg = f"{setting} must be a whole number of {unit} {allowed}, but got {quote(text)}. Correct it, or remove it."
    raise ServerSettingError(msg)


def one_of(setting: str, words: Sequence[str], usual: str) -> str:
    """Return one of two words or more, the usual one where none is set. Raises SettingError for any other."""
    text = os.environ.get(setting, "").strip()
    if not text or text in words:
        return text or usual
    *others, last = words
    msg = f"{setting} must be {', '.join(others)} or {last}, but got {quote(text)}. Correct it, or remove it."
    raise ServerSettingError(msg)
