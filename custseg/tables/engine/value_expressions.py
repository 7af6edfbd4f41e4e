"""The number that a column gives a customer, as an expression of its engine: what ``to_numbers`` is in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from custseg.errors import SettingError, quote
from custseg.language import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from custseg.tables.column_roles import Column
    from custseg.tables.engine.cell_levels import CellLevels
    from custseg.tables.engine.engine_frame import EngineFrame


def number_of(engine: EngineFrame, column: Column, levels: Callable[[Column], CellLevels]) -> nw.Expr:
    """Return the number of each customer in a column, null where there is none.

    Raises
    ------
    SettingError
        The cells are written in a way that the engine does not read.

    """
    kind, dtype, cells = column.format.kind, engine.schema[column.name], engine.column(column.name)
    if kind == "ordinal" or (kind == "truth" and not (dtype == nw.Boolean or dtype.is_numeric())):
        return levels(column).number(engine.cells(column.name))
    if kind == "date" and dtype in (nw.Date, nw.Datetime):
        return _days_before(day_number(cells, dtype), column)
    if kind in ("number", "birth year", "truth") and (dtype == nw.Boolean or dtype.is_numeric()):
        return _number(cells, dtype, column)
    what = say("dates") if kind == "date" else say("numbers")
    msg = say(
        "{column} holds {what} as {dtype}, which {engine} is not asked to read as such. Convert the "
        "column to {what} in {engine} first, or leave it out.",
        column=quote(column.name),
        what=what,
        dtype=quote(str(dtype)),
        engine=engine.name,
    )
    raise SettingError(msg)


def _number(cells: nw.Expr, dtype: nw.dtypes.DType, column: Column) -> nw.Expr:
    numbers = cells if dtype == nw.Float64 else cells.cast(nw.Float64)
    wrong = [numbers.is_nan()] if dtype.is_float() else []
    wrong += [numbers == float(gap) for gap in column.format.gaps]
    for one in wrong:
        numbers = nw.when(~one).then(numbers)
    latest = column.format.latest
    return latest.year - numbers if column.format.kind == "birth year" and latest is not None else numbers


def day_number(cells: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    """Return the day of the calendar, from 1: not every engine takes one date from another."""
    cells = cells.dt.convert_time_zone("UTC") if getattr(dtype, "time_zone", None) else cells
    before = cells.dt.year() - 1
    leap_days = before // 4 - before // 100 + before // 400
    return (before * 365 + leap_days + cells.dt.ordinal_day()).cast(nw.Float64)


def _days_before(days: nw.Expr, column: Column) -> nw.Expr:
    """Count days back from the latest."""
    for gap in column.format.gaps:
        days = nw.when(days != float(_day(str(gap)))).then(days)
    latest: dt.date | None = column.format.latest
    return days if latest is None else float(latest.toordinal()) - days


def _day(text: str) -> int:
    import datetime as dt

    return dt.date.fromisoformat(text).toordinal()
