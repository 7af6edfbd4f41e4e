"""A disk that is full while a file comes or goes: a sentence, no half of a file, and the session goes on."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.test_files_to_download import downloaded, press
from tests.dashboard.visitor import visit
from tests.ui.server import SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.dashboard.visitor import Visitor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such disks and no such limits")

_MEGABYTES = 8
_MOUNT = "/bin/mount"
_LIMITED = ("--setup", str(Path(__file__).with_name("small_disk_setup.py")))
FULL = r"No space left on device|File too large"


@contextmanager
def small_disk(folder: Path) -> Iterator[tuple[str, ...]]:
    """Put a small disk at a folder, or where that isn't allowed let no file be large; return options of a server."""
    folder.mkdir()
    size = f"size={_MEGABYTES}m"
    done = subprocess.run([_MOUNT, "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False)
    try:
        yield _LIMITED if done.returncode else SETUP
    finally:
        if not done.returncode:
            subprocess.run(["/bin/umount", folder], check=True)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve with a small disk for all that the server writes; return its address and that disk."""
    disk, customers = tmp_path / "disk", tmp_path / "clients.csv"
    rows = [f"C{row},{row * row % 977},{row % 31}" for row in range(20_000)]
    customers.write_text("\n".join(["customer,spend,visits", *rows]), encoding="utf-8")
    with (
        small_disk(disk) as options,
        serve(tmp_path, customers, options=options, settings={"TMPDIR": str(disk)}) as server,
    ):
        yield server.url, disk


def fill(disk: Path) -> Path:
    """Take all room that is left on a small disk; on another one nothing."""
    path = disk / "filler"
    left = os.statvfs(disk)
    if left.f_blocks * left.f_frsize <= _MEGABYTES * 2**20:
        path.write_bytes(bytes(left.f_bavail * left.f_frsize))
    return path


async def drop(visitor: Visitor, name: str, rows: int) -> None:
    lines = [f"D{row:09},{row * row % 97},{row % 11},{'a remark ' * 20}" for row in range(rows)]
    content = "\n".join(["customer,spend,visits,remark", *lines]).encode()
    await visitor.drop(visitor.model("FileDropper"), name, content)


def test_an_upload_that_finds_no_room_is_refused_and_the_session_goes_on(serving: tuple[str, Path]) -> None:
    url, disk = serving

    async def scenario() -> list[str]:
        async with visit(url) as visitor:
            await visitor.run()
            await drop(visitor, "large.csv", 60_000)
            said = await visitor.heard(rf"cannot be kept on the server: (?:{FULL})\. Try again later")
            await visitor.run()
            halves = [path.name for path in disk.rglob("*") if path.name.startswith("large")]
            await drop(visitor, "small.csv", 60)
            await visitor.until("small.csv")
            await visitor.heard("60 customers")
            return [said, visitor.told, *halves]

    said, told, *halves = asyncio.run(scenario())
    assert said
    assert "of 20,000 customers" in told
    assert halves == []


def test_a_download_that_finds_no_room_is_refused_and_the_next_is_made(serving: tuple[str, Path]) -> None:
    url, disk = serving

    async def scenario() -> bytes:
        async with visit(url) as visitor:
            await visitor.run()
            filler = fill(disk)
            # A workbook is written in pieces that lie on the disk.
            await press(visitor, "Customers (Excel)")
            await visitor.until("disk has no room to make this file. Try again later.")
            filler.unlink(missing_ok=True)
            await press(visitor, "Segments (CSV)")
            return await downloaded(visitor)

    made = asyncio.run(scenario())
    assert b"segment" in made
    assert [path.name for path in disk.rglob("*.xlsx")] == []
