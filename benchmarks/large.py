"""Very many customers on the page: opening it, a run, a zoom and a box, and what the server takes for that."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import sync_playwright

from benchmarks import scaling
from tests.ui.conftest import launch
from tests.ui.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

_TIMES = 5
# What the server imports and compiles in the background, and how sure a result is.
_MILLISECONDS_OF_REST = 12_000
_EVERYBODY, _NOBODY = "100000000", "1000"


@dataclass(frozen=True)
class OnScreen:
    """What was measured.

    Attributes
    ----------
    rows, lazily
        How many customers, and whether they stayed in their Parquet file.
    times
        Milliseconds from what somebody does to what they wait for, and those of the server's processors meanwhile.
    peak
        The most bytes that the server took.

    """

    rows: int
    lazily: bool
    times: dict[str, tuple[float, float]]
    peak: int


def measure(rows: int, *, lazily: bool = False) -> OnScreen:
    """Measure a page on a table of that many customers x 6, k = 4 and 5."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        scaling.write(file, rows)
        settings = {"CUSTSEG_ROWS": "customers", "CUSTSEG_MOST_IN_MEMORY": _NOBODY if lazily else _EVERYBODY}
        with serve(Path(folder), source=file, settings=settings) as server, sync_playwright() as playwright:
            browser, process = launch(playwright), psutil.Process(server.process)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(300_000)
            page.add_init_script(path=Path(__file__).with_name("crowd.js"))

            def timed(act: Callable[[], float]) -> tuple[float, float]:
                before = _processor_seconds(process)
                return act(), 1000 * (_processor_seconds(process) - before)

            times = _use(page, server.url, timed)
            browser.close()
            return OnScreen(rows, lazily, times, _peak(server.process))


def _use(
    page: Page, url: str, timed: Callable[[Callable[[], float]], tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    found = {"first page of a server": timed(lambda: _open(page, url))}
    page.wait_for_timeout(_MILLISECONDS_OF_REST)
    found["next page"] = timed(lambda: _open(page, url))
    found["first run of a session"] = timed(lambda: page.evaluate("() => crowd.run()"))
    slider = page.get_by_role("slider", name="Number of segments")
    page.get_by_title("Select customers with a box").click()
    runs, zooms, boxes = [], [], []
    for turn in range(_TIMES):
        page.wait_for_timeout(_MILLISECONDS_OF_REST)
        # The same again would change nothing.
        slider.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(300)
        runs.append(timed(lambda: page.evaluate("() => crowd.run()")))
        page.wait_for_timeout(_MILLISECONDS_OF_REST)
        zooms.append(timed(lambda: page.evaluate("factor => crowd.zoom(factor)", 0.8 if turn % 2 == 0 else 1.25)))  # noqa: B023
        page.wait_for_timeout(1000)
        boxes.append(timed(lambda: _box(page)))
        page.get_by_role("button", name="Clear selection").first.click()
    return found | {"run clustering": _median(runs), "zoom": _median(zooms), "box": _median(boxes)}


def _open(page: Page, url: str) -> float:
    page.goto(url, wait_until="commit")
    return float(page.evaluate("() => crowd.ready()"))


def _box(page: Page) -> float:
    page.locator("canvas").first.scroll_into_view_if_needed()
    start, end = page.evaluate("() => crowd.corners()")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.evaluate("() => { window.boxed = crowd.box(); }")
    page.mouse.up()
    return float(page.evaluate("() => window.boxed"))


def _median(times: list[tuple[float, float]]) -> tuple[float, float]:
    waited, worked = (statistics.median(column) for column in zip(*times, strict=True))
    return waited, worked


def _processor_seconds(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def _peak(process: int) -> int:
    """Return the most bytes that a process held, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
