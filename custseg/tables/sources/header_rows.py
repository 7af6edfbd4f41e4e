"""Which of the first lines of a table name its columns: one below notes, two that belong together, or none at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from custseg.language import mark, say
from custseg.tables.date_format import fitting_formats
from custseg.tables.number_text import is_number
from custseg.tables.sources.cell_columns import written
from custseg.tables.sources.column_names import filled_names
from custseg.tables.text_cells import NO_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Kind = Literal["", "gap", "text", "number", "date"]

LOOK_AT_FIRST = 60
_MOST_ABOVE = 20
_MOSTLY = 0.6
_FEWEST_BELOW = 2
_NARROW = 2
_YEARS = range(1900, 2101)
_NONE = mark("No line names the columns, so that they are numbered: add such a line above the first to name them.")
_JOINED = mark("Column names in two lines were joined.")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the names of columns stand: how many lines are above them, how many hold them (0 to 2), and the names."""

    above: int
    lines: int
    names: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is not as everybody's."""
        if self.lines == 1:
            return ()
        return (say(_JOINED if self.lines else _NONE),)


def kind_of(cell: Any) -> Kind:
    """Say what a cell holds: nothing, a word that stands for no value, a number, a date, or another text."""
    if cell is None or cell == "":
        return ""
    if not isinstance(cell, str):
        return "date" if isinstance(cell, dt.date | dt.time | dt.timedelta) else "number"
    text = cell.strip()
    if text.lower() in NO_VALUE:
        return "gap" if text else ""
    if text.isdigit() or is_number(text):
        return "number"
    return "date" if fitting_formats([text]) else "text"


def find_header(rows: Sequence[Sequence[Any]], spans: Iterable[tuple[int, int, int]] = ()) -> Header:
    """Find the names of columns in the first rows of a table, each as long as the others.

    ``spans`` are cells that are merged across columns: the row, the first and the last column, all from 0.
    """
    lines, spans = [list(row) for row in rows[:LOOK_AT_FIRST]], tuple(spans)
    for row, first, last in spans:
        lines[row][first : last + 1] = [lines[row][first]] * (last + 1 - first)
    kinds = [[kind_of(cell) for cell in line] for line in lines]
    widths = [_width(line, [span[1:] for span in spans if span[0] == row]) for row, line in enumerate(kinds)]
    place = _place_of_names(kinds, widths)
    if _has_no_header(lines, kinds, place):
        return Header(place, 0, tuple(filled_names([""] * len(lines[place]))))
    over = any(row == place for row, _, _ in spans)
    if not _has_second_line(kinds, place, over=over):
        return Header(place, 1, tuple(map(_written, lines[place])))
    if not over and _names_all(lines[place + 1]) and not all(kinds[place]):
        # The line above is a note, or groups columns that have names enough.
        return Header(place + 1, 1, tuple(map(_written, lines[place + 1])))
    return Header(place, 2, _joined(lines[place], lines[place + 1], filled=not over))


def is_header(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the first row names columns without a doubt: texts over numbers or dates."""
    kinds = [[kind_of(cell) for cell in row] for row in rows[:LOOK_AT_FIRST]]
    return _surely_names(kinds, 0)


def _width(kinds: Sequence[Kind], spans: list[tuple[int, int]]) -> int:
    """Count the filled cells of a row; where one is merged over all that are filled, it is one."""
    filled = [column for column, kind in enumerate(kinds) if kind]
    across = any(first <= filled[0] and last >= filled[-1] for first, last in spans) if filled else False
    return 1 if across else len(filled)


def _place_of_names(kinds: list[list[Kind]], widths: list[int]) -> int:
    typical = median([width for width in widths if width] or [0])
    first = next((place for place, width in enumerate(widths) if width > typical / 2), 0)
    if typical <= _NARROW and {"number", "date"} & set(kinds[first]):
        # One cell above two may be the name of the first column, where the other has none.
        first = 0
    for place in range(first, min(len(kinds), first + _MOST_ABOVE)):
        if _surely_names(kinds, place) and all(width < widths[place] for width in widths[first:place]):
            return place
        if widths[place] >= typical and {"number", "date"} & set(kinds[place]):
            break
    return first


def _surely_names(kinds: list[list[Kind]], place: int) -> bool:
    filled = [column for column, kind in enumerate(kinds[place]) if kind]
    below = kinds_below(kinds, place + 1)
    texts = all(kinds[place][column] in ("text", "gap") for column in filled)
    return texts and len(filled) > 1 and any(below[column] in ("number", "date") for column in filled)


def kinds_below(kinds: list[list[Kind]], start: int) -> list[Kind]:
    """Return what most cells of each column hold from a row on; nothing where they hold nothing."""
    found: list[Kind] = []
    for column in zip(*kinds[start:], strict=True):
        counted = Counter(kind for kind in column if kind not in ("", "gap"))
        kind, times = next(iter(counted.most_common(1)), ("", 0))
        found.append("text" if times and times < _MOSTLY * counted.total() else kind)  # type: ignore[arg-type]
    return found or [""] * len(kinds[0])


def _has_no_header(rows: list[list[Any]], kinds: list[list[Kind]], place: int) -> bool:
    """Whether the first row is data as all others are, beyond doubt: else its customer would be lost, or a name."""
    if len(rows) < place + 1 + _FEWEST_BELOW:
        return False
    below, first = kinds_below(kinds, place + 1), kinds[place]
    values = [column for column, kind in enumerate(below) if kind in ("number", "date")]
    if not values or any(first[column] != below[column] for column in values):
        return False
    texts = [column for column, kind in enumerate(below) if kind == "text" and first[column]]
    if any(_is_as_those_below([row[column] for row in rows[place:]]) for column in texts):
        return True
    if texts:
        return any(first[column] == "date" for column in values)
    return not _are_counted([rows[place][column] for column in values])


def _is_as_those_below(cells: list[Any]) -> bool:
    """Whether the first text comes again, or is made as most are, such as C001 above C002."""
    first, *others = (str(cell).strip() for cell in cells if cell is not None)
    made = _shape(first)
    alike = sum(_shape(other) == made for other in others)
    return first in others or ("9" in made and alike >= _MOSTLY * len(others))


def _shape(text: str) -> str:
    return "".join("9" if sign.isdigit() else "a" if sign.isalpha() else sign for sign in text)


def _are_counted(cells: list[Any]) -> bool:
    """Whether names may well be numbers: years, or 1, 2, 3."""
    texts = [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() for cell in cells]
    if not all(text.isdigit() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    return all(number in _YEARS for number in numbers) or all(
        after - number == 1 for number, after in pairwise(numbers)
    )


def _has_second_line(kinds: list[list[Kind]], place: int, *, over: bool) -> bool:
    """Whether the row below the names holds names too, under cells that are merged (``over``) or by what it holds."""
    top, *rest = kinds[place : place + 3]
    if len(rest) < _FEWEST_BELOW:
        return False
    second = rest[0]
    if over:
        return any(second)
    below = kinds_below(kinds, place + 2)
    values = [column for column, kind in enumerate(below) if kind in ("number", "date")]
    if not values or any(second[column] != "text" for column in values):
        return False
    if not {"text", "gap"} >= set(filter(None, (*top, *second))):
        return False
    # Where each column has a name already, a line without a customer may hold units.
    gaps = any(not upper and lower for upper, lower in zip(top, second, strict=True))
    return gaps or not any(kind for column, kind in enumerate(second) if column not in values)


def _names_all(row: list[Any]) -> bool:
    return all(kind_of(cell) for cell in row) and len(set(row)) == len(row)


def _joined(top: list[Any], second: list[Any], *, filled: bool) -> tuple[str, ...]:
    names, above = [], ""
    for cell, lower_cell in zip(top, second, strict=True):
        upper, lower = _written(cell), _written(lower_cell)
        above = upper or (above if filled and lower else "")
        names.append(above if not lower or lower == above else f"{above} {lower}".strip())
    return tuple(names)


def _written(cell: Any) -> str:
    return "" if cell is None else written(cell)
