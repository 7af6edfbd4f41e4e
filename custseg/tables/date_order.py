"""Whether the day or the month comes first in a column of texts that is too long to hold: DuckDB looks at all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.tables.date_format import other_order
from custseg.tables.date_text import day_sql

if TYPE_CHECKING:
    import duckdb


def settle_order(relation: duckdb.DuckDBPyRelation, column: str, date_format: str) -> tuple[str, bool]:
    """Return the format that most rows of a quoted column have, of one found by its first rows and its other order.

    Also whether that is unclear: both fit as many rows, and would be other days.
    """
    other = other_order(date_format)
    if not other:
        return date_format, False
    one_day, other_day = day_sql(column, date_format), day_sql(column, other)
    ((fit, fit_other, differ),) = relation.aggregate(
        f"count({one_day}), count({other_day}), count(*) FILTER ({one_day} <> {other_day})"
    ).fetchall()
    return (other if fit_other > fit else date_format), fit == fit_other and differ > 0
