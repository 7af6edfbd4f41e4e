"""Whether a text file goes on with another table, below an empty line."""

from __future__ import annotations

import csv
import mmap
import re
from itertools import islice
from typing import TYPE_CHECKING

from custseg.tables.sources.header_rows import is_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_PLACES = 20
_LOOK_AT = 1 << 14
_LINES = 20


def line_of_second_table(path: Path, start: int, separator: str, mark: str) -> int | None:
    """Return the line (from 1) in which a second table names its columns; ``start`` is the first line of data."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for place in islice(_empty_lines(content, separator.encode()), _MOST_PLACES):
            text = content[place : place + _LOOK_AT].decode("utf-8", errors="ignore")
            above = len(text) - len(text.lstrip(f"\r\n{separator}"))
            if _begins_table(text[above:], separator, mark):
                line = content[:place].count(b"\n") + text[:above].count("\n") + 1
                if line > start + 1:
                    return line
    return None


def _empty_lines(content: mmap.mmap, separator: bytes) -> Iterator[int]:
    """Give the places of empty lines, and of those that hold separators alone."""
    # Each look takes its time in a large file, and most have one kind of line ends.
    empty = b"\n\r\n" if content.find(b"\r\n", 0, _LOOK_AT) >= 0 else b"\n\n"
    found = sorted(
        place for ends in (empty, b"\n" + 2 * separator) for place in islice(_all_of(content, ends), _MOST_PLACES)
    )
    for place in found:
        end = content.find(b"\n", place + 1)
        if end >= 0 and not content[place + 1 : end].strip(separator + b"\r "):
            yield place + 1


def _all_of(content: mmap.mmap, ends: bytes) -> Iterator[int]:
    place = content.find(ends)
    while place >= 0:
        yield place
        place = content.find(ends, place + 1)


def _begins_table(text: str, separator: str, mark: str) -> bool:
    lines = re.split(r"\r?\n", text)[:_LINES]
    end = next((number for number, line in enumerate(lines) if not line.strip(separator + " ")), len(lines))
    try:
        rows = list(csv.reader(lines[:end], delimiter=separator, quotechar=mark))
    except csv.Error:
        return False
    return len(rows) > 1 and len({len(row) for row in rows}) == 1 and is_header(rows)
