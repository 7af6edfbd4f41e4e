"""Fixtures of the browser tests: a browser, a server, and a page that must not misbehave."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from playwright.sync_api import expect, sync_playwright

from tests.ui.browser import find_browser, is_root
from tests.ui.screen import slow_down
from tests.ui.server import SETUP, Server, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, ViewportSize

# How long a page may take to show what is awaited. Playwright's own 5 s are too few for a shared machine that is
# taken away for a second at a time; how fast the page is, is what ``benchmarks`` measure.
_PATIENCE_MILLISECONDS = 60_000
expect.set_options(timeout=_PATIENCE_MILLISECONDS)

_OFF_THE_NETWORK = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# How many times slower than this machine the pages are to be: 4 or 6 brings out what happens only under load.
_SLOWDOWN = float(os.environ.get("CUSTSEG_TEST_SLOWDOWN", "1"))
_WINDOW: ViewportSize = {"width": 1440, "height": 900}


def launch(playwright: Playwright) -> Browser:
    """Start a browser. Raises RuntimeError, with what to do, where there is none."""
    chromium = playwright.chromium
    return chromium.launch(
        executable_path=find_browser(lambda: chromium.executable_path),
        args=[*_OFF_THE_NETWORK, *(["--no-sandbox"] if is_root() else [])],
    )


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start a browser for all tests of a worker. Where there is none, they fail with what to do."""
    with sync_playwright() as playwright:
        # Two workers that find none must not install one at the same time.
        with FileLock(tmp_path_factory.getbasetemp().parent / "browser.lock"):
            found = launch(playwright)
        yield found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the bundled table, to all tests that don't need a server of their own."""
    with serve(tmp_path_factory.mktemp("server"), options=SETUP) as running:
        yield running


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """Keep one context for all pages: a new one would load and compile BokehJS anew."""
    with browser.new_context(viewport=_WINDOW) as context:
        context.set_default_timeout(_PATIENCE_MILLISECONDS)
        yield context


@pytest.fixture
def serve_own(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start servers for one test alone, as ``serve`` does. They end once its pages are closed, which would complain."""
    with ExitStack() as servers:
        yield lambda *what, **options: servers.enter_context(serve(tmp_path, *what, **options))


@pytest.fixture
def open_page(shared_context: BrowserContext, serve_own: object) -> Iterator[Callable[[], Page]]:
    """Open pages that fail the test where one logs an error or asks another host for anything."""
    # Comes first, so that its servers outlive the pages.
    del serve_own
    trouble: list[str] = []

    def open_one() -> Page:
        page = shared_context.new_page()
        watch(page, trouble)
        if _SLOWDOWN > 1:
            slow_down(page, _SLOWDOWN)
        return page

    yield open_one
    forget(shared_context)
    assert trouble == []


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    """Open the one page that most tests need."""
    return open_page()


@pytest.fixture
def fresh_context(browser: Browser, serve_own: object) -> Iterator[Callable[..., BrowserContext]]:
    """Make contexts for what cannot be a page of the shared one: another person, no network, a cold cache."""
    del serve_own
    with ExitStack() as contexts:

        def make(**options: Any) -> BrowserContext:
            context = contexts.enter_context(browser.new_context(**{"viewport": _WINDOW, **options}))
            context.set_default_timeout(_PATIENCE_MILLISECONDS)
            return context

        yield make


def forget(context: BrowserContext) -> None:
    """Close all pages, and drop what would outlive them: storage, cookies, permissions, routes."""
    cleaner = context.new_page()
    storage = {"origin": "*", "storageTypes": "local_storage,indexeddb"}
    for page in context.pages:
        if page is not cleaner:
            page.close()
    context.new_cdp_session(cleaner).send("Storage.clearDataForOrigin", storage)
    cleaner.close()
    context.clear_cookies()
    context.clear_permissions()
    context.unroute_all()


def watch(page: Page, trouble: list[str]) -> None:
    """Note what a page must not do: errors in its console, which breaches of its policy are, and requests elsewhere."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("request", lambda request: None if is_local(request.url) else trouble.append(f"request: {request.url}"))


def is_local(url: str) -> bool:
    """Whether an address stays on this machine."""
    return url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:", "file:"))


@pytest.fixture
def pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the pipes by which the runs of ``gated_app.py`` tell of themselves and are held up."""
    folder = tmp_path / "pipes"
    folder.mkdir()
    for name in ("begun", "gate", "gone"):
        os.mkfifo(folder / name)
    monkeypatch.setenv("CUSTSEG_TEST_PIPES", str(folder))
    return folder
