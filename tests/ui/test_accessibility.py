"""Every view by the rules of axe-core: before and after a run, light and dark, on a phone and on a wide screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from custseg.panes.views.catalogue import VIEWS
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ui.server import Server


def violations(page: Page) -> list[tuple[str, str]]:
    """Return the rule that is broken and by what, for each element of the page that breaks one."""
    found: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [(rule["id"], element["html"]) for rule in found["violations"] for element in rule["nodes"]]


def violations_of_views(screen: Screen) -> dict[str, list[tuple[str, str]]]:
    found = {}
    for view in VIEWS:
        screen.open_view(view.title)
        for label in screen.page.locator(".filepond--drop-label:visible").all():
            # A place to drop a file fades in.
            expect(label).to_have_css("opacity", "1")
        found[view.title] = violations(screen.page)
    return {title: broken for title, broken in found.items() if broken}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)])
def test_no_view_breaks_a_rule(page: Page, server: Server, scheme: Literal["light", "dark"], width: int) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 1000})
    screen = Screen(page, server.url)
    assert violations_of_views(screen) == {}
    screen.open_view("Overview")
    screen.run()
    expect(page.locator(".work")).to_be_hidden()
    assert violations_of_views(screen) == {}
