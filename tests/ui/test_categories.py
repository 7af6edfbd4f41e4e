"""Categories take part at one click, from the hint and from the switch, and the address keeps it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server


def test_categories_take_part_at_one_click(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    columns = {name: generator.choice(["red", "green", "blue"], 300) for name in ("plan", "region", "device")}
    path = tmp_path / "mostly_categories.csv"
    numbers = {"spend": generator.normal(50, 9, 300).round(2), "visits": generator.normal(9, 2, 300).round(2)}
    pd.DataFrame({**numbers, **columns}).to_csv(path, index=False)
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("mostly_categories")
    expect(page.get_by_text("3 of 5 usable columns are categories and take no part")).to_be_visible()
    screen.run()
    page.get_by_role("button", name="Compare them too").click()
    expect(screen.status).to_contain_text("Run 2:")
    expect(page.get_by_role("button", name="Compare them too")).to_be_hidden()
    switch = page.get_by_role("checkbox", name="Also compare categories")
    expect(switch).to_be_checked()
    expect(page).to_have_url(re.compile("categories=all"))
    switch.uncheck()
    expect(screen.badge).to_be_visible()
    expect(page).not_to_have_url(re.compile("categories"))
    view = screen.open_view("How many, how sure")
    expect(view.get_by_text("What set the segments apart")).to_be_visible()
    expect(view.locator("dt", has_text="plan")).to_be_visible()
