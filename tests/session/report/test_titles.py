"""What columns are called in a report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from custseg import SegmentationModel, TransactionColumns, from_transactions
from tests.session.report.test_verification import document_in

if TYPE_CHECKING:
    from pathlib import Path


def test_a_unit_that_the_label_says_is_said_once(tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    purchases = pd.DataFrame(
        {
            "customer": generator.integers(0, 120, 900),
            "day": [dt.date(2026, 1, 1) + dt.timedelta(days=int(day)) for day in generator.integers(0, 300, 900)],
            "amount": generator.gamma(2, 20, 900).round(2),
        }
    )
    table = from_transactions(purchases, TransactionColumns("customer", "day", "amount"))
    model = SegmentationModel(table.change(units={"monetary_value": "€"}), k=2, seed=1)
    model.run_clustering()
    model.save_html(tmp_path / "report.html")
    columns = document_in((tmp_path / "report.html").read_text(encoding="utf-8"))["columns"]
    titles = {column["name"]: column["title"] for column in columns}
    assert titles["recency_days"] == "Days since the last purchase"
    assert titles["monetary_value"] == "Total spend (€)"
