"""What goes wrong around a server: a home that isn't there, a source that is replaced, a disk that is full, a port."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.visitor import visit
from tests.ui.server import DASHBOARD, SETUP, serve

if TYPE_CHECKING:
    from pathlib import Path


def run_of(url: str) -> str:
    """Open a page, run, and return what stands beside the number of the run."""

    async def scenario() -> str:
        async with visit(url) as visitor:
            await visitor.run()
            assert visitor.errors == []
            return visitor.told

    return asyncio.run(scenario())


def customers(path: Path, rows: int) -> None:
    lines = [f"C{row},{row * row % 97},{row % 11}" for row in range(rows)]
    path.write_text("\n".join(["customer,spend,visits", *lines]), encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such home and no such locale")
def test_no_home_that_can_be_written_to_and_no_locale_are_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "Käufer.csv"
    customers(source, 60)
    for name in ("LANG", "LC_CTYPE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    # Nobody can make a folder there, whoever they are.
    monkeypatch.setenv("HOME", "/proc/home")
    # More than are drawn one by one, whose picture is compiled.
    monkeypatch.setenv("CUSTSEG_MOST_POINTS", "50")
    with serve(tmp_path, source, options=SETUP) as server:
        assert "segments of 60 customers" in run_of(server.url)
        # It says that it makes do with a folder for the time being.
        assert [remark for remark in server.remarks() if "atplotlib" not in remark] == []


def test_a_server_without_a_home_starts_and_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    with serve(tmp_path, options=SETUP) as server:
        assert "segments of 440 customers" in run_of(server.url)
        assert server.remarks() == []


def test_a_source_that_is_replaced_is_shown_to_who_comes_next_and_stays_as_it_was_to_who_is_there(
    tmp_path: Path,
) -> None:
    source = tmp_path / "clients.csv"
    customers(source, 60)

    async def scenario(url: str) -> list[str]:
        async with visit(url) as early:
            await early.run()
            replacement = tmp_path / "new.csv"
            customers(replacement, 75)
            replacement.replace(source)
            async with visit(url) as late:
                await late.run()
            source.unlink()
            await early.choose(3)
            await early.run()
            async with visit(url) as last:
                await last.run()
            return [early.told, late.told, last.told, *last.alerts]

    with serve(tmp_path, source, options=SETUP) as server:
        early, late, last, *alerts = asyncio.run(scenario(server.url))
    assert "of 60 customers" in early
    assert "of 75 customers" in late
    # A sample, with a sentence.
    assert "of 440 customers" in last
    assert "A sample, “Wholesale customers”, is shown instead" in "".join(alerts)


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with serve(tmp_path, options=SETUP) as server:
        port = re.search(r":(\d+)/", server.url)
        assert port is not None
        command = [sys.executable, "-m", "panel", "serve", str(DASHBOARD), *SETUP, "--port", port[1]]
        second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode != 0
        assert f"port {port[1]} is already in use" in second.stderr
        assert "Traceback" not in second.stderr
        assert "segments of 440 customers" in run_of(server.url)
