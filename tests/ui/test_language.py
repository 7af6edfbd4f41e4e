"""The page in another language: the browser's, or the one that somebody chooses; each session in its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

_FITS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("width", [390, 1440])
def test_a_german_browser_gets_a_german_page_on_which_nothing_is_cut(
    fresh_context: Callable[..., BrowserContext], server: Server, width: int
) -> None:
    page = fresh_context(locale="de-DE", viewport={"width": width, "height": 900}).new_page()
    page.goto(server.url)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(".run-status")).to_have_text("Noch kein Lauf")
    page.get_by_role("button", name="Segmentieren", exact=True).locator("visible=true").first.click()
    expect(page.locator(".run-status")).to_have_text(re.compile(r"^Lauf 1: 4 Segmente, 440 Kunden, Startwert 42, "))
    expect(page.locator(".verdict")).to_contain_text("4 Segmente mit 4 bis 317 Kunden")
    expect(page.locator(".segment-card").first).to_contain_text("317 Kunden (72\u00a0%) mit 56\u00a0% der Ausgaben")
    expect(page.locator(".cards")).to_contain_text("14.619.500")
    assert page.evaluate(_FITS)


def test_two_sessions_of_one_server_keep_their_languages(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    german = fresh_context(locale="de-DE").new_page()
    german.goto(server.url)
    french = fresh_context(locale="en-GB").new_page()
    french.goto(f"{server.url}?lang=fr")
    run(german, "Segmentieren")
    run(french, "Segmenter")
    run(german, "Segmentieren")
    expect(german.locator(".segment-card").first).to_contain_text("der Ausgaben")
    expect(french.locator(".segment-card").first).to_contain_text("des dépenses")


def run(page: Page, label: str) -> None:
    expect(page.locator(".run-status")).not_to_be_empty()
    page.get_by_role("button", name=label, exact=True).locator("visible=true").first.click()
    expect(page.locator(".segment-card").first).to_be_visible()


def test_a_language_is_chosen_on_the_page_and_stays_in_its_address(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_label("Language").select_option("Français")
    expect(page.get_by_role("button", name="Segmenter", exact=True).locator("visible=true").first).to_be_enabled()
    expect(page.locator(".run-status")).to_have_text("Pas encore calculé")
    page.get_by_role("slider", name="Nombre de segments").press("ArrowRight")
    expect(page).to_have_url(re.compile(r"k=5.*&lang=fr"))
