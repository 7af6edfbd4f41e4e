"""What a column of a customer table is for: identifier, feature, category, outcome or ignored, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from custseg.tables.column_format import ColumnFormat

Role = Literal["identifier", "feature", "category", "outcome", "ignored"]
Quantity = Literal["", "year", "whole", "share"]
ROLES: tuple[Role, ...] = ("identifier", "feature", "category", "outcome", "ignored")

_NUMBERS = ColumnFormat("number")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a customer table.

    ``reason`` says in words why it has its role; ``format`` how its cells become numbers; ``unit`` is empty where
    nobody stated one; ``money`` is True for a feature that counts as spend; ``label`` is what people call it, empty
    where nobody said so; ``order`` are the levels of an ordinal category from the least to the most;
    ``level_labels`` are codes with what people call them; ``quantity`` says how its numbers are written: as years, as
    whole numbers such as ages and counts, as shares of 1, or (empty) as they are.
    """

    name: str
    role: Role
    reason: str
    format: ColumnFormat = _NUMBERS
    unit: str = ""
    money: bool = False
    description: str = ""
    label: str = ""
    order: tuple[str, ...] = ()
    level_labels: tuple[tuple[str, str], ...] = ()
    quantity: Quantity = ""
