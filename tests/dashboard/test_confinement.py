"""What a reading process can't do any more, wherever the system lets one give it up."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingPool

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")

# Says for each attempt whether it was refused, or with what it ended.
_ATTEMPTS = """
import json, os, socket, subprocess, sys
from pathlib import Path
from dashboard.confinement import confine

inside, outside, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
confine(400, 2, inside)

def large():
    with (inside / "large").open("wb") as file:
        file.write(bytes(3_000_000))

attempts = {
    "program": lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True),
    "write elsewhere": lambda: (outside / "x").write_text("x"),
    "remove elsewhere": lambda: (outside / "kept").unlink(),
    "link elsewhere": lambda: (outside / "link").symlink_to("/etc/passwd"),
    "write here": lambda: (inside / "x").write_text("x"),
    "say nothing": lambda: Path(os.devnull).write_text("x"),
    "read": lambda: (outside / "kept").read_text(),
    "connect": lambda: socket.create_connection(("127.0.0.1", port), timeout=2),
    "large file": large,
    "memory": lambda: bytearray(800_000_000),
    "many files": lambda: [os.open("/", os.O_RDONLY) for _ in range(400)],
}
found = {}
for name, attempt in attempts.items():
    try:
        attempt()
        found[name] = "done"
    except (OSError, MemoryError, subprocess.SubprocessError) as problem:
        found[name] = type(problem).__name__
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    import socket

    inside, outside = tmp_path_factory.mktemp("inside"), tmp_path_factory.mktemp("outside")
    (outside / "kept").write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as server:
        places = [str(inside), str(outside), str(server.getsockname()[1])]
        done = subprocess.run(
            [sys.executable, "-c", _ATTEMPTS, *places], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
    assert (outside / "kept").exists()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def has_landlock() -> bool:
    return bool(ctypes.CDLL(None).syscall(444, None, 0, 1) > 0)


def test_memory_files_and_what_is_written_have_limits(found: dict[str, Any]) -> None:
    assert found["memory"] == "MemoryError"
    assert found["large file"] == found["many files"] == "OSError"


@pytest.mark.skipif(not has_landlock(), reason="the kernel has no Landlock")
def test_it_runs_no_program_writes_nothing_elsewhere_and_connects_to_nobody(found: dict[str, Any]) -> None:
    for refused in ("program", "write elsewhere", "remove elsewhere", "link elsewhere", "connect"):
        assert found[refused] in ("PermissionError", "ConnectionRefusedError", "OSError"), refused


def test_what_reading_needs_stays(found: dict[str, Any]) -> None:
    assert found["write here"] == found["say nothing"] == found["read"] == "done"


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingPool]:
    monkeypatch.setenv("BOKEH_SECRET_KEY", "marked-secret")
    pool = ReadingPool(ReadingLimits(), processes=1)
    yield pool
    pool.end()


def test_keys_of_the_server_are_not_in_its_surroundings(pool: ReadingPool) -> None:
    (number,) = pool.identifiers
    assert "marked-secret" in os.environ["BOKEH_SECRET_KEY"]
    assert b"marked-secret" not in Path(f"/proc/{number}/environ").read_bytes()
