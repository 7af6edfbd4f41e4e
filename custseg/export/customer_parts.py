"""Customers for a file, all or some of them; those of an engine are read from it while they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from custseg.insight.filled_in import has_gaps
from custseg.tables.engine.batches import batches
from custseg.tables.expressions import EVERYONE, Everyone
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.clustering.segmentation import Segmentation
    from custseg.export.bundle import ResultBundle
    from custseg.tables.engine.engine_customers import EngineCustomers
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Condition


def customer_parts(bundle: ResultBundle, where: Condition = EVERYONE) -> Iterator[ResultBundle]:
    """Yield a result as results of some of its customers, who are in memory: together those of whom a condition holds.

    Customers in memory are one part, in their order; those of an engine come so many at a time, in its order. All parts
    have the same columns. Raises DataError where the engine fails.
    """
    result = bundle.segmentation
    engine = result.table.elsewhere
    for part in _in_memory(result, where) if engine is None else _from_engine(result, engine, where):
        yield bundle if part is result else replace(bundle, profile=replace(bundle.profile, segmentation=part))


def _in_memory(result: Segmentation, where: Condition) -> Iterator[Segmentation]:
    if isinstance(where, Everyone):
        yield result
        return
    rows = np.flatnonzero(in_memory(result.assignment).where(where))
    yield result.of_rows(result.table.frame[rows.tolist()], some_filled=has_gaps(result))


def _from_engine(result: Segmentation, engine: EngineFrame, where: Condition) -> Iterator[Segmentation]:
    asked, gaps = cast("EngineCustomers", result.assignment).rows(where), has_gaps(result)
    for rows in batches(engine, asked):
        yield result.of_rows(engine.with_names(rows), some_filled=gaps)
