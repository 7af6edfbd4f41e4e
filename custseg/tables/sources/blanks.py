"""Tables with blanks between their columns, as CDNOW's: found by their first lines, and written with a sign between."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.tables.number_text import is_number
from custseg.tables.sources.header_rows import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands in no text that people write: ASCII has it for this purpose.
SEPARATOR = "\x1f"
_PATTERNS = (re.compile("[ \t\u00a0]+"), re.compile("[ \t\u00a0]{2,}"))
_OTHER_SEPARATORS = re.compile('[;|\t"]')
_CLOCK = re.compile("[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?")
_LOOK_AT_FIRST = 200
_FEWEST_LINES = 2


@contextmanager
def with_separators(path: Path, sample: str) -> Iterator[Path]:
    """Give a text table with a sign between its columns while the block runs: itself, or a copy where it has blanks.

    ``sample`` are its first lines.
    """
    pattern = _pattern_between(sample)
    if pattern is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="custseg-") as folder:
        copy = Path(folder) / "separated"
        with path.open(encoding="utf-8-sig", newline=None) as lines, copy.open("w", encoding="utf-8") as file:
            file.writelines(f"{pattern.sub(SEPARATOR, line.strip())}\n" for line in lines)
        yield copy


def _pattern_between(sample: str) -> re.Pattern[str] | None:
    lines = [line.strip() for line in sample.split("\n") if line.strip()][:_LOOK_AT_FIRST]
    if len(lines) <= _FEWEST_LINES or any(_OTHER_SEPARATORS.search(line) for line in lines):
        return None
    return next((pattern for pattern in _PATTERNS if _separates([pattern.split(line) for line in lines])), None)


def _separates(rows: list[list[str]]) -> bool:
    """Whether all lines have as many values, some of them numbers in all lines, and nothing else is in between."""
    first, *others = rows
    if len(first) < 2 or any(len(row) != len(first) for row in others):
        return False
    # Blanks may stand within numbers and before times of day, and commas in numbers.
    if all(is_number(" ".join(row)) or (len(row) == 2 and _CLOCK.fullmatch(row[1])) for row in others):
        return False
    if any("," in cell and not is_number(cell) for row in rows for cell in row):
        return False
    return any(all(kind_of(row[place]) in ("number", "date") for row in others) for place in range(len(first)))
