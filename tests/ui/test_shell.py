"""What is around a result: views by their address, settings in sight, downloads, a phone, notes on finished work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from custseg.export.formats import FORMATS
from tests.ui.screen import Screen, section_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.ui.server import Server

PHONE: ViewportSize = {"width": 390, "height": 844}
FOCUSED = "document.activeElement.id"
FOLLOW_FRAMES = """() => {
  const ask = window.requestAnimationFrame;
  window.asked = performance.now();
  window.requestAnimationFrame = (draw) => { window.asked = performance.now(); return ask(draw); };
}"""


def shows(page: Page, title: str) -> None:
    """Wait until a view is in sight, and is the one that the header says."""
    view = page.get_by_role("region", name=title, exact=True)
    expect(view).to_be_visible()
    expect(view).to_have_attribute("aria-busy", "false")
    current = page.get_by_role("navigation", name="Views").locator("[aria-current=page]")
    expect(current).to_have_text(title)


def test_a_link_opens_its_view_and_back_and_forward_turn(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}#customers")
    shows(page, "Customers")
    screen.open_view("Changes")
    screen.open_view("Data")
    page.go_back()
    shows(page, "Changes")
    page.go_back()
    shows(page, "Customers")
    page.go_forward()
    shows(page, "Changes")
    page.goto(f"{server.url}#nothing-of-that-name")
    shows(page, "Overview")


def test_the_address_keeps_the_view_beside_the_settings(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.type_seed("7")
    expect(page).to_have_url(re.compile(r"\?.*seed=7.*#segments$"))


def test_settings_stay_in_sight_however_far_down_one_reads(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 1440, "height": 1000})
    screen = Screen(page, server.url)
    screen.run()
    screen.slider.press("ArrowRight")
    screen.run(2)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for control in (
        page.get_by_role("combobox", name="Customers"),
        screen.slider,
        page.get_by_role("button", name="Run clustering"),
        page.get_by_role("button", name="Undo last run"),
        page.get_by_role("combobox", name="Up (y)"),
        page.get_by_role("checkbox", name="Also compare categories"),
    ):
        expect(control).to_be_in_viewport(ratio=1)


def test_the_downloads_are_a_menu_for_keys_and_pointers(page: Page, server: Server) -> None:
    Screen(page, server.url)
    button, first = page.get_by_role("button", name="Download"), page.get_by_text(FORMATS[0].title)
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(first).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(first).to_be_visible()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    assert page.evaluate(FOCUSED) == "downloads"
    button.click()
    expect(first).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(first).to_be_hidden()


def test_the_first_key_leads_past_the_header_and_the_settings(page: Page, server: Server) -> None:
    Screen(page, server.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "main"
    # The way there is no address, which would be that of a view.
    expect(page).to_have_url(server.url)


def test_a_phone_has_the_number_and_run_in_a_bar_and_the_rest_in_a_drawer(page: Page, server: Server) -> None:
    page.set_viewport_size(PHONE)
    screen = Screen(page, server.url)
    expect(screen.seed).to_be_hidden()
    page.get_by_role("button", name="One segment more").click()
    screen.run()
    expect(screen.status).to_contain_text("Run 1: 5 segments")
    opener = page.get_by_role("button", name="Settings", exact=True)
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(FOCUSED) == "close-settings"
    screen.type_seed("7")
    expect(page.get_by_text("These settings have not been run yet.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(screen.seed).to_be_hidden()
    assert page.evaluate(FOCUSED) == "open-settings"
    # Where there is room all settings stand beside the result.
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(screen.seed).to_have_value("7")
    expect(opener).to_be_hidden()
    screen.run(2)


def test_a_run_from_the_drawer_closes_it_and_shows_the_result(page: Page, server: Server) -> None:
    page.set_viewport_size(PHONE)
    screen = Screen(page, server.url)
    page.get_by_role("button", name="Settings", exact=True).click()
    screen.slider.press("ArrowLeft")
    screen.run()
    expect(screen.status).to_contain_text("3 segments")
    expect(screen.status).to_be_in_viewport()
    expect(screen.seed).to_be_hidden()


def test_what_was_found_out_elsewhere_is_noted_with_the_way_there(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    page.get_by_role("button", name="Which number fits?").click()
    note = page.locator(".notes").get_by_text("Which number of segments fits is known.")
    expect(note).to_be_visible()
    page.get_by_role("button", name="Close this note").click()
    expect(note).to_be_hidden()
    screen.type_seed("7")
    page.get_by_role("button", name="Which number fits?").click()
    expect(note).to_be_visible()
    page.get_by_role("link", name="Look", exact=True).click()
    shows(page, "How many, how sure")
    expect(note).to_have_count(0)


def test_what_goes_on_says_how_far_it_is_and_can_be_given_up(page: Page, server: Server) -> None:
    # Of fewer customers all is known before anybody could read how far it is.
    screen = Screen(page, f"{server.url}?table=loyalty_cards&seed=102")
    work = page.locator(".work")
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    screen.run()
    expect(work).to_contain_text(re.compile(r"Finding out how sure the segments are \(\d+ of 100 samples\)"))
    cancel.click()
    expect(work).to_be_hidden()
    screen.open_view("How many, how sure")
    certainty = section_of(page, "How sure you can be of each segment and customer")
    expect(certainty.get_by_text(re.compile(r"Ended after \d+ of 100 samples|have not been checked"))).to_be_visible()
    certainty.get_by_role("button", name=re.compile("Check the segments|Go on checking")).click()
    expect(work).to_contain_text("Finding out how sure the segments are")
    expect(work).to_be_hidden()
    expect(certainty.get_by_text("Ended after")).to_have_count(0)
    page.get_by_role("button", name="Try other settings").click()
    expect(work).to_contain_text(re.compile(r"Trying other settings \(\d+ of \d+\)"))
    cancel.click()
    expect(work).to_be_hidden()


def test_what_was_found_while_one_looked_elsewhere_is_told(page: Page, server: Server) -> None:
    # With a seed that nobody has run before: else it would be known at once how sure the segments are.
    screen, notes = Screen(page, f"{server.url}?seed=104"), page.locator(".notes")
    # In one breath, so that nothing is found before the other view is shown.
    press_and_leave = "(button) => { button.click(); location.hash = '#data' }"
    page.get_by_role("button", name="Run clustering").evaluate(press_and_leave)
    expect(notes.get_by_text("How sure the segments are is known.")).to_be_visible()
    screen.open_view("How many, how sure")
    page.get_by_role("button", name="Try other settings").evaluate(press_and_leave)
    expect(notes.get_by_text("Other settings were tried.")).to_be_visible()


def test_at_twice_the_size_and_with_little_height_run_stays_in_reach(page: Page, server: Server) -> None:
    # A window of 1440 x 900 at 200 % is as one of 720 x 450.
    page.set_viewport_size({"width": 390, "height": 450})
    screen = Screen(page, server.url)
    for number, width in enumerate((390, 720), start=1):
        page.set_viewport_size({"width": width, "height": 450})
        screen.run(number)
        expect(page.get_by_role("button", name="Run clustering")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("navigation", name="Views")).to_be_in_viewport()
        page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)


def test_work_can_be_cancelled_on_a_phone(page: Page, server: Server) -> None:
    page.set_viewport_size(PHONE)
    # With a seed that nobody has run before: else it would be known at once how sure the segments are.
    screen = Screen(page, f"{server.url}?seed=101")
    # It is there for a moment only.
    page.evaluate(
        """() => {
          const shadows = (node) => [...node.querySelectorAll("*")].flatMap((one) =>
            one.shadowRoot ? [one.shadowRoot, ...shadows(one.shadowRoot)] : []);
          const look = () => {
            const place = document.querySelector(".work-place");
            const buttons = shadows(place).flatMap((root) => [...root.querySelectorAll("button")]);
            const at = buttons.find((one) => one.textContent.trim() === "Cancel")?.getBoundingClientRect();
            if (at?.width) window.cancelEndsAt = Math.max(window.cancelEndsAt ?? 0, at.right);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    screen.run()
    expect(page.locator(".verdict")).not_to_contain_text("so far")
    expect(page.locator(".sure")).to_have_count(4)
    assert 0 < page.evaluate("window.cancelEndsAt") <= PHONE["width"]


def test_a_page_that_nobody_touches_asks_for_no_frames_and_still_takes_a_file(
    page: Page, server: Server, tmp_path: Path
) -> None:
    Screen(page, server.url)
    page.evaluate(FOLLOW_FRAMES)
    page.wait_for_function("performance.now() - window.asked > 1500", polling=200)
    path = tmp_path / "club.csv"
    path.write_text("visits,spend\n" + "".join(f"{visits},{3 * visits % 17}\n" for visits in range(60)))
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("club")
