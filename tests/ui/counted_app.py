"""The dashboard, on a server that tells how much of it is alive: open it with ``?count`` for a line of numbers."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from dashboard.session_start import serve_session  # noqa: E402 - found through the line above
from tests.ui.living import count_living  # noqa: E402


def count() -> str:
    """Return how many models, views, tables of customers and folders of uploads there are."""
    uploads = len(list(Path(tempfile.gettempdir()).glob("custseg-upload-*")))
    return " ".join(f"{name}={number}" for name, number in {**count_living(), "uploads": uploads}.items())


if pn.state.location is not None and "count" in (pn.state.location.search or ""):
    pn.pane.HTML(f'<p class="count">{count()}</p>').servable()
else:
    serve_session()
