"""The page, used as a manager and an analyst use it."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from playwright.sync_api import expect

import custseg
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.server import Server

WIDTHS = (390, 768, 1440, 1920)
SIZES = ["317", "109", "10", "4"]


def test_before_the_first_run_customers_are_grey_and_one_sentence_says_what_to_do(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    expect(screen.status).to_have_text("Not run yet")
    expect(page.locator(".opening")).to_contain_text("Choose how many segments you want, then press Run clustering")
    picture = screen.picture()
    assert len(picture["points"]["customer"]) == 440
    assert picture["shown"] == ["none"]
    assert picture["legend"] == []
    assert picture["centroids"]["x"] == []
    page.get_by_role("button", name="Download").click()
    expect(page.get_by_text("Segments (CSV)")).to_be_visible()
    for button in page.get_by_role("button", name=re.compile(r"\((CSV|HTML)\)")).all():
        expect(button).to_be_disabled()


def test_a_run_brings_picture_table_words_and_figures_of_one_result(
    page: Page, server: Server, table_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    # Another test may have run the same before.
    took = r"([\d,.]+\sm?s|found before)"
    expect(screen.status).to_have_text(re.compile(rf"^Run 1: 4 segments of 440 customers, seed 42, {took}$"))
    result = custseg.segment(table_path, k=4, seed=42)
    words = custseg.interpret(custseg.profile(result))

    picture = screen.picture()
    assert picture["points"]["number"] == [str(label) for label in result.labels]
    assert picture["legend"] == [f"{number} {name}" for number, name in enumerate(words.names, start=1)]
    assert picture["shown"] == ["1", "2", "3", "4"]
    assert picture["centroids"]["number"] == ["1", "2", "3", "4"]
    assert picture["drawn"] == picture["centroids"]["colour"]

    assert screen.column("segment") == ["1", "2", "3", "4"]
    assert screen.column("name") == list(words.names)
    assert screen.column("customers") == SIZES
    assert screen.column("share_of_customers") == ["72.0%", "24.8%", "2.3%", "0.9%"]
    for position, means in enumerate(result.centroids.T):
        shown = [float(text.replace(",", "")) for text in screen.column(f"f{position}")]
        np.testing.assert_allclose(shown, means, atol=0.5001)
    for headline, facts, conclusion, sentence in zip(
        words.headlines, words.facts, words.conclusions, words.sentences, strict=True
    ):
        for text in (headline, *facts, conclusion, sentence):
            expect(screen.words).to_contain_text(text)
        expect(screen.words.get_by_text(conclusion).first).to_be_visible()
    expect(screen.words.get_by_text("On average each spends").first).to_be_hidden()
    screen.words.get_by_text("The numbers behind these words").click()
    expect(screen.words.get_by_text("On average each spends").first).to_be_visible()
    expect(screen.words).to_contain_text("behave alike and can be targeted alike")
    assert page.locator(".card dd b").all_inner_texts() == ["440", "4", "14,619,500", "0.35"]


def test_a_second_page_on_the_same_server_is_as_whole_as_the_first(
    page: Page, fresh_context: Callable[..., BrowserContext], server: Server
) -> None:
    # The second with nothing kept of the first.
    for opened in (page, fresh_context().new_page()):
        screen = Screen(opened, server.url)
        screen.run()
        assert screen.column("customers") == SIZES
        expect(screen.words).to_contain_text("Segment 4")


def test_a_changed_setting_marks_the_result_stale_and_leaves_it_standing(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    expect(screen.badge).to_have_count(0)
    screen.slider.press("ArrowRight")
    expect(screen.badge).to_be_visible()
    assert screen.column("customers") == SIZES
    screen.slider.press("ArrowLeft")
    expect(screen.badge).to_have_count(0)
    screen.slider.press("ArrowRight")
    screen.run(number=2)
    expect(screen.badge).to_have_count(0)
    assert len(screen.column("segment")) == 5


def test_a_segment_keeps_its_colour_from_run_to_run(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    before = screen.picture()
    screen.slider.press("ArrowRight")
    screen.run(number=2)
    after = screen.picture()
    # The segment of most customers at first is the one that holds most of them later.
    members = np.array(before["points"]["number"]) == "1"
    numbers, counts = np.unique(np.array(after["points"]["number"])[members], return_counts=True)
    successor = after["centroids"]["number"].index(str(numbers[counts.argmax()]))
    assert after["centroids"]["colour"][successor] == before["centroids"]["colour"][0]
    assert len(set(after["centroids"]["colour"])) == 5


def test_another_axis_moves_the_picture_and_runs_nothing(page: Page, server: Server, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    status = screen.status.inner_text()
    page.get_by_role("button", name="Log scale").click()
    screen.choose("Across (x)", "Frozen")
    screen.choose("Up (y)", "Milk")
    screen.wait_for_picture("axes", ["Frozen (monetary units a year)", "Milk (monetary units a year)"])
    table = custseg.CustomerTable.read(table_path)
    assert screen.picture()["points"]["x"] == table.matrix(["Frozen"])[:, 0].tolist()
    assert screen.status.inner_text() == status
    expect(screen.badge).to_have_count(0)


def test_one_feature_on_both_axes_is_allowed_and_said(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.choose("Up (y)", "Fresh")
    expect(page.get_by_text("Both axes show Fresh")).to_be_visible()
    screen.run()
    screen.choose("Up (y)", "Milk")
    expect(page.get_by_text("Both axes show Fresh")).to_have_count(0)


def test_hovering_tells_the_customer_the_segment_and_every_feature(
    page: Page, server: Server, table_path: Path
) -> None:
    screen = Screen(page, server.url)
    screen.run()
    table = custseg.CustomerTable.read(table_path)
    fresh = table.matrix(["Fresh"])[:, 0]
    row = int(fresh.argmax())
    page.mouse.move(*screen.place_of(str(table.identifiers[row])))
    tooltip = page.locator(".bk-Tooltip")
    expect(tooltip).to_be_visible()
    expect(tooltip).to_contain_text(str(table.identifiers[row]))
    expect(tooltip).to_contain_text("High-spending")
    for name, value in zip(table.features, table.matrix(table.features)[row], strict=True):
        expect(tooltip).to_contain_text(table.label(name), ignore_case=True)
        expect(tooltip).to_contain_text(f"{value:,.0f}")


def test_the_table_sorts_by_a_click_on_a_header(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    header = page.locator('.tabulator-col[tabulator-field="customers"]')
    header.click()
    expect(page.locator('.tabulator-cell[tabulator-field="customers"]').first).to_have_text("4")
    assert screen.column("customers") == SIZES[::-1]
    # By what numbers are, not by how they are written.
    page.locator('.tabulator-col[tabulator-field="f4"]').click()
    expect(page.locator('.tabulator-cell[tabulator-field="f4"]').first).to_have_text("854")
    assert screen.column("f4") == ["854", "2,699", "6,768", "24,875"]


def test_results_can_be_downloaded(page: Page, server: Server, tmp_path: Path, table_path: Path) -> None:
    screen = Screen(page, server.url)
    screen.run()
    texts = {}
    for label in ("Segments (CSV)", "Customers (CSV)", "Report to share (HTML)", "Report with customers (HTML)"):
        download = screen.download(label)
        path = tmp_path / download.suggested_filename
        download.save_as(path)
        # CSV comes with a mark of its encoding, without which Excel takes it for another.
        texts[label] = path.read_text(encoding="utf-8-sig")
    result = custseg.segment(table_path, k=4, seed=42)
    customers = list(csv.DictReader(texts["Customers (CSV)"].splitlines()))
    assert [row["segment"] for row in customers] == [str(label) for label in result.labels]
    assert customers[0]["customer_id"] == "W001"
    segments = list(csv.DictReader(texts["Segments (CSV)"].splitlines()))
    assert [row["customers"] for row in segments] == SIZES
    assert "W440" in texts["Report with customers (HTML)"]
    assert "W440" not in texts["Report to share (HTML)"]


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_light_and_dark_follow_the_machine_until_someone_chooses(
    page: Page, server: Server, scheme: Literal["light", "dark"], other: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    Screen(page, server.url)
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", scheme)
    page.get_by_role("button", name=f"Switch to {other} colours").click()
    expect(root).to_have_attribute("data-theme", other)
    page.reload()
    expect(root).to_have_attribute("data-theme", other)


def test_nothing_is_wider_than_the_window(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    screen = Screen(page, server.url)
    for number, width in enumerate(WIDTHS, start=1):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("window.scrollTo(0, 0)")
        expect(page.get_by_role("button", name="Run clustering")).to_be_in_viewport()
        screen.run(number)
        page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)
