"""A page that is loaded again goes on where it was: result, names, notes, runs and a file of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import Dialog, expect

from tests.ui.screen import Screen, section_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server


# Whether the field of the session's token has that in a property.
HOLDS = """([property, value]) => {
  const models = [...Bokeh.documents[0]._all_models.values()];
  return models.find((one) => one.css_classes?.includes("session-token"))[property].includes(value);
}"""


def name_first(page: Page, name: str) -> None:
    cell = page.locator('.tabulator-row .tabulator-cell[tabulator-field="name"]').first
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(cell).to_have_text(name)


def wait_until_kept(page: Page) -> None:
    """Wait until the server has written what is there now."""
    page.wait_for_function(HOLDS, arg=["tags", "kept"])


def test_a_page_that_is_loaded_again_goes_on_where_it_was(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    path = tmp_path / "mine.csv"
    pd.DataFrame(
        {"who": [f"c{row}" for row in range(90)], "spend": generator.lognormal(4, 1, 90), "visits": np.arange(90) % 13}
    ).to_csv(path, index=False)
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("mine")
    screen.run()
    screen.slider.press("ArrowLeft")
    screen.run(2)
    name_first(page, "Our regulars")
    sizes = screen.column("customers")
    wait_until_kept(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".title")).to_have_text("mine")
    expect(screen.status).to_contain_text("Run 2:")
    expect(page.locator('.tabulator-row .tabulator-cell[tabulator-field="name"]').first).to_have_text("Our regulars")
    assert screen.column("customers") == sizes
    expect(screen.badge).to_have_count(0)
    screen.run(3)


def test_a_random_start_comes_back_the_same_and_no_seed_is_typed(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.type_seed("")
    screen.run()
    expect(screen.status).to_contain_text("random start (seed ")
    status, sizes = screen.status.inner_text(), screen.column("customers")
    wait_until_kept(page)
    page.reload()
    # All but how long it took.
    expect(screen.status).to_contain_text(status.rpartition(",")[0])
    assert screen.column("customers") == sizes
    expect(screen.seed).to_have_value("")
    expect(screen.badge).to_have_count(0)


def test_a_link_in_the_same_tab_begins_anew(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    wait_until_kept(page)
    page.goto("about:blank")
    again = Screen(page, f"{server.url}?k=3")
    expect(again.status).to_contain_text("Not run yet")


def test_a_project_is_saved_and_opened_and_a_tab_with_unsaved_names_asks(
    page: Page, server: Server, open_page: Callable[[], Page]
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    name_first(page, "Our regulars")
    page.wait_for_function(HOLDS, arg=["placeholder", "unsaved"])
    with page.expect_event("dialog") as asks:
        page.once("dialog", Dialog.dismiss)
        page.close(run_before_unload=True)
    assert asks.value.type == "beforeunload"
    project = screen.download("Project to go on with (JSON)")
    other = Screen(open_page(), f"{server.url}?k=6")
    other.open_view("Data")
    section = section_of(other.page, "Go on with a saved project")
    section.locator("input[type=file]").set_input_files(project.path())
    expect(section.get_by_role("status")).to_contain_text("is used now")
    expect(other.status).to_contain_text("Run 1: 4 segments")
    other.open_view("Overview")
    expect(other.page.locator('.tabulator-cell[tabulator-field="name"]').first).to_have_text("Our regulars")
