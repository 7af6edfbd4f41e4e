"""Customers without rows: a kind that answers the questions of the seam and nothing else, as an engine would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.tables.expressions import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Aggregated, Customers, Sample
    from custseg.tables.expressions import Aggregate, Condition, Measure, Scoring, Value


class Rowless:
    """Hands on what the seam asks to customers elsewhere, and holds no row, matrix or list of identifiers itself."""

    def __init__(self, elsewhere: Customers) -> None:
        self._ask = elsewhere

    @property
    def table(self) -> Any:
        return self._ask.table

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._ask.columns

    @property
    def count(self) -> int:
        return self._ask.count

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        return self._ask.aggregate(wanted, by, where)

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        return self._ask.sample(most, seed, where)

    def page(
        self,
        where: Condition = EVERYONE,
        order: Value | Measure | None = None,
        offset: int = 0,
        limit: int = 20,
        *,
        descending: bool = False,
    ) -> Sample:
        return self._ask.page(where, order, offset, limit, descending=descending)

    def label(self, scoring: Scoring, name: str) -> Rowless:
        return Rowless(self._ask.label(scoring, name))
