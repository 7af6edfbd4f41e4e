"""Aggregates over groups of customers in an engine: one statement, of which a row a group comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.tables.expressions import Count, Known, Largest, Least, Squares
from custseg.tables.in_memory import of_nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.engine.lazy_columns import LazyColumns
    from custseg.tables.expressions import Aggregate

    Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Axis:
    """What customers are grouped by: a label, or a category.

    Attributes
    ----------
    key
        What rows with one value are of one group by.
    position
        Where on the axis a customer is.
    places
        Where on the axis keys are, once they are in memory.
    length
        How many positions there are.

    """

    key: nw.Expr
    position: Callable[[], nw.Expr]
    places: Callable[[list[Any]], Places]
    length: int
    levels: tuple[str | None, ...] = field(default=())


def grouped(
    engine: EngineFrame, columns: LazyColumns, wanted: Sequence[Aggregate], axes: Sequence[Axis]
) -> dict[Aggregate, npt.NDArray[Any]]:
    """Return each aggregate as an array with one axis for each."""
    lengths = tuple(axis.length for axis in axes)
    asked = tuple(dict.fromkeys(wanted))
    inputs = dict(zip(asked, columns.keep(*(_input(one, columns, axes) for one in asked)), strict=True))
    keys = columns.keep_named(*(axis.key for axis in axes))
    answers = [_summed(one, inputs[one]).alias(f"answer{place}") for place, one in enumerate(asked)]
    frame = columns.frame
    found = engine.collect(frame.group_by(*keys).agg(*answers) if keys else frame.select(*answers))
    groups = np.zeros(len(found), dtype=np.intp)
    for key, axis in zip(keys, axes, strict=True):
        groups = groups * axis.length + axis.places(found[key].to_list())
    arrays = {}
    for place, one in enumerate(asked):
        numbers = np.array([_number(cell) for cell in found[f"answer{place}"].to_list()], dtype=np.float64)
        arrays[one] = _spread(one, numbers, groups, lengths)
    return arrays


def _input(wanted: Aggregate, columns: LazyColumns, axes: Sequence[Axis]) -> nw.Expr:
    """Return what is counted or added up, for each customer."""
    if isinstance(wanted, Count):
        return nw.lit(1)
    value = columns[wanted.feature]
    if not isinstance(wanted, Squares):
        return value
    away = value - _around(wanted.around, axes)
    return away * away


def _around(around: tuple[float, ...], axes: Sequence[Axis]) -> nw.Expr | float:
    """Return from where a customer's distance is measured, which hangs on its group."""
    finite = [number if np.isfinite(number) else 0.0 for number in around]
    if len(set(finite)) == 1:
        return finite[0]
    group: nw.Expr | None = None
    for axis in axes:
        group = axis.position() if group is None else group * axis.length + axis.position()
    chain: Any = nw
    for place, number in enumerate(finite[:-1]):
        chain = chain.when(group == place).then(nw.lit(number))
    return chain.otherwise(nw.lit(finite[-1]))  # type: ignore[no-any-return]


def _summed(wanted: Aggregate, column: nw.Expr) -> nw.Expr:
    if isinstance(wanted, Known):
        return column.count()
    if isinstance(wanted, Least | Largest):
        return column.min() if isinstance(wanted, Least) else column.max()
    return column.sum()


def _number(cell: Any) -> float:
    return np.nan if cell is None else float(cell)


def _spread(
    wanted: Aggregate, numbers: npt.NDArray[np.float64], groups: Places, lengths: tuple[int, ...]
) -> npt.NDArray[Any]:
    """Put the answer of each group in its place; several keys may stand for one level."""
    array = of_nobody(wanted, int(np.prod(lengths, dtype=np.intp)))
    known = ~np.isnan(numbers)
    join: Any = {Least: np.minimum, Largest: np.maximum}.get(type(wanted), np.add)
    join.at(array, groups[known], numbers[known].astype(array.dtype))
    return array.reshape(lengths)
