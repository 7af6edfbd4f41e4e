"""The language that people are spoken to in, and how numbers are written in it.

English texts stand in the code, and are the keys of the catalogues in ``locale/``. They are looked up when they are
shown, so a constant holds a marked English text. ``python -m translation`` brings the catalogues up to date.
"""

from __future__ import annotations

import gettext
import os
import string
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from babel import Locale, dates, numbers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

_Given = TypeVar("_Given")
_Key = TypeVar("_Key")

ENGLISH = "en"
# By their codes, what each is called in itself.
LANGUAGES = MappingProxyType({ENGLISH: "English", "de": "Deutsch", "fr": "Français"})
SETTING = "CUSTSEG_LANGUAGE"
DOMAIN = "custseg"
FOLDER = Path(__file__).parent / "locale"

_spoken: ContextVar[str | None] = ContextVar("language", default=None)
# What a session, and what this process is told to speak.
_of_session: list[Callable[[], str | None]] = []
_of_process: list[str] = []


def current() -> str:
    """Return the code of the language that is spoken here: of a block, else of the session, else of the process."""
    spoken = _spoken.get()
    if spoken is None:
        for look_up in _of_session:
            spoken = spoken or look_up()
    return spoken or (_of_process[0] if _of_process else _usual())


def _usual() -> str:
    """Return what the environment says, where there is such a language."""
    wanted = os.environ.get(SETTING, "").strip()
    return wanted if wanted in LANGUAGES else ENGLISH


def speak(code: str) -> None:
    """Speak a language from here on, in the whole process."""
    _of_process[:] = [code]


def speak_with_sessions(look_up: Callable[[], str | None]) -> None:
    """Ask this for the language of the session that something happens in."""
    _of_session[:] = [look_up]


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak a language within a block."""
    token = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(token)


def in_the_same_language(work: Callable[..., _Given]) -> Callable[..., _Given]:
    """Have work that another thread does speak the language of who asks for it."""
    code = current()

    def do(*arguments: Any, **named: Any) -> _Given:
        with spoken(code):
            return work(*arguments, **named)

    return do


def mark(message: str) -> str:
    """Mark an English text that is looked up later, with ``say``, when it is shown."""
    return message


def mark_in(context: str, message: str) -> str:  # noqa: ARG001 - it is read from the source
    """Mark an English text that is looked up later, with ``say_in``, when it is shown."""
    return message


def say(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken; numbers among the values are written as in that language.

    Values stand in it as in a formatted string: ``say("{part} of {whole:,}", part=part, whole=whole)``.
    """
    code = current()
    # An empty key is that of a catalogue's own header.
    if message and code != ENGLISH:
        message = _catalogue(code).gettext(message)
    return _filled(message, code, values)


def say_in(context: str, message: str, /, **values: object) -> str:
    """Return a message that other languages say in different ways, depending on where it stands."""
    code = current()
    if code != ENGLISH:
        message = _catalogue(code).pgettext(context, message)
    return _filled(message, code, values)


def say_each(labels: Mapping[_Key, str]) -> dict[_Key, str]:
    """Look up each of some marked texts, such as the titles of columns."""
    return {key: say(label) for key, label in labels.items()}


def by_what_is_said(choices: Mapping[str, _Given]) -> dict[str, _Given]:
    """Look up the marked texts by which there are choices."""
    return {say(label): choice for label, choice in choices.items()}


def say_many(one: str, many: str, quantity: float, /, **values: object) -> str:
    """Return a message for one thing or for many, as the language tells them apart; ``quantity`` may stand in it."""
    code, message = current(), one if quantity == 1 else many
    if code != ENGLISH:
        message = _catalogue(code).ngettext(one, many, quantity)  # type: ignore[arg-type]
    return _filled(message, code, {"quantity": quantity, **values})


def written(value: object, specification: str) -> str:
    """Format a value as Python does, with the signs of the language for decimals, thousands and percentages."""
    formatted: str = _WRITERS[current()].format_field(value, specification)
    return formatted


def signs() -> tuple[str, str]:
    """Return what is before decimals, and what is between thousands."""
    return _signs(current())


def percent_sign() -> str:
    """Return what stands behind a percentage."""
    return _number_signs(current())[ord("%")]


def number_ways() -> dict[str, str]:
    """Return what a script needs to write numbers: the language as browsers call it, and the sign of percent."""
    code = current()
    return {"language": "en-US" if code == ENGLISH else code, "percent": percent_sign()}


def day(date: dt.date) -> str:
    """Write a date in words: “5 May 2026”."""
    if current() == ENGLISH:
        return f"{date.day} {date:%B %Y}"
    return dates.format_date(date, "long", locale=current())


def _filled(message: str, code: str, values: dict[str, object]) -> str:
    return _WRITERS[code].vformat(message, (), values) if values else message


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [code])


@cache
def _signs(code: str) -> tuple[str, str]:
    return numbers.get_decimal_symbol(code), numbers.get_group_symbol(code)


@cache
def _number_signs(code: str) -> dict[int, str]:
    decimal, group = _signs(code)
    percentage = Locale(code).percent_formats[None].pattern.rpartition("0")[2]
    return str.maketrans({".": decimal, ",": group, "%": percentage})


class _EnglishWriter(string.Formatter):
    """Fills messages as Python does."""

    def vformat(self, format_string: str, args: Any, kwargs: Any) -> str:
        return format_string.format(*args, **kwargs)


class _Writer(string.Formatter):
    """Fills messages with numbers as a language writes them."""

    def __init__(self, code: str) -> None:
        self._code = code

    def format_field(self, value: Any, format_spec: str) -> str:
        formatted: str = super().format_field(value, format_spec)
        # Text and dates have no signs of numbers, and a whole number without a specification has none either.
        if isinstance(value, str) or not hasattr(value, "__float__") or not (format_spec or isinstance(value, float)):
            return formatted
        return formatted.translate(_number_signs(self._code))


_WRITERS: dict[str, string.Formatter] = {
    code: _EnglishWriter() if code == ENGLISH else _Writer(code) for code in LANGUAGES
}
