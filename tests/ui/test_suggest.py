"""How many segments: asked for on the page, answered, and taken over by a click."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from tests.ui.screen import Screen, open_view, section_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server


def open_advice(page: Page) -> Locator:
    open_view(page, "How many, how sure")
    return section_of(page, "How many segments: what these customers suggest")


def ask(page: Page) -> Locator:
    """Open the view and ask; return the section."""
    section = open_advice(page)
    section.get_by_role("button", name="Suggest a number").click()
    return section


def test_a_number_is_suggested_with_its_reason_and_set_by_a_click(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}?table=online_shop")
    screen.run()
    page.evaluate(NOTE_WHAT_IS_SAID)
    section = ask(page)
    expect(section.get_by_role("status")).to_contain_text("3 segments: fewer customers lie between any two")
    # Each of them may have stood for a moment only.
    said = " ".join(page.evaluate("window.said"))
    assert re.search(r"Trying \d+ segments, from 2 to 10", said)
    assert "Run 1" in screen.status.inner_text()
    section.get_by_role("button", name="Use 3 segments").click()
    expect(screen.slider).to_have_attribute("aria-valuetext", "3")
    expect(screen.badge).to_be_visible()
    section.locator(".tabulator-row").nth(4).locator(".tabulator-cell").nth(2).click()
    expect(screen.slider).to_have_attribute("aria-valuetext", "6")


def test_which_numbers_to_look_at_and_the_smallest_segment_can_be_chosen(page: Page, server: Server) -> None:
    Screen(page, server.url)
    section = open_advice(page)
    page.get_by_role("combobox", name="Numbers from").select_option("3")
    page.get_by_role("combobox", name="to", exact=True).select_option("5")
    page.get_by_role("combobox", name="Smallest segment").select_option("10% of customers")
    expect(page.get_by_role("combobox", name="or at least")).to_have_value("30 customers")
    section.get_by_role("button", name="Suggest a number").click()
    expect(section.get_by_role("status")).to_contain_text("Every number leaves a segment of fewer than 30 customers")
    cells = section.locator('.tabulator-row .tabulator-cell[tabulator-field="k"]')
    expect(cells).to_have_text(["3", "4", "5"])


def test_a_click_on_the_picture_sets_the_slider(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    section = ask(page)
    expect(section.get_by_role("status")).to_contain_text("No natural groups")
    section.locator("canvas").first.scroll_into_view_if_needed()
    x, y = page.evaluate(PLACE_OF_K, 5)
    page.mouse.click(x, y)
    expect(screen.slider).to_have_attribute("aria-valuetext", "5")


def test_it_can_be_stopped(page: Page, server: Server, tmp_path: Path) -> None:
    # So many features that it takes long enough for a browser, however slow, to stop it.
    path = tmp_path / "wide.csv"
    values = np.random.default_rng(0).normal(size=(4000, 120))
    pd.DataFrame(values, columns=[f"feature_{position}" for position in range(120)]).to_csv(path, index=False)
    Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("wide")
    section = ask(page)
    section.get_by_role("button", name="Stop").click()
    expect(section.get_by_role("button", name="Stop")).to_be_hidden()
    expect(section.get_by_text("Find out how many segments these customers fall into")).to_be_visible()
    expect(section.get_by_role("button", name="Suggest a number")).to_be_enabled()


# Every text of a status line that is put into the page, also within a shadow root.
NOTE_WHAT_IS_SAID = """() => {
  window.said = [];
  const note = () => {
    const look = (node) => {
      for (const element of node.querySelectorAll("*")) {
        if (element.getAttribute("role") === "status") window.said.push(element.textContent);
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
  };
  for (const page of Bokeh.documents) page.on_change(() => setTimeout(note));
}"""
# Where the first line has the dot of a number of segments, in pixels of the window.
PLACE_OF_K = """(k) => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const plots = Bokeh.index.roots.flatMap(views).filter((view) => view.model.type === "Figure");
  const plot = plots.find((one) => one.model.renderers.some((part) => part.data_source?.get_column("k") != null));
  const dots = plot.model.renderers.find((one) => one.glyph?.type === "Scatter" && one.data_source.get_column("k"));
  const frame = plot.frame, canvas = plot.canvas_view.el.getBoundingClientRect();
  const row = Array.from(dots.data_source.get_column("k")).indexOf(k);
  const height = Array.from(dots.data_source.get_column(dots.glyph.y.field))[row];
  return [canvas.x + frame.x_scale.compute(k), canvas.y + frame.y_scale.compute(height)];
}"""
