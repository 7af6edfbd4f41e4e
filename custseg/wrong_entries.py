"""What is wrong with an entry of a document, in words for the person who wrote or opened it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from custseg.errors import quote
from custseg.language import mark, say
from custseg.wording import join_choices

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# By pydantic's kind of error (https://docs.pydantic.dev/latest/errors/validation_errors/), whose own messages are
# English and speak of types of Python.
_TEXT, _LIST, _GROUP = mark("this must be a text"), mark("this must be a list"), mark("this must be a group of entries")
_WHOLE, _NUMBER = mark("this must be a whole number"), mark("this must be a number")
_REASONS = {
    "missing": mark("this is required"),
    "extra_forbidden": mark("there is no entry with this name"),
    "json_invalid": mark("it is not JSON"),
    "none_required": mark("this must be empty"),
    "bool_type": mark("this must be true or false"),
    "int_type": _WHOLE, "int_parsing": _WHOLE, "int_parsing_size": _WHOLE, "int_from_float": _WHOLE,
    "float_type": _NUMBER, "float_parsing": _NUMBER, "finite_number": mark("this must be a finite number"),
    "greater_than": mark("this must be more than {gt:,}"),
    "greater_than_equal": mark("this must be {ge:,} or more"),
    "less_than": mark("this must be less than {lt:,}"),
    "less_than_equal": mark("this must be {le:,} or less"),
    "string_type": _TEXT, "string_unicode": _TEXT,
    "string_pattern_mismatch": mark("this must fit the pattern {pattern}"),
    "string_too_short": mark("this text is too short: the least is {min_length:,}"),
    "string_too_long": mark("this text is too long: the most is {max_length:,}"),
    "list_type": _LIST, "tuple_type": _LIST,
    "too_short": mark("these are too few: the least is {min_length:,}"),
    "too_long": mark("these are too many: the most is {max_length:,}"),
    "dict_type": _GROUP, "model_type": _GROUP, "model_attributes_type": _GROUP,
}  # fmt: skip
_LITERAL = re.compile(r"'([^']*)'|([^\s,']+)")


def reason_of(error: ErrorDetails) -> str:
    """Return why an entry cannot be taken, as a clause that begins in lower case.

    ``error`` is one of ``ValidationError.errors()``, with its context.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        return say("this must be {choices}", choices=join_choices(_choices(str(context["expected"]))))
    if kind in _REASONS:
        return say(_REASONS[kind], **{name: _plain(value) for name, value in context.items()})
    if is_told(error):
        said = error["msg"].removeprefix("Value error, ")
        return f"{said[:1].lower()}{said[1:]}"
    return say("this must be something else")


def is_told(error: Any) -> bool:
    """Whether a check of custseg's own says what is wrong, and not pydantic."""
    return error["type"] == "value_error" or "reason" in error.get("ctx", {})


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _choices(expected: str) -> list[str]:
    """Take apart what pydantic writes as “'a', 'b' or 'c'”."""
    found = [(text, number) for text, number in _LITERAL.findall(expected) if number != "or"]
    return [quote(text) if text else number for text, number in found]
