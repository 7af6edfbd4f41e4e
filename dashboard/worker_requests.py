"""What each process of the server's own does with requests: it does one after another, within limits, and answers.

It says in a line of JSON that it is ready. A request is a line of JSON too, and so is an answer, and what is said of
progress; what follows such a line is up to the work.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import duckdb

from custseg.errors import DataError, SettingError
from custseg.language import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Do = Callable[[dict[str, Any], IO[bytes]], None]


def do_requests(do: Do, seconds: int, folder: Path) -> None:
    """Do requests until there are no more, until who asked is gone, or until one has failed.

    ``do`` is given a request without its language, and where to answer. What it raises is answered here.
    """
    tempfile.tempdir = str(folder)
    answers = _keep_output_for_answers()
    try:
        say_to(answers, {"ready": True})
        for line in sys.stdin.buffer:
            with _no_longer_than(seconds):
                fit = _do_one(do, json.loads(line), answers)
            if not fit:
                return
    finally:
        # Who asked may be gone, and would else do so.
        shutil.rmtree(folder, ignore_errors=True)


def say_to(answers: IO[bytes], what: dict[str, Any]) -> None:
    """Say a line of JSON."""
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


def _keep_output_for_answers() -> IO[bytes]:
    """Return where answers go. What libraries print, about cells too, goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    return answers


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    """End this process, where the system can, when work takes longer: who else would do it may be gone."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _do_one(do: Do, request: dict[str, Any], answers: IO[bytes]) -> bool:
    """Do one request; return whether this process is fit for another."""
    try:
        with spoken(request.pop("language")):
            do(request, answers)
    except BaseException as problem:  # noqa: BLE001 - also a panic of a library written in Rust, which is no Exception
        lacked = _lacked(problem)
        kind = type(problem).__name__
        if not lacked and isinstance(problem, DataError | SettingError):
            say_to(answers, {"refused": kind, "why": str(problem)})
            return True
        say_to(answers, {"failed": lacked or kind})
        return False
    return True


def _lacked(problem: BaseException | None) -> str:
    """Return what is behind it where that is memory or disk, which a reader takes for a broken file; else nothing."""
    while problem is not None:
        # What Arrow lacks within DuckDB is of DuckDB's kind of errors.
        if isinstance(problem, MemoryError | duckdb.OutOfMemoryException) or (
            isinstance(problem, duckdb.Error) and "Out of memory" in str(problem)
        ):
            return "memory"
        if isinstance(problem, OSError) and problem.errno in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            return "disk"
        problem = problem.__cause__ or problem.__context__
    return ""
