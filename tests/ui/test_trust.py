"""How sure a result is, and what its picture hides, as a person sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

import custseg
from tests.ui.screen import Screen, section_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

SECTION = "How sure you can be of each segment and customer"
# The columns of the layers over the customers: rings around those on a border, and the directions of features.
OVERLAYS = """() => {
  const figure = [...Bokeh.documents[0]._all_models.values()]
    .findLast((model) => model.type === "Figure" && model.renderers.some((one) => one.name === "points"));
  const column = (layer, name) =>
    Array.from(figure.renderers.find((one) => one.name === layer)?.data_source.get_column(name) ?? []);
  return {rings: column("rings", "x").length, arrows: column("arrows", "feature")};
}"""


def test_each_segment_says_how_sure_it_is_and_borderline_customers_are_listed_and_marked(
    page: Page, server: Server, table_path: Path
) -> None:
    screen, logged = Screen(page, server.url), server.remarks()
    mark = page.get_by_role("button", name="Mark borderline")
    expect(mark).to_be_disabled()
    screen.run()
    certainty = custseg.certainty(custseg.segment(table_path, k=4, seed=42))
    expected = [f"{word} {number:.3f}" for word, number in zip(certainty.stability, certainty.jaccard, strict=True)]
    cells = page.locator('.tabulator-row .tabulator-cell[tabulator-field="how_sure"]')
    expect(cells).to_have_text(expected)
    screen.open_view("How many, how sure")
    section = section_of(page, SECTION)
    expect(section.locator(".word")).to_have_text(list(certainty.stability))
    number = certainty.borderline
    expect(section.get_by_role("heading", name=f"On a border: {number} customers")).to_be_visible()
    least_sure = section.locator('.tabulator-row .tabulator-cell[tabulator-field="customer"]').first
    expect(least_sure).to_have_text(str(certainty.borderline_customers["customer"].iloc[0]))
    screen.open_view("Overview")
    mark.click()
    expect(page.get_by_text(f"A ring marks {number} customers")).to_be_visible()
    assert page.evaluate(OVERLAYS)["rings"] == number
    screen.run(2)
    expect(page.get_by_text(f"A ring marks {number} customers")).to_be_visible()
    assert server.remarks() == logged


def test_what_sets_each_segment_apart_is_said_with_how_often_it_is_right(
    page: Page, server: Server, table_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.open_view("Segments")
    section = section_of(page, "What sets each segment apart")
    expect(section).to_be_hidden()
    screen.run()
    found = custseg.find_rules(custseg.segment(table_path, k=4, seed=42))
    expect(section.locator("td:last-child")).to_have_text([rule.sentence for rule in found.rules])
    expect(section.get_by_text(found.note)).to_be_visible()


def test_the_planes_show_all_features_with_their_directions_and_a_link_leads_to_them(
    page: Page, server: Server
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    expect(page.get_by_role("button", name="Log scale")).to_be_enabled()
    picture = page.get_by_role("combobox", name="Picture")
    picture.select_option("Segments furthest apart")
    expect(page.get_by_text(re.compile("linear discriminants.* show 98% of what sets them apart"))).to_be_visible()
    screen.wait_for_picture(
        "axes", ["First direction: 82% of the separation", "Second direction: 17% of the separation"]
    )
    expect(page.get_by_role("button", name="Log scale")).to_be_disabled()
    assert page.evaluate(OVERLAYS)["arrows"] == [
        "Fresh", "Milk", "Grocery", "Frozen", "Detergents and paper", "Delicatessen",
    ]  # fmt: skip
    expect(page.get_by_role("combobox", name="Across (x)")).to_be_disabled()
    expect(page).to_have_url(re.compile("picture=discriminant"))
    picture.select_option("Customers spread most")
    expect(page.get_by_text(re.compile("principal components.* show 72% of all"))).to_be_visible()
    screen.slider.press("ArrowRight")
    screen.run(2)
    assert len(screen.picture()["centroids"]["number"]) == 5
    again = Screen(page, page.url)
    expect(page.get_by_text("This view needs segments")).to_be_visible()
    again.run()
    again.wait_for_picture("axes", ["First direction: 44% of the variance", "Second direction: 28% of the variance"])
    page.get_by_role("combobox", name="Picture").select_option("Two features")
    expect(page.get_by_text("separate the segments best")).to_be_visible()
    assert all("(monetary units a year, log scale)" in title for title in again.picture()["axes"])
    assert page.evaluate(OVERLAYS)["arrows"] == []


def test_a_picture_that_hides_a_difference_says_so_and_shows_it_at_one_click(page: Page, server: Server) -> None:
    screen = Screen(page, f"{server.url}?x=Fresh&y=Frozen")
    screen.run()
    note = page.get_by_text("Segments 1 and 3 overlap in this picture but differ in Grocery")
    expect(note).to_be_visible()
    page.get_by_role("button", name="Show Grocery").click()
    expect(note).to_be_hidden()
    assert "Grocery (monetary units a year, log scale)" in screen.picture()["axes"]


def test_segments_of_single_customers_and_of_one_feature_are_no_hindrance(
    page: Page, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "few.csv"
    pd.DataFrame({"age": [20.0, 20, 20, 41, 90], "name": list("abcde")}).to_csv(path, index=False)
    screen = Screen(page, f"{server.url}?k=3&picture=principal")
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("few")
    screen.run()
    cells = page.locator('.tabulator-row .tabulator-cell[tabulator-field="how_sure"]')
    expect(cells).to_have_text([re.compile(r"(solid|fair|doubtful|fragile) \d\.\d\d")] * 3)
    expect(page.get_by_text("This view needs segments based on at least two features")).to_be_visible()
    screen.open_view("How many, how sure")
    expect(page.get_by_text("No customer is on a border")).to_be_visible()
    assert "NaN" not in page.inner_text("body")


def test_groups_far_apart_are_solid_on_the_page(page: Page, server: Server, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    apart = np.repeat([[0.0, 0], [20, 0], [0, 20]], 60, axis=0) + generator.normal(size=(180, 2))
    path = tmp_path / "apart.csv"
    pd.DataFrame(apart, columns=["width", "depth"]).round(3).to_csv(path, index=False)
    screen = Screen(page, f"{server.url}?k=3")
    page.locator(".intake input[type=file]").set_input_files(path)
    expect(page.locator(".title")).to_have_text("apart")
    screen.run()
    cells = page.locator('.tabulator-row .tabulator-cell[tabulator-field="how_sure"]')
    expect(cells).to_have_text(["solid 1.000"] * 3)
