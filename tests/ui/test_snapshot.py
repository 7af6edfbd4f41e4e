"""The saved report, opened from disk by someone who has no network: what is chosen in it, and what it says then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import custseg
from custseg.language import spoken
from custseg.panes.base.style import SEGMENT_COLOURS
from tests.hostile import HOSTILE_FILE, LINKS, MARKUP, MATHEMATICS, hostile_playbook, write_hostile_csv
from tests.ui.acting import check_nothing_acts
from tests.ui.conftest import watch
from tests.ui.screen import PLACE, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize

_LOCAL = ("file:", "data:", "blob:")
# What the layers of the picture hold, which a canvas doesn't tell otherwise.
DRAWN = """() => {
  const held = (name) => Bokeh.documents.map((one) => one.get_model_by_name(name)).find(Boolean);
  const column = (layer, name) => Array.from(held(layer).data_source.get_column(name) ?? []);
  const columns = (layer, ...names) => Object.fromEntries(names.map((name) => [name, column(layer, name)]));
  return {
    centroids: columns("report centroids", "x", "y", "number", "colour"),
    density: columns("report density", "left", "bottom", "key", "colour", "shown", "alpha"),
    points: columns("points", "customer", "key", "x", "y"),
    axes: [held("report x").axis_label, held("report y").axis_label],
  };
}"""
# Once the script has filled it and Bokeh has laid it out.
READY = (
    """() => window.Bokeh?.documents.some((one) => one.get_model_by_name("report centroids")?.data_source.length > 0)"""
)


@pytest.fixture
def offline_page(fresh_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """Open a page without a network; asking for anything but the file itself fails the test."""
    trouble: list[str] = []
    page = fresh_context(offline=True).new_page()
    watch(page, trouble)
    page.on("request", lambda request: None if request.url.startswith(_LOCAL) else trouble.append(request.url))
    yield page
    assert trouble == []


@pytest.fixture(scope="module")
def model(table_path: Path) -> custseg.SegmentationModel:
    """Return a model that has been run."""
    model = custseg.SegmentationModel(table_path, k=4, seed=42)
    model.run_clustering()
    model.run_assessment()
    return model


@pytest.fixture(scope="module")
def saved(model: custseg.SegmentationModel, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Return its report without and with customers."""
    folder = tmp_path_factory.mktemp("reports")
    paths = {kind: folder / f"customers {kind}.html" for kind in (False, True)}
    for kind, path in paths.items():
        model.save_html(path, customers=kind)
    return paths


@pytest.fixture(scope="module")
def grouped(tmp_path_factory: pytest.TempPathFactory) -> tuple[custseg.SegmentationModel, Path]:
    """Return a model of three groups of many customers, some amounts evened out, with its report."""
    generator = np.random.default_rng(4)
    group = generator.integers(3, size=240)
    values = generator.lognormal(3 + 0.9 * group[:, None] * [1, -0.5, 0.3], 0.3, size=(240, 3))
    frame = pd.DataFrame(values, columns=["wine", "bread", "fish"])
    model = custseg.SegmentationModel(frame, k=3, seed=1, recipe=custseg.Recipe(log=("wine",)))
    model.run_clustering()
    path = tmp_path_factory.mktemp("grouped") / "report.html"
    model.save_html(path)
    return model, path


def open_saved(page: Page, path: Path) -> None:
    page.goto(path.as_uri())
    page.wait_for_function(READY)


def drawn(page: Page) -> dict[str, Any]:
    held: dict[str, Any] = page.evaluate(DRAWN)
    return held


def choose(page: Page, name: str, label: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).select_option(label)


def shown(page: Page, section: str) -> Locator:
    """Return what a section shows for the number of segments that is chosen."""
    return page.locator(f"#{section} .for-k:visible")


def read_column(page: Page, field: str) -> list[str]:
    """Return the cells of one column of the table of segments that is shown, by its internal name."""
    cells = shown(page, "summary").locator(f'td[data-field="{field}"]').all_inner_texts()
    return [" ".join(text.split()) for text in cells]


def test_the_file_without_customers_says_what_was_run_and_what_was_left_out(
    offline_page: Page, model: custseg.SegmentationModel, saved: dict[bool, Path]
) -> None:
    open_saved(offline_page, saved[False])
    expect(offline_page.get_by_role("heading", level=1)).to_have_text(f"{model.table.title}: 4 segments")
    header = offline_page.locator("header")
    expect(header).to_contain_text("440 customers")
    expect(header).to_contain_text("4 segments found by K-Means, seed 42")
    expect(header).to_contain_text("Fresh, Milk, Grocery, Frozen, Detergents and paper and Delicatessen")
    expect(header).to_contain_text(re.compile(r"Made on \d{1,2} \w+ \d{4}, \d{2}:\d{2}"))
    # The segment of four counts with another one.
    assert read_column(offline_page, "customers") == ["317", "113", "10"]
    expect(offline_page.get_by_text("Segments 2 and 4 count as one here")).to_be_visible()
    picture = drawn(offline_page)
    assert picture["points"]["customer"] == []
    assert picture["centroids"]["number"] == ["1", "2+4", "3"]
    assert set(picture["density"]["key"]) == {"1", "2", "3"}
    assert picture["centroids"]["colour"] == [SEGMENT_COLOURS[slot] for slot in (0, 1, 2)]
    expect(offline_page.locator("#reproduce")).to_contain_text(model.table.fingerprint)


def test_another_number_of_segments_is_in_the_picture_the_table_and_the_words(
    offline_page: Page, grouped: tuple[custseg.SegmentationModel, Path]
) -> None:
    model, path = grouped
    assert model.words is not None
    open_saved(offline_page, path)
    expect(shown(offline_page, "words").get_by_role("article")).to_have_count(3)
    expect(shown(offline_page, "words")).to_contain_text(model.words.names[0])
    options = offline_page.get_by_role("combobox", name="Number of segments").locator("option")
    expect(options).to_have_text([str(k) for k in range(2, 11)])
    for k in (2, 5):
        again = custseg.segment(model.table, k=k, seed=1, recipe=custseg.Recipe(log=("wine",)))
        choose(offline_page, "Number of segments", str(k))
        expect(shown(offline_page, "words").get_by_role("article")).to_have_count(k)
        expect(shown(offline_page, "actions")).to_have_count(1)
        sizes = [int(size) for size in read_column(offline_page, "customers")]
        assert sum(sizes) == 240
        np.testing.assert_allclose(sizes, again.sizes, atol=12)
        picture = drawn(offline_page)
        assert picture["centroids"]["number"] == [str(segment) for segment in range(1, k + 1)]
        assert len(set(picture["density"]["key"])) == k
        assert len(offline_page.locator("#scatter .for-k:visible .legend li").all()) == k


def test_other_axes_are_in_the_picture(offline_page: Page, grouped: tuple[custseg.SegmentationModel, Path]) -> None:
    model, path = grouped
    assert model.profile is not None
    open_saved(offline_page, path)
    for x, y in (("Bread", "Fish"), ("Fish", "Wine"), ("Wine", "Wine")):
        choose(offline_page, "x", x)
        choose(offline_page, "y", y)
        picture = drawn(offline_page)
        assert picture["axes"] == [x, y]
        means = {name.capitalize(): model.profile.means[:, at] for at, name in enumerate(model.profile.features)}
        np.testing.assert_allclose(picture["centroids"]["x"], means[x])
        np.testing.assert_allclose(picture["centroids"]["y"], means[y])


def test_a_segment_that_is_pointed_at_is_lit_everywhere(
    offline_page: Page, grouped: tuple[custseg.SegmentationModel, Path]
) -> None:
    open_saved(offline_page, grouped[1])
    for section in ("words", "summary", "actions"):
        shown(offline_page, section).locator('[data-segment="2"]').hover()
        for other in ("words", "scatter", "summary", "actions"):
            lit = shown(offline_page, other).locator('[data-segment="2"]')
            expect(lit).to_have_class(re.compile(r"\blit\b"))
        picture = drawn(offline_page)["density"]
        faded = {
            key for key, now, own in zip(picture["key"], picture["shown"], picture["alpha"], strict=True) if now < own
        }
        assert faded == {"1", "3"}
        offline_page.get_by_role("heading", level=1).hover()
        expect(offline_page.locator(".lit")).to_have_count(0)


def test_a_german_file_is_alive_in_german(
    offline_page: Page, grouped: tuple[custseg.SegmentationModel, Path], tmp_path: Path
) -> None:
    before, _ = grouped
    model, path = before.copy(), tmp_path / "Bericht.html"
    with spoken("de"):
        model.run_clustering()
        model.save_html(path)
    assert model.result is not None
    assert model.words is not None
    open_saved(offline_page, path)
    assert offline_page.locator("html").get_attribute("lang") == "de"
    form, answer = offline_page.locator("#joins"), offline_page.locator("#joined")
    form.get_by_role("spinbutton", name="Wine").fill("900")
    form.get_by_role("spinbutton", name="Bread").fill("1")
    form.get_by_role("spinbutton", name="Fish").fill("90")
    form.get_by_role("button", name="Segment nennen").press("Enter")
    (segment,) = model.result.assign(pd.DataFrame({"wine": [900.0], "bread": [1.0], "fish": [90.0]}))
    expect(answer).to_contain_text(f"Dieser Kunde käme in Segment {segment}: {model.words.names[segment - 1]}")
    # A decimal comma is read as one, and not as a thousand.
    heading = shown(offline_page, "summary").get_by_role("button", name="Wine")
    heading.click()
    rising = read_column(offline_page, "f0")
    assert any("," in text for text in rising)
    numbers = [float(text.replace(".", "").replace(",", ".")) for text in rising]
    assert numbers == sorted(numbers)
    heading.click()
    assert read_column(offline_page, "f0") == rising[::-1]
    choose(offline_page, "Anzahl der Segmente", "2")
    assert len(read_column(offline_page, "name")) == 2
    form.get_by_role("spinbutton", name="Fish").fill("")
    choose(offline_page, "Anzahl der Segmente", "3")
    expect(answer).to_have_text("Geben Sie in jedem Feld eine Zahl an.")


def test_the_categories_of_each_segment_are_told_where_enough_have_each_level(
    offline_page: Page, tmp_path: Path
) -> None:
    generator = np.random.default_rng(7)
    frame = pd.DataFrame({"wine": generator.lognormal(3, 1, 200), "bread": generator.lognormal(2, 1, 200)})
    frame["channel"] = generator.choice(["shop", "web"], 200)
    frame.loc[0, "channel"] = "by telephone at night"
    model, path = custseg.SegmentationModel(frame, k=2, seed=1), tmp_path / "report.html"
    model.run_clustering()
    model.save_html(path)
    open_saved(offline_page, path)
    table = offline_page.locator("#level_shares table")
    assert set(table.locator("tbody th").all_inner_texts()) <= {"shop", "web", "other"}
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(offline_page.get_by_role("navigation")).to_contain_text("Categories and outcomes by segment")
    assert "telephone" not in offline_page.content()


def test_it_tells_which_segment_a_new_customer_would_join(
    offline_page: Page, grouped: tuple[custseg.SegmentationModel, Path]
) -> None:
    model, path = grouped
    assert model.result is not None
    assert model.words is not None
    open_saved(offline_page, path)
    form, answer = offline_page.locator("#joins"), offline_page.locator("#joined")
    new = pd.DataFrame({"wine": [20.0, 60, 150, 900], "bread": [20.0, 9, 5, 1], "fish": [20.0, 30, 40, 90]})
    for (_, customer), segment in zip(new.iterrows(), model.result.assign(new), strict=True):
        for name, value in customer.items():
            form.get_by_role("spinbutton", name=str(name).capitalize()).fill(str(value))
        form.get_by_role("button", name="Tell the segment").press("Enter")
        expect(answer).to_contain_text(f"would join segment {segment}: {model.words.names[segment - 1]}")
    choose(offline_page, "Number of segments", "2")
    expect(answer).to_contain_text(re.compile("would join segment [12]:"))
    form.get_by_role("spinbutton", name="Wine").fill("")
    choose(offline_page, "Number of segments", "3")
    expect(answer).to_have_text("Give a number in each field.")


def test_the_file_with_customers_shows_them_and_all_that_the_views_tell(
    offline_page: Page, model: custseg.SegmentationModel, saved: dict[bool, Path]
) -> None:
    open_saved(offline_page, saved[True])
    result, words = model.result, model.words
    assert result is not None
    assert words is not None
    picture = drawn(offline_page)["points"]
    names = {str(name): str(label) for name, label in zip(model.table.identifiers, result.labels, strict=True)}
    assert dict(zip(picture["customer"], picture["key"], strict=True)) == names
    assert read_column(offline_page, "customers") == ["317", "109", "10", "4"]
    assert read_column(offline_page, "name") == list(words.names)
    for headline, sentence in zip(words.headlines, words.sentences, strict=True):
        expect(offline_page.get_by_text(headline)).to_be_visible()
        expect(offline_page.get_by_text(sentence)).to_be_attached()
    assert model.certainty is not None
    expect(offline_page.locator("#certainty .word")).to_have_text(list(model.certainty.stability))
    least_sure = str(model.certainty.borderline_customers["customer"].iloc[0])
    expect(offline_page.get_by_text(least_sure, exact=True)).to_be_visible()
    expect(offline_page.locator("header")).to_contain_text("Single customers may be in this file")


def test_hover_zoom_and_sorting_are_alive(
    offline_page: Page, model: custseg.SegmentationModel, saved: dict[bool, Path]
) -> None:
    open_saved(offline_page, saved[True])
    across = model.table.matrix([model.x])[:, 0]
    customer = str(model.table.identifiers[int(across.argmax())])
    # A plot that has a canvas need not have been laid out: until then its scales say NaN.
    offline_page.wait_for_function(f"() => ({PLACE})({customer!r}).every(Number.isFinite)")

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

    header = shown(offline_page, "summary").locator('th[data-field="customers"]')
    for order in (["4", "10", "109", "317"], ["317", "109", "10", "4"]):
        header.get_by_role("button").press("Enter")
        assert read_column(offline_page, "customers") == order
    expect(header).to_have_attribute("aria-sort", "descending")


@pytest.mark.parametrize("kind", [False, True])
def test_the_rest_is_found_in_the_contents(offline_page: Page, saved: dict[bool, Path], kind: bool) -> None:  # noqa: FBT001
    open_saved(offline_page, saved[kind])
    contents = offline_page.get_by_role("navigation", name="Contents")
    for link in contents.get_by_role("link").all():
        section = offline_page.get_by_role("region", name=link.inner_text(), exact=True)
        expect(section).to_have_attribute("id", (link.get_attribute("href") or "").removeprefix("#"))
        expect(section.get_by_role("heading", name=link.inner_text(), exact=True).first).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_breaks_no_rule_of_accessibility(
    fresh_context: Callable[..., BrowserContext], saved: dict[bool, Path], scheme: Any
) -> None:
    page = fresh_context(offline=True, color_scheme=scheme, viewport={"width": 390, "height": 900}).new_page()
    open_saved(page, saved[False])
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], element["html"]) for rule in found for element in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_file_is_small_enough_to_send(saved: dict[bool, Path]) -> None:
    assert saved[False].stat().st_size < 1_700_000
    assert saved[True].stat().st_size < 2_500_000


# What the margins leave of 210 mm, in pixels.
A4: ViewportSize = {"width": 703, "height": 1000}
# What stands in the place of the figures: whether it shows more than one colour, and how far it reaches.
PRINTED = """() => [...document.querySelectorAll(".picture")].map((picture) => {
  const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
  const colours = new Set(new Uint32Array(data.buffer));
  return { painted: colours.size > 2, right: picture.getBoundingClientRect().right };
})"""
# Which of the words, pictures and tables that are seen lie over another one, or beyond the right edge of the paper.
AMISS = """(width) => {
  const parts = [...document.querySelectorAll("h1, h2, p, li, table, .picture, .segment-card")].filter((one) =>
    one.checkVisibility() && !one.classList.contains("unseen") && !one.closest(".unseen"));
  const boxes = parts.map((part) => [part, part.getBoundingClientRect()]).filter(([, box]) => box.width > 1);
  const over = boxes.flatMap(([one, a]) => boxes.filter(([other, b]) => one !== other && !one.contains(other) &&
    !other.contains(one) && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2).map(([other]) => [one.outerHTML, other.outerHTML]));
  return { over, beyond: boxes.filter(([, box]) => box.right > width + 1).map(([part]) => part.outerHTML) };
}"""


@pytest.mark.parametrize("kind", [False, True])
def test_it_is_printed_light_with_nothing_cut_or_over_another(
    fresh_context: Callable[..., BrowserContext],
    saved: dict[bool, Path],
    kind: bool,  # noqa: FBT001
) -> None:
    page = fresh_context(offline=True, color_scheme="dark").new_page()
    open_saved(page, saved[kind])
    choose(page, "Number of segments", "5")
    figures, theme = page.locator(".figure").count(), "document.documentElement.dataset.theme"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    pictures = page.evaluate(PRINTED)
    assert len(pictures) == figures
    assert all(picture["painted"] and picture["right"] <= A4["width"] for picture in pictures)
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert page.evaluate(AMISS, A4["width"]) == {"over": [], "beyond": []}
    expect(page.locator("#choices")).to_be_hidden()
    expect(page.get_by_text("Printed: 5 segments, with Milk")).to_be_visible()
    assert page.evaluate(theme) is None
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".picture")).to_have_count(0)
    assert page.evaluate(theme) == "dark"


@pytest.mark.parametrize("kind", [False, True])
def test_nothing_that_is_hostile_acts_in_the_file(offline_page: Page, tmp_path: Path, kind: bool) -> None:  # noqa: FBT001
    source = tmp_path / f"{HOSTILE_FILE}.csv"
    write_hostile_csv(source)
    model = custseg.SegmentationModel(source, k=3, playbook=hostile_playbook())
    model.run_clustering()
    model.rename(1, MATHEMATICS[0])
    for segment, text in enumerate((MARKUP[0], LINKS[0], MATHEMATICS[1]), start=1):
        model.annotate(segment, text)
    model.run_assessment()
    path = tmp_path / "report.html"
    model.save_html(path, customers=kind)
    open_saved(offline_page, path)
    expect(shown(offline_page, "summary").locator('th[data-field="f1"]')).to_contain_text(MARKUP[1])
    for text in (MARKUP[0], LINKS[0], MATHEMATICS[1]) if kind else ():
        expect(offline_page.locator(".remark", has_text=text)).to_be_visible()
    expect(shown(offline_page, "actions").get_by_text(f"{MARKUP[0]} {LINKS[0]}").first).to_be_visible()
    for axis in ("x", "y"):
        offline_page.get_by_role("combobox", name=axis, exact=True).select_option(index=4)
    choose(offline_page, "Number of segments", "4")
    check_nothing_acts(offline_page)


def test_nothing_can_be_saved_before_the_first_run(table_path: Path, tmp_path: Path) -> None:
    model = custseg.SegmentationModel(table_path)
    with pytest.raises(custseg.SettingError, match=r"There is no result to save yet. Run the clustering first."):
        model.save_html(tmp_path / "segments.html")
    assert not list(tmp_path.iterdir())
