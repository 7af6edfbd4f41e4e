"""Servers of engines on this machine alone, each ended by its own handle. Who lacks one is told what to install."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOPBACK = "127.0.0.1"
_STARTED_WITHIN = 60
_PAUSE = 0.1


@dataclass(frozen=True)
class Server:
    """A process that answers at a port, and the folder that it may write to."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def kill(self) -> None:
        """End it at once, as a machine that fails does."""
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind((LOOPBACK, 0))
        return int(asked.getsockname()[1])


@contextmanager
def spark_connect() -> Iterator[Server]:
    """Run a Spark Connect server, with a catalog of tables in its folder."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        msg = "Spark needs Java 17: install it (on Debian or Ubuntu: apt-get install openjdk-17-jre-headless)."
        raise RuntimeError(msg)
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        msg = "pyspark is missing: install the extra of the tests (pip install -e '.[test]')."
        raise RuntimeError(msg)
    home, port = Path(found.origin).parent, free_port()
    with tempfile.TemporaryDirectory(prefix="custseg-spark-") as name:
        settings = {
            "spark.connect.grpc.binding.address": LOOPBACK,
            "spark.connect.grpc.binding.port": port,
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.driver.memory": "1g",
            "spark.sql.shuffle.partitions": 2,
            "spark.sql.warehouse.dir": f"{name}/tables",
            "spark.ui.enabled": "false",
        }
        command: list[str] = [str(home / "bin" / "spark-submit"), "--master", "local[2]"]
        for key, value in settings.items():
            command += ["--conf", f"{key}={value}"]
        command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"]
        environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": LOOPBACK}
        with _run(command, port, Path(name), env=environment) as server:
            yield server


@contextmanager
def postgresql(password: str) -> Iterator[Server]:
    """Run a PostgreSQL server, whose owner is called ``owner``."""
    programs = _postgresql_programs()
    # It refuses to run as root, and what runs as another must be able to reach the folder.
    other: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="custseg-postgresql-") as name:
        secret = Path(name) / "password"
        secret.write_text(password)
        if other:
            for path in (Path(name), secret):
                shutil.chown(path, "postgres", "postgres")
        data = Path(name) / "data"
        made = [
            str(programs / "initdb"),
            "-D",
            str(data),
            "-U",
            "owner",
            "--pwfile",
            str(secret),
            "--auth=scram-sha-256",
        ]
        made += ["--no-sync", "--encoding=UTF8", "--locale=C"]
        subprocess.run(made, check=True, capture_output=True, cwd=name, **other)
        settings = {"listen_addresses": LOOPBACK, "port": port, "unix_socket_directories": name, "fsync": "off"}
        command = [str(programs / "postgres"), "-D", str(data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        with _run(command, port, Path(name), **other) as server:
            yield server


def _postgresql_programs() -> Path:
    """Return the folder of the server's programs, which Debian does not put on the path."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        msg = "PostgreSQL is missing: install it (on Debian or Ubuntu: apt-get install postgresql)."
        raise RuntimeError(msg)
    return found[-1].resolve().parent


@contextmanager
def _run(command: list[str], port: int, folder: Path, **options: Any) -> Iterator[Server]:
    """Run a server until the block ends, once it answers."""
    log = folder / "log"
    with log.open("wb") as words:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=words, stderr=subprocess.STDOUT, **options
        )
        try:
            wait_until(lambda: process.poll() is not None or _answers(port))
            if process.poll() is not None:
                msg = f"{Path(command[0]).name} ended at once: {log.read_text(errors='replace')[-2000:]}"
                raise RuntimeError(msg)
            yield Server(process, port, folder)
        finally:
            if process.poll() is None:
                # PostgreSQL would wait for its clients at a polite signal.
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something outside this process, of which nothing tells."""
    until = time.monotonic() + _STARTED_WITHIN
    while not happened():
        if time.monotonic() > until:
            msg = f"Nothing answered within {_STARTED_WITHIN} seconds."
            raise TimeoutError(msg)
        time.sleep(_PAUSE)
