"""Customers as Parquet: each column with the type that it came with."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from custseg.export.labelled_customers import customers_arrow

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle


def write_customers_parquet(bundle: ResultBundle, stream: BinaryIO) -> None:
    """Write every customer, as ``customers_arrow`` has them."""
    import pyarrow.parquet as pq

    pq.write_table(customers_arrow(bundle), stream)
