"""Some customers as CSV, such as those who are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from custseg.export.csv import customers_frame, write_frame, write_frames
from custseg.export.customer_parts import customer_parts
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle
    from custseg.tables.expressions import Condition


def write_some_customers(bundle: ResultBundle, where: Condition, stream: BinaryIO) -> None:
    """Write the customers of whom a condition holds, with the same columns as all of them have."""
    if bundle.segmentation.table.elsewhere is not None:
        write_frames(map(customers_frame, customer_parts(bundle, where)), stream)
        return
    write_frame(customers_frame(bundle)[in_memory(bundle.segmentation.source).where(where)], stream)
