"""What docs/deploy.md ships: a container file, and several processes behind one address."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket as sockets
import subprocess
import sysconfig
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.dashboard.wire import ask, socket, token_in
from tests.ui.server import ROOT, SETUP, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ui.server import Server

SECONDS_TO_START = 30
MOST_VISITS = 32


def free_port() -> int:
    with closing(sockets.socket()) as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def test_the_container_file_is_as_its_linter_wants_it() -> None:
    linter = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run([linter, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_services_are_processes_that_the_proxy_knows() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    told = re.findall(r"server (\w+):5006;", (ROOT / "deploy" / "nginx.conf").read_text())
    assert told == services["proxy"]["depends_on"] == [name for name in services if name != "proxy"]
    # Sessions are led to either, so that one's token must do at the other.
    assert all("BOKEH_SECRET_KEY" in services[name]["environment"] for name in told)


@contextmanager
def proxy(folder: Path, port: int, *processes: Server) -> Iterator[str]:
    """Run the proxy of the repository in front of processes on this machine."""
    text = (ROOT / "deploy" / "nginx.conf").read_text().replace("listen 8080", f"listen 127.0.0.1:{port}")
    for number, process in enumerate(processes, start=1):
        text = text.replace(f"page{number}:5006", process.url.split("/")[2].replace("localhost", "127.0.0.1"))
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}\n"
        f"http {{ access_log off; {paths}\n{text} }}"
    )
    command = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert command, "Behind a proxy is tried with nginx: install it from the distribution."
    running = subprocess.Popen([command, "-c", configuration, "-e", folder / "error.log"])
    try:
        wait_for(port)
        yield f"http://localhost:{port}/"
    finally:
        running.terminate()
        running.wait(timeout=30)


def wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        with closing(sockets.socket()) as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("The proxy did not start.")


async def visit(root: str) -> str:
    """Open the page and its socket as a browser does, and return which cookie led there."""
    status, page, headers = ask(f"{root}app")
    assert status == 200
    cookie = headers["Set-Cookie"].split(";")[0]
    async with socket(f"{root}app", token_in(page), Cookie=cookie, Origin=root.rstrip("/")) as wire:
        document = await wire.document()
    assert document["roots"]
    return cookie


def test_a_browser_is_led_back_to_the_process_that_has_its_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("CUSTSEG_LOG", "text")
    folders = [tmp_path / name for name in ("one", "two", "proxy")]
    for folder in folders:
        folder.mkdir()
    options = (*SETUP, "--allow-websocket-origin", f"localhost:{port}")
    with (
        serve(folders[0], options=options) as one,
        serve(folders[1], options=options) as two,
        proxy(folders[2], port, one, two) as root,
    ):
        cookies: list[str] = []
        served = [0, 0]
        # Where a new browser is led is drawn by lot.
        while min(served) == 0 and len(cookies) < MOST_VISITS:
            cookies += [asyncio.run(visit(root)) for _ in range(4)]
            served = [server.log.read_text().count("event=session") for server in (one, two)]
        assert [ask(root + path)[0] for path in ("liveness", "metrics")] == [404, 404]
    assert len(set(cookies)) == sum(served) == len(cookies)
    assert min(served) > 0
