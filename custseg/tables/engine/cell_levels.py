"""The different cells of a column in an engine, and what each stands for: a level, a rank, or no value."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.column_format import to_numbers
from custseg.tables.levels import FrameLevels, positions_among

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from custseg.tables.column_roles import Column
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import LevelOf
    from custseg.tables.levels import Levels

# A column of more different cells puts nobody into groups.
MOST_CELLS = 20_000


class CellLevels:
    """Different cells of one column, each once, as they are read in memory."""

    def __init__(self, engine: EngineFrame, column: Column) -> None:
        """Ask the engine for the different cells.

        Raises
        ------
        DataError
            There are too many, or the engine failed.

        """
        cells = engine.frame.select(engine.cells(column.name).alias("cells"))
        found = engine.collect(cells.group_by("cells").agg(nw.len().alias("customers")).head(MOST_CELLS + 1))
        if len(found) > MOST_CELLS:
            msg = say(
                "{column} has more than {most:,} different values, which are too many to put customers "
                "into groups. Give the column another role.",
                column=quote(column.name),
                most=MOST_CELLS,
            )
            raise DataError(msg)
        texts = [str(cell) for cell in found["cells"].to_list()]
        # An engine gives them in another order each time.
        order = sorted(range(len(texts)), key=texts.__getitem__)
        self._series = found["cells"][order].alias(column.name)
        self._cells = [_key(cell) for cell in self._series.to_list()]
        self.levels: Levels = FrameLevels(self._series.to_frame()).of(column)
        self._codes = dict(zip(self._cells, self.levels.codes.tolist(), strict=True))
        self._column = column

    def codes_of(self, cells: Iterable[Any]) -> list[int]:
        """Return the position of the level of each cell. Raises DataError where one was not there before."""
        try:
            return [self._codes[_key(cell)] for cell in cells]
        except KeyError:
            msg = say(
                "The table changed: {column} has values that it did not have. Read it again.",
                column=quote(self._column.name),
            )
            raise DataError(msg) from None

    def position(self, cells: nw.Expr) -> nw.Expr:
        """Return the position of the level of each customer among all levels."""
        return self._numbers(cells, self.levels.codes.tolist(), len(self.levels.texts) - 1)

    def position_among(self, wanted: LevelOf, cells: nw.Expr) -> nw.Expr:
        """Return the level of each customer as a number; see ``LevelOf``."""
        other = float(len(wanted.levels))
        return self._numbers(cells, positions_among(self.levels, wanted).tolist(), other)

    def number(self, cells: nw.Expr) -> nw.Expr:
        """Return the number that each cell stands for, as the format of the column says."""
        return self._numbers(cells, to_numbers(self._series, self._column.format).tolist(), None)

    def _numbers(self, cells: nw.Expr, numbers: list[float], other: float | None) -> nw.Expr:
        """Return the number of each cell; ``other`` where the cell is a new one."""
        by_number: dict[float | None, list[Any]] = {}
        for cell, number in zip(self._cells, numbers, strict=True):
            by_number.setdefault(None if np.isnan(number) else number, []).append(cell)
        chain: Any = nw
        for value, some in by_number.items():
            chain = chain.when(_is_one_of(cells, some)).then(nw.lit(value, nw.Float64))
        last = nw.lit(other, nw.Float64)
        return last if chain is nw else chain.otherwise(last)


def _is_one_of(cells: nw.Expr, some: list[Any]) -> nw.Expr:
    known = [cell for cell in some if cell is not None]
    gap = [cells.is_null()] if len(known) < len(some) else []
    held = [cells.is_in(known).fill_null(value=False)] if known else []
    return reduce(or_, [*gap, *held])


def _key(cell: Any) -> Hashable:
    """Return what equal cells have in common, None for no value."""
    import pandas as pd

    if pd.api.types.is_scalar(cell):
        return None if pd.isna(cell) else cell
    return str(cell)
