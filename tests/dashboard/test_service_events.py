"""What the log tells of a session."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from custseg import SegmentationModel
from custseg.panes import Downloads
from dashboard.service_events import EVENTS, observe
from tests.panes.hands import press_download

if TYPE_CHECKING:
    import pytest

    from custseg import CustomerTable


def test_runs_refusals_and_downloads_are_told_without_names_of_the_table(
    table: CustomerTable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, EVENTS)
    model = SegmentationModel(table, k=4, seed=42)
    observe(model)
    model.run_clustering()
    model.rename(1, "A secret name")
    model.error = "There is no column called “Secret”."
    press_download(Downloads(model), "Customers (CSV)")
    told = [record.__dict__["event"] for record in caplog.records if record.name == EVENTS]
    assert told == ["run", "refusal", "download"]
    run, download = caplog.records[0], caplog.records[2]
    assert run.__dict__["segments"] == 4
    assert run.__dict__["customers"] == download.__dict__["customers"] == len(table)
    assert "secret" not in caplog.text.lower()
