"""Customers that are selected in one place and seen in all, and one that is looked at closely."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

import custseg
from custseg.insight.explanation import explain, what_would_move
from tests.ui.screen import PLACE, Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

# The customers that the picture shows as selected, in the table's order.
BRIGHT = """() => {
  const figure = [...Bokeh.documents[0]._all_models.values()]
    .findLast((model) => model.type === "Figure" && model.renderers.some((one) => one.name === "points"));
  const source = figure.renderers.map((one) => one.data_source).find((one) => one.get_column("customer") != null);
  const names = source.get_column("customer");
  return [...source.selected.indices].sort((a, b) => a - b).map((row) => names[row]);
}"""
BOX, LINE = "Select customers with a box", "Select customers with a line around them"


def said(page: Page) -> Locator:
    """The line that says what is selected, in the view that is shown."""
    return page.locator("span.selected:visible")


def card(page: Page) -> Locator:
    """The card of one customer."""
    return page.locator(".customer-card")


def drag(page: Page, *corners: tuple[float, float]) -> None:
    """Press the mouse at the first corner, go through the others, and let go."""
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=4)
    page.mouse.up()


def around(screen: Screen, customer: str, across: float, up: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two corners of a box with a customer in its middle, once the picture lies within the window."""
    screen.page.locator("canvas").first.scroll_into_view_if_needed()
    x, y = screen.place_of(customer)
    return (x - across, y - up), (x + across, y + up)


def cells(page: Page, field: str) -> Locator:
    return page.locator(f'.tabulator-row .tabulator-cell[tabulator-field="{field}"]')


def wait_for_bright(page: Page, customers: list[str]) -> None:
    page.wait_for_function(f"(names) => JSON.stringify(({BRIGHT})()) === JSON.stringify(names)", arg=customers)


def test_a_box_selects_customers_who_stay_selected_over_another_axis_and_a_run(page: Page, server: Server) -> None:
    screen, logged = Screen(page, f"{server.url}?x=Fresh&y=Milk"), server.remarks()
    screen.run()
    page.get_by_title(BOX).click()
    drag(page, *around(screen, "W048", 12, 12))
    expect(said(page)).to_have_text(re.compile(r"^Selected: \d+ customers?, .*segment 3"))
    text, bright = said(page).inner_text(), page.evaluate(BRIGHT)
    assert "W048" in bright
    assert f"Selected: {len(bright)} customer" in text
    screen.open_view("Customers")
    expect(cells(page, "who")).to_have_text(bright[:20])
    expect(said(page)).to_have_text(text)
    screen.open_view("Overview")
    screen.choose("Across (x)", "Frozen")
    screen.wait_for_picture(
        "axes", ["Frozen (monetary units a year, log scale)", "Milk (monetary units a year, log scale)"]
    )
    wait_for_bright(page, bright)
    screen.run(2)
    expect(said(page)).to_have_text(text)
    page.get_by_role("button", name="Log scale").click()
    wait_for_bright(page, bright)
    page.get_by_role("button", name="Clear selection").click()
    expect(said(page)).to_contain_text("to select them")
    expect(page.get_by_role("button", name="Clear selection")).to_be_hidden()
    wait_for_bright(page, [])
    assert server.remarks() == logged


def test_a_line_selects_and_one_around_nobody_says_so(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    page.get_by_title(LINE).click()
    (left, top), (right, bottom) = around(screen, "W048", 10, 10)
    drag(page, (left, top), (right, top), (right, bottom), (left, bottom))
    expect(said(page)).to_have_text(re.compile(r"^Selected: \d+ customers?\.$"))
    assert "W048" in page.evaluate(BRIGHT)
    drag(page, (left - 150, top), (left - 140, top), (left - 140, bottom))
    expect(said(page)).to_contain_text("No customer lies there")
    screen.open_view("Customers")
    expect(cells(page, "who")).to_have_count(20)
    expect(said(page)).to_contain_text("No customer lies there")
    page.get_by_role("button", name="Clear selection").locator("visible=true").click()
    expect(said(page)).to_have_count(0)


def test_a_row_of_the_table_of_segments_selects_it_and_again_clears(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    row = page.locator(".tabulator-row", has=page.locator('[tabulator-field="share_of_spend"]')).nth(2)
    row.locator('[tabulator-field="customers"]').click()
    expect(said(page)).to_contain_text("Selected: 10 customers, all in segment 3.")
    expect(row).to_have_class(re.compile("tabulator-selected"))
    assert len(page.evaluate(BRIGHT)) == 10
    row.locator('[tabulator-field="customers"]').click()
    expect(said(page)).to_contain_text("to select them")
    expect(row).not_to_have_class(re.compile("tabulator-selected"))
    row.locator('[tabulator-field="customers"]').click()
    screen.open_view("Customers")
    expect(cells(page, "who")).to_have_count(10)
    page.get_by_role("button", name="Clear selection").locator("visible=true").click()
    expect(cells(page, "who")).to_have_count(20)


def test_typing_narrows_the_list_and_a_slider_moves_who_is_found(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Customers")
    box = page.get_by_role("textbox", name="Find a customer")
    box.press_sequentially("w08")
    expect(cells(page, "who")).to_have_text([f"W08{digit}" for digit in range(10)])
    expect(page.get_by_text("10 of 440 customers are listed.")).to_be_visible()
    box.fill("W0170000")
    expect(page.get_by_text("There is no customer “W0170000”. The closest are")).to_be_visible()
    box.fill("w017")
    box.press("Enter")
    result = custseg.segment(table_path, k=4, seed=42)
    placed = explain(result, "W017")
    expect(card(page).get_by_text(placed.sentence)).to_be_visible()
    move = what_would_move(result, placed, "Fresh")
    assert move is not None
    expect(card(page).get_by_text(f"{move.value:,.0f} or more: segment {move.segment}")).to_be_visible()
    expect(card(page).get_by_text("With these numbers it stays in segment 2")).to_be_visible()
    slider = card(page).get_by_role("slider", name="Fresh")
    slider.focus()
    slider.press("End")
    expect(card(page).get_by_text(re.compile("With these numbers it would be in segment [134]"))).to_be_visible()
    page.get_by_role("button", name="Back to its own numbers").click()
    expect(card(page).get_by_text("With these numbers it stays in segment 2")).to_be_visible()


def test_a_click_on_a_customer_in_the_picture_or_in_the_table_says_more_of_it(
    page: Page, server: Server, table_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    expect(page.get_by_title(BOX)).to_be_visible()
    page.locator("canvas").first.scroll_into_view_if_needed()
    page.mouse.click(*screen.place_of("W048"))
    expect(said(page)).to_contain_text("Customer W048 is shown in the view “Customers”.")
    assert page.evaluate(BRIGHT) == []
    screen.open_view("Customers")
    expect(card(page).get_by_role("heading", name="Customer W048")).to_be_visible()
    page.locator(".tabulator-col-title:visible", has_text="Grocery").last.click()
    # Of all customers those with the least, and not the least of the first page.
    ordered = pd.read_csv(table_path).sort_values("Grocery", kind="stable")["customer_id"].tolist()
    expect(cells(page, "who")).to_have_text(ordered[:20])
    cells(page, "who").nth(4).click()
    expect(card(page).get_by_role("heading", name=f"Customer {ordered[4]}")).to_be_visible()


def test_the_card_of_a_customer_is_in_sight_at_once(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Customers")
    for row, (width, height) in enumerate([(1440, 1000), (1000, 800), (390, 844)], start=9):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        cells(page, "who").nth(row).get_by_role("button").click()
        heading = card(page).get_by_role("heading", name=f"Customer W{row + 1:03}")
        expect(heading).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        if width == 1440:
            expect(cells(page, "who").nth(row)).to_be_in_viewport()


def test_keys_walk_the_list_and_leave_it(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    screen.open_view("Customers")
    names = cells(page, "who").get_by_role("button")
    names.first.focus()
    page.keyboard.press("ArrowDown")
    expect(names.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page).get_by_role("heading", name="Customer W002")).to_be_visible()
    expect(names.nth(1)).to_be_focused()
    # All of the list is one step.
    page.keyboard.press("Tab")
    following = page.get_by_role("button", name="Next", exact=True).locator("visible=true")
    expect(following).to_be_focused()
    page.keyboard.press("Enter")
    expect(names.first).to_have_text("W021")


def test_of_many_customers_a_box_selects_also_those_that_are_not_drawn(
    page: Page, server: Server, tmp_path: Path
) -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(60_000, 2)).round(4), columns=["width", "depth"])
    frame.loc[0] = [9.0, 9.0]
    frame.loc[1:3000] = (9 + generator.uniform(-0.5, 0.5, size=(3000, 2))).round(4)
    frame.insert(0, "id", [f"<b>{row}</b>" for row in range(60_000)])
    path = tmp_path / "many.csv"
    frame.to_csv(path, index=False)
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("many")
    expect(page.get_by_text("The stronger the colour, the more of 60,000 customers lie there.")).to_be_visible()
    # The one in the middle of those that lie together: of each place the first can be pointed at.
    there = "<b>0</b>"
    page.wait_for_function(f"(customer) => Number.isFinite(({PLACE})(customer)[0])", arg=there)
    page.get_by_title(BOX).click()
    drag(page, *around(screen, there, 15, 8))
    expect(said(page)).to_contain_text("Selected: 3,001 customers.")
    assert 0 < len(page.evaluate(BRIGHT)) < 3000
    screen.open_view("Customers")
    expect(page.get_by_text("3,001 of 60,000 customers are listed.")).to_be_visible()
    expect(cells(page, "who").first).to_have_text("<b>0</b>")
    cells(page, "who").first.click()
    expect(page.get_by_text("Run the clustering to see why customer <b>0</b> is in its segment.")).to_be_visible()


def test_other_customers_begin_with_nobody_selected(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    pd.DataFrame({"age": [20.0, 20, 20, 41, 90], "name": list("abcde")}).to_csv(path, index=False)
    screen = Screen(page, f"{server.url}?k=3")
    screen.run()
    page.locator(".tabulator-row", has=page.locator('[tabulator-field="share_of_spend"]')).nth(0).click()
    expect(said(page)).to_contain_text("all in segment 1")
    screen.open_view("Customers")
    cells(page, "who").first.click()
    expect(page.get_by_text("What would move this customer?")).to_be_visible()
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("few")
    expect(said(page)).to_have_count(0)
    expect(page.get_by_text("What would move this customer?")).to_be_hidden()
    screen.run(2)
    expect(cells(page, "in_segment")).to_have_text(["1", "1", "1", "2", "3"])
    page.get_by_role("textbox", name="Find a customer").fill("e")
    page.get_by_role("textbox", name="Find a customer").press("Enter")
    expect(card(page).get_by_role("status").filter(has_text="100% nearer")).to_have_count(2)
