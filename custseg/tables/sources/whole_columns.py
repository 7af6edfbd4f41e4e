"""Columns of whole numbers that a gap has made floating point ones before they were written: 12347.0 is 12347."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.tables.whole_numbers import are_whole

if TYPE_CHECKING:
    import pyarrow as pa


def with_whole_numbers(table: pa.Table) -> pa.Table:
    """Make whole numbers of columns that hold no others, as far as that is exact."""
    import pyarrow as pa

    for place, name in enumerate(table.column_names):
        column = table.column(place)
        # A view where there are no gaps; NaN stands for them else.
        if column.type == pa.float64() and are_whole(column.to_numpy()):
            table = table.set_column(place, name, column.cast(pa.int64()))
    return table
