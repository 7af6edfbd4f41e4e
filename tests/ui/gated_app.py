"""The dashboard, whose runs on a page say in a pipe that they have begun, and then wait for another to be written to.

A third says that the session of a page is gone. The pipes lie in the folder CUSTSEG_TEST_PIPES.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from custseg.session import run_result  # noqa: E402 - found through the line above
from dashboard.page import serve_session  # noqa: E402

PIPES = Path(os.environ["CUSTSEG_TEST_PIPES"])
if not hasattr(run_result, "ungated"):
    run_result.ungated = run_result.segment  # type: ignore[attr-defined]

    def gated(*arguments: Any, on_progress: Any = None, **named: Any) -> Any:
        # What is computed ahead of the first visitor tells nobody.
        if on_progress is not None:
            (PIPES / "begun").write_text("begun")
            (PIPES / "gate").read_text()
        return run_result.ungated(*arguments, on_progress=on_progress, **named)  # type: ignore[attr-defined]

    run_result.segment = gated  # type: ignore[assignment]

serve_session()
pn.state.on_session_destroyed(lambda _: (PIPES / "gone").write_text("gone") and None)
