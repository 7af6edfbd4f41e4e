"""The columns that a question is answered from, as a lazy frame to which results can be added."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw

from custseg.tables.engine.engine_frame import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Value

    # What is done to a frame: the name of its method, and the expressions; or a fence around a column.
    Change = tuple[str, tuple[Any, ...]]


class LazyColumns:
    """A lazy frame whose columns have names of ours, whatever the table calls them.

    ``columns[value]`` is the number that a feature or a category gives. What is needed more than once is kept as a
    column: an engine writes out an expression wherever it stands, and would compute it each time.
    """

    def __init__(self, engine: EngineFrame, values: Mapping[Value, nw.Expr], cells: Mapping[str, nw.Expr]) -> None:
        """Take the expressions of numbers by what they stand for, and of cells as they are by the column's name."""
        self._values = {value: f"value{place}" for place, value in enumerate(values)}
        self._cells = {name: f"cells{place}" for place, name in enumerate(cells)}
        named = [expression.alias(self._values[value]) for value, expression in values.items()]
        named += [expression.alias(self._cells[name]) for name, expression in cells.items()]
        names = [value if isinstance(value, str) else value.column for value in values]
        looked_at = dict.fromkeys([*names, *cells] or engine.columns[:1])
        self._source = engine.frame.select(*(engine.column(name) for name in looked_at))
        self._changes: tuple[Change, ...] = (("select", tuple(named)),) if named else ()
        self._kept = 0

    def __getitem__(self, value: Value) -> nw.Expr:
        """Return the number of each customer, no value being null."""
        return nw.col(self._values[value])

    def name_of(self, value: Value) -> str:
        """Return what the column of a number is called here."""
        return self._values[value]

    @property
    def cells_called(self) -> Mapping[str, str]:
        """What columns of cells are called here, by the names that the table has for them."""
        return self._cells

    def cells(self, name: str) -> nw.Expr:
        """Return the cells of a column as they are."""
        return nw.col(self._cells[name])

    @property
    def nobody(self) -> nw.Expr:
        """Return what holds of nobody: engines do not take a truth without a column for a condition."""
        (name, *_) = (*self._values.values(), *self._cells.values(), *self._source.collect_schema())
        return nw.col(name).is_null() & ~nw.col(name).is_null()

    def keep(self, *expressions: nw.Expr) -> tuple[nw.Expr, ...]:
        """Add results as columns, and return these."""
        return tuple(nw.col(name) for name in self.keep_named(*expressions))

    def keep_named(self, *expressions: nw.Expr) -> list[str]:
        """Add results as columns, and return their names."""
        names = [f"kept{self._kept + place}" for place in range(len(expressions))]
        self._kept += len(expressions)
        if names:
            named = tuple(expression.alias(name) for name, expression in zip(names, expressions, strict=True))
            self._changes += (("with_columns", named),)
        return names

    def narrow(self, condition: nw.Expr, then: Iterable[str] = ()) -> None:
        """Leave out of whom it does not hold, and all that was kept but what is needed ``then``."""
        if self._kept:
            # Engines move a condition to where the rows are read, and write out there all that it stands on.
            (name,) = self.keep_named(condition)
            self._changes += (("fence", (name,)),)
            needed = [nw.col(one) for one in (*self._values.values(), *self._cells.values(), *then)]
            self._changes += (("filter", (nw.col(name),)), ("select", tuple(needed or [nw.col(name)])))
        else:
            self._changes += (("filter", (condition,)),)

    def copy(self) -> LazyColumns:
        """Return the same columns, to which others are added."""
        copied = LazyColumns.__new__(LazyColumns)
        copied.__dict__.update(self.__dict__)
        return copied

    @property
    def frame(self) -> nw.LazyFrame[Any]:
        """The frame with all of that."""
        return row_by_row(self._source, self._changes)


def row_by_row(source: nw.LazyFrame[Any], changes: Sequence[Change]) -> nw.LazyFrame[Any]:
    """Return a frame with changes, each of which looks at one row at a time."""
    if source.implementation.is_dask():
        # Dask takes seconds to plan so many columns; each of its parts is a frame of pandas, which does not.
        return _changed_in_dask(source, changes)
    changed: nw.LazyFrame[Any] = _changed(source, changes)
    return changed


def _changed(frame: Any, changes: Sequence[Change]) -> Any:
    for what, expressions in changes:
        frame = _fenced(frame, *expressions) if what == "fence" else getattr(frame, what)(*expressions)
    return frame


def _fenced(frame: Any, name: str) -> Any:
    """Return a frame of which no condition on a column is moved to before it: what hangs on chance, engines leave."""
    native: Any = frame.to_native()
    if frame.implementation.is_duckdb():
        return seen(native.project(f'* REPLACE ("{name}" AND random() < 2 AS "{name}")'))
    if frame.implementation.is_spark_like() and not frame.implementation.is_sqlframe():
        connect = frame.implementation.is_pyspark_connect()
        sql: Any = import_module("pyspark.sql.connect.functions" if connect else "pyspark.sql.functions")
        return seen(native.withColumn(name, native[name] & (sql.rand() < 2)))
    return frame


def _changed_in_dask(source: nw.LazyFrame[Any], changes: Sequence[Change]) -> nw.LazyFrame[Any]:
    from dask.dataframe import dispatch

    native, untyped = source.to_native(), cast("Any", dispatch)
    # Else Dask would try out what comes of it several times.
    few = _changed_part(untyped.meta_nonempty(untyped.make_meta(native)), changes)
    changed: nw.LazyFrame[Any] = seen(native.map_partitions(_changed_part, changes, meta=few.iloc[:0]))
    return changed


def _changed_part(part: Any, changes: Sequence[Change]) -> Any:
    return _changed(nw.from_native(part), changes).to_native()
