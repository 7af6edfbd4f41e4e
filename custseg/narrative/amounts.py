"""How columns, their values and their categories are written in sentences: the one place that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.insight.associations import NO_VALUE
from custseg.tables.statements import statement_for
from custseg.tables.written_values import written as written_value
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.tables.column_roles import Column
    from custseg.tables.schema import ColumnsByRole

_MORE_DIGITS = (6, 9, 12, 17)


def heading(schema: ColumnsByRole, column: str) -> str:
    """Return what people call a column, as a line begins with it; a name that nobody put in words stays as it is."""
    label = schema.label(column)
    return label if label == column else capitalised(label)


def own_label(schema: ColumnsByRole, column: str) -> str:
    """Return what people call a column; empty where that is its name."""
    label = schema.label(column)
    return "" if label == column else label


def statement(schema: ColumnsByRole, column: str, level: str, levels: Sequence[str]) -> str:
    """Say that a category has a level, one of its ``levels``, as a line begins: “Channel is Retail”, “Has a phone”."""
    said = "missing" if level == NO_VALUE else level
    label = schema.label(column)
    words = statement_for(label, level, levels)
    return f"{heading(schema, column)} is {said}" if words == f"{label}: {level}" else capitalised(words)


def written(column: Column, value: float) -> str:
    """Write a value of a feature without its unit."""
    return written_value(column, value)


def compared(column: Column, value: float, baseline: float) -> tuple[str, str]:
    """Write two values of a feature with as many digits as it takes to tell them apart."""
    here, everywhere = written(column, value), written(column, baseline)
    for digits in _MORE_DIGITS:
        if here != everywhere:
            break
        # Years, say, differ only in later digits.
        here, everywhere = (f"{each:,.{digits}g}" for each in (value, baseline))
        if column.quantity == "year":
            here, everywhere = here.replace(",", ""), everywhere.replace(",", "")
    return here, everywhere
