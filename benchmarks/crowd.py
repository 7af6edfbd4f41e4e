"""A million customers on the page: a run to its picture, and a zoom beside that of hvPlot's ``rasterize``."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import datashader as ds
import numpy as np
import pandas as pd
import panel as pn
import psutil
from bokeh.document import Document
from bokeh.models import ColumnDataSource
from holoviews.streams import RangeXY
from hvplot import hvPlotTabular
from playwright.sync_api import sync_playwright

from custseg import SegmentationModel
from custseg.panes.charts.axes import axes_of
from custseg.panes.charts.crowd import Asked, find
from tests.ui.conftest import launch
from tests.ui.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable

CUSTOMERS, SIZE = 1_000_000, (900, 380)
_TIMES = 9


def customers(rows: int = CUSTOMERS) -> pd.DataFrame:
    """Make a table of six amounts with four groups."""
    generator = np.random.default_rng(0)
    centres, groups = generator.normal(size=(4, 6)) * 3, generator.integers(0, 4, rows)
    columns = {
        f"spend_{name}": np.exp((centres[groups, position] + generator.normal(size=rows)) / 3) * 100
        for position, name in enumerate("abcdef")
    }
    return pd.DataFrame({"customer": [f"C{row:08}" for row in range(rows)], **columns})


def zoom() -> tuple[float, float, float, float]:
    """Return milliseconds of a zoom on the server and kilobytes of what is sent, for custseg and for its peer."""
    # In an event loop, as on a server, which HoloViews asks for.
    return asyncio.run(_zoom())


async def _zoom() -> tuple[float, float, float, float]:
    frame = customers()
    model = SegmentationModel(frame, k=4, seed=0)
    result = model.run_clustering()
    asked = Asked(result.assignment, model.outcome, axes_of(model), None, SIZE, None, named=True)
    found = find(asked)

    def ours(turn: int) -> None:
        nonlocal found
        (left, right), (low, high) = found.limits
        window = (left, right - 0.01 * turn), (low, high - 0.01 * turn)
        found = find(Asked(asked.customers, asked.outcome, asked.axes, window, SIZE, None, named=True), found)

    time_ours = _median(ours)
    sent = sum(len(url) for url in found.images["url"]) + found.sample.matrix(found.sample.features).nbytes
    return time_ours, sent / 1000, *_peer(frame.assign(segment=pd.Categorical(result.labels.astype(str))), model)


def _peer(frame: pd.DataFrame, model: SegmentationModel) -> tuple[float, float]:
    width, height = SIZE
    plot = hvPlotTabular(frame).points(
        model.x, model.y, rasterize=True, aggregator=ds.count_cat("segment"), width=width, height=height
    )
    document = Document()
    document.add_root(pn.pane.HoloViews(plot).get_root(document))
    (ranges,) = (stream for stream in plot.streams if isinstance(stream, RangeXY))
    (left, right), (low, high) = ranges.x_range, ranges.y_range
    taken = _median(lambda turn: ranges.event(x_range=(left, right - turn), y_range=(low, high - turn)))
    sources: Any = document.select({"type": ColumnDataSource})
    columns = [column for source in sources for column in source.data.values()]
    return taken, sum(np.asarray(column).nbytes for column in columns) / 1000


def _median(work: Callable[[int], Any]) -> float:
    times = []
    for turn in range(1, _TIMES + 1):
        began = time.perf_counter()
        work(turn)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def on_screen() -> dict[str, float]:
    """Return milliseconds on the page of a server: the first picture, runs and zooms to the new picture."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "customers.parquet"
        customers().to_parquet(file)
        with serve(Path(folder), source=file) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(120_000)
            page.add_init_script(path=Path(__file__).with_suffix(".js"))
            page.goto(server.url)
            found = {"first page of a server, to its picture": page.evaluate("() => crowd.ready()")}
            # What the server imports and compiles in the background.
            page.wait_for_timeout(10_000)
            found["first run of a session"] = page.evaluate("() => crowd.run()")
            runs, zooms, worked = [], [], []
            # Other work on the machine lengthens what a person waits for, and hardly what the server computes.
            processes = [one for one in psutil.Process().children() if "panel" in one.cmdline()]
            slider = page.get_by_role("slider", name="Number of segments")
            for turn in range(_TIMES):
                # The same again would change nothing.
                slider.press("ArrowRight" if turn % 2 == 0 else "ArrowLeft")
                # Longer, and a run would be measured together with how sure the one before is.
                page.wait_for_timeout(300)
                before = _processor_seconds(processes)
                runs.append(page.evaluate("() => crowd.run()"))
                worked.append(1000 * (_processor_seconds(processes) - before))
                zooms.append(page.evaluate("factor => crowd.zoom(factor)", 0.8 if turn % 2 == 0 else 1.25))
            browser.close()
            medians = {"run clustering": runs, "  of the server's processors": worked, "zoom": zooms}
            return found | {what: statistics.median(each) for what, each in medians.items()}


def _processor_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)
