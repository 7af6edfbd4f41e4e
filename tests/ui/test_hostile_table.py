"""A hostile table through page and report in a browser: nothing of it acts, and all of it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from custseg.export.formats import FORMATS
from custseg.panes.charts.catalogue import CHARTS
from custseg.panes.views.catalogue import VIEWS
from tests.hostile import HOSTILE, HOSTILE_FILE, MATHEMATICS, write_hostile_csv
from tests.saved_files import acting_in
from tests.ui.acting import check_nothing_acts
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

# Folds may stand within others' shadows.
UNFOLD = """() => {
  const unfold = (node) => {
    for (const element of node.querySelectorAll("*")) {
      if (element.localName === "details") element.open = true;
      if (element.shadowRoot) unfold(element.shadowRoot);
    }
  };
  unfold(document);
}"""


def one_line(text: str) -> str:
    return " ".join(text.split())


def shows_names(page: Page) -> None:
    """Wait until headers of the table of segments and the words show the names as they are."""
    titles = page.locator(".tabulator-col-title, #summary th")
    for name in HOSTILE:
        expect(titles.filter(has_text=one_line(name)).first).to_be_attached()
    for name in MATHEMATICS[:2]:
        expect(page.locator(".segment-card h3:visible", has_text=name)).to_be_visible()


def show_everything(screen: Screen) -> None:
    """Point at a customer and at a statement, name segments, and turn through all views with all unfolded."""
    page = screen.page
    # Names this long push the picture down.
    page.locator("canvas").first.scroll_into_view_if_needed()
    page.mouse.move(*screen.place_of(screen.picture()["points"]["customer"][0]))
    expect(page.locator(".bk-Tooltip").first).to_be_visible()
    for picture in ("Customers spread most", "Segments furthest apart"):
        page.get_by_role("combobox", name="Picture").select_option(picture)
        expect(page.get_by_text("An arrow says where more of a feature leads")).to_be_visible()
    for row, name in enumerate(MATHEMATICS[:2]):
        page.locator('.tabulator-row .tabulator-cell[tabulator-field="name"]').nth(row).click()
        page.locator(".tabulator-editing input, .tabulator-editing textarea").fill(name)
        page.keyboard.press("Enter")
        expect(page.locator(".segment-card h3", has_text=name)).to_be_visible()
    page.locator(".claim").first.hover()
    check_nothing_acts(page)
    for view in VIEWS:
        screen.open_view(view.title)
        page.evaluate(UNFOLD)
        if view.address == "segments":
            for chart in CHARTS:
                expect(page.get_by_role("heading", name=chart.title)).to_be_visible()
        check_nothing_acts(page)
    screen.open_view("Overview")


def save_all(screen: Screen, folder: Path) -> dict[str, Path]:
    """Download every format that there is something for; return the files by the format's name."""
    saved = {}
    for form in (form for form in FORMATS if form.name not in ("movers", "selection")):
        saved[form.name] = folder / form.filename
        screen.download(form.title).save_as(saved[form.name])
    return saved


def test_nothing_of_a_hostile_table_acts_and_all_of_it_is_shown_as_it_is(
    page: Page, open_page: Callable[[], Page], server: Server, tmp_path: Path
) -> None:
    path = tmp_path / f"{HOSTILE_FILE}.csv"
    write_hostile_csv(path)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_contain_text("onerror")
    screen.run()
    show_everything(screen)
    shows_names(page)
    check_nothing_acts(page)
    for name, saved in save_all(screen, tmp_path).items():
        if saved.suffix == ".html":
            report = open_page()
            report.goto(saved.as_uri())
            shows_names(report)
            if name == "report with customers":
                report.locator(".claim").first.hover()
            check_nothing_acts(report)
        elif name != "customers_raw":
            assert acting_in(saved.name, saved.read_bytes()) == []
    assert asked == []
