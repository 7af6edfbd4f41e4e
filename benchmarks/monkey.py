"""Pages on which something is pressed, typed, chosen or dropped at random, faster than anything of it is answered.

Nothing may fail, on the server or in a browser, and at the end each page has to show what its settings give.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import Error, Page, expect, sync_playwright
from sklearn.cluster import KMeans

from custseg import SegmentationModel
from custseg.panes.views.catalogue import VIEWS
from custseg.session.project import Project
from dashboard.source import SAMPLES
from tests.ui.conftest import launch, watch
from tests.ui.screen import Screen, read_column
from tests.ui.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Locator

PAGES, MINUTES, SEED = 20, 10.0, 0
# What can be pressed, but for what chooses a file.
_HANDLES = (
    "button, a[href^='#'], select, summary, [role=slider], input:not([type=file]), .tabulator-cell, [data-segment]"
)
_TEXTS = "7", "", "12345", "Our <b>best</b>", "0.2", "-1", "C001", "x" * 300
_KEYS = "ArrowLeft", "ArrowRight", "Home", "End"
_MILLISECONDS = 400
_SECONDS_TO_SETTLE = 120
_SETUP = Path(__file__).resolve().parents[1] / "dashboard" / "setup.py"


@dataclass
class Found:
    """How many actions were done, and what went wrong."""

    actions: int = 0
    checked: int = 0
    trouble: list[str] = field(default_factory=list)


def measure(pages: int = PAGES, minutes: float = MINUTES, seed: int = SEED) -> Found:
    """Act at random on so many pages at once, for so long; then see whether each is right."""
    found, chance = Found(), random.Random(seed)  # noqa: S311 - nothing is to be kept secret
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder), options=("--setup", str(_SETUP))) as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        files = _files(Path(folder))
        opened = [_open(browser, server.url, found.trouble) for _ in range(pages)]
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end and not found.trouble:
            page, act = chance.choice(opened), chance.choices(list(_ACTIONS), list(_ACTIONS.values()))[0]
            # What is gone, or lies below something else, can't be pressed.
            with suppress(Error):
                act(page, chance, files)
            found.actions += 1
        for page in opened:
            found.trouble += _check(page, Path(folder))
            found.checked += 1
        browser.close()
        remarks = server.remarks()
        found.trouble += remarks if any(map(_is_uncaught, remarks)) else []
    return found


def _open(browser: Browser, url: str, trouble: list[str]) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch(page, trouble)
    page.on("dialog", lambda dialog: dialog.accept())
    Screen(page, url)
    page.set_default_timeout(_MILLISECONDS)
    return page


def _files(folder: Path) -> list[Path]:
    """Write files to drop: one that is fine, a larger one, and one that is none."""
    generator, paths = np.random.default_rng(0), []
    for name, rows in (("clients", 80), ("members", 4000)):
        frame = pd.DataFrame(
            {
                "client": [f"C{row:04}" for row in range(rows)],
                "spend_food": generator.lognormal(4, 1, rows).round(2),
                "spend_home": generator.lognormal(3, 1, rows).round(2),
                "visits": generator.poisson(9, rows),
                "plan": np.array(["basic", "pro"])[generator.integers(0, 2, rows)],
            }
        )
        paths.append(folder / f"{name}.csv")
        frame.to_csv(paths[-1], index=False)
    broken = folder / "broken.csv"
    broken.write_bytes(b"\0\xff\n" * 50)
    return [*paths, broken]


# What a monkey does; each may be overtaken by the next.


def _run(page: Page, _: random.Random, __: list[Path]) -> None:
    page.get_by_role("button", name="Run clustering").click()


def _slide(page: Page, chance: random.Random, _: list[Path]) -> None:
    page.get_by_role("slider", name="Number of segments").press(chance.choice(_KEYS))


def _turn(page: Page, chance: random.Random, _: list[Path]) -> None:
    page.evaluate("address => { location.hash = address; }", chance.choice(VIEWS).address)


def _choose_sample(page: Page, chance: random.Random, _: list[Path]) -> None:
    page.get_by_role("combobox", name="Customers").select_option(chance.choice(list(SAMPLES.values()))[0])


def _drop(page: Page, chance: random.Random, files: list[Path]) -> None:
    page.locator(".intake input[type=file]").set_input_files(chance.choice(files))


def _reload(page: Page, _: random.Random, __: list[Path]) -> None:
    page.reload(timeout=1000 * _SECONDS_TO_SETTLE)


def _touch_anything(page: Page, chance: random.Random, _: list[Path]) -> None:
    handles = page.locator(_HANDLES).filter(visible=True)
    one = handles.nth(chance.randrange(max(1, handles.count())))
    kind = one.evaluate("element => element.getAttribute('role') === 'slider' ? 'slider' : element.localName")
    if kind == "slider":
        one.press(chance.choice(_KEYS))
    elif kind == "select":
        offered = one.locator("option").count()
        # Where nothing is offered, nothing can be chosen.
        if offered:
            one.select_option(index=chance.randrange(offered))
    elif kind == "input" and one.get_attribute("type") not in ("checkbox", "radio", "button"):
        one.fill(chance.choice(_TEXTS))
        one.press("Enter")
    else:
        one.click()


_ACTIONS: dict[Callable[[Page, random.Random, list[Path]], None], float] = {
    _run: 15,
    _slide: 12,
    _turn: 15,
    _touch_anything: 50,
    _choose_sample: 3,
    _drop: 4,
    _reload: 1,
}


def _check(page: Page, folder: Path) -> list[str]:
    """Run once more, and return what is wrong with what the page then shows."""
    page.set_default_timeout(1000 * _SECONDS_TO_SETTLE)
    try:
        sizes, project = _settled(page, folder)
    except (Error, AssertionError) as problem:
        return [f"{page.url} does not come to rest: {problem}"]
    return [f"{page.url}: {wrong}" for wrong in _wrong_with(sizes, project, folder)]


def _settled(page: Page, folder: Path) -> tuple[list[str], Project]:
    """Let the page come to rest, run, and return the sizes that it shows, and what it has been set to."""
    page.keyboard.press("Escape")
    _speak_english(page)
    page.evaluate("address => { location.hash = address; }", VIEWS[0].address)
    expect(page.locator(".work")).to_be_hidden()
    screen, run = _Seen(page), page.get_by_role("button", name="Run clustering")
    expect(screen.status).to_contain_text(re.compile(r"Not run yet|Run \d"))
    if not _runs(screen, run):
        # What was typed or ticked is refused, or a question is open: another table begins anew.
        for title, _ in reversed(SAMPLES.values()):
            page.get_by_role("combobox", name="Customers").select_option(title)
            expect(page.locator(".title")).to_have_text(title)
        screen.type_seed("42")
        expect(screen.alert).to_have_count(0)
        if not _runs(screen, run):
            msg = f"a run is refused: {screen.alert.all_inner_texts()}"
            raise AssertionError(msg)
    target = folder / "project.json"
    screen.download("Project to go on with (JSON)").save_as(target)
    return read_column(page, "customers"), Project.read(target.read_bytes())


def _speak_english(page: Page) -> None:
    """Turn a page that was turned to another language back, as its reader would."""
    if page.locator("html").get_attribute("lang") != "en":
        with page.expect_navigation():
            page.locator("#language").select_option("en")


class _Seen(Screen):
    """A page that is open already."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def alert(self) -> Locator:
        """What went wrong with a run; of a file that was dropped it stands elsewhere."""
        return self.page.locator("p.alert[role=alert]").filter(has_text=re.compile(r"\S"), visible=True)


def _runs(screen: Screen, run: Locator) -> bool:
    """Press Run, and return whether another result came of it."""
    if run.is_disabled():
        return False
    before = screen.status.inner_text()
    run.click()
    expect(screen.status.filter(has_not_text=before).or_(screen.alert).first).to_be_visible()
    if screen.alert.is_visible():
        return False
    expect(screen.status).to_contain_text(re.compile(r"^Run \d"))
    return True


def _wrong_with(sizes: list[str], project: Project, folder: Path) -> list[str]:
    """Compute the same again from the file that the page has its customers from, and with scikit-learn."""
    sources = dict(SAMPLES.values()) | {path.stem: path for path in _files(folder)}
    model = SegmentationModel(sources[project.title])
    wrong = list(model.open_project(project))
    result = model.result
    if result is None:
        return [*wrong, "the project holds no run"]
    if sizes != [f"{size:,}" for size in result.sizes]:
        wrong.append(f"sizes {sizes} are shown, and {result.sizes} computed")
    if model.recipe.method == "k-means" and not model.recipe.trim and not model.recipe.categories:
        prepared = result.preparation.apply(result.table.matrix(result.features))
        peer = KMeans(result.k, init=result.prepared_centroids, n_init=1).fit(prepared)
        if peer.inertia_ < 0.999 * result.inertia:
            wrong.append(f"an inertia of {result.inertia} where scikit-learn comes to {peer.inertia_} from there")
    return wrong


def _is_uncaught(line: str) -> bool:
    """Whether a line of the log tells of what nobody foresaw: no refusal in a sentence, nor a page that was closed."""
    closed = re.search(r"WebSocketClosedError|StreamClosedError", line)
    return not closed and bool(re.search(r"ERROR|CRITICAL|^[\w.]*(Error|Exception)\b", line))
