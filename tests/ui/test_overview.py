"""The first view as a person sees it: all of it at once, cards to press, and a tour for newcomers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

# As the server does when it knows how sure the segments are.
ANEW = """() => {
  const models = Bokeh.documents.flatMap((page) => [...page._all_models.values()]);
  const cards = models.find((model) => String(model.text).includes("segment-card"));
  cards.setv({text: cards.text + " "}, {sync: false});
}"""


def with_much_to_say(path: Path) -> Path:
    """Write a table of which the first view has all there may be to say, and long words for it.

    Four segments, of which no two features tell all apart, values that are missing, an outcome, and mostly categories.
    """
    generator = np.random.default_rng(1)
    group = generator.choice(4, 800, p=[0.4, 0.3, 0.2, 0.1])
    far = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]])[group] + generator.normal(0, 0.08, (800, 3))
    table = pd.DataFrame(
        {
            "customer_id": [f"C{number:04}" for number in range(800)],
            "days_since_the_last_purchase": (60 + 200 * far[:, 0]).round(),
            "days_since_the_first_purchase": (400 + 500 * far[:, 1]).round(),
            "spend_on_household_goods": (200 + 900 * far[:, 2]).round(2),
            "churned": np.where(generator.random(800) < 0.2 + 0.1 * group, "Yes", "No"),
        }
    )
    for feature in table.columns[1:4]:
        table.loc[generator.random(800) < 0.03, feature] = np.nan
    for number in range(5):
        table[f"preferred_channel_{number}"] = generator.choice(["by telephone", "in a branch", "on the web"], 800)
    table.to_csv(path, index=False)
    return path


def test_four_segments_are_in_sight_without_scrolling(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, server.url)
    screen.run()
    check_all_is_in_sight(page)
    notes = page.locator('.tabulator-col[tabulator-field="note"]').bounding_box()
    table = page.locator(".tabulator").first.bounding_box()
    assert notes is not None
    assert table is not None
    assert notes["x"] + notes["width"] <= table["x"] + table["width"] + 1


def test_the_picture_takes_the_room_that_a_high_window_has(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    Screen(page, server.url).run()
    picture = page.locator(".bk-Figure").first
    expect(picture).to_have_css("height", "330px")
    expect(picture.locator("canvas").first).to_have_css("height", "330px")
    page.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(picture.locator("canvas").first).to_have_css("height", "252px")


def test_they_are_where_there_is_much_to_say(page: Page, serve_own: Callable[..., Server], tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, serve_own(with_much_to_say(tmp_path / "all_customers_of_last_year.csv")).url)
    screen.run()
    for said in (
        "usable columns are categories",
        "Not drawn:",
        "overlap: they differ in",
        "Click a name to change it.",
    ):
        expect(page.get_by_text(said)).to_be_visible()
    check_all_is_in_sight(page)


def check_all_is_in_sight(page: Page) -> None:
    """Check that a window as it is shows all of the first view, once all is known of four segments."""
    expect(page.locator(".segment-card")).to_have_count(4)
    expect(page.locator(".sure")).to_have_count(4)
    rows = page.locator(".tabulator-row")
    expect(rows).to_have_count(4)
    for what in (page.locator(".verdict"), page.locator("canvas").first, page.locator(".segment-card").last, rows.last):
        expect(what).to_be_visible()
        box = what.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 1000
    assert page.evaluate("document.documentElement.scrollHeight") <= 1000


def test_a_card_is_pressed_by_keys_and_keeps_the_focus(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    # Cards are written anew when it becomes known how sure the segments are.
    expect(page.locator(".verdict")).to_contain_text("4 to 317 customers: ")
    expect(page.locator(".verdict")).not_to_contain_text("so far")
    card = page.get_by_role("button", name="Segment 3 : ")
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".selected")).to_contain_text("Selected: 10 customers, all in segment 3")
    expect(page.locator(".tabulator-row.tabulator-selected")).to_contain_text("cleaning")
    expect(card).to_be_focused()
    expect(card).to_have_accessible_name(re.compile(r"\(selected\)$"))
    page.keyboard.press(" ")
    expect(page.locator(".selected")).not_to_contain_text("Selected")


def test_pointing_at_a_card_lights_its_segment_alone(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    cards = page.locator("article.segment-card")
    for position in (2, 1):
        cards.nth(position).locator(".size").hover()
        expect(page.locator("article.segment-card.lit")).to_have_count(1)
        expect(page.locator("article.segment-card.lit")).to_have_attribute("data-segment", str(position + 1))


def test_a_lit_card_stays_lit_when_it_is_drawn_anew_and_when_the_keyboard_moves_on(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    card = page.locator("article.segment-card").nth(2)
    expect(card.locator(".sure")).to_be_visible()
    card.locator(".size").hover()
    expect(card).to_have_class(re.compile(r"\blit\b"))
    page.evaluate(ANEW)
    expect(card).to_have_class(re.compile(r"\blit\b"))
    page.get_by_role("button", name="Run clustering").focus()
    expect(card).to_have_class(re.compile(r"\blit\b"))


def test_the_tour_can_be_taken_or_skipped_and_is_not_offered_again(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    own = fresh_context().new_page()
    Screen(own, server.url)
    offer = own.get_by_text("New here?")
    expect(offer).to_be_visible()
    expect(own.get_by_role("dialog")).to_have_count(0)
    own.get_by_role("button", name="Show me around").click()
    dialog = own.get_by_role("dialog")
    for step in ("1 of 4", "2 of 4", "3 of 4", "4 of 4"):
        expect(dialog).to_contain_text(step)
        own.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(own.get_by_role("button", name="Show me around")).to_be_focused()
    expect(offer).to_be_hidden()
    Screen(own, server.url)
    expect(own.get_by_role("button", name="Show me around")).to_be_visible()
    expect(own.get_by_text("New here?")).to_be_hidden()
    own.get_by_role("button", name="Show me around").click()
    own.keyboard.press("Escape")
    expect(own.get_by_role("dialog")).to_have_count(0)


def test_the_tour_has_an_address_and_a_button_in_the_header(page: Page, server: Server) -> None:
    Screen(page, f"{server.url}#tour")
    expect(page.get_by_role("dialog")).to_contain_text("1 of 4")
    page.get_by_role("button", name="Skip the tour").click()
    expect(page).to_have_url(re.compile("#overview$"))
    page.get_by_role("button", name="Tour of this page").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 of 4")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tour of this page")).to_be_focused()
