"""The bytes that a browser without a cache is sent for a page, over the socket too: custseg's and the prototype's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.ui.conftest import launch
from tests.ui.server import DASHBOARD, serve

if TYPE_CHECKING:
    from playwright.sync_api import Playwright, Request

HERE = Path(__file__).parent


def measure() -> dict[str, int]:
    """Return bytes by app."""
    return {"custseg": _sent_by(DASHBOARD), "prototype": _sent_by(HERE / "prototype.py")}


def _sent_by(app: Path) -> int:
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), app=app) as server, sync_playwright() as browsers:
        # The guard is put up with the first session, so the second page is as all later ones are.
        _sent_for(browsers, server.url)
        return _sent_for(browsers, server.url)


def _sent_for(playwright: Playwright, url: str) -> int:
    browser = launch(playwright)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    answered: list[Request] = []
    frames: list[int] = []
    page.on("requestfinished", lambda request: answered.append(request))  # noqa: PLW0108 - an attribute is set on it
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    page.add_init_script(path=HERE / "page.js")
    page.goto(url, wait_until="commit")
    page.evaluate("() => bench.ready()")
    page.wait_for_load_state("networkidle")
    sent = sum(request.sizes()["responseBodySize"] for request in answered) + sum(frames)
    browser.close()
    return sent
