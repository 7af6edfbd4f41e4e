"""Every view by the rules of axe-core: before and after a run, light and dark, on a phone and on a wide screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from custseg import Ledger
from custseg.panes.views.catalogue import VIEWS
from tests.ledger.planted import customers, many
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

Scheme = Literal["light", "dark"]
# All rules that are on by default. Of what axe-core can fetch beforehand they need only sounds and videos. It would
# also fetch the style sheets of each shadow root again, for an experiment that is off: half of its time.
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"], "timeout": 10_000}}
# What stands in a view until it has what it is to show: before a run, and for a moment when it is opened.
BEFORE_A_RUN, SOON = re.compile("Run the clustering first|No run yet"), re.compile("being drawn|being put together")


def violations(page: Page) -> list[tuple[str, str]]:
    """Return the rule that is broken and by what, for each element of the page that breaks one."""
    found: dict[str, Any] = Axe().run(page, options=OPTIONS).response
    return [(rule["id"], element["html"]) for rule in found["violations"] for element in rule["nodes"]]


def look_at(screen: Screen, title: str) -> None:
    """Turn to a view, and wait until it has been laid out."""
    view = screen.open_view(title)
    expect(view).to_have_attribute("aria-busy", "false")
    expect(view.get_by_text(SOON).locator("visible=true")).to_have_count(0)
    if "Not run yet" not in screen.status.inner_text():
        # Else what is judged would be what it was.
        expect(view.get_by_text(BEFORE_A_RUN).locator("visible=true")).to_have_count(0)
    for label in screen.page.locator(".filepond--drop-label:visible").all():
        # A place to drop a file fades in.
        expect(label).to_have_css("opacity", "1")


def violations_of_views(screen: Screen, *schemes: Scheme) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return what breaks a rule, by view and colours, for the views that hold anything that does."""
    for view in VIEWS:
        # All are drawn before the first is judged.
        look_at(screen, view.title)
    found = {}
    for scheme in schemes:
        show_in(screen.page, scheme)
        for view in VIEWS:
            look_at(screen, view.title)
            found[view.title, scheme] = violations(screen.page)
    return {where: broken for where, broken in found.items() if broken}


def show_in(page: Page, scheme: Scheme) -> None:
    """Switch the page to light or to dark, unless it is so already."""
    if page.locator("html").get_attribute("data-theme") != scheme:
        page.get_by_role("button", name=f"Switch to {scheme} colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)


@pytest.mark.parametrize(("width", "first", "second"), [(1440, "light", "dark"), (390, "dark", "light")])
def test_no_view_breaks_a_rule(page: Page, server: Server, width: int, first: Scheme, second: Scheme) -> None:
    page.emulate_media(color_scheme=first, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 1000})
    screen = Screen(page, server.url)
    assert violations_of_views(screen, first, second) == {}
    screen.open_view("Overview")
    screen.run()
    expect(page.locator(".work")).to_be_hidden()
    assert violations_of_views(screen, second, first) == {}


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nothing_that_opens_breaks_a_rule(page: Page, server: Server, width: int, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    Screen(page, f"{server.url}#tour")
    dialog = page.get_by_role("dialog")
    for step in ("1 of 4", "2 of 4", "3 of 4", "4 of 4"):
        expect(dialog).to_contain_text(step)
        assert violations(page) == [], step
        # What judges takes the focus from the button.
        dialog.get_by_role("button", name="Done" if step == "4 of 4" else "Next").click()
    page.get_by_role("button", name="Download", exact=True).click()
    expect(page.get_by_role("group", name="Download")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if width < 900:
        page.locator("#open-settings").click()
        expect(page.get_by_role("combobox", name="Language")).to_be_visible()
        # It fades in by a script of its own, for a second where little else can be drawn.
        expect(page.locator(".filepond--drop-label").filter(visible=True).first).to_have_css("opacity", "1")
        assert violations(page) == []


@pytest.mark.parametrize(("width", "first", "second"), [(1440, "light", "dark"), (390, "dark", "light")])
def test_no_ledger_breaks_a_rule(
    page: Page,
    serve_own: Callable[..., Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    width: int,
    first: Scheme,
    second: Scheme,
) -> None:
    groups, path = many(A=120, B=100, C=80), tmp_path / "ledger.duckdb"
    ledger = Ledger.open(path)
    ledger.add("2026-01", customers(groups), k=3, seed=0)
    ledger.add("2026-02", customers(groups | {"A1": "C"}, 1), segments="kept")
    monkeypatch.setenv("CUSTSEG_LEDGER", str(path))
    page.emulate_media(color_scheme=first, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 1000})
    screen = Screen(page, serve_own().url)
    look_at(screen, "Changes")
    expect(page.get_by_role("heading", name="Over many periods: the segments in the ledger")).to_be_visible()
    expect(page.get_by_role("combobox", name="Period")).to_be_visible()
    for scheme in (first, second):
        show_in(page, scheme)
        assert violations(page) == [], scheme
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_segments_keep_their_colours_where_a_person_sets_all_others(page: Page, server: Server) -> None:
    page.emulate_media(forced_colors="active")
    screen = Screen(page, server.url)
    screen.run()
    expect(page.locator(".sure")).to_have_count(4)
    for title, marks in (("Segments", ".dot"), ("Customers", ".dot"), ("How many, how sure", ".dot, .bar i")):
        screen.open_view(title)
        expect(page.locator(marks).first).to_be_attached()
        # Else they would be as the page is, and not be seen. One by one: what is found out meanwhile draws some anew.
        for place in range(page.locator(marks).count()):
            expect(page.locator(marks).nth(place)).to_have_css("forced-color-adjust", "none")
    page.emulate_media(forced_colors="none")
