"""The setup of the dashboard's server, which also writes down which addresses the server knows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from bokeh.server.tornado import BokehTornado

import dashboard.setup  # noqa: F401 - this is what a server has

_start = BokehTornado.start
_file = Path(os.environ["ROUTES"])


def start_and_tell(server: BokehTornado) -> None:
    """Start, once the routes are written down."""
    patterns = [rule.matcher.regex.pattern for rule in server.wildcard_router.rules]  # type: ignore[attr-defined]
    _file.write_text("\n".join(patterns), encoding="utf-8")
    _start(server)


BokehTornado.start = start_and_tell  # type: ignore[assignment, method-assign]
