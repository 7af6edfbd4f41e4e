"""The saved file, opened from disk by someone who has no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

import custseg
from tests.hostile import HOSTILE_FILE, LINKS, MARKUP, MATHEMATICS, hostile_playbook, hostile_table
from tests.ui.acting import check_nothing_acts
from tests.ui.conftest import watch
from tests.ui.screen import PLACE, place_of, read_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, ViewportSize


@pytest.fixture
def offline_page(fresh_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """Open a page without a network; asking for anything but the file itself fails the test."""
    trouble: list[str] = []
    page = fresh_context(offline=True).new_page()
    watch(page, trouble)
    page.on("request", lambda request: None if request.url.startswith(_LOCAL) else trouble.append(request.url))
    yield page
    assert trouble == []


_LOCAL = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def model(table_path: Path) -> custseg.SegmentationModel:
    """Return a model that has been run."""
    model = custseg.SegmentationModel(table_path, k=4, seed=42)
    model.run_clustering()
    model.run_assessment()
    return model


def open_saved(page: Page, model: custseg.SegmentationModel, folder: Path) -> None:
    path = folder / "segments.html"
    model.save_html(path)
    page.goto(path.as_uri())
    expect(page.locator("canvas").first).to_be_visible()


def read_column(page: Page, field: str) -> list[str]:
    """Return the cells of one column of the table of segments, by its internal name."""
    cells = page.locator(f'#summary td[data-field="{field}"]').all_inner_texts()
    return [" ".join(text.split()) for text in cells]


def test_the_file_shows_points_table_words_settings_and_date(
    offline_page: Page, model: custseg.SegmentationModel, tmp_path: Path
) -> None:
    open_saved(offline_page, model, tmp_path)
    result, words = model.result, model.words
    assert result is not None
    assert words is not None
    picture = read_picture(offline_page)
    assert picture["points"]["number"] == [str(label) for label in result.labels]
    assert picture["legend"] == [f"{number} {name}" for number, name in enumerate(words.names, start=1)]
    assert read_column(offline_page, "customers") == ["317", "109", "10", "4"]
    assert read_column(offline_page, "name") == list(words.names)
    for headline, sentence in zip(words.headlines, words.sentences, strict=True):
        expect(offline_page.get_by_text(headline)).to_be_visible()
        expect(offline_page.get_by_text(sentence)).to_be_attached()
    assert model.certainty is not None
    expect(offline_page.locator("#certainty .word")).to_have_text(list(model.certainty.stability))
    assert model.rules is not None
    expect(offline_page.get_by_text(model.rules.rules[0].sentence)).to_be_visible()
    least_sure = str(model.certainty.borderline_customers["customer"].iloc[0])
    expect(offline_page.get_by_text(least_sure, exact=True)).to_be_visible()
    expect(offline_page.locator("header")).to_contain_text("4 segments of 440 customers, seed 42")
    expect(offline_page.locator("header")).to_contain_text(
        "Fresh, Milk, Grocery, Frozen, Detergents and paper, Delicatessen"
    )
    expect(offline_page.locator("header")).to_contain_text(re.compile(r"Made on \d{1,2} \w+ \d{4}, \d{2}:\d{2}"))


def test_hover_zoom_and_sorting_are_alive(offline_page: Page, model: custseg.SegmentationModel, tmp_path: Path) -> None:
    open_saved(offline_page, model, tmp_path)
    across = model.table.matrix([model.x])[:, 0]
    customer = str(model.table.identifiers[int(across.argmax())])

    offline_page.mouse.move(*place_of(offline_page, customer))
    expect(offline_page.locator(".bk-Tooltip")).to_contain_text(customer)
    # The customers of its segment stand out.
    assert model.result is not None
    segment = str(model.result.labels[int(across.argmax())])
    expect(offline_page.locator("html")).to_have_attribute("data-lit-segment", segment)
    before = place_of(offline_page, customer)
    # Over the middle of the plot, so that a customer at the edge moves outwards.
    middle = place_of(offline_page, str(model.table.identifiers[int(abs(across - np.median(across)).argmin())]))
    offline_page.mouse.move(*middle)
    offline_page.mouse.wheel(0, -300)
    offline_page.wait_for_function(f"(x) => ({PLACE})({customer!r})[0] > x + 20", arg=before[0])

    header = offline_page.locator('#summary th[data-field="customers"]')
    for order in (["4", "10", "109", "317"], ["317", "109", "10", "4"]):
        header.get_by_role("button").press("Enter")
        assert read_column(offline_page, "customers") == order
    expect(header).to_have_attribute("aria-sort", "descending")


def test_a_manager_reads_the_verdict_first_and_finds_the_rest_in_the_contents(
    offline_page: Page, model: custseg.SegmentationModel, tmp_path: Path
) -> None:
    open_saved(offline_page, model, tmp_path)
    expect(offline_page.get_by_role("heading", level=1)).to_have_text(f"{model.table.title}: 4 segments")
    top = {
        name: offline_page.locator(name).first.bounding_box() for name in (".verdict", ".cards", "#words", "#actions")
    }
    heights = [box["y"] for box in top.values() if box is not None]
    assert heights == sorted(heights)
    assert len(heights) == len(top)
    contents = offline_page.get_by_role("navigation", name="Contents")
    for link in contents.get_by_role("link").all():
        section = offline_page.get_by_role("region", name=link.inner_text(), exact=True)
        expect(section).to_have_attribute("id", (link.get_attribute("href") or "").removeprefix("#"))
        expect(section.get_by_role("heading", name=link.inner_text(), exact=True)).to_be_attached()


def test_the_file_is_small_enough_to_send(model: custseg.SegmentationModel, tmp_path: Path) -> None:
    model.save_html(tmp_path / "segments.html")
    assert (tmp_path / "segments.html").stat().st_size < 2_500_000


def test_figures_are_printed_light_and_no_wider_than_the_paper(
    fresh_context: Callable[..., BrowserContext], model: custseg.SegmentationModel, tmp_path: Path
) -> None:
    page = fresh_context(offline=True, color_scheme="dark").new_page()
    open_saved(page, model, tmp_path)
    figures, theme = page.locator(".figure").count(), "document.documentElement.dataset.theme"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    pictures = page.evaluate(PRINTED)
    assert len(pictures) == figures
    assert all(picture["painted"] and picture["right"] <= A4["width"] for picture in pictures)
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert page.evaluate(theme) is None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".picture")).to_have_count(0)
    assert page.evaluate(theme) == "dark"


# What the margins leave of 210 mm, in pixels.
A4: ViewportSize = {"width": 703, "height": 1000}
# What stands in the place of the figures: whether it shows more than one colour, and how far it reaches.
PRINTED = """() => [...document.querySelectorAll(".picture")].map((picture) => {
  const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
  const colours = new Set(new Uint32Array(data.buffer));
  return { painted: colours.size > 2, right: picture.getBoundingClientRect().right };
})"""


def test_customers_can_be_left_out(offline_page: Page, model: custseg.SegmentationModel, tmp_path: Path) -> None:
    path = tmp_path / "segments.html"
    model.save_html(path, customers=False)
    text = path.read_text(encoding="utf-8")
    assert not [name for name in model.table.identifiers if f'"{name}"' in text or f">{name}<" in text]
    offline_page.goto(path.as_uri())
    expect(offline_page.locator("canvas").first).to_be_visible()
    picture = read_picture(offline_page)
    assert picture["points"]["customer"] == []
    assert len(picture["centroids"]["x"]) == 4
    expect(offline_page.get_by_text("single customers were left out of this file")).to_be_visible()
    expect(offline_page.get_by_role("heading", name="On a border")).to_be_visible()


def test_nothing_that_is_hostile_acts_in_the_file(offline_page: Page, tmp_path: Path) -> None:
    source = tmp_path / f"{HOSTILE_FILE}.csv"
    hostile_table().to_csv(source, index=False)
    model = custseg.SegmentationModel(source, k=3, playbook=hostile_playbook())
    model.run_clustering()
    model.rename(1, MATHEMATICS[0])
    for segment, text in enumerate((MARKUP[0], LINKS[0], MATHEMATICS[1]), start=1):
        model.annotate(segment, text)
    model.run_assessment()
    open_saved(offline_page, model, tmp_path)
    expect(offline_page.locator('#summary th[data-field="f1"]')).to_contain_text(MARKUP[1])
    for text in (MARKUP[0], LINKS[0], MATHEMATICS[1]):
        expect(offline_page.locator(".remark", has_text=text)).to_be_visible()
    expect(offline_page.get_by_text(f"{MARKUP[0]} {LINKS[0]}").first).to_be_visible()
    check_nothing_acts(offline_page)


def test_nothing_can_be_saved_before_the_first_run(table_path: Path, tmp_path: Path) -> None:
    model = custseg.SegmentationModel(table_path)
    with pytest.raises(custseg.SettingError, match=r"There is no result to save yet. Run the clustering first."):
        model.save_html(tmp_path / "segments.html")
    assert not list(tmp_path.iterdir())
