"""The page in another language: the browser's, or the one that somebody chooses; each session in its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

# All texts in sight, and what a screen reader and a pointer are told of controls.
_SEEN = """() => {
  const said = new Set();
  const add = (text) => { if (text && text.trim()) said.add(text.trim().replace(/\\s+/g, " ")); };
  const walk = (node) => {
    for (const one of node.querySelectorAll("*")) {
      if (one.closest("script, style, noscript") || getComputedStyle(one).fontSize === "0px") continue;
      // What is not displayed at all is seen and heard by nobody.
      if (!one.checkVisibility()) continue;
      for (const name of ["aria-label", "title", "placeholder", "alt"]) add(one.getAttribute(name));
      for (const child of one.childNodes) if (child.nodeType === Node.TEXT_NODE) add(child.textContent);
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(document.body);
  return [...said];
}"""
# Words of nearly each English sentence, which German has not.
_ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|with|for|this|these|that|which|customers|click|show|browse|drag|files|to|by|from|no|not)\b",
    re.IGNORECASE,
)
# Names of columns and of the table that the page shows, and what is called so in German too.
_NAMES = re.compile(r"detergents and paper|wholesale customers|Quelle: UCI.*", re.IGNORECASE)
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


def test_numbers_of_tables_and_sliders_have_the_signs_of_the_language(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    page = fresh_context(locale="de-DE", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}?table=loyalty_cards")
    run(page, "Segmentieren")
    page.get_by_role("link", name="Kunden", exact=True).click()
    row = page.locator(".tabulator-row").locator("visible=true").first
    expect(row.locator("[tabulator-field=c2]")).to_have_text(re.compile(r"^\d+,\d\d$"))
    expect(row.locator("[tabulator-field=nearer]")).to_have_text(re.compile(r"^\d+\u00a0%$"))
    row.locator("button").click()
    expect(page.locator(".bk-slider-title", has_text="Visits per month")).to_have_text(re.compile(r": \d+,\d\d$"))


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


def english_of(page: Page) -> list[str]:
    """Return the texts of a page that hold words of English."""
    seen: list[str] = page.evaluate(_SEEN)
    return sorted(text for text in seen if _ENGLISH.search(_NAMES.sub("", text)))


def test_no_view_menu_or_refusal_of_a_german_page_holds_english(
    fresh_context: Callable[..., BrowserContext], server: Server, tmp_path: Path
) -> None:
    page = fresh_context(locale="de-DE", viewport={"width": 1440, "height": 900}).new_page()
    page.goto(server.url)
    found = set(english_of(page))
    run(page, "Segmentieren")
    found.update(english_of(page))
    views = page.get_by_role("navigation", name="Ansichten").get_by_role("link")
    assert views.count() == 6
    for place in range(views.count()):
        views.nth(place).click()
        expect(page.locator(".section").locator("visible=true").first).to_be_visible()
        for fold in page.locator("summary").locator("visible=true").all():
            fold.click()
        page.wait_for_load_state("networkidle")
        found.update(english_of(page))
    page.get_by_role("button", name="Herunterladen", exact=True).click()
    found.update(english_of(page))
    broken = tmp_path / "kaputt.csv"
    broken.write_text("a,b\n1,2\n")
    page.locator("input[type=file]").first.set_input_files(broken)
    expect(page.locator("p[role=alert]").first).to_be_visible()
    found.update(english_of(page))
    assert found == set()
    # Hints that are one word each.
    hints = page.locator(".filepond--file-action-button").evaluate_all("buttons => buttons.map(one => one.textContent)")
    said = {hint.strip() for hint in hints}
    assert "Entfernen" in said
    assert not said & {"Remove", "Cancel", "Abort", "Retry", "Undo", "Upload"}
