"""Customers by their rows, which only tests count by: who they are, and which of them are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    from custseg import SegmentationModel


def names_at(model: SegmentationModel, rows: Any) -> list[str]:
    """Return the identifiers of the customers in these rows (from 0)."""
    return [str(name) for name in model.table.identifiers[np.asarray(rows, dtype=np.intp)]]


def select_rows(model: SegmentationModel, rows: Any, how: str = "identifiers") -> Any:
    """Select the customers in these rows."""
    return model.select(names_at(model, rows), how)


def selected_rows(model: SegmentationModel) -> list[int]:
    """Return the rows of the customers that are selected."""
    assert model.selected is not None
    rows = np.flatnonzero(in_memory(model.table.customers).where(model.selected.where)).tolist()
    assert len(rows) == len(model.selected)
    return rows
