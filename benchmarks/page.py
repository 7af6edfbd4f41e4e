"""The page against a plain prototype: server start, first page, next page, a run, a change of axis."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from custseg.panes.views.catalogue import VIEWS
from tests.ui.conftest import launch
from tests.ui.server import DASHBOARD, SETUP, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

HERE = Path(__file__).parent
REGIONS = {"custseg": ["glance", "tabulator-table", "run-status"], "prototype": ["words", "tabulator-table"]}
_FIRST = "first page, cold browser"
_RUNS = 40
_NEXT_PAGES = 5


def measure() -> dict[str, dict[str, float]]:
    """Return milliseconds by measurement, for custseg and for the prototype."""
    apps = {"custseg": DASHBOARD, "prototype": HERE / "prototype.py"}
    found = {name: _measure_app(app, REGIONS[name]) for name, app in apps.items()}
    # A server for others imports what a page needs before one comes, which the prototype has no place for.
    theirs = "first page, server for others"
    found["custseg"][theirs] = _first_for_others()
    found["prototype"][theirs] = found["prototype"][_FIRST]
    return found


def _first_for_others() -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), options=SETUP) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        _, first = open_page(browser, server.url)
        browser.close()
        return first


def _measure_app(app: Path, regions: list[str]) -> dict[str, float]:
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), app=app) as server,
        sync_playwright() as playwright,
    ):
        times = {"server accepts connections": 1000 * (time.perf_counter() - began)}
        return times | _measure_pages(playwright, server.url, regions)


def _measure_pages(playwright: Playwright, url: str, regions: list[str]) -> dict[str, float]:
    browser = launch(playwright)
    page, first = open_page(browser, url)
    following, at_once = [], []
    for _ in range(_NEXT_PAGES):
        # Until the server has nothing left to do of the page before.
        page.wait_for_timeout(2000)
        following.append(_reload(page, url))
        at_once.append(_reload(page, url))
    slider = page.get_by_role("slider")
    # The server imports what a run needs in the background, and a first run compiles code.
    page.wait_for_timeout(3000)
    page.evaluate("regions => bench.run(regions)", regions[:1])
    runs, moves = [], []
    for turn in range(_RUNS):
        slider.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(200)
        runs.append(page.evaluate("regions => bench.run(regions)", regions))
        page.wait_for_timeout(200)
        moves.append(page.evaluate("name => bench.choose('Across (x)', name)", "Frozen" if turn % 2 == 0 else "Fresh"))
        page.wait_for_timeout(200)
    browser.close()
    return {
        _FIRST: first,
        "next page": statistics.median(following),
        "next page, right after another": statistics.median(at_once),
        "run clustering": statistics.median(runs),
        "change of x": statistics.median(moves),
    }


def measure_views() -> dict[str, float]:
    """Return what only custseg's page has: milliseconds to each view, at first and again, by what is measured."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        page, _ = open_page(browser, server.url)
        found: dict[str, float] = {"models": page.evaluate("() => bench.models()")}
        page.wait_for_timeout(3000)
        runs = [page.evaluate("regions => bench.run(regions)", ["run-status"]) for _ in range(_NEXT_PAGES)]
        found |= {"the first run of a session": runs[0], "a later one": statistics.median(runs[1:])}
        # What comes of a run in the background would be measured with the views.
        page.wait_for_timeout(5000)
        for kind in VIEWS[1:]:
            first = page.evaluate("address => bench.turn(address)", kind.address)
            again = []
            for _ in range(_NEXT_PAGES):
                page.evaluate("address => bench.turn(address)", VIEWS[0].address)
                again.append(page.evaluate("address => bench.turn(address)", kind.address))
            found |= {f"{kind.title}, first": first, f"{kind.title}, again": statistics.median(again)}
        browser.close()
    return found


def open_page(browser: Browser, url: str) -> tuple[Page, float]:
    """Open a page that measures itself; return it, and the milliseconds until it could be used."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(path=HERE / "page.js")
    return page, _reload(page, url)


def _reload(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.evaluate("() => bench.ready()")
    return 1000 * (time.perf_counter() - began)
