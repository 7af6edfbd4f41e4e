"""The segments side by side, as a person sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

import custseg
from custseg.panes.charts.heatmap import written
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

SECTION = "The segments side by side"
# What the four pictures hold, told by their columns: numbers in cells, markers, hills and shares.
HELD = """() => {
  const models = [...Bokeh.documents[0]._all_models.values()];
  const sources = models.filter((one) => one.type === "ColumnDataSource");
  const source = (...names) => sources.find((one) => names.every((name) => one.get_column(name) != null));
  const axes = models.filter((one) => one.type === "Figure").flatMap((one) => one.below);
  return {
    cells: Array.from(source("everyone")?.get_column("text") ?? []),
    markers: Array.from(source("marker")?.get_column("rank") ?? []),
    hills: Array.from(source("xs", "median")?.get_column("median") ?? []),
    shares: Array.from(source("share", "text")?.get_column("text") ?? []),
    titles: axes.map((axis) => axis.axis_label),
  };
}"""
PICTURES = 4
# Where a column of the heatmap is, in pixels of the window.
COLUMN = """(column) => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const plots = Bokeh.index.roots.flatMap(views).filter((view) => view.model.type === "Figure");
  const plot = plots.find((one) => one.model.renderers.some((layer) => layer.data_source.get_column("everyone")));
  const canvas = plot.canvas_view.el.getBoundingClientRect();
  return [canvas.x + plot.frame.x_scale.compute(column), canvas.y + plot.frame.y_scale.compute(2)];
}"""


def section_of(page: Page) -> Locator:
    return page.locator(".section", has=page.get_by_role("heading", name=SECTION))


def depth_of(page: Page) -> Locator:
    return page.locator(".section", has=page.get_by_role("heading", name="One segment in depth"))


def held(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(HELD)
    return found


def test_the_pictures_come_with_a_run_and_say_what_it_says(page: Page, server: Server, table_path: Path) -> None:
    screen, logged = Screen(page, server.url), server.remarks()
    screen.open_view("Segments")
    section = section_of(page)
    expect(section.get_by_text("Run the clustering first")).to_be_visible()
    screen.run()
    expect(section.get_by_role("heading", level=3)).to_have_count(PICTURES)
    expect(section.get_by_text("Run the clustering first")).to_be_hidden()
    expect(section.locator("canvas").first).to_be_visible()
    # The pictures come one after the other.
    page.wait_for_function(f"() => ({HELD})().shares.length > 0")
    profile = custseg.profile(custseg.segment(table_path, k=4, seed=42))
    scores = (profile.means - profile.overall_means) / profile.overall_deviations
    found = held(page)
    assert found["cells"] == [written(score) for score in scores.ravel().tolist()]
    assert len(found["markers"]) == 24
    assert len(found["hills"]) == 4
    assert found["shares"][0] == "72%"
    names = custseg.interpret(profile).names
    expect(section.locator(".key li")).to_have_text([f"{number} {name}" for number, name in enumerate(names, start=1)])
    assert server.remarks() == logged


def test_another_run_and_another_feature_change_them(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.run()
    section = section_of(page)
    feature = section.get_by_role("combobox", name="Feature")
    feature.select_option("Frozen")
    page.wait_for_function(f"() => ({HELD})().titles.includes('Frozen (monetary units a year)')")
    screen.slider.press("ArrowRight")
    screen.run(2)
    page.wait_for_function(f"() => ({HELD})().hills.length === 5")
    expect(section.locator(".key li")).to_have_count(5)
    expect(feature).to_have_value("Frozen")
    assert len(held(page)["cells"]) == 30


def test_on_a_phone_a_wide_picture_is_moved_and_not_the_page(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    screen = Screen(page, f"{server.url}?k=10")
    screen.run()
    screen.open_view("Segments")
    section = section_of(page)
    expect(section.locator(".key li")).to_have_count(10)
    expect(section.locator("canvas").first).to_be_visible()
    expect(depth_of(page).get_by_role("radio")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_report_from_the_page_has_them_too(page: Page, server: Server, tmp_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    path = tmp_path / "report.html"
    screen.download("Report with customers (HTML)").save_as(path)
    page.goto(path.as_uri())
    section = section_of(page)
    expect(section.get_by_role("heading", level=3)).to_have_count(PICTURES)
    expect(section.locator("canvas").first).to_be_visible()
    assert held(page)["shares"][0] == "72%"
    expect(section.get_by_role("combobox")).to_have_count(0)


def test_fewer_segments_and_features_leave_nothing_behind(page: Page, server: Server) -> None:
    # The page fails the test where BokehJS looks for what is no more there.
    screen = Screen(page, f"{server.url}?k=10")
    screen.run()
    screen.open_view("Segments")
    expect(section_of(page).locator(".key li")).to_have_count(10)
    expect(section_of(page).locator("canvas").first).to_be_visible()
    for number, key in enumerate(("Home", "End", "Home"), start=2):
        screen.slider.press(key)
        screen.run(number)
        expect(section_of(page).locator(".key li")).to_have_count(2 if key == "Home" else 10)
    assert len(held(page)["cells"]) == 12


def test_a_tap_on_a_column_selects_its_segment_and_shows_it_in_depth(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.run()
    depth = depth_of(page)
    expect(depth.get_by_role("radio", name="1 ")).to_be_checked()
    expect(section_of(page).locator("canvas").first).to_be_visible()
    page.wait_for_function(f"() => ({HELD})().cells.length > 0")
    page.mouse.click(*page.evaluate(COLUMN, 2))
    expect(depth.get_by_role("heading", name="Segment 3:")).to_be_visible()
    expect(depth.get_by_role("radio", name="3 ")).to_be_checked()
    expect(section_of(page).locator(".key .selected")).to_have_text("S")
    page.mouse.click(*page.evaluate(COLUMN, 2))
    expect(section_of(page).locator(".key .selected")).to_have_count(0)


def test_pointing_at_a_column_lights_its_segment_everywhere(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.run()
    expect(section_of(page).locator("canvas").first).to_be_visible()
    page.wait_for_function(f"() => ({HELD})().cells.length > 0")
    lit = section_of(page).locator(".key .lit")
    page.mouse.move(*page.evaluate(COLUMN, 2))
    expect(lit).to_have_attribute("data-segment", "3")
    page.mouse.move(*page.evaluate(COLUMN, 1))
    expect(lit).to_have_attribute("data-segment", "2")
    page.get_by_role("heading", level=1).hover()
    expect(lit).to_have_count(0)


def test_a_segment_is_picked_by_keys_and_its_customers_are_a_press_away(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.run()
    depth = depth_of(page)
    depth.get_by_role("radio", name="1 ").focus()
    page.keyboard.press("ArrowDown")
    expect(depth.get_by_role("heading", name="Segment 2:")).to_be_visible()
    expect(depth.get_by_role("radio", name="2 ")).to_be_focused()
    depth.get_by_role("button", name="Look at").first.click()
    expect(page.get_by_role("region", name="Customers", exact=True)).to_be_visible()
    page.go_back()
    depth.get_by_role("button", name="List these customers").click()
    expect(page.get_by_role("region", name="Customers", exact=True)).to_be_visible()


def test_behind_each_picture_is_a_table(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    screen.run()
    section = section_of(page)
    expect(section.get_by_text("Show as a table")).to_have_count(PICTURES)
    section.get_by_text("Show as a table").first.click()
    profile = custseg.profile(custseg.segment(table_path, k=4, seed=42))
    rows = section.locator("table.behind").first.locator("tbody tr")
    expect(rows).to_have_count(len(profile.features))
    scores = (profile.means[:, 0] - profile.overall_means[0]) / profile.overall_deviations[0]
    for cell, score in zip(rows.first.locator("td").all(), scores.tolist(), strict=False):
        expect(cell).to_contain_text(f"({written(score)})")
