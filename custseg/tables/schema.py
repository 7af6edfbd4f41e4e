"""What the columns of customers are for, without the customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.wording import straight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.tables.column_roles import Column


class ColumnsByRole:
    """What columns are for, for whatever has ``columns``."""

    __slots__ = ()

    columns: tuple[Column, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that customers can be segmented on."""
        return tuple(column.name for column in self.columns if column.role == "feature")

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the columns that put customers into groups."""
        return tuple(column.name for column in self.columns if column.role == "category")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the columns that say what became of customers: not compared, but told of each segment."""
        return tuple(column.name for column in self.columns if column.role == "outcome")

    @property
    def identifier(self) -> str | None:
        """Name of the column that tells customers apart, if there is one."""
        return next((column.name for column in self.columns if column.role == "identifier"), None)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    def money(self, features: Iterable[str]) -> tuple[str, ...]:
        """Those of the features that count as spend."""
        spend = {column.name for column in self.columns if column.money}
        return tuple(name for name in features if name in spend)

    def label(self, name: str) -> str:
        """Return what people call a column: its label, else its name."""
        return next((column.label for column in self.columns if column.name == name and column.label), straight(name))

    def unit(self, name: str) -> str:
        """Return the unit of a column, or an empty text where none is known."""
        return next((column.unit for column in self.columns if column.name == name), "")


@dataclass(frozen=True, slots=True)
class Schema(ColumnsByRole):
    """The columns, in the table's order."""

    columns: tuple[Column, ...]
