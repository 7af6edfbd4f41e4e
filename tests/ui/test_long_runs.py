"""A long run goes on when its page is closed, and is there when the same link is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from custseg import CustomerTable, segment
from tests.ui.screen import Screen, read_column
from tests.ui.server import ROOT
from tests.ui.test_engine_table import folder as folder  # noqa: PLC0414 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

# How soon Bokeh lets go of a session that nobody is connected to, half a minute by default. A page has to connect
# before that, on a busy machine too.
_SOON = ("--unused-session-lifetime", "9000", "--check-unused-sessions", "250")


@pytest.mark.parametrize("opened_again", ["while it goes on", "once it is there"])
def test_a_run_survives_its_page_and_is_there_when_the_link_is_opened_again(
    open_page: Callable[[], Page],
    serve_own: Callable[..., Server],
    folder: Path,
    pipes: Path,
    monkeypatch: pytest.MonkeyPatch,
    opened_again: str,
) -> None:
    monkeypatch.setenv("CUSTSEG_MOST_IN_MEMORY", "1000")
    server = serve_own(source=folder, app=ROOT / "tests" / "ui" / "gated_app.py", options=_SOON)
    link = f"{server.url}?k=3&seed=1"
    page = open_page()
    Screen(page, link)
    page.get_by_role("button", name="Run clustering").click()
    expect(page.locator(".run-status")).to_contain_text("Running")
    assert (pipes / "begun").read_text() == "begun"
    page.close()
    # The session has to be gone, with all that was on its page.
    assert (pipes / "gone").read_text() == "gone"
    if opened_again == "once it is there":
        (pipes / "gate").write_text("go on")
    again = open_page()
    again.goto(link)
    if opened_again == "while it goes on":
        expect(again.locator(".run-status")).to_contain_text("Running")
        (pipes / "gate").write_text("go on")
    # Another run would wait at the gate for good.
    expect(again.locator(".run-status")).to_contain_text("Run 1")
    here = segment(CustomerTable.read(folder), k=3, seed=1)
    assert read_column(again, "customers") == [f"{size:,}" for size in here.sizes]
    # Whoever opens the link after it was seen presses Run, as ever.
    third = open_page()
    Screen(third, link)
    expect(third.locator(".run-status")).to_contain_text("Not run yet")
    # But for what the options make Bokeh say.
    assert [remark for remark in server.remarks() if "nused sessions" not in remark] == []
