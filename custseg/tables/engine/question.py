"""One question to an engine: the columns that it takes, narrowed to whom it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import narwhals as nw

from custseg.errors import SettingError
from custseg.language import say
from custseg.tables.conditions import parts_of
from custseg.tables.engine.conditions import expression_of
from custseg.tables.engine.lazy_columns import LazyColumns
from custseg.tables.expressions import (
    EVERYONE,
    Everyone,
    Identified,
    IdentifierContains,
    InSegments,
    Passing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Condition, Measure, Scoring, Value


class Source(Protocol):
    """What a question is asked of."""

    @property
    def engine(self) -> EngineFrame:
        """Where the rows are."""

    @property
    def identifier(self) -> str | None:
        """The column that tells customers apart."""

    @property
    def labels(self) -> Mapping[str, Scoring]:
        """What gives customers their segments, by name."""

    def number(self, value: Value) -> nw.Expr:
        """Return what stands for a value."""


class Question:
    """Columns of customers of whom a condition holds. What is asked of them is put on top of ``columns``."""

    def __init__(
        self,
        source: Source,
        values: Iterable[Value] = (),
        cells: Iterable[str] = (),
        labels: Iterable[str] = (),
        where: Condition = EVERYONE,
    ) -> None:
        """Take what will be looked at beside the condition: numbers, cells as they are, and segments."""
        parts = list(parts_of(where))
        segments = {*labels, *(part.label for part in parts if isinstance(part, InSegments))}
        wanted = [*values, *(value for label in sorted(segments) for value in source.labels[label].compared)]
        wanted += [value for part in parts if isinstance(part, Passing) for value in part.test.features]
        names = list(cells)
        if any(isinstance(part, Identified | IdentifierContains) for part in parts):
            names.append(_identifier(source))
        self._source, self._codes = source, dict[str, str]()
        self.columns = LazyColumns(
            source.engine,
            {value: source.number(value) for value in dict.fromkeys(wanted)},
            {name: source.engine.cells(name) for name in dict.fromkeys(names)},
        )
        if not isinstance(where, Everyone):
            condition = expression_of(where, self)
            self.columns.narrow(condition, self._codes.values())

    def codes(self, label: str) -> nw.Expr:
        """Return the segment of each customer under a label, LEFT_OUT or SET_APART."""
        if label not in self._codes:
            scoring = self._source.labels[label]
            (self._codes[label],) = self.columns.keep_named(_pushed(scoring).expression(self.columns))
        return nw.col(self._codes[label])

    def nobody(self) -> nw.Expr:
        """Return what holds of nobody."""
        return self.columns.nobody

    def passing(self, condition: Passing) -> nw.Expr:
        """Return of whom the test holds."""
        test: nw.Expr = _pushed(condition.test).expression(self.columns)
        return test.fill_null(value=False)

    def measured(self, measure: Measure) -> nw.Expr:
        """Return the number that is worked out of those of each customer."""
        measured: nw.Expr = _pushed(measure).expression(self.columns)
        return measured

    def identifiers(self) -> nw.Expr:
        """Return the identifier of each customer as text, a whole number without a point."""
        name = _identifier(self._source)
        cells, dtype = self.columns.cells(name), self._source.engine.schema[name]
        cells = cells.cast(nw.Int64) if dtype.is_float() else cells
        return cells if dtype == nw.String else cells.cast(nw.String)


def _identifier(source: Source) -> str:
    if source.identifier is None:
        msg = say("No column tells the customers apart, so none can be looked for. Give a column the role identifier.")
        raise SettingError(msg)
    return source.identifier


def _pushed(rule: Any) -> Any:
    """Return what scores or tests, where it can do so in an engine."""
    if not hasattr(rule, "expression"):
        msg = say(
            "This asks for rows in memory, which customers in an engine have none of. Take a sample of "
            "them, and read it as a table of its own."
        )
        raise SettingError(msg)
    return rule
