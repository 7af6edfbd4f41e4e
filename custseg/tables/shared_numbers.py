"""Numbers that are in memory once: those that are computed with, and the same ones in the dataframe of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.tables.reading import lay_side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.tables.reading import Reading


def share_numbers(frame: nw.DataFrame[Any], readings: dict[str, Reading], features: Iterable[str]) -> nw.DataFrame[Any]:
    """Return a dataframe whose features lie where their numbers do, side by side.

    Only columns of Arrow can, that hold floating-point numbers as they are read, and no gap. The frame itself is
    returned where there are none.
    """
    features = list(features)
    lay_side_by_side(readings, features)
    if frame.implementation is not nw.Implementation.PYARROW:
        return frame
    table = frame.to_native()
    for place, field in enumerate(table.schema):
        if field.name in features and _is_as_read(table.column(place), readings[field.name]):
            table = table.set_column(place, field, _as_arrow(readings[field.name].floats))
    shared: nw.DataFrame[Any] = nw.from_native(table, eager_only=True)
    return shared


def _is_as_read(column: Any, reading: Reading) -> bool:
    written = reading.format.kind == "number" and not reading.format.gaps
    return written and str(column.type) == "double" and not column.null_count


def give_back_memory() -> None:
    """Let other programs have what Arrow keeps for later: hundreds of megabytes where a file was large."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def _as_arrow(numbers: npt.NDArray[Any]) -> Any:
    """Return a column of Arrow that lies where an array does."""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.float64(), len(numbers), [None, pa.py_buffer(numbers)])
