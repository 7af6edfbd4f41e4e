"""Fixtures of the browser tests: a browser, a server, and a page that must not misbehave."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.ui.browser import find_browser
from tests.ui.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

# How long a page may take to show what is awaited. Playwright's own 5 s are too few for a shared machine that is
# taken away for a second at a time; how fast the page is, is what ``benchmarks`` measure.
_PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=_PATIENCE_MILLISECONDS)

_OFF_THE_NETWORK = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def launch(playwright: Playwright) -> Browser:
    """Start a browser. Raises RuntimeError, with what to do, where there is none."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    chromium = playwright.chromium
    return chromium.launch(
        executable_path=find_browser(lambda: chromium.executable_path),
        args=[*_OFF_THE_NETWORK, *(["--no-sandbox"] if root else [])],
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a browser for all tests. Where there is none, they fail with what to do."""
    with sync_playwright() as playwright:
        yield launch(playwright)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the bundled table, to all tests that don't need a server of their own."""
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page that fails the test where it logs an error or asks another host for anything."""
    trouble: list[str] = []
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(_PATIENCE_MILLISECONDS)
        page = context.new_page()
        watch(page, trouble)
        yield page
    assert trouble == []


def watch(page: Page, trouble: list[str]) -> None:
    """Note what a page must not do: errors in its console, and requests that leave this machine."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("request", lambda request: None if is_local(request.url) else trouble.append(f"request: {request.url}"))


def is_local(url: str) -> bool:
    """Whether an address stays on this machine."""
    return url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:", "file:"))
