"""Time to update all panes after a selection, against the linked selections of HoloViews."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from typing import TYPE_CHECKING, Any

import holoviews as hv
import numpy as np
import pandas as pd
import panel as pn
from bokeh.document import Document
from bokeh.protocol.messages.patch_doc import patch_doc
from hvplot import hvPlotTabular

from custseg import SegmentationModel
from custseg.panes import Explorer

if TYPE_CHECKING:
    from collections.abc import Callable

CUSTOMERS, SELECTED = 100_000, 1000
_TIMES = 7


def measure() -> tuple[float, float, float, float]:
    """Return milliseconds and kilobytes sent for custseg, and the same for its peer."""
    return asyncio.run(_measure())


async def _measure() -> tuple[float, float, float, float]:
    # In an event loop, as on a server, which HoloViews asks for.
    frame = _customers()
    model = SegmentationModel(frame, k=4, seed=0)
    explorer = Explorer(model)
    explorer.views.shown = "customers"
    document = _shown(explorer)
    model.run_clustering()
    generator = np.random.default_rng(1)
    ours = _time(
        document, lambda: model.select(generator.choice(model.table.identifiers, SELECTED, replace=False).tolist())
    )
    link = hv.link_selections.instance()
    points = hvPlotTabular(frame).points("spend_0", "spend_1", hover_cols=["id"])
    table = hv.Table(frame, ["id"], [name for name in frame.columns if name != "id"])
    document = _shown(pn.Row(link(points + table)))
    highest = frame["spend_0"].nlargest(2 * SELECTED).to_numpy()

    def choose() -> None:
        link.selection_expr = hv.dim("spend_0") > highest[generator.integers(SELECTED - 20, SELECTED + 20)]

    return *ours, *_time(document, choose)


def _customers() -> pd.DataFrame:
    generator = np.random.default_rng(0)
    groups = np.repeat(np.eye(6)[:4] * 5, CUSTOMERS // 4, axis=0)
    spend = generator.lognormal(size=(CUSTOMERS, 6)) + groups
    frame = pd.DataFrame(spend, columns=[f"spend_{position}" for position in range(6)])
    frame.insert(0, "id", [f"C{row:06}" for row in range(CUSTOMERS)])
    return frame


def _shown(what: Any) -> Document:
    document = Document()
    view = what if isinstance(what, pn.viewable.Viewable) else what.__panel__()
    document.add_root(view.get_root(document))
    return document


def _time(document: Document, select: Callable[[], object]) -> tuple[float, float]:
    """Return the median of milliseconds, and of kilobytes sent to a browser."""
    events: list[Any] = []
    document.on_change(events.append)
    times, sizes = [], []
    for _ in range(_TIMES):
        events.clear()
        began = time.perf_counter()
        select()
        message = patch_doc.create(list(events))
        content = json.dumps(message.content, default=str)
        times.append(1000 * (time.perf_counter() - began))
        sizes.append((len(content) + sum(len(buffer.data) for buffer in message.buffers)) / 1000)
    return statistics.median(times), statistics.median(sizes)
