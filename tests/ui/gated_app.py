"""The dashboard, whose runs on a page say in a pipe that they have begun, and then wait for another to be written to.

A third says that the session of a page is gone. The pipes lie in the folder CUSTSEG_TEST_PIPES.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from custseg import segment  # noqa: E402 - found through the line above
from custseg.session import findings, run_ahead  # noqa: E402
from dashboard.session_start import serve_session  # noqa: E402

PIPES = Path(os.environ["CUSTSEG_TEST_PIPES"])


def gated(find_segments: Any, pipes: Path = PIPES) -> Any:
    """Return what finds segments once it is let to. What is computed ahead of a visitor tells nobody, and is let."""

    def find(*arguments: Any, on_progress: Any = None, **named: Any) -> Any:
        if on_progress is not None:
            (pipes / "begun").write_text("begun")
            (pipes / "gate").read_text()
        return find_segments(*arguments, on_progress=on_progress, **named)

    return find


def say_gone(_: object, pipes: Path = PIPES, thread: type[Thread] = Thread) -> None:
    """Say it, in a session whose script has been let go of, with all that was imported there."""
    # Nobody may want to know it, and the server goes on.
    thread(target=(pipes / "gone").write_text, args=["gone"], daemon=True).start()


if run_ahead.MOST_CUSTOMERS:
    # Tables of a test are so small that their runs would be there before anybody presses.
    run_ahead.MOST_CUSTOMERS = 0
    # Nor is a run recalled, which would tell nobody that it begins.
    vars(findings).update(_MOST_CUSTOMERS=0, segment=gated(segment))

serve_session()
pn.state.on_session_destroyed(say_gone)
