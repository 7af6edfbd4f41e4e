"""The line on the last run says how long it took, and of one that was looked up that it was found before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from custseg import SegmentationModel
from custseg.panes.parts.status import describe_run

if TYPE_CHECKING:
    from custseg import CustomerTable


def told(model: SegmentationModel) -> str:
    model.run_clustering()
    assert model.outcome is not None
    return describe_run(model.outcome)


def test_a_run_says_how_long_it_took_unless_somebody_made_it_before(table: CustomerTable) -> None:
    one, other = (SegmentationModel(table, k=4, seed=42) for _ in range(2))
    assert re.fullmatch(r"Run 1: 4 segments of 440 customers, seed 42, [\d,.]+\u00a0m?s", told(one))
    assert told(other) == "Run 1: 4 segments of 440 customers, seed 42, found before"
    other.seed = 7
    assert re.fullmatch(r"Run 2: 4 segments of 440 customers, seed 7, [\d,.]+\u00a0m?s", told(other))
