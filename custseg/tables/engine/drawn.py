"""Customers of an engine who came into memory: a sample or a screen of them, read as a table in memory is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.column_format import to_numbers
from custseg.tables.customers import Sample
from custseg.tables.levels import FrameLevels, positions_among
from custseg.tables.whole_numbers import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw
    import numpy.typing as npt

    from custseg.tables.customers import Ordered
    from custseg.tables.expressions import LevelOf, Scoring, Value
    from custseg.tables.schema import Schema

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.uint8]

_NOT_NAMED = "not named"


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows in memory, and how many customers they stand for. What was read of them once is kept for the next who asks.

    ``kept`` is whatever must live as long as they do.
    """

    frame: nw.DataFrame[Any] = field(repr=False)
    schema: Schema = field(repr=False)
    of: int
    kept: object = field(default=None, repr=False)
    orders: dict[str | tuple[str, ...], Ordered] = field(default_factory=dict, repr=False)
    matrices: dict[tuple[Value, ...], Floats] = field(default_factory=dict, repr=False)
    codes: dict[int, tuple[Scoring, Codes]] = field(default_factory=dict, repr=False)

    def sample(self, labels: Mapping[str, Scoring]) -> Sample:
        """Return them with their numbers and segments."""
        return Sample(
            features=self.schema.features,
            values=self.matrix(self.schema.features),
            labels={name: self._codes(scoring) for name, scoring in labels.items()},
            of=self.of,
            identify=self._identify,
            orders=self.orders,
            find_levels=self._positions,
        )

    def matrix(self, wanted: tuple[Value, ...]) -> Floats:
        """Return customers x wanted, NaN where a value is missing. Raises DataError where a number is infinite."""
        if wanted not in self.matrices:
            values = np.empty((len(self.frame), len(wanted)), order="F")
            for place, value in enumerate(wanted):
                values[:, place] = self._numbers(value) if isinstance(value, str) else self._positions(value)
            values.setflags(write=False)
            self.matrices[wanted] = values
        return self.matrices[wanted]

    def _codes(self, scoring: Scoring) -> Codes:
        if id(scoring) not in self.codes:
            # With what scores, so that no other one gets its place in memory.
            self.codes[id(scoring)] = scoring, scoring.codes(self.matrix(scoring.compared))
        return self.codes[id(scoring)][1]

    @cached_property
    def _levels(self) -> FrameLevels:
        return FrameLevels(self.frame)

    def _positions(self, wanted: LevelOf) -> Floats:
        return positions_among(self._levels.of(self.schema.column(wanted.column)), wanted)

    def _numbers(self, name: str) -> Floats:
        numbers = to_numbers(self.frame[name], self.schema.column(name).format)
        if np.isinf(numbers).any():
            msg = say(
                "Every number must be finite, but {name} has infinite ones. Correct them, or leave them empty.",
                name=quote(name),
            )
            raise DataError(msg)
        return numbers

    def _identify(self) -> npt.NDArray[np.object_]:
        name = self.schema.identifier
        if name is None:
            return np.full(len(self.frame), _NOT_NAMED, dtype=object)
        series = self.frame[name]
        cells = zip(series.to_list(), series.is_null().to_list(), strict=True)
        return np.array([_NOT_NAMED if gap else as_text(cell) for cell, gap in cells], dtype=object)
