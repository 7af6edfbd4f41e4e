"""What many tests share: the bundled table, one result of it, and a model that has run."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pandas as pd
import pytest

from custseg import CustomerTable, Segmentation, SegmentationModel, segment

hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def table_path() -> Path:
    return Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv"


@pytest.fixture(scope="session")
def table(table_path: Path) -> CustomerTable:
    return CustomerTable.read(table_path)


@pytest.fixture
def frame(table_path: Path) -> pd.DataFrame:
    return pd.read_csv(table_path)


@pytest.fixture(scope="session")
def result(table: CustomerTable) -> Segmentation:
    return segment(table, k=4, seed=42)


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    model = SegmentationModel(table, k=4, seed=42)
    model.run_clustering()
    return model
