"""Take the README's picture of the page: ``python -m benchmarks.dashboard_picture`` writes docs/dashboard.png."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from tests.ui.conftest import launch
from tests.ui.screen import Screen
from tests.ui.server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "dashboard.png"


def take_picture(browser: Browser, url: str, path: Path) -> None:
    """Save the first view after a run, once all is known of it."""
    # What is made for the first page of a server takes longer than what a reader sees; and a run is made once.
    before = browser.new_page()
    Screen(before, f"{url}?seed=1").run()
    before.close()
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    Screen(page, url).run()
    expect(page.locator(".sure")).to_have_count(4)
    expect(page.locator(".verdict")).not_to_contain_text("so far")
    expect(page.locator(".work")).to_be_hidden()
    # Notes of what has finished leave by themselves, and nothing is pointed at.
    page.mouse.move(20, 980)
    expect(page.locator(".notes")).to_have_text("")
    page.screenshot(path=path)
    page.close()


def main() -> None:
    """Take it, and say how large it is."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, sync_playwright() as playwright:
        take_picture(launch(playwright), server.url, PICTURE)
    print(f"{PICTURE} ({PICTURE.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
