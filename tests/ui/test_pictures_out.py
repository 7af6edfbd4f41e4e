"""Every picture of a view leaves as PNG or SVG, drawn in the browser, and nothing in it acts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from playwright.sync_api import expect

from tests.hostile import write_hostile_csv
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Download, Page

    from tests.ui.server import Server

SHOWN = """() => {
  const within = (view) => [view, ...(view.child_views ?? []).flatMap(within)];
  const figures = Bokeh.index.roots.flatMap(within).filter((view) => view.model.type === "Figure");
  return figures.filter((view) => view.el.checkVisibility() && view.bbox.width > 0).length;
}"""


def pictures(page: Page, kind: str) -> list[Download]:
    """Download the pictures of the view that is shown."""
    expected = page.evaluate(SHOWN)
    found: list[Download] = []

    def keep(download: Download) -> None:
        found.append(download)

    page.on("download", keep)
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_event("download", lambda _: len(found) >= expected):
        page.get_by_role("button", name=f"Pictures of this view ({kind})").click()
    page.remove_listener("download", keep)
    return found


def test_the_pictures_of_a_view_are_svg_in_which_nothing_acts(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "hostile.csv"
    write_hostile_csv(path)
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_contain_text("hostile")
    screen.run()
    screen.open_view("Segments")
    expect(page.get_by_role("heading", name="The segments side by side")).to_be_visible()
    page.wait_for_function(f"({SHOWN})() > 2")
    found = pictures(page, "SVG")
    assert len(found) > 2
    for download in found:
        assert download.suggested_filename.startswith("Segments ")
        drawn = ET.fromstring(download.path().read_text(encoding="utf-8"))  # noqa: S314 - the page made it
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        parts = list(drawn.iter())
        assert len(parts) > 10
        assert not [part for part in parts if part.tag.endswith(("script", "foreignObject", "}a"))]
        values = [(name, value) for part in parts for name, value in part.attrib.items()]
        assert not [name for name, _ in values if name.rpartition("}")[2].startswith("on")]
        led_to = [value for name, value in values if name.endswith("href")]
        assert all(value.startswith(("#", "data:image")) for value in led_to)


def test_the_picture_of_the_customers_is_a_png(page: Page, server: Server) -> None:
    Screen(page, server.url)
    (download,) = pictures(page, "PNG")
    assert download.path().read_bytes().startswith(b"\x89PNG")
    assert download.suggested_filename == "Overview 1.png"
