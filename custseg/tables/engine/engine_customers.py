"""Customers in an engine: the kind of ``Customers`` of whom nobody sees the rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from custseg.tables.expressions import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from custseg.tables.column_roles import Column
    from custseg.tables.customers import Aggregated, Sample
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Aggregate, Condition, Scoring


@dataclass(frozen=True, eq=False)
class EngineCustomers:
    """A table in an engine, what its columns are for, and what gives its customers segments under any number of names.

    Rows have no order there: ``page`` puts them in that of the identifier.
    """

    engine: EngineFrame
    columns: tuple[Column, ...]
    identifier: str | None
    labels: Mapping[str, Scoring] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many customers there are."""
        return self.engine.count()

    def aggregate(self, wanted: Sequence[Aggregate], by: Sequence[str] = (), where: Condition = EVERYONE) -> Aggregated:
        """Return each aggregate over the groups by labels and categories: an array with one axis for each."""
        raise NotImplementedError

    def sample(self, most: int, seed: int = 0, where: Condition = EVERYONE) -> Sample:
        """Return ``most`` customers at random; all where there are no more."""
        raise NotImplementedError

    def page(self, where: Condition = EVERYONE, order: str | None = None, offset: int = 0, limit: int = 20) -> Sample:
        """Return some customers in the order of the identifier, or of a feature (the least first, no value last)."""
        raise NotImplementedError

    def label(self, scoring: Scoring, name: str) -> EngineCustomers:
        """Return the same customers with the segment of each under a name, found whenever it is asked for."""
        return replace(self, labels={**self.labels, name: scoring})
