"""Customers for a file, some at a time: those of an engine are read from it while they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from custseg.insight.filled_in import has_gaps
from custseg.tables.engine.batches import batches
from custseg.tables.expressions import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.export.bundle import ResultBundle
    from custseg.tables.engine.engine_customers import EngineCustomers
    from custseg.tables.expressions import Condition


def customer_parts(bundle: ResultBundle, where: Condition = EVERYONE) -> Iterator[ResultBundle]:
    """Yield a result of customers in memory as it is, one of an engine as results of some rows that came into memory.

    Of an engine it is those of whom a condition holds, in its order. All parts have the same columns. Raises DataError
    where the engine fails.
    """
    result = bundle.segmentation
    engine = result.table.elsewhere
    if engine is None:
        yield bundle
        return
    asked, gaps = cast("EngineCustomers", result.assignment).rows(where), has_gaps(result)
    for rows in batches(engine, asked):
        part = result.of_rows(engine.with_names(rows), some_filled=gaps)
        yield replace(bundle, profile=replace(bundle.profile, segmentation=part))
