"""Customers as Parquet: each column with the type that it came with."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from custseg.export.customer_parts import customer_parts
from custseg.export.labelled_customers import customers_arrow

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle


def write_customers_parquet(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write every customer, as ``customers_arrow`` has them."""
    import pyarrow.parquet as pq

    parts = map(customers_arrow, customer_parts(bundle))
    # The first part says of which types all are; there is one at least, of nobody where there is nobody.
    first = next(parts)
    with pq.ParquetWriter(stream, first.schema) as file:
        file.write_table(first)
        for part in parts:
            file.write_table(part.cast(first.schema))
