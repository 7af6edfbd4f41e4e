"""Reads an entry from YAML that may come from anybody, and tells each mistake with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from custseg.errors import SettingError, quote, reason_of_system
from custseg.language import say
from custseg.wrong_entries import is_told, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

LARGEST = 1_000_000
# With its aliases followed, a small file can stand for more than any memory holds.
_MOST_ENTRIES = 200_000

# The kind of error with which a model says where its mistake is, since pydantic doesn't know.
UNKNOWN_NAME = "unknown_name"

_Model = TypeVar("_Model", bound=BaseModel)


def read_text(path: str | PathLike[str]) -> str:
    """Return what a playbook's file says. Raises SettingError where it cannot be read or is too large."""
    # Its name alone: on a server, visitors see the message.
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
        text = data[:LARGEST].decode("utf-8-sig", errors="strict" if len(data) <= LARGEST else "ignore")
    except (OSError, UnicodeDecodeError) as problem:
        reason = reason_of_system(problem) if isinstance(problem, OSError) else say("it is not text in UTF-8")
        msg = say(
            "The playbook {name} cannot be read: {reason}. Name another file, or leave it out.",
            name=quote(name),
            reason=reason,
        )
        raise SettingError(msg) from problem
    if len(data) > LARGEST:
        msg = say("The playbook {name} is larger than 1 MB. Name a smaller file, or leave it out.", name=quote(name))
        raise SettingError(msg)
    return text


def parse(text: str, name: str, model: type[_Model]) -> _Model:
    """Return what a YAML text holds, as a model. Raises SettingError with the line and the reason of a mistake."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return model()
        _Walk(name).through(node)
        content = loader.construct_document(node)
    except SettingError:
        raise
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise _mistake(name, line, str(problem.problem or problem.context)) from problem
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise _mistake(name, 1, say("it is not YAML")) from problem
    finally:
        loader.dispose()
    try:
        return model.model_validate(content)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise _mistake(name, _line_of(node, _place(first)), _reason(first)) from problem


class _Walk:
    """Goes through a file before anything is made of it."""

    def __init__(self, name: str) -> None:
        self._name, self._entries = name, 0

    def through(self, node: Any) -> None:
        """Refuse a name that appears twice, of which YAML would silently take the last, and what would never end."""
        self._entries += 1
        if self._entries > _MOST_ENTRIES:
            raise _mistake(
                self._name,
                node.start_mark.line + 1,
                say("with its aliases followed, it holds more than {most:,} entries", most=_MOST_ENTRIES),
            )
        if isinstance(node, yaml.MappingNode):
            seen = set()
            for entry, value in node.value:
                if isinstance(entry, yaml.ScalarNode) and entry.value in seen:
                    raise _mistake(
                        self._name, entry.start_mark.line + 1, say("{name} appears twice", name=quote(str(entry.value)))
                    )
                seen.add(entry.value if isinstance(entry, yaml.ScalarNode) else None)
                self.through(value)
        elif isinstance(node, yaml.SequenceNode):
            for entry in node.value:
                self.through(entry)


def _place(error: Any) -> tuple[int | str, ...]:
    """Return where an error is; a check of the whole playbook says so itself."""
    return tuple(error.get("ctx", {}).get("place", error["loc"]))


def _line_of(node: Any, location: Iterable[int | str]) -> int:
    """Follow a location such as ("suggestions", 3, "when") as far as the file goes, and return its line, from 1."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            children = [value for name, value in node.value if name.value == step]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            children = node.value[step : step + 1]
        else:
            children = []
        if not children:
            continue
        node = children[0]
    return int(node.start_mark.line) + 1


def _reason(error: Any) -> str:
    location = ".".join(str(step) for step in _place(error) if isinstance(step, str) and step.isidentifier())
    reason = (
        say("this must be a group of entries, such as “area: stock”")
        if error["type"] == "model_type"
        else reason_of(error)
    )
    told = error["type"] == "missing" or is_told(error)
    received = "" if told else say(", but got {received}", received=quote(error["input"]))
    return f"{location or say('the whole file')}: {reason}{received}"


def _mistake(name: str, line: int, reason: str) -> SettingError:
    return SettingError(
        say(
            "The playbook {name} has a mistake in line {line}: {reason}. Correct that line, or leave out "
            "the playbook to use one that comes with custseg.",
            name=quote(name),
            line=line,
            reason=reason,
        )
    )
