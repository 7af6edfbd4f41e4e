"""All rows of a table in an engine, so many at a time: whoever writes them to a file never has all of them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.tables.engine.failures import failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.tables.engine.engine_frame import EngineFrame

ROWS_AT_A_TIME = 100_000


def batches(engine: EngineFrame, lazy: nw.LazyFrame[Any]) -> Iterator[nw.DataFrame[Any]]:
    """Yield the rows of an answer, some at a time, in whatever order the engine has them.

    It is one question: what changes in the table meanwhile is as the engine has it. Raises DataError where it fails.
    """
    try:
        # A connection that answers is asked nothing else.
        with engine.alone():
            for rows in _rows(engine.name, lazy):
                frame: nw.DataFrame[Any] = nw.from_native(rows, eager_only=True)
                if len(frame):
                    yield frame
    except OSError:
        # Of the file that they are written to.
        raise
    except Exception as problem:  # noqa: BLE001 - each engine has errors of its own
        raise failure(engine.name, problem) from None


def _rows(name: str, lazy: nw.LazyFrame[Any]) -> Iterator[Any]:
    import pyarrow as pa

    native: Any = lazy.to_native()
    if name == "DuckDB":
        for batch in native.to_arrow_reader(ROWS_AT_A_TIME):
            yield pa.Table.from_batches([batch])
    elif name == "Polars":
        yield from native.collect_batches(chunk_size=ROWS_AT_A_TIME)
    elif name == "Dask":
        for part in native.partitions:
            yield part.compute()
    elif lazy.implementation.is_ibis():
        for batch in native.to_pyarrow_batches(chunk_size=ROWS_AT_A_TIME):
            yield pa.Table.from_batches([batch])
    else:
        yield from _rows_of_spark(native)


def _rows_of_spark(native: Any) -> Iterator[Any]:
    """Yield what comes of one partition after the other, row by row: Spark has no other way to send a few."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_schema

    schema, rows = to_arrow_schema(native.schema), native.toLocalIterator()
    while some := [row.asDict() for row in islice(rows, ROWS_AT_A_TIME)]:
        yield pa.Table.from_pylist(some, schema)
