"""A table that stays in an engine, on the page: run where it is, listed, searched, selected, and its SQL shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from custseg import CustomerTable, segment
from tests.ui.screen import Screen, read_column, section_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

CUSTOMERS = 6000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two Parquet files of customers in three groups."""
    generator = np.random.default_rng(0)
    group = np.arange(CUSTOMERS) % 6
    amounts = np.array([[20, 300, 40], [200, 30, 40], [60, 60, 500]])[np.array([0, 0, 0, 1, 1, 2])[group]]
    frame = pd.DataFrame(
        (amounts * generator.lognormal(0, 0.2, (CUSTOMERS, 3))).round(2), columns=["tea", "ham", "oil"]
    )
    frame.insert(0, "customer_id", [f"C{number:05}" for number in range(CUSTOMERS)])
    frame["channel"] = generator.choice(["shop", "web"], CUSTOMERS)
    (tmp_path / "customers").mkdir()
    for part, rows in enumerate((slice(0, 4000), slice(4000, None))):
        frame.iloc[rows].to_parquet(tmp_path / "customers" / f"part-{part}.parquet", index=False)
    return tmp_path / "customers"


@pytest.mark.parametrize("points", ["50000", "2000"])
def test_a_table_in_an_engine_is_a_table_on_the_page(
    page: Page, serve_own: Callable[..., Server], folder: Path, monkeypatch: pytest.MonkeyPatch, points: str
) -> None:
    monkeypatch.setenv("CUSTSEG_MOST_IN_MEMORY", "1000")
    monkeypatch.setenv("CUSTSEG_MOST_POINTS", points)
    screen = Screen(page, f"{serve_own(source=folder).url}?k=3&seed=1")
    screen.run()
    here = segment(CustomerTable.read(folder), k=3, seed=1)
    assert read_column(page, "customers") == [f"{size:,}" for size in here.sizes]
    expect(page.locator("article.segment-card")).to_have_count(3)
    expect(page.locator(".sure")).to_have_count(3)
    cards = page.locator("article.segment-card button")
    cards.nth(1).click()
    expect(page.locator(".selected")).to_contain_text(f"Selected: {here.sizes[1]:,} customers, all in segment 2")
    view = screen.open_view("Customers")
    expect(view.get_by_text(f"{here.sizes[1]:,} of {CUSTOMERS:,} customers are listed.")).to_be_visible()
    view.get_by_label("Find a customer").fill("C01234")
    page.keyboard.press("Enter")
    expect(view.get_by_text("No customer is all that").or_(view.get_by_text("1 of 6,000"))).to_be_visible()
    expect(page.locator(".customer-card")).to_contain_text("C01234")
    view = screen.open_view("Data")
    expect(view.get_by_text("6,000 customers stay in DuckDB")).to_be_visible()
    statement = section_of(page, "How customers are made comparable")
    statement.get_by_text("View SQL").click()
    expect(statement.locator("pre")).to_contain_text(re.compile(r"GROUP BY", re.IGNORECASE))
