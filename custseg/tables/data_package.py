"""What the ``datapackage.json`` beside a data file says of its columns: labels, units, levels, and what is money.

The format is Frictionless Data's (https://datapackage.org, Data Package and Table Schema). A field's ``title`` says
what people call it, and ``categories`` what its codes stand for; ``label`` and ``levels`` (``{"1": "Retail"}``) say
the same, and ``unit`` and ``money`` more: custom properties, which the standard allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, quote
from custseg.language import say

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "datapackage.json"
# Of which a description of thousands of columns takes a tenth.
_LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class FieldNote:
    """What is written down about one column."""

    unit: str = ""
    money: bool | None = None
    description: str = ""
    label: str = ""
    levels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What is written down about one data file; empty where nothing is."""

    title: str = ""
    source: str = ""
    fields: dict[str, FieldNote] = field(default_factory=dict)


def describe(path: Path) -> Descriptor:
    """Look a data file up in the ``datapackage.json`` of its folder. No such file, or no entry: an empty Descriptor."""
    package_path = path.with_name(FILE_NAME)
    if not package_path.is_file():
        return Descriptor()
    try:
        package = json.loads(_text(package_path))
        entry = next((entry for entry in package["resources"] if entry.get("path") == path.name), None)
        if entry is None:
            return Descriptor()
        notes = {
            str(note["name"]): FieldNote(
                unit=str(note.get("unit", "")),
                money=note.get("money"),
                description=str(note.get("description", "")),
                label=str(note.get("label") or note.get("title") or ""),
                levels=_levels(note),
            )
            for note in entry.get("schema", {}).get("fields", [])
        }
        source = "; ".join(str(source["title"]) for source in entry.get("sources", []))
        return Descriptor(title=str(entry.get("title", "")), source=source, fields=notes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        msg = say(
            "The description of the data, {file_name} beside {name}, cannot be read as a Data Package "
            "({kind}). Correct it, or remove it to do without titles and units.",
            file_name=quote(FILE_NAME),
            name=quote(path.name),
            kind=type(problem).__name__,
        )
        raise DataError(msg) from problem


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        msg = f"more than {_LARGEST:,} bytes"
        raise ValueError(msg)
    return content.decode("utf-8")


def _levels(note: dict[str, Any]) -> dict[str, str]:
    """Return what the codes of a field stand for; the standard's ``categories`` may also be a list of bare values."""
    labelled = {entry["value"]: entry["label"] for entry in note.get("categories", []) if isinstance(entry, dict)}
    return {str(code): str(label) for code, label in (labelled | note.get("levels", {})).items()}
