"""Film a run as the page shows it: ``python -m benchmarks.film_strip`` writes docs/run.png."""

from __future__ import annotations

import base64
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import expect, sync_playwright

from tests.ui.conftest import launch
from tests.ui.screen import Screen
from tests.ui.server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STRIP = Path(__file__).resolve().parents[1] / "docs" / "run.png"
FRAMES, COLUMNS, WIDTH, GAP, CAPTION = 8, 4, 520, 12, 26
# When the button was pressed, by the browser's clock, which also stamps the frames.
_NOTE_PRESS = """() => {
  document.addEventListener("click", () => { window.pressed = Date.now(); }, {capture: true, once: true});
}"""

Frame = tuple[float, Image.Image]


def film(browser: Browser, url: str) -> list[Frame]:
    """Return what the page shows from before a run until it knows how sure the segments are, with milliseconds.

    It is the second run of the session, as the first one also makes what is shown for the first time.
    """
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    screen = Screen(page, url)
    screen.run()
    expect(page.locator(".work")).to_be_hidden()
    screen.slider.press("ArrowRight")
    frames = _record(page)
    page.evaluate(_NOTE_PRESS)
    screen.run(2)
    expect(page.locator(".sure")).to_have_count(5)
    expect(page.locator(".verdict")).not_to_contain_text("so far")
    # What comes last is painted.
    page.evaluate("() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    pressed: float = page.evaluate("window.pressed")
    page.close()
    return [(1000 * at - pressed, Image.open(io.BytesIO(base64.b64decode(shot)))) for at, shot in frames]


def _record(page: Page) -> list[tuple[float, str]]:
    session = page.context.new_cdp_session(page)
    frames: list[tuple[float, str]] = []

    def keep(shot: dict[str, Any]) -> None:
        frames.append((shot["metadata"]["timestamp"], shot["data"]))
        session.send("Page.screencastFrameAck", {"sessionId": shot["sessionId"]})

    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "png", "maxWidth": 1440, "maxHeight": 1000})
    return frames


def choose(frames: list[Frame]) -> list[Frame]:
    """Return the last frame before the press, the first ones after it, which differ most, and others up to the end."""
    before = [frame for frame in frames if frame[0] <= 0][-1]
    after = [frame for frame in frames if frame[0] > 0]
    early, late = after[: FRAMES // 2], after[FRAMES // 2 :]
    rest = FRAMES - 1 - len(early)
    step = max(1, len(late) // rest)
    return [before, *early, *late[step - 1 :: step][: rest - 1], late[-1]][:FRAMES]


def strip(frames: list[Frame]) -> Image.Image:
    """Lay frames side by side, each with its milliseconds above it."""
    tiles = [(at, shot.convert("RGB").resize((WIDTH, WIDTH * shot.height // shot.width))) for at, shot in frames]
    tall = tiles[0][1].height + CAPTION + GAP
    rows = -(-len(tiles) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * tall + GAP), "#ffffff")
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(15)
    for position, (at, tile) in enumerate(tiles):
        x, y = GAP + position % COLUMNS * (WIDTH + GAP), GAP + position // COLUMNS * tall
        pen.text((x, y), "before the press" if at <= 0 else f"{at:,.0f} ms", fill="#1b2430", font=font)
        whole.paste(tile, (x, y + CAPTION))
    return whole


def main() -> None:
    """Write the strip, and say when its frames were shown."""
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, sync_playwright() as playwright:
        frames = choose(film(launch(playwright), server.url))
    # Few colours are a small file.
    strip(frames).quantize(256, method=Image.Quantize.MAXCOVERAGE).save(STRIP, optimize=True)
    print(", ".join(f"{at:,.0f} ms" for at, _ in frames), f"-> {STRIP} ({STRIP.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
