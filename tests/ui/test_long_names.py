"""Names that are longer than their place, on a phone: they break or end in an ellipsis, and nothing lies over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import expect

from custseg.panes.views.catalogue import VIEWS
from tests.ui.screen import Screen

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.ui.server import Server

WIDTH = 390
ONE_WORD = "amountsofallpurchasesofthecustomerinthewholeyear" * 2
MANY_WORDS = "Amounts of all purchases of the customer in the whole year, without tax"


def long_names(folder: Path) -> Path:
    generator, groups = np.random.default_rng(0), np.arange(60) % 3
    path = folder / "long.csv"
    columns = {
        "customer": [f"{ONE_WORD}{row}" for row in range(60)],
        ONE_WORD: generator.lognormal(4 + groups, 0.3),
        MANY_WORDS: generator.lognormal(5 - groups, 0.3),
        "place": [f"{ONE_WORD}{group}" for group in groups],
    }
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def edge_of(place: Locator, name: str) -> float:
    return float(place.evaluate("(one, name) => one.getBoundingClientRect()[name]", name))


def test_long_names_stay_in_their_place_on_a_phone(page: Page, server: Server, tmp_path: Path) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 844})
    screen = Screen(page, server.url)
    page.locator(".intake input[type=file]").set_input_files(long_names(tmp_path))
    expect(page.locator(".title")).to_have_text("long")
    screen.run()
    expect(screen.words).to_contain_text(ONE_WORD)
    for kind in VIEWS:
        page.evaluate("(address) => { location.hash = address; }", kind.address)
        view = page.get_by_role("region", name=kind.title, exact=True)
        expect(view.get_by_role("heading").first).to_be_attached()
        page.evaluate("document.querySelectorAll('details').forEach((section) => { section.open = true; })")
        page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=WIDTH)
    expect(page.locator("select", has=page.locator("option", has_text=MANY_WORDS)).first).to_have_css(
        "text-overflow", "ellipsis"
    )
    page.evaluate("location.hash = 'customers'")
    # Asked until it is so: sections that open lay rows out anew, and a cell that has just been replaced has no style.
    customer = page.locator("button.who").first
    expect(customer).to_have_css("text-overflow", "ellipsis")
    expect(customer).to_have_css("overflow-x", "hidden")
    assert edge_of(customer, "width") < WIDTH / 2


def test_the_thumb_of_the_slider_does_not_touch_its_label(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 844})
    screen = Screen(page, server.url)
    page.get_by_role("button", name="Settings", exact=True).click()
    label = page.locator(".bk-slider-title").first
    expect(label).to_be_visible()
    assert edge_of(screen.slider, "top") > edge_of(label, "bottom")
