"""Columns of whole numbers that a gap has made floating point ones before they were written: 12347.0 is 12347."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.tables.whole_numbers import are_whole, may_be_whole

if TYPE_CHECKING:
    import pyarrow as pa


_FIRST = 1000


def with_whole_numbers(table: pa.Table) -> pa.Table:
    """Make whole numbers of columns that hold no others, as far as that is exact."""
    import pyarrow as pa

    for place, name in enumerate(table.column_names):
        column = table.column(place)
        # The first cells tell for most columns, and all of them would be copied.
        if column.type == pa.float64() and may_be_whole(column[:_FIRST].to_numpy()) and are_whole(column.to_numpy()):
            table = table.set_column(place, name, column.cast(pa.int64()))
    return table
