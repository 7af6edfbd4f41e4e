"""Customers with their segments beside them: the frame that came in, with columns at its end. A lazy one stays lazy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.clustering.scoring_expression import check_pushed, distance_and_margin, nearest, prepare_columns
from custseg.errors import DataError, listed
from custseg.language import say
from custseg.tables.customers import segment_numbers
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.engine.engine_frame import EngineFrame, say_nothing_of_dask
from custseg.tables.expressions import LEFT_OUT, SET_APART
from custseg.tables.table import open_source, read_values, unique_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from custseg.clustering.scoring_model import Placement, ScoringModel
    from custseg.tables.expressions import Value

SEGMENT, NAME, DISTANCE, MARGIN = "segment", "segment_name", "distance", "margin"


def is_lazy(customers: object) -> bool:
    """Whether customers are a frame that is computed where it lies, when it is asked for."""
    if not _may_be(customers):
        return False
    say_nothing_of_dask()
    return isinstance(nw.from_native(customers, pass_through=True), nw.LazyFrame)


def _may_be(customers: object) -> bool:
    # Narwhals announces things of some frames, so it isn't asked about paths and the like.
    return type(customers).__module__.partition(".")[0] not in ("builtins", "pathlib", "custseg")


def new_names(taken: Iterable[str], wanted: Sequence[str] = (SEGMENT, NAME, DISTANCE, MARGIN)) -> tuple[str, ...]:
    """Return names for the columns of a score that a table does not have, in capitals or small letters."""
    found: list[str] = [name.casefold() for name in taken]
    new = []
    for name in wanted:
        new.append(unique_name(name, found))
        found.append(new[-1])
    return tuple(new)


def assign(customers: object, scoring: ScoringModel) -> Any:
    """Return the segments of customers in memory (1..k, 0 for none); a lazy frame with a last column, ``segment``.

    Raises
    ------
    DataError
        A column that is compared is missing, or contains what can't be read.
    SettingError
        A lazy frame is to be scored by what needs customers in memory.

    """
    if is_lazy(customers):
        return _lazily(EngineFrame.of(customers), scoring, None)
    source = open_source(customers)
    if source.elsewhere is not None:
        return _lazily(source.elsewhere, scoring, None)
    return segment_numbers(scoring.codes(read_values(source.frame, scoring.schema, scoring.compared)))


def score(customers: object, scoring: ScoringModel, names: Sequence[str]) -> Any:
    """Return customers with four more columns: segment, segment_name, distance and margin, empty where in none.

    A lazy frame stays lazy, a dataframe stays one of its kind, and a file becomes one of PyArrow. Raises as ``assign``.
    """
    if is_lazy(customers):
        return _lazily(EngineFrame.of(customers), scoring, names)
    source = open_source(customers)
    if source.elsewhere is not None:
        return _lazily(source.elsewhere, scoring, names)
    return nw.to_native(with_placement(source.frame, scoring, names))


def with_placement(frame: nw.DataFrame[Any], scoring: ScoringModel, names: Sequence[str]) -> nw.DataFrame[Any]:
    """Return a frame in memory with the segment of each customer, its name, the distance and the margin."""
    return beside(frame, scoring.place(scoring.values(frame)), names)


def beside(frame: nw.DataFrame[Any], placed: Placement, names: Sequence[str]) -> nw.DataFrame[Any]:
    """Return a frame in memory with columns at its end that say where its customers are."""
    backend = frame.implementation
    segment, name, distance, margin = new_names(frame.columns)
    called = [None, *names]
    columns = [
        _whole_numbers(segment, placed.segments, frame),
        nw.new_series(name, [called[number] for number in placed.segments.tolist()], nw.String, backend=backend),
        *(
            nw.new_series(column, _or_none(numbers), nw.Float64, backend=backend)
            for column, numbers in ((distance, placed.distance), (margin, placed.margin))
        ),
    ]
    return frame.with_columns(*columns)


def _whole_numbers(name: str, numbers: npt.NDArray[np.intp], frame: nw.DataFrame[Any]) -> nw.Series[Any]:
    """Return whole numbers with gaps for 0 as a column."""
    cells = [number or None for number in numbers.tolist()]
    if not frame.implementation.is_pandas():
        return nw.new_series(name, cells, nw.Int64, backend=frame.implementation)
    import pandas as pd

    # Narwhals would make floating point numbers of them.
    return nw.from_native(pd.Series(cells, frame.to_native().index, dtype="Int64", name=name), series_only=True)


def _or_none(numbers: Any) -> list[float | None]:
    return [None if np.isnan(number) else number for number in numbers.tolist()]


def _lazily(engine: EngineFrame, scoring: ScoringModel, names: Sequence[str] | None) -> Any:
    absent = [name for name in scoring.columns if name not in engine.columns]
    if absent:
        msg = say(
            "Columns called {columns} were expected, but got none called {absent}.",
            columns=listed(list(scoring.columns)),
            absent=listed(absent),
        )
        raise DataError(msg)
    check_pushed(scoring.preparation)
    there = EngineCustomers(engine, scoring.schema.columns, None)
    with engine.alone():
        columns = _WholeTable(engine, {value: there.number(value) for value in scoring.compared})
        placed = _placed(scoring, columns, names)
        wanted = new_names(engine.columns, (SEGMENT,) if names is None else (SEGMENT, NAME, DISTANCE, MARGIN))
        return columns.with_last(dict(zip(wanted, placed, strict=True)))


def _placed(scoring: ScoringModel, columns: _WholeTable, names: Sequence[str] | None) -> list[nw.Expr]:
    """Return the segment, and where names are given also the name, the distance and the margin; null for none."""
    found = prepare_columns(scoring.preparation, columns)
    centroids, numbers = scoring.prepared_centroids, range(1, scoring.k + 1)
    (code,) = columns.keep(found.code(nearest(found.prepared, centroids, columns)))
    segment = nw.when((code != LEFT_OUT) & (code != SET_APART)).then(code)
    if names is None:
        return [segment]
    called = nw.lit(None, nw.String)
    for number, name in zip(numbers, names, strict=True):
        called = nw.when(code == number).then(nw.lit(name)).otherwise(called)
    distance, margin = distance_and_margin(found.prepared, centroids, code, columns)
    known = code.is_in(list(numbers))
    return [segment, called, nw.when(known).then(distance), nw.when(known).then(margin)]


class _WholeTable:
    """All columns of a lazy frame, and what is kept beside them under names that it does not have."""

    def __init__(self, engine: EngineFrame, values: Mapping[Value, nw.Expr]) -> None:
        self._engine, self._held = engine, tuple(engine.frame.collect_schema())
        self._prefix, self._kept = "custseg", 0
        while any(name.casefold().startswith(self._prefix) for name in self._held):
            self._prefix += "_"
        self._frame = engine.frame
        self._values = dict(zip(values, self.keep(*values.values()), strict=True))

    def __getitem__(self, value: Value) -> nw.Expr:
        """Return the number of each customer, no value being null."""
        return self._values[value]

    def keep(self, *expressions: nw.Expr) -> tuple[nw.Expr, ...]:
        """Add results as columns, and return these."""
        names = [f"{self._prefix}{self._kept + place}" for place in range(len(expressions))]
        self._kept += len(expressions)
        if names:
            named = [expression.alias(name) for name, expression in zip(names, expressions, strict=True)]
            self._frame = self._frame.with_columns(*named)
        return tuple(nw.col(name) for name in names)

    def with_last(self, columns: Mapping[str, nw.Expr]) -> Any:
        """Return the table as it came, with a few columns at its end."""
        frame = self._frame.select(
            *(nw.col(name) for name in self._held), *(column.alias(name) for name, column in columns.items())
        )
        native: Any = frame.to_native()
        # Spark was given other names where it reads them as its own.
        return native.toDF(*self._engine.columns, *columns) if self._held != self._engine.columns else native
