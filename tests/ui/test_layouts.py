"""How often BokehJS lays pictures out: where they have another size, and not where only other things have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.ui.screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ui.server import Server

# A picture is measured each time that all of its view is laid out.
_COUNT = """() => {
    const within = (view) => [view, ...(view.child_views ?? []).flatMap(within)];
    const picture = Bokeh.index.roots.flatMap(within).find((view) => view.model.type === "Figure");
    const { _measure_layout } = picture;
    window.layouts = 0;
    picture._measure_layout = () => { layouts += 1; _measure_layout.call(picture); };
    return picture.bbox.width;
}"""
_HEIGHT = "() => document.querySelector('#overview').scrollHeight"


def test_a_picture_is_laid_out_where_its_size_changes_and_not_where_others_do(page: Page, server: Server) -> None:
    screen = Screen(page, server.url)
    screen.run()
    expect(page.locator(".work")).to_be_hidden()
    width, height = page.evaluate(_COUNT), page.evaluate(_HEIGHT)
    # With a card and a row more the view is higher; the same two features separate five segments best.
    screen.slider.press("ArrowRight")
    screen.run(2)
    page.wait_for_function("before => document.querySelector('#overview').scrollHeight > before", arg=height)
    page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
    assert page.evaluate("layouts") == 0
    page.set_viewport_size({"width": 1200, "height": 900})
    page.wait_for_function("layouts > 0")
    now = page.evaluate(_COUNT)
    assert now < width
