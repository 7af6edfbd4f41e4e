"""A server of the dashboard, started as the README says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "dashboard" / "app.py"
# What a server for others is started with, so that its first page has a policy too.
SETUP = ("--setup", str(DASHBOARD.with_name("setup.py")))
_SECONDS_TO_START = 60
_STARTED = re.compile(r"app running at: (http://localhost:\d+/\w+)")
# What Bokeh itself writes about its doings; a line of ours, or one about trouble, is none of these.
_ROUTINE = re.compile(
    r"Starting Bokeh server|app running at|WebSocket connection|ServerConnection created|Launching server|"
    r"Received signal|^\s*$"
)

# What libraries say of each other, with the line of code; and that a page was closed while Bokeh wrote to it, which
# comes when the next page is open already.
_LIBRARIES = re.compile(
    r"^.*(Pandas4Warning|BokehUserWarning in serialization.py).*\n(?:[ \t].*\n)*|"
    r"^.*Task exception was never retrieved\n(?:(?!\d{4}-\d\d-\d\d ).*\n)*?.*WebSocketClosedError\(?\)?\n"
    r"(?:(?!\d{4}-\d\d-\d\d ).*\n)*",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Server:
    """A running server: where its page is, what it has logged, and the number of its process."""

    url: str
    log: Path
    process: int

    def remarks(self) -> list[str]:
        """Return the lines of the log that are not Bokeh's routine."""
        text = _LIBRARIES.sub("", self.log.read_text(encoding="utf-8"))
        return [line for line in text.splitlines() if not _ROUTINE.search(line)]


@contextmanager
def serve(
    folder: Path,
    source: Path | str | None = None,
    app: Path = DASHBOARD,
    options: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve an app on a free port, from another folder than the project's, until the block ends.

    ``settings`` are variables of its environment.
    """
    environment = {name: text for name, text in os.environ.items() if name != "CUSTSEG_SOURCE"} | dict(settings or {})
    if source is not None:
        environment["CUSTSEG_SOURCE"] = str(source)
    log = folder / "server.log"
    command = [sys.executable, "-m", "panel", "serve", str(app), "--port", "0", *options]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield Server(_address(process, log), log, process.pid)
    finally:
        # With those that it made of itself, where it was started with --num-procs.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        if started := _STARTED.search(log.read_text(encoding="utf-8")):
            return started[1]
        time.sleep(0.05)
    msg = f"The server did not start:\n{log.read_text(encoding='utf-8')}"
    raise RuntimeError(msg)
