"""The picture of very many customers in a browser: counted by segment, pointed at, zoomed, selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.ui.server import Server

CUSTOMERS, ALONE = 3000, "C0007"
# How strongly each image is drawn that has arrived, how much of an axis it spans, and who can be pointed at.
PICTURE = """() => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const isImage = ({glyph}) => glyph?.type === "ImageURL";
  const plot = Bokeh.index.roots.flatMap(views).find(({model}) => model.renderers?.some(isImage));
  const {glyph, model} = [...plot.views.all_views()].find((view) => isImage(view.model));
  const numbers = Array.from(model.data_source.get_column("number"));
  const there = numbers.filter((_, row) => glyph.image[row]?.naturalWidth > 0);
  const points = plot.model.renderers.find(({data_source}) => data_source.get_column("customer")).data_source;
  return {
    strengths: Object.fromEntries(there.map((number) => [number, glyph.global_alpha.get(numbers.indexOf(number))])),
    span: model.data_source.get_column("w")[0],
    named: Array.from(points.get_column("customer")),
  };
}"""
# Where places of the picture are, in pixels of the window.
WINDOW = """(places) => {
  const views = (view) => [view, ...(view.child_views ?? []).flatMap(views)];
  const isPoints = ({name}) => name === "points";
  const plot = Bokeh.index.roots.flatMap(views).find(({model}) => model.renderers?.some(isPoints));
  const {left, top} = plot.canvas_view.el.getBoundingClientRect(), {x_scale, y_scale} = plot.frame;
  return places.map(([x, y]) => [left + x_scale.compute(x), top + y_scale.compute(y)]);
}"""


@pytest.fixture
def crowd(serve_own: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("CUSTSEG_MOST_POINTS", str(CUSTOMERS - 1))
    file = tmp_path / "crowd.csv"
    customers().to_csv(file, index=False)
    return serve_own(source=file)


@pytest.fixture
def crowd_in_its_file(serve_own: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    for name in ("POINTS", "IN_MEMORY"):
        monkeypatch.setenv(f"CUSTSEG_MOST_{name}", str(CUSTOMERS - 1))
    monkeypatch.setenv("CUSTSEG_ROWS", "customers")
    file = tmp_path / "crowd.parquet"
    customers().to_parquet(file)
    return serve_own(source=file)


def customers() -> pd.DataFrame:
    """Return three groups, and one customer who lies alone."""
    generator = np.random.default_rng(0)
    groups = np.repeat([[30, 30], [30, 80], [80, 50]], CUSTOMERS // 3, axis=0)
    frame = pd.DataFrame(generator.normal(groups, 4), columns=["a", "b"])
    frame.iloc[7] = [100.0, 5.0]
    return frame.assign(customer=[f"C{row:04}" for row in range(CUSTOMERS)])


def wait_until(page: Page, what: str) -> dict[str, Any]:
    """Wait until something holds of the picture, and return what it holds then."""
    page.wait_for_function(f"() => ({what})(({PICTURE})())")
    picture: dict[str, Any] = page.evaluate(PICTURE)
    return picture


def in_window(page: Page, *places: tuple[float, float]) -> list[tuple[float, float]]:
    page.locator("canvas").first.scroll_into_view_if_needed()
    found: list[tuple[float, float]] = page.evaluate(WINDOW, places)
    return found


def test_everybody_is_drawn_and_can_be_pointed_at_zoomed_to_and_selected(page: Page, crowd: Server) -> None:
    screen = Screen(page, f"{crowd.url}?k=3")
    wait_until(page, "({strengths}) => strengths.all === 1")
    screen.run()
    before = wait_until(page, "({strengths}) => strengths.all === 1 && strengths['3'] === 0")
    assert ALONE in before["named"]

    # Who lies alone is named, and its segment lit; the press of a button shows it.
    ((x, y),) = in_window(page, (100, 5))
    page.mouse.move(x + 2, y + 2)
    expect(page.locator(".bk-Tooltip")).to_contain_text(ALONE)
    lit = page.evaluate("document.documentElement.dataset.litSegment")
    wait_until(page, f"({{strengths}}) => strengths.all < 0.2 && strengths['{lit}'] === 1")
    page.mouse.click(x + 2, y + 2)
    expect(page.get_by_text(f"Customer {ALONE} is shown")).to_be_visible()
    page.mouse.move(2, 2)
    wait_until(page, f"({{strengths}}) => strengths.all === 1 && strengths['{lit}'] === 0")

    # All within a box are selected, not only those who can be pointed at.
    assert len(before["named"]) < CUSTOMERS / 2
    page.get_by_title("Select customers with a box").click()
    start, end = in_window(page, (60, 70), (99, 30))
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()
    expect(page.locator("span.selected:visible")).to_contain_text("Selected: 1,000 customers, all in segment")
    page.get_by_role("button", name="Clear selection").first.click()

    # What is zoomed to is counted anew.
    (middle,) = in_window(page, (80, 50))
    page.mouse.move(*middle)
    page.mouse.wheel(0, -400)
    after = wait_until(page, f"({{span}}) => span < {0.8 * before['span']}")
    assert len(after["named"]) > 0


def test_of_customers_who_stay_in_their_file_each_run_is_drawn(page: Page, crowd_in_its_file: Server) -> None:
    screen = Screen(page, f"{crowd_in_its_file.url}?k=3")
    wait_until(page, "({strengths}) => strengths.all === 1 && !('1' in strengths)")
    screen.run()
    wait_until(page, "({strengths}) => strengths.all === 1 && strengths['3'] === 0")
    screen.slider.press("ArrowRight")
    screen.run(2)
    wait_until(page, "({strengths}) => strengths.all === 1 && strengths['4'] === 0")
