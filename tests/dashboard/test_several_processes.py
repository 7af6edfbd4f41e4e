"""A server of two processes on one port: whichever answers, a run works and nothing is asked of anybody else."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.visitor import visit
from tests.dashboard.wire import ask
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from tests.dashboard.visitor import Visitor
    from tests.ui.server import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which process has a connection")

# Which process takes a connection is drawn by lot.
MOST_VISITS = 32
OUTSIDE = re.compile(r"https?://(?!localhost|127\.0\.0\.1)[\w.-]+")
# Namespaces and licences, which nobody asks for.
NAMED = {"http://www.w3.org"}


def children(process: int) -> set[int]:
    """Return the processes that a server made of itself, without those that work for it."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return {child for child in map(int, text.split()) if "panel" in Path(f"/proc/{child}/cmdline").read_text()}


def who_answers(visitor: Visitor, server: Server) -> int:
    """Return the process at the other end of a socket."""
    mine = visitor.port
    lines = [line for kind in ("tcp", "tcp6") for line in Path("/proc/net", kind).read_text().splitlines()[1:]]
    for line in lines:
        _, _, remote, *_, inode = line.split()[:10]
        if int(remote.rpartition(":")[2], 16) == mine:
            for child in children(server.process):
                if f"socket:[{inode}]" in {held(path) for path in Path(f"/proc/{child}/fd").iterdir()}:
                    return child
    msg = f"No process of the server has the connection to port {mine}."
    raise AssertionError(msg)


def held(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:
        return ""


def test_a_run_works_on_each_process_and_nothing_is_asked_of_anybody_else(tmp_path: Path) -> None:
    answered: dict[int, set[str]] = {}

    async def look(server: Server) -> None:
        async with visit(server.url) as visitor:
            await visitor.run()
            assert "segments of 440 customers" in visitor.told
            assert visitor.errors == []
            assert "".join(visitor.alerts) == ""
            outside = set(OUTSIDE.findall(json.dumps(visitor.models))) - NAMED
            answered.setdefault(who_answers(visitor, server), set()).update(outside)

    with serve(tmp_path, options=(*SETUP, "--num-procs", "2")) as server:
        processes = children(server.process)
        assert len(processes) == 2
        visits = 0
        while set(answered) != processes and visits < MOST_VISITS:
            asyncio.run(look(server))
            visits += 1
        page = ask(server.url)[1]
        assert server.remarks() == []
    assert set(answered) == processes
    assert set().union(*answered.values()) == set()
    assert set(re.findall(r"(?:src|href)=\"(https?://(?!localhost)[^/\"]+)", page)) == set()
