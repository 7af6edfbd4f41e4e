"""Columns of a spreadsheet as columns of a table: each of the type that all its cells have, text where they differ."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.tables.whole_numbers import LARGEST_EXACT

if TYPE_CHECKING:
    import pyarrow as pa


def without_blanks(cells: list[Any]) -> list[Any]:
    """Return the cells with None for those that hold nothing but blanks."""
    if str not in set(map(type, cells)):
        return cells
    return [None if cell.__class__ is str and not cell.strip() else cell for cell in cells]


def column_of(cells: list[Any]) -> pa.Array:
    """Make a column of cells, of which None is empty."""
    import pyarrow as pa

    kinds = set(map(type, cells)) - {type(None)}
    if kinds <= {int, float}:
        return _numbers(cells)
    if kinds <= {bool}:
        return pa.array(cells, pa.bool_())
    if kinds <= {dt.date, dt.datetime}:
        moments = cells if kinds == {dt.datetime} else [_moment(cell) for cell in cells]
        return pa.array(moments, pa.timestamp("s"))
    if kinds == {str}:
        return pa.array(cells, pa.string())
    return pa.array(_texts(cells, kinds), pa.string())


def _texts(cells: list[Any], kinds: set[type]) -> list[str | None]:
    if bool in kinds:
        # True would be the same as 1 among the different cells.
        return [None if cell is None else written(cell) for cell in cells]
    texts = {cell: None if cell is None else written(cell) for cell in set(cells)}
    return [texts[cell] for cell in cells]


def written(cell: object) -> str:
    """Write a cell as the spreadsheet shows it: whole numbers without a point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _numbers(cells: list[Any]) -> pa.Array:
    """Make whole numbers of what a spreadsheet always holds as floating point, as far as that is exact."""
    import pyarrow as pa

    try:
        numbers = np.array(cells, dtype=np.float64)
    except OverflowError:
        # Old formats hold whole numbers of any length.
        numbers = np.array([None if cell is None else float(str(cell)) for cell in cells], dtype=np.float64)
    empty = np.isnan(numbers)
    known = numbers[~empty]
    if (np.abs(known) < LARGEST_EXACT).all() and (known == np.floor(known)).all():
        whole = np.zeros(len(numbers), dtype=np.int64)
        whole[~empty] = known.astype(np.int64)
        return pa.array(whole, mask=empty)
    return pa.array(numbers, mask=empty)


def _moment(cell: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell  # type: ignore[return-value]
