"""The memory that one more open session takes of the server: custseg's and the plain prototype's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.page import HERE, REGIONS, open_page
from custseg.panes.views.catalogue import VIEWS
from tests.ui.conftest import launch
from tests.ui.server import DASHBOARD, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The first sessions load and compile what all later ones use.
_FIRST, _MORE = 4, 8
# Until it is known how sure a result is, which is the last that comes by itself.
_MILLISECONDS_OF_REST = 4000


def measure() -> dict[str, float]:
    """Return megabytes by what was done in the session."""
    return {
        "after a run": _grown_by(DASHBOARD, "custseg", []),
        "after a run and all views": _grown_by(DASHBOARD, "custseg", [kind.address for kind in VIEWS[1:]]),
        "prototype, after a run": _grown_by(HERE / "prototype.py", "prototype", []),
    }


def _grown_by(app: Path, name: str, addresses: list[str]) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), app=app) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for _ in range(_FIRST):
            _use(browser, server.url, REGIONS[name][:1], addresses)
        before = _resident(server.process)
        for _ in range(_MORE):
            _use(browser, server.url, REGIONS[name][:1], addresses)
        grown = _resident(server.process) - before
        browser.close()
    return grown / _MORE


def _use(browser: Browser, url: str, regions: list[str], addresses: list[str]) -> None:
    """Open a page, which stays open, run, and look at views."""
    page, _ = open_page(browser, url)
    page.evaluate("regions => bench.run(regions)", regions)
    page.wait_for_timeout(_MILLISECONDS_OF_REST)
    for address in addresses:
        page.evaluate("address => bench.turn(address)", address)
    page.wait_for_timeout(_MILLISECONDS_OF_REST // 4)


def _resident(process: int) -> float:
    """Return the megabytes that a process holds, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
