"""The explorer of a notebook in a browser, where there is no page around it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.ui.server import Server

APP = Path(__file__).parent / "explorer_app.py"
ALONE = Path(__file__).parent / "alone_app.py"


def test_links_and_presses_do_in_a_notebook_what_they_do_on_the_page(
    serve_own: Callable[..., Server], open_page: Callable[[], Page]
) -> None:
    page, server = open_page(), serve_own(app=APP)
    page.goto(server.url)
    tabs = page.locator(".bk-tab")
    shown = page.locator(".bk-tab.bk-active")
    expect(shown).to_have_text("Overview")
    # A card selects its customers, and another press nobody.
    second = page.locator('.segment-card button[data-segment="2"]')
    second.click()
    expect(page.locator(".selected-2")).to_have_count(1)
    second.click()
    expect(page.locator(".selected-2")).to_have_count(0)
    # So does the legend.
    page.get_by_role("list", name="Segments in the picture").locator('[data-segment="3"]').click()
    expect(page.locator(".selected-3")).to_have_count(1)
    # Links turn to other tabs, and leave the address of the notebook alone.
    page.get_by_role("link", name="Look closer at the segments").click()
    expect(shown).to_have_text("Segments")
    page.locator(".to-customers").first.get_by_role("button").click()
    expect(shown).to_have_text("Customers")
    assert "#" not in page.url
    tabs.filter(has_text="Overview").click()
    page.get_by_role("link", name="Look closer at the segments").click()
    expect(shown).to_have_text("Segments")


def test_nothing_is_offered_in_a_notebook_that_only_the_page_does(
    serve_own: Callable[..., Server], open_page: Callable[[], Page]
) -> None:
    page, server = open_page(), serve_own(app=ALONE)
    page.goto(server.url)
    expect(page.get_by_role("heading", name="What this table holds")).to_be_visible()
    expect(page.get_by_role("button", name="Show me around")).to_have_count(0)
    # A picture without the views beside it has no place for details, and nobody hears of a press in its legend.
    expect(page.get_by_text("Draw around customers to select them.", exact=True)).to_be_visible()
    legend = page.get_by_role("list", name="Segments in the picture")
    expect(legend.last.get_by_role("listitem")).to_have_count(3)
    expect(legend.last.get_by_role("button")).to_have_count(0)
