"""Processes in which files from visitors are read, so that a file that breaks its reader breaks nothing else."""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

import narwhals as nw
import pyarrow as pa

from custseg.errors import DataError, SettingError, quote
from custseg.language import current, say
from custseg.session.background import in_thread_of_its_own
from custseg.tables.sources import SourceTable
from custseg.wording import count
from dashboard.bounded_stream import BoundedStream
from dashboard.confinement import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.reading_limits import ReadingLimits

_log = logging.getLogger("custseg")
_ROOT = Path(__file__).resolve().parents[1]
PROCESSES = 2
# How soon a reading ends that nobody waits for any more.
_PATIENCE = 0.1
# In which a process ends itself, before it is ended from here.
_SECONDS_OF_GRACE = 2
_SECONDS_TO_START = 60
_LESS_URGENT_THAN_THE_PAGE = 5
# What a process needs to know of its surroundings. Keys and passwords of the server are none of it.
_KNOWN = frozenset(
    {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONUTF8", "SYSTEMROOT", "TEMP", "TMP"}
    | {"TMPDIR", "TZ", "TZDIR"}
)
_REFUSALS = {"DataError": DataError, "SettingError": SettingError}


class ReadingFailedError(DataError):
    """A file broke its reader, or took too much: there is no sense in reading it once more in another way."""


class Wanted(Protocol):
    """Whoever waits for an answer."""

    def check(self) -> None:
        """Raise where nobody waits any more."""

    def tell(self, progress: str) -> None:
        """Hear how far the work is, in a few words."""


class ReadingPool:
    """A few processes, started ahead; who asks waits for the first that is free."""

    def __init__(self, limits: ReadingLimits, processes: int = PROCESSES) -> None:
        self._all = [ReadingProcess(limits) for _ in range(processes)]
        self._idle: SimpleQueue[ReadingProcess] = SimpleQueue()
        self._over = False
        for process in self._all:
            process.make_ready()
            self._idle.put(process)
        atexit.register(self.end)

    def ask(self, task: str, path: Path, wanted: Wanted, **more: Any) -> Any:
        """Have a file read: a SourceTable, or what else was found.

        Raises
        ------
        DataError, SettingError
            The file is refused; as a ReadingFailedError where it takes too much, or breaks its reader.
        Exception
            What ``wanted`` raises as soon as nobody waits any more.

        """
        process = self._next(wanted)
        try:
            process.make_ready()
            return process.ask(task, path, wanted, **more)
        finally:
            # Ahead of who asks next, to whom it is said where that fails.
            with suppress(OSError):
                if not self._over:
                    process.make_ready()
            self._idle.put(process)

    def _next(self, wanted: Wanted) -> ReadingProcess:
        while not self._over:
            wanted.check()
            with suppress(Empty):
                return self._idle.get(timeout=_PATIENCE)
        msg = say("The server ends just now. Try again when it is back.")
        raise ReadingFailedError(msg)

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The numbers that the system gave the processes."""
        return tuple(process.identifier for process in self._all if process.identifier is not None)

    def end(self) -> None:
        """End all processes, whatever they do."""
        self._over = True
        atexit.unregister(self.end)
        for process in self._all:
            process.end()


class ReadingProcess:
    """A process that reads one file after another, and is replaced after one that broke it or took too much."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._ready = False

    @property
    def identifier(self) -> int | None:
        """The number that the system gave the process; None where there is none."""
        return None if self._process is None else self._process.pid

    def make_ready(self) -> None:
        """Start the process where it doesn't run."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        # Goes with the process, and with it what a reader leaves there that is ended.
        self._folder = tempfile.TemporaryDirectory(prefix="custseg-reading-")
        # Not multiprocessing, which would run the server's own script in it once more.
        program = [sys.executable, "-P", "-m", "dashboard.reading_start"]
        # What visitors bring lies in the folder for temporary files, and what is read of a spreadsheet beside it.
        folders = [self._folder.name, tempfile.gettempdir()]
        self._process = subprocess.Popen(  # noqa: S603 - nothing of it comes from outside
            [*program, json.dumps(asdict(self._limits)), *folders],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            # So that Ctrl-C comes to the server alone, which ends this when it ends.
            start_new_session=True,
        )
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LESS_URGENT_THAN_THE_PAGE)

    def end(self) -> int | None:
        """End the process, whatever it does; return what it ended with, negative for a signal."""
        process, self._process, self._ready = self._process, None, False
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    if pipe is not None:
                        pipe.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        return None if process is None else process.returncode

    def ask(self, task: str, path: Path, wanted: Wanted, **more: Any) -> Any:
        """Have a file read; see ``ReadingPool.ask``."""
        answer = self._answer({"task": task, "path": str(path), "language": current(), **more}, wanted)
        if "refused" in answer:
            raise _REFUSALS.get(answer["refused"], DataError)(answer["why"])
        if "found" not in answer:
            raise self._broken(answer.get("failed", ""), path)
        return answer["found"]

    def _answer(self, request: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
        """Return what the process says; what it failed of, or nothing, where it doesn't get to say anything."""
        try:
            # The time that a new process takes to begin is not the file's.
            self._ready = self._ready or "ready" in self._next_answer(None, wanted, _SECONDS_TO_START)
            if not self._ready:
                return {"failed": "it did not start"}
            return self._next_answer(request, wanted, self._limits.seconds + _SECONDS_OF_GRACE)
        except BaseException:
            self.end()
            raise

    def _next_answer(self, request: dict[str, Any] | None, wanted: Wanted, seconds: int) -> dict[str, Any]:
        heard: deque[str] = deque(maxlen=1)
        receiving = in_thread_of_its_own(self._converse, request, heard.append)
        end = time.monotonic() + seconds
        while not wait([receiving], timeout=_PATIENCE).done:
            wanted.check()
            if heard:
                wanted.tell(heard.pop())
            if time.monotonic() > end:
                return {"failed": "time"}
        if heard:
            wanted.tell(heard.pop())
        return receiving.result()

    def _broken(self, what: str, path: Path) -> ReadingFailedError:
        """End a process that is not fit for another file, and say why it is not."""
        code = self.end()
        name, limits = quote(path.name), self._limits
        if what == "time" or (code is not None and code == -getattr(signal, "SIGALRM", 0)):
            _log.warning("A file was not read within %d seconds.", limits.seconds)
            return ReadingFailedError(
                say(
                    "{name} takes longer to read than {seconds}, the limit here. Send fewer rows or columns, or "
                    "save it as CSV.",
                    name=name,
                    seconds=count(limits.seconds, "second"),
                )
            )
        if what == "memory":
            _log.warning("A file was not read within %d MB of memory.", limits.megabytes)
            return ReadingFailedError(
                say(
                    "{name} takes more memory to read than {megabytes:,} MB, the limit here. Send fewer rows or "
                    "columns.",
                    name=name,
                    megabytes=limits.megabytes,
                )
            )
        if what == "disk":
            _log.warning("A file was not read with %d MB on the disk.", limits.disk_megabytes)
            return ReadingFailedError(
                say(
                    "{name} takes more room on the server's disk to read than there is: {megabytes:,} MB is the limit "
                    "here. Send fewer rows or columns, or save it as Parquet.",
                    name=name,
                    megabytes=limits.disk_megabytes,
                )
            )
        _log.warning("A reading process failed: %s.", what or f"it ended with {code}")
        return ReadingFailedError(
            say(
                "{name} cannot be read: it is broken, or needs more than {megabytes:,} MB of memory. Save it "
                "again, as CSV or Parquet.",
                name=name,
                megabytes=limits.megabytes,
            )
        )

    def _converse(self, request: dict[str, Any] | None, on_progress: Callable[[str], None]) -> dict[str, Any]:
        """Ask the process, or only listen, and return its answer; an empty one where it ends instead."""
        process = cast("subprocess.Popen[bytes]", self._process)
        requests, output = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        answers = BoundedStream(output, self._limits.answer_megabytes * MEGABYTE)
        try:
            if request is not None:
                requests.write(json.dumps(request).encode() + b"\n")
                requests.flush()
            answer: dict[str, Any] = json.loads(answers.readline())
            while "progress" in answer:
                on_progress(str(answer["progress"]))
                answer = json.loads(answers.readline())
            if "notes" in answer:
                with pa.ipc.open_stream(answers) as stream:
                    table = stream.read_all()
                table.validate(full=True)
                answer["found"] = SourceTable(nw.from_native(table, eager_only=True), tuple(answer["notes"]))
        except (OSError, ValueError, RecursionError, pa.ArrowException):
            return {}
        return answer


def _environment() -> dict[str, str]:
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    known = {name: text for name, text in os.environ.items() if name.upper() in _KNOWN or name.startswith("LC_")}
    # Arrow's own allocator sets aside a gigabyte at once, which would count as used.
    return {**known, "PYTHONPATH": os.pathsep.join(path), "ARROW_DEFAULT_MEMORY_POOL": "system"}
