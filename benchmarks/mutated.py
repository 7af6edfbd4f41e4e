"""Thousands of broken files of each format, read as those of visitors are: what becomes of them."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from custseg import DataError, SettingError
from dashboard.file_reader import FileReader
from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingFailedError, ReadingPool
from tests.mutated_files import ORIGINALS, mutations

if TYPE_CHECKING:
    from collections.abc import Iterator

# How many of each format; fewer where the machine is wanted by others.
SETTING = "CUSTSEG_BENCHMARK_MUTATED"
_NUMBER = 2000
_LIMITS = ReadingLimits(seconds=10, megabytes=1000)
_PROCESSES = 2


@dataclass
class Outcomes:
    """What became of the files of one format.

    ``escaped`` holds what no sentence was said of, and ``unforeseen`` what a reader raised that nobody had foreseen:
    its process is replaced then, and a sentence is said.
    """

    tried: int = 0
    read: int = 0
    refused: int = 0
    ended: int = 0
    slowest: float = 0.0
    escaped: Counter[str] = field(default_factory=Counter)
    unforeseen: Counter[str] = field(default_factory=Counter)


class _Unforeseen(logging.Handler):
    """Collects why processes were replaced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.found[record.getMessage()] += 1


class _Wanted:
    def check(self) -> None:
        """Wait for ever."""

    def tell(self, progress: str) -> None:
        """Hear nothing."""


def measure(number: int | None = None) -> Iterator[tuple[str, Outcomes]]:
    """Yield what became of so many broken files of each format."""
    number = number or int(os.environ.get(SETTING, _NUMBER))
    log, handler = logging.getLogger("custseg"), _Unforeseen()
    log.addHandler(handler)
    log.propagate = False
    pool = ReadingPool(_LIMITS, _PROCESSES)
    try:
        for kind in ORIGINALS:
            handler.found.clear()
            outcomes = _of_kind(kind, number, pool)
            outcomes.unforeseen.update(handler.found)
            yield kind, outcomes
    finally:
        pool.end()
        log.removeHandler(handler)
        log.propagate = True


def _of_kind(kind: str, number: int, pool: ReadingPool) -> Outcomes:
    outcomes = Outcomes()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(_PROCESSES) as threads:

        def read(seed: int, content: bytes) -> tuple[str, float, str]:
            path = Path(folder) / f"broken{seed}.{kind}"
            path.write_bytes(content)
            began = time.perf_counter()
            how, what = _read(FileReader(pool), path)
            path.unlink()
            return how, time.perf_counter() - began, what

        for how, seconds, what in threads.map(read, range(number), mutations(kind, number)):
            outcomes.tried += 1
            outcomes.slowest = max(outcomes.slowest, seconds)
            if how == "escaped":
                outcomes.escaped[what] += 1
            else:
                setattr(outcomes, how, getattr(outcomes, how) + 1)
    return outcomes


def _read(reader: FileReader, path: Path) -> tuple[str, str]:
    """Do what the page does with a file; say how it went."""
    try:
        sheets = reader.sheets_of(path, _Wanted())
        sheet = sheets[0] if sheets else None
        found = reader.look_at_rows(path, sheet, _Wanted())
        if found.purchases is None:
            reader.customers_of(path, sheet, _Wanted())
    except ReadingFailedError:
        return "ended", ""
    except (DataError, SettingError):
        return "refused", ""
    except Exception as problem:  # noqa: BLE001 - that is what is looked for
        return "escaped", f"{type(problem).__name__}: {problem}"[:200]
    return "read", ""
