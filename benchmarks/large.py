"""Very many customers on the page: opening it, a run, a zoom and a box, and what the server takes for that."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import sync_playwright

from benchmarks import scaling
from tests.dashboard.wire import wait_until_ready
from tests.ui.conftest import launch
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

_TIMES = 5
# What the server imports, compiles and computes in the background, and how sure a result is.
_MILLISECONDS_OF_REST = 12_000
_EVERYBODY, _NOBODY = "100000000", "1000"


@dataclass(frozen=True)
class OnScreen:
    """How long somebody waits for what they asked for.

    Attributes
    ----------
    what
        What was asked for.
    waited, worked
        Milliseconds until it was there, and those of the server's processors meanwhile (medians).
    peak
        The most bytes that the server has taken so far.

    """

    what: str
    waited: float
    worked: float
    peak: int


def measure(rows: int, *, lazily: bool = False) -> Iterator[OnScreen]:
    """Measure a page on a table of that many customers x 6, k = 4 and 5, who stay in their file, or do not."""
    with _page_of(rows, lazily=lazily) as (page, url, process):

        def timed(
            what: str, times: int, act: Callable[[], float], prepare: Callable[[int], object] = lambda _: None
        ) -> OnScreen:
            waited, worked = [], []
            for turn in range(times):
                prepare(turn)
                before = sum(process.cpu_times()[:2])
                waited.append(act())
                worked.append(1000 * (sum(process.cpu_times()[:2]) - before))
            return OnScreen(what, statistics.median(waited), statistics.median(worked), _peak(process.pid))

        yield timed("server reads its table", 1, lambda: _wait_until_ready(url))
        page.wait_for_timeout(_MILLISECONDS_OF_REST)
        yield timed("first page of a server", 1, lambda: _open(page, url))
        page.wait_for_timeout(_MILLISECONDS_OF_REST)
        yield timed("next page", 1, lambda: _open(page, url))
        yield timed("first run of a session", 1, lambda: _run(page))
        yield timed("run clustering", _TIMES, lambda: _run(page), lambda turn: _choose(page, turn))
        page.wait_for_timeout(_MILLISECONDS_OF_REST)
        # Out and in again by turns.
        factors = cycle((0.8, 1.25))
        yield timed("zoom", _TIMES, lambda: _zoom(page, next(factors)), lambda _: page.wait_for_timeout(1000))
        yield timed("box", _TIMES, lambda: _box(page), lambda _: _draw(page))


@contextmanager
def _page_of(rows: int, *, lazily: bool) -> Iterator[tuple[Page, str, psutil.Process]]:
    """Yield a page that measures itself, the address of a server on that many customers, and its process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        scaling.write(file, rows)
        settings = {"CUSTSEG_ROWS": "customers", "CUSTSEG_MOST_IN_MEMORY": _NOBODY if lazily else _EVERYBODY}
        with (
            serve(Path(folder), source=file, options=SETUP, settings=settings) as server,
            sync_playwright() as playwright,
        ):
            browser = launch(playwright)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(300_000)
            page.add_init_script(path=Path(__file__).with_name("crowd.js"))
            yield page, server.url, psutil.Process(server.process)
            browser.close()


def _wait_until_ready(url: str) -> float:
    began = time.perf_counter()
    wait_until_ready(url.removesuffix("app") + "readiness")
    return 1000 * (time.perf_counter() - began)


def _open(page: Page, url: str) -> float:
    page.goto(url, wait_until="commit")
    return float(page.evaluate("() => crowd.ready()"))


def _choose(page: Page, turn: int) -> None:
    """Choose another number of segments: the same again would change nothing."""
    page.wait_for_timeout(_MILLISECONDS_OF_REST)
    page.get_by_role("slider", name="Number of segments").press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
    page.wait_for_timeout(300)


def _run(page: Page) -> float:
    return float(page.evaluate("() => crowd.run()"))


def _zoom(page: Page, factor: float) -> float:
    return float(page.evaluate("factor => crowd.zoom(factor)", factor))


def _draw(page: Page) -> None:
    """Draw a box, in the place of the one before, but for letting it go."""
    clear = page.get_by_role("button", name="Clear selection").first
    if clear.is_visible():
        clear.click()
    page.wait_for_timeout(1000)
    page.locator("canvas").first.scroll_into_view_if_needed()
    start, end = page.evaluate("() => crowd.corners()")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.evaluate("() => { window.boxed = crowd.box(); }")


def _box(page: Page) -> float:
    page.mouse.up()
    return float(page.evaluate("() => window.boxed"))


def _peak(process: int) -> int:
    """Return the most bytes that a process held, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
