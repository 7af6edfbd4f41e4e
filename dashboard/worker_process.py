"""A process of the server's own for work that may break it or take too much, so that nothing else breaks with it."""

from __future__ import annotations

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
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

import pyarrow as pa

from custseg.errors import DataError, SettingError
from custseg.language import current
from custseg.session.background import in_thread_of_its_own
from dashboard.bounded_stream import BoundedStream
from dashboard.confinement import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.work_limits import WorkLimits

    Answer = dict[str, Any]
    Piece = bytes | bytearray | memoryview
    # Makes of an answer, and of what follows it, what was asked for.
    Take = Callable[[Answer, BoundedStream], Any]

_log = logging.getLogger("custseg")
_ROOT = Path(__file__).resolve().parents[1]
# How soon work ends that nobody waits for any more.
PATIENCE = 0.1
# In which a process ends itself, before it is ended from here.
_SECONDS_OF_GRACE = 2
_SECONDS_TO_START = 60
_LESS_URGENT_THAN_THE_PAGE = 5
# What a process needs to know of its surroundings. Keys and passwords of the server are none of it.
_KNOWN = frozenset(
    {"HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONUTF8", "SYSTEMROOT", "TEMP", "TMP"}
    | {"TMPDIR", "TZ", "TZDIR"}
)
# What an answer may be beside one that the work was done.
_KINDS = {"ready", "refused", "failed"}
_REFUSALS = {"DataError": DataError, "SettingError": SettingError}


class Wanted(Protocol):
    """Whoever waits for an answer."""

    def check(self) -> None:
        """Raise where nobody waits any more."""

    def tell(self, progress: str) -> None:
        """Hear how far the work is, in a few words."""


class WorkFailedError(Exception):
    """A process broke or took too much, and was ended: ``lacked`` is “time”, “memory”, “disk”, or empty."""

    def __init__(self, lacked: str, why: str) -> None:
        super().__init__(why)
        self.lacked = lacked


class WorkerProcess:
    """A process that does one piece of work after another, and is replaced after one at which it failed."""

    def __init__(self, worker: str, limits: WorkLimits) -> None:
        self._worker, self._limits = worker, limits
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
        # Goes with the process, and with it what is left there by one that is ended.
        self._folder = tempfile.TemporaryDirectory(prefix="custseg-work-")
        # Not multiprocessing, which would run the server's own script in it once more.
        program = [sys.executable, "-P", "-m", "dashboard.worker_start", self._worker]
        # What visitors bring lies in the folder for temporary files, and what is read of a spreadsheet beside it.
        folders = [self._folder.name, tempfile.gettempdir()]
        self._process = subprocess.Popen(  # noqa: S603 - nothing of it comes from outside
            [*program, json.dumps(asdict(self._limits)), *folders],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(self._folder.name),
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

    def ask(self, request: dict[str, Any], wanted: Wanted, take: Take, beside: Sequence[Piece] = ()) -> Any:
        """Ask for a piece of work, with pieces of bytes beside the request; return what ``take`` makes of the answer.

        Raises
        ------
        DataError, SettingError
            It is refused, with a sentence.
        WorkFailedError
            The process broke, or took too much.
        Exception
            What ``wanted`` raises as soon as nobody waits any more.

        """
        sizes = [len(piece) for piece in beside]
        line = json.dumps({**request, "language": current(), **({"sizes": sizes} if sizes else {})}).encode()
        answer = self._answer([line, b"\n", *beside], wanted, take)
        if "refused" in answer:
            raise _REFUSALS.get(answer["refused"], DataError)(answer["why"])
        if "found" not in answer:
            raise self._failure(answer.get("failed", ""))
        return answer["found"]

    def _answer(self, said: Sequence[Piece], wanted: Wanted, take: Take) -> Answer:
        """Return what the process says; what it failed at, or nothing, where it doesn't get to say anything."""
        try:
            # The time that a new process takes to begin is not the work's.
            self._ready = self._ready or "ready" in self._next_answer((), wanted, take, _SECONDS_TO_START)
            if not self._ready:
                return {"failed": "it did not start"}
            return self._next_answer(said, wanted, take, self._limits.seconds + _SECONDS_OF_GRACE)
        except BaseException:
            self.end()
            raise

    def _next_answer(self, said: Sequence[Piece], wanted: Wanted, take: Take, seconds: int) -> Answer:
        heard: deque[str] = deque(maxlen=1)
        receiving = in_thread_of_its_own(self._converse, said, heard.append, take)
        end = time.monotonic() + seconds
        while not wait([receiving], timeout=PATIENCE).done:
            wanted.check()
            if heard:
                wanted.tell(heard.pop())
            if time.monotonic() > end:
                return {"failed": "time"}
        if heard:
            wanted.tell(heard.pop())
        return receiving.result()

    def _converse(self, said: Sequence[Piece], on_progress: Callable[[str], None], take: Take) -> Answer:
        """Say something to the process, or only listen, and return its answer; an empty one where it ends instead."""
        process = cast("subprocess.Popen[bytes]", self._process)
        requests, output = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        answers = BoundedStream(output, self._limits.answer_megabytes * MEGABYTE)
        try:
            for piece in said:
                requests.write(piece)
            requests.flush()
            answer: Answer = json.loads(answers.readline())
            while "progress" in answer:
                on_progress(str(answer["progress"]))
                answer = json.loads(answers.readline())
            if not _KINDS & answer.keys():
                answer["found"] = take(answer, answers)
        except (OSError, ValueError, LookupError, RecursionError, pa.ArrowException):
            return {}
        return answer

    def _failure(self, what: str) -> WorkFailedError:
        """End a process that is not fit for anything more, and return why it is not."""
        code = self.end()
        if code is not None and code == -getattr(signal, "SIGALRM", 0):
            what = "time"
        most = {
            "time": f"{self._limits.seconds} seconds",
            "memory": f"{self._limits.megabytes} MB of memory",
            "disk": f"{self._limits.disk_megabytes} MB on the disk",
        }
        why = f"it takes more than {most[what]}" if what in most else what or f"it ended with {code}"
        _log.warning("A process of the server (%s) was ended: %s.", self._worker, why)
        return WorkFailedError(what if what in most else "", why)


def _environment(folder: str) -> dict[str, str]:
    path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    known = {name: text for name, text in os.environ.items() if name.upper() in _KNOWN or name.startswith("LC_")}
    return {
        **known,
        "PYTHONPATH": os.pathsep.join(path),
        # Arrow's own allocator sets aside a gigabyte at once, which would count as used.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # It writes there what fonts there are, and may write nowhere else.
        "MPLCONFIGDIR": folder,
    }
