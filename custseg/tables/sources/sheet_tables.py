"""The tables in a sheet, which may lie side by side or below each other: the largest of them is meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.language import say, say_many
from custseg.tables.sources.header_rows import LOOK_AT_FIRST, is_header
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Mask = npt.NDArray[Any]
    # One list a column, all of the same length; None is an empty cell.
    Columns = list[list[Any]]

_FEWEST_ROWS, _FEWEST_COLUMNS = 3, 2


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A part of a sheet that holds one table.

    Attributes
    ----------
    rows
        The rows that hold anything, from 0.
    first, last
        The first and the last column, from 0.
    above, below
        How many lines of the sheet were set aside as notes above and below the table.
    others
        How many other tables the sheet holds.

    """

    rows: npt.NDArray[np.intp]
    first: int
    last: int
    above: int = 0
    below: int = 0
    others: int = 0

    @property
    def cells(self) -> int:
        """How many cells it spans."""
        return len(self.rows) * (self.last - self.first + 1)

    @property
    def is_table(self) -> bool:
        """Whether it is large enough to be more than notes beside a table."""
        return len(self.rows) >= _FEWEST_ROWS and self.last - self.first + 1 >= _FEWEST_COLUMNS

    def columns(self, of: Columns) -> Columns:
        """Cut it out of a sheet."""
        chosen, rows = of[self.first : self.last + 1], self.rows
        if len(rows) and len(rows) == rows[-1] - rows[0] + 1:
            return [column[rows[0] : rows[-1] + 1] for column in chosen]
        return [[column[row] for row in rows.tolist()] for column in chosen]


def main_area(columns: Columns) -> Area | None:
    """Find the largest table of a sheet; None where no cell holds anything."""
    filled: Mask = np.array([np.array(column, dtype=object) != np.array(None) for column in columns], dtype=bool)
    if not filled.any():
        return None
    areas = [area for first, last in _beside(filled) for area in _below(columns, filled, first, last)]
    largest = max(areas, key=lambda area: area.cells)
    others = [area for area in areas if area is not largest]
    above = sum(len(area.rows) for area in others if not area.is_table and area.rows[-1] < largest.rows[0])
    below = sum(len(area.rows) for area in others if not area.is_table and area.rows[0] > largest.rows[-1])
    tables = sum(area.is_table for area in others)
    return Area(largest.rows, largest.first, largest.last, above, below, tables)


def notes_of(area: Area) -> list[str]:
    """Say what of a sheet was not read."""
    notes = [say("{lines} below the table left out.", lines=count(area.below, "line"))] if area.below else []
    if area.others:
        notes.append(
            say_many(
                "The sheet holds one other table, which was not read: the largest was. Give each table a sheet of its "
                "own to read another.",
                "The sheet holds {quantity} other tables, which were not read: the largest was. Give each table a "
                "sheet "
                "of its own to read another.",
                area.others,
            )
        )
    return notes


def _beside(filled: Mask) -> Iterator[tuple[int, int]]:
    """Give the first and the last column of tables side by side, between which a column is empty."""
    runs = list(_runs(filled.any(axis=1)))
    extents = [_extent(filled[first : last + 1].any(axis=0)) for first, last in runs]
    # With the same rows it is one table, and an empty column for looks.
    joined = len({extent[1] for extent in extents}) == 1 or min(last - first for first, last in runs) == 0
    yield from [(runs[0][0], runs[-1][1])] if joined else runs


def _extent(filled: Any) -> tuple[int, int]:
    (rows,) = np.nonzero(filled)
    return int(rows[0]), int(rows[-1])


def _runs(filled: Any) -> Iterator[tuple[int, int]]:
    """Give the first and the last place of each run of what is filled."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled, [False]]).astype(np.int8)))
    yield from ((int(first), int(after) - 1) for first, after in edges.reshape(-1, 2))


def _below(columns: Columns, filled: Mask, first: int, last: int) -> Iterator[Area]:
    """Give the tables of some columns: below an empty row another begins where that row names columns."""
    runs = list(_runs(filled[first : last + 1].any(axis=0)))
    begun: list[tuple[int, int]] = []
    for run in runs:
        if begun and (_begins_table(columns, run, first, last) or _is_note(filled, run, first, last)):
            yield _area(filled, begun, first, last)
            begun = []
        begun.append(run)
    yield _area(filled, begun, first, last)


def _begins_table(columns: Columns, run: tuple[int, int], first: int, last: int) -> bool:
    rows = range(run[0], min(run[1] + 1, run[0] + LOOK_AT_FIRST))
    lines = [[column[row] for column in columns[first : last + 1]] for row in rows]
    # One title may stand above the names.
    return is_header(lines) or (len(lines) > 1 and is_header(lines[1:]) and _only_title(lines[0]))


def _only_title(line: list[Any]) -> bool:
    return sum(cell is not None for cell in line) == 1


def _is_note(filled: Mask, run: tuple[int, int], first: int, last: int) -> bool:
    """Whether the last lines hold one cell each, below a table of more columns."""
    after = filled[first : last + 1, run[0] :]
    return last - first >= _FEWEST_COLUMNS and bool((after.sum(axis=0) <= 1).all())


def _area(filled: Mask, runs: list[tuple[int, int]], first: int, last: int) -> Area:
    rows = np.concatenate([np.arange(begin, end + 1) for begin, end in runs])
    used_first, used_last = _extent(filled[first : last + 1][:, rows].any(axis=1))
    return Area(rows, first + used_first, first + used_last)
