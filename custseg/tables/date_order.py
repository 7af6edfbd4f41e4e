"""Whether the day or the month comes first in a column of texts that is too long to hold: DuckDB looks at all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from custseg.tables.date_format import other_order
from custseg.tables.date_text import day_sql
from custseg.tables.sql_quoting import name_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from custseg.tables.reading import Reading


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


def with_settled_order(
    relation: duckdb.DuckDBPyRelation, readings: Mapping[str, Reading], name: str | None
) -> dict[str, Reading]:
    """Return what was read of the first rows, with the order of day and month that all rows of one column tell."""
    found = dict(readings)
    reading = found.get(name) if name is not None else None
    if name is None or reading is None or not other_order(reading.format.date_format):
        return found
    date_format, unclear = settle_order(relation, name_sql(name), reading.format.date_format)
    settled = replace(reading.format, date_format=date_format)
    # Another column may have told it.
    found[name] = replace(reading, format=settled, date_order_unclear=unclear and reading.date_order_unclear)
    return found
