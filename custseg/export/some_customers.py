"""Some customers as CSV, such as those who are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from custseg.export.csv import customer_frames, write_frames

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle
    from custseg.tables.expressions import Condition


def write_some_customers(bundle: ResultBundle, where: Condition, stream: BinaryIO) -> None:
    """Write the customers of whom a condition holds, with the same columns as all of them have."""
    write_frames(customer_frames(bundle, where), stream)
