"""The dashboard, on a server that tells how much of it is alive: open it with ``?count`` for a line of numbers."""

from __future__ import annotations

import gc
import sys
import tempfile
from pathlib import Path

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from custseg import CustomerTable, SegmentationModel  # noqa: E402 - found through the line above
from custseg.panes.base.part import Part  # noqa: E402
from dashboard.session_start import serve_session  # noqa: E402


def count() -> str:
    """Return how many models, views, tables of customers and folders of uploads there are."""
    gc.collect()
    living = [type(thing) for thing in gc.get_objects()]
    kinds = {"models": SegmentationModel, "views": Part, "tables": CustomerTable}
    numbers = {name: sum(issubclass(kind, wanted) for kind in living) for name, wanted in kinds.items()}
    numbers["uploads"] = len(list(Path(tempfile.gettempdir()).glob("custseg-upload-*")))
    return " ".join(f"{name}={number}" for name, number in numbers.items())


if pn.state.location is not None and "count" in (pn.state.location.search or ""):
    pn.pane.HTML(f'<p class="count">{count()}</p>').servable()
else:
    serve_session()
