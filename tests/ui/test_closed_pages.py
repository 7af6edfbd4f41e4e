"""What is left on the server of a page that was closed: nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.ui.screen import Screen
from tests.ui.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

# How soon Bokeh lets go of a session that nobody is connected to, half a minute by default. A page needs a second or
# two to connect.
_SOON = ("--unused-session-lifetime", "3000", "--check-unused-sessions", "250")


def test_closed_pages_leave_no_model_no_table_and_no_upload_behind(
    fresh_context: Callable[..., BrowserContext],
    serve_own: Callable[..., Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    # Of the first table it is drawn how densely customers lie, of the file each is a point.
    monkeypatch.setenv("CUSTSEG_MOST_POINTS", "100")
    file = customers(tmp_path)
    context = fresh_context()
    server = serve_own(app=ROOT / "tests" / "ui" / "counted_app.py", options=_SOON)
    use(context.new_page(), server.url, file)
    page = context.new_page()
    wait_for_none(page, server.url)
    # What the first page brought in, such as the tables that all pages share, stays.
    use(context.new_page(), server.url, file)
    wait_for_none(page, server.url)


def customers(folder: Path) -> Path:
    path = folder / "clients.csv"
    generator = np.random.default_rng(0)
    pd.DataFrame({"spend": generator.lognormal(5, 1, 80), "visits": generator.poisson(9, 80)}).to_csv(path)
    return path


def use(page: Page, url: str, file: Path) -> None:
    """Do what brings everything in: a run, its certainty, names, two runs compared, advice, an upload."""
    screen = Screen(page, url)
    screen.run()
    screen.run(2)
    screen.open_view("Changes")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="From run 1 to run 2")).to_be_visible()
    page.locator(".intake input[type=file]").set_input_files(file)
    expect(page.locator(".title")).to_have_text("clients")
    screen.run(3)
    screen.open_view("How many, how sure")
    expect(page.get_by_text(re.compile("On a border|No customer is on a border")).first).to_be_attached()
    page.close()


def wait_for_none(page: Page, url: str) -> None:
    """Wait until the server says that no model and no upload is there, and no table but the one it offers."""
    counted = page.locator(".count")
    for _ in range(40):
        page.goto(f"{url}?count")
        expect(counted).to_be_visible()
        text = counted.inner_text()
        if re.fullmatch(r"models=0 views=0 tables=1 uploads=0", text):
            return
    pytest.fail(f"Left behind: {text}")
