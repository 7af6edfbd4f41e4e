"""What a pane says the same in English and in another language: text that is in no catalogue yet, or of the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from custseg.language import spoken
from custseg.panes import Explorer
from tests.panes.hands import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from custseg import SegmentationModel

_WORD = re.compile(r"[^\W\d_]{2,}")


def said_by(make: Callable[[], SegmentationModel], code: str) -> dict[str, list[str]]:
    """Return what each part of all views says, line by line, labels and headings of tables with it."""
    with spoken(code):
        model = make()
        return {name: list(_lines(part.state())) for name, part in parts_of(Explorer(model)).items()}


def _lines(shown: Any) -> Iterator[str]:
    yield from re.split(r"\n|(?<=[.:;!?]) ", shown.text)
    for table in shown.tables:
        yield from (re.sub("<[^>]*>", "", title) for title in table.titles.values())
        cells = (value for row in table.rows for value in row.values() if isinstance(value, str))
        yield from (cell for cell in cells if not cell.startswith(("<svg", "#")))
    for label, control in shown.controls.items():
        yield from (label, *control.options)


def left_in_english(english: list[str], other: list[str], own: set[str]) -> set[str]:
    """Return the lines that are the same in both, unless all their words are the table's own."""
    same = {line.strip() for line in english} & {line.strip() for line in other}
    return {line for line in same if words(line) - own}


def words(text: str) -> set[str]:
    """Return the words of a text in small letters."""
    return {word.casefold() for word in _WORD.findall(text)}
