"""A connection that is lost: the page says so, and comes back with its result once the server answers."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.ui.cutting_proxy import cutting_proxy
from tests.ui.screen import Screen
from tests.ui.server import DASHBOARD, ROOT, Server
from tests.ui.test_returning import wait_until_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

    from tests.ui.cutting_proxy import CuttingProxy

LOST = "The connection to the server is lost"
RETURNS = "It comes back by itself"


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    with cutting_proxy() as running:
        yield running


@pytest.fixture
def serve_behind(proxy: CuttingProxy, serve_own: Callable[..., Server]) -> Callable[..., Server]:
    """Start servers behind the proxy, and return them with the address of the page there."""

    def start(app: Path = DASHBOARD, *options: str) -> Server:
        name = "--allow-websocket-origin", f"localhost:{proxy.port}"
        server = serve_own(app=app, options=("--setup", str(DASHBOARD.with_name("setup.py")), *name, *options))
        there = urlsplit(server.url)
        proxy.target = there.port
        # Of a server with a prefix only that is told.
        below = "" if there.path == f"/{app.stem}" else f"/{app.stem}"
        return replace(server, url=f"http://localhost:{proxy.port}{there.path}{below}")

    return start


@pytest.fixture
def page_of_its_own(fresh_context: Callable[..., BrowserContext]) -> Page:
    """Open a page that may log what it likes: that a server is gone is an error to a browser."""
    return fresh_context().new_page()


def note_this_page(page: Page) -> None:
    page.evaluate("window.earlier = true")


def wait_until_it_comes_back(page: Page) -> None:
    page.wait_for_function("!window.earlier")


def test_a_page_whose_connection_was_cut_comes_back_by_itself_with_its_result_and_its_view(
    page_of_its_own: Page, proxy: CuttingProxy, serve_behind: Callable[..., Server]
) -> None:
    page = page_of_its_own
    screen = Screen(page, serve_behind(DASHBOARD, "--prefix", "segments").url)
    screen.slider.press("ArrowRight")
    screen.run()
    sizes = screen.column("customers")
    screen.open_view("Segments")
    wait_until_kept(page)
    note_this_page(page)
    proxy.cut()
    wait_until_it_comes_back(page)
    expect(screen.status).to_contain_text("Run 1: 5 segments")
    expect(page.get_by_role("region", name="Segments", exact=True)).to_be_visible()
    expect(page.get_by_text(LOST)).to_be_hidden()
    screen.open_view("Overview")
    expect(page.locator('.tabulator-cell[tabulator-field="customers"]:not(:empty)')).to_have_text(sizes)
    screen.run(2)


def test_a_connection_that_is_lost_each_time_is_said_and_left(
    page_of_its_own: Page, proxy: CuttingProxy, serve_behind: Callable[..., Server]
) -> None:
    page = page_of_its_own
    Screen(page, serve_behind().url)
    page.evaluate("sessionStorage.setItem('custseg-returns', JSON.stringify(Array(5).fill(Date.now())))")
    proxy.cut()
    expect(page.get_by_text(LOST)).to_be_visible()
    expect(page.get_by_text(RETURNS)).to_be_hidden()
    page.get_by_role("link", name="reload the page").click()
    expect(page.locator(".run-status")).to_contain_text("Not run yet")


def test_a_server_that_is_killed_in_a_run_and_started_again_has_the_result_before_it(
    page_of_its_own: Page,
    serve_behind: Callable[..., Server],
    pipes: Path,
) -> None:
    app, page = ROOT / "tests" / "ui" / "gated_app.py", page_of_its_own
    server = serve_behind(app)
    page.goto(server.url)
    button, status = page.get_by_role("button", name="Run clustering"), page.locator(".run-status")
    button.click()
    assert (pipes / "begun").read_text() == "begun"
    (pipes / "gate").write_text("go on")
    expect(status).to_contain_text("Run 1: 4 segments")
    wait_until_kept(page)
    page.get_by_role("slider", name="Number of segments").press("ArrowRight")
    button.click()
    assert (pipes / "begun").read_text() == "begun"
    expect(status).to_contain_text("Running")
    wait_until_kept(page)
    note_this_page(page)
    os.kill(server.process, signal.SIGKILL)
    expect(page.get_by_text(LOST)).to_be_visible()
    expect(page.get_by_text(RETURNS)).to_be_visible()
    serve_behind(app)
    wait_until_it_comes_back(page)
    # The run that was killed is not there; what it would have been run with is.
    expect(status).to_contain_text("Run 1: 4 segments")
    expect(page.get_by_text("Settings changed since this run")).to_be_visible()
    expect(page.get_by_role("slider", name="Number of segments")).to_have_attribute("aria-valuetext", re.compile("^5"))
