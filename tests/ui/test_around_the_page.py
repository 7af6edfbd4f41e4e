"""What a page does beside showing results: the tab and its history, a server that is gone, a phone, a screen reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.ui.screen import Screen
from tests.ui.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

    from tests.ui.server import Server


def test_going_back_leaves_the_page_rather_than_showing_what_the_address_does_not_say(
    page: Page, server: Server
) -> None:
    page.goto("about:blank")
    screen = Screen(page, server.url)
    for feature in ("Frozen", "Grocery"):
        screen.choose("Across (x)", feature)
        expect(page).to_have_url(re.compile(f"x={feature}"))
    page.go_back()
    assert page.url == "about:blank"


def test_the_tab_is_called_after_the_table(page: Page, server: Server) -> None:
    Screen(page, server.url)
    expect(page).to_have_title("Wholesale customers - custseg")
    page.get_by_role("combobox", name="Customers").select_option("Online shop customers")
    expect(page).to_have_title("Online shop customers - custseg")


def test_a_server_that_is_gone_is_said(shared_context: BrowserContext, tmp_path: Path) -> None:
    # The browser logs that the server is gone, so this is not a page that must log nothing.
    with shared_context.new_page() as page:
        with serve(tmp_path) as server:
            screen = Screen(page, server.url)
            screen.run()
            lost = page.get_by_text("The connection to the server is lost")
            expect(lost).to_be_hidden()
        expect(lost).to_be_visible()
        expect(screen.status).to_contain_text("Run 1")


def test_a_page_that_cannot_connect_at_first_says_so(
    fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    page = fresh_context().new_page()

    def with_a_token_of_another(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('"token":"', '"token":"eyJzZXNzaW9uX2lkIjoiYSJ9.'))

    page.route(re.compile(r"/app$"), with_a_token_of_another)
    page.goto(server.url)
    expect(page.get_by_text("The connection to the server is lost")).to_be_visible()


def test_on_a_phone_a_run_brings_its_result_into_sight(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    screen = Screen(page, server.url)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(screen.status).not_to_be_in_viewport()
    screen.run()
    expect(screen.status).to_be_in_viewport()


def test_the_slider_says_its_name_and_a_whole_number(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    expect(screen.slider).to_have_attribute("aria-valuetext", "4")
    screen.slider.press("ArrowRight")
    expect(screen.slider).to_have_attribute("aria-valuetext", "5")


def test_what_is_wrong_is_said_for_as_long_as_it_is_wrong(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.type_seed("x")
    expect(screen.alert).to_contain_text("The seed must be a whole number")
    screen.page.get_by_role("checkbox", name="Fresh").uncheck()
    expect(screen.page).to_have_url(re.compile("feature="))
    expect(screen.alert).to_contain_text("The seed must be a whole number")
    screen.type_seed("7")
    expect(screen.alert).to_be_hidden()
