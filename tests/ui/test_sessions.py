"""Several people on one server: nobody sees another's settings or results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server


def test_two_sessions_never_see_each_others_settings_or_results(
    page: Page, fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    elsewhere = fresh_context().new_page()
    first, second = Screen(page, server.url), Screen(elsewhere, f"{server.url}?k=7&x=Frozen")
    first.run()
    expect(second.status).to_have_text("Not run yet")
    assert second.column("segment") == []
    second.run()
    assert (len(first.column("segment")), len(second.column("segment"))) == (4, 7)
    first.type_seed("5")
    first.choose("Across (x)", "Milk")
    first.run(number=2)
    expect(second.status).to_contain_text("Run 1: 7 segments of 440 customers, seed 42")
    expect(second.seed).to_have_value("42")
    expect(second.badge).to_have_count(0)
    assert second.picture()["axes"][0] == "Frozen (monetary units a year, log scale)"
