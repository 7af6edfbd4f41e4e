"""Take the pictures of the tutorial: ``python -m benchmarks.tutorial_pictures`` writes them into docs/pictures."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.ui.conftest import launch
from tests.ui.screen import Screen
from tests.ui.server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
_COLOURS = 128


def take_pictures(browser: Browser, url: str, folder: Path) -> None:
    """Do what docs/in-the-browser.md says, and save what the page shows after each step."""
    # What is made for the first page of a server takes longer than what a reader sees; and a run is made once.
    before = browser.new_page()
    Screen(before, f"{url}?seed=1").run()
    before.close()
    page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
    screen = Screen(page, url)

    def save(name: str) -> None:
        # Notes of what has finished leave by themselves, and nothing is pointed at.
        page.mouse.move(20, 850)
        expect(page.locator(".notes")).to_have_text("")
        shot = Image.open(io.BytesIO(page.screenshot()))
        shot.quantize(_COLOURS).save(folder / f"{name}.png", optimize=True)

    def run(number: int, segments: int) -> None:
        screen.run(number)
        expect(page.locator(".sure")).to_have_count(segments)
        expect(page.locator(".verdict")).not_to_contain_text("so far")
        expect(page.locator(".work")).to_be_hidden()

    save("before-a-run")
    run(1, 4)
    save("four-segments")
    page.get_by_role("checkbox", name="Even out skewed amounts").check()
    for _ in range(2):
        screen.slider.press("ArrowLeft")
    run(2, 2)
    save("evened-out")
    segments = screen.open_view("Segments")
    for soon in ("being drawn", "being put together"):
        expect(segments.get_by_text(soon)).to_be_hidden()
    save("segments")
    screen.open_view("How many, how sure")
    save("how-sure")
    page.close()


def main() -> None:
    """Take them, and say how large they are."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, sync_playwright() as playwright:
        take_pictures(launch(playwright), server.url, FOLDER)
    for path in sorted(FOLDER.glob("*.png")):
        print(f"{path.name} ({path.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
