"""What a reading process runs: it reads files that came from visitors, within limits, and answers with plain columns.

It says in a line of JSON that it is ready. A request is a line of JSON too: the ``task``, the ``path``, and what else
the task needs. So is what it says of its ``progress``, and so is an answer; after one with ``notes`` comes the table
that they are about, as an Arrow stream.
Nothing that is pickled crosses.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

# What reading needs is imported before a file comes.
from pyarrow import csv, dataset, parquet  # noqa: F401

from custseg.errors import DataError, SettingError
from custseg.narrative.playbook import Playbook
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.purchases.source_rows import opened
from custseg.tables.purchases.transactions import aggregate_purchases
from custseg.tables.sources import SourceTable, read_file, sheets_of
from custseg.tables.sources.limits import limited
from custseg.tables.sources.progress import told_to
from custseg.tables.understanding.understand import look_at_rows, of_purchases
from dashboard.kept_reading import read_and_keep
from dashboard.reading_limits import MEGABYTE, ReadingLimits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.tables.understanding import Rows

with suppress(ImportError):
    import python_calamine  # noqa: F401
try:
    import resource
except ImportError:
    # Elsewhere than on Unix the time alone is limited, by who started this.
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Answer requests until there are no more, or until who asked is gone."""
    limits, folder = ReadingLimits(**json.loads(sys.argv[1])), sys.argv[2]
    tempfile.tempdir = folder
    answers = _keep_output_for_answers()
    _restrict(limits)
    try:
        _say(answers, {"ready": True})
        for line in sys.stdin.buffer:
            with _no_longer_than(limits.seconds), limited(limits.of_the_file):
                fit = _answer(json.loads(line), answers)
            if not fit:
                return
    finally:
        # Who asked may be gone, and would else do so.
        shutil.rmtree(folder, ignore_errors=True)


def _keep_output_for_answers() -> IO[bytes]:
    """Return where answers go. What libraries print, about cells too, goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    return answers


def _restrict(limits: ReadingLimits) -> None:
    with suppress(OSError):
        # Where the machine's memory is short, Linux ends this first, and not the server.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if resource is not None:
        # What is written to, and not what is only set aside, of which each thread of Arrow and DuckDB takes plenty.
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = limits.megabytes * MEGABYTE
        allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
        # Else customers could lie on the disk after a crash.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def _no_longer_than(seconds: int) -> Iterator[None]:
    """End this process, where the system can, when a reading takes longer: who else would do it may be gone."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(request: dict[str, Any], answers: IO[bytes]) -> bool:
    """Answer one request; return whether this process is fit for another."""
    try:
        with told_to(lambda progress: _say(answers, {"progress": progress})):
            found = _TASKS[request.pop("task")](**request)
    except BaseException as problem:  # noqa: BLE001 - also a panic of a library written in Rust, which is no Exception
        if _lacked_memory(problem):
            _say(answers, {"failed": "memory"})
            return False
        kind = type(problem).__name__
        refused = isinstance(problem, DataError | SettingError)
        _say(answers, {"refused": kind, "why": str(problem)} if refused else {"failed": kind})
        return refused
    if isinstance(found, SourceTable):
        table = found.frame.to_arrow()
        _say(answers, {"notes": found.notes})
        with pa.ipc.new_stream(answers, table.schema) as stream:
            stream.write_table(table)
        answers.flush()
    else:
        _say(answers, {"found": found})
    return True


def _say(answers: IO[bytes], what: dict[str, Any]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


def _lacked_memory(problem: BaseException | None) -> bool:
    """Whether that is what is behind it: a reader takes it for a broken file."""
    while problem is not None:
        if isinstance(problem, MemoryError | duckdb.OutOfMemoryException):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _sheets(path: str) -> tuple[str, ...]:
    return sheets_of(Path(path))


def _rows(path: str, sheet: str | None, rows: Rows | None, columns: dict[str, Any] | None) -> dict[str, Any]:
    """Say what a row is, and what follows where it is a purchase; of a customer each column is understood later."""
    source = read_and_keep(Path(path), sheet)
    facts, found = look_at_rows(source, sheet)
    offered = {
        "names": list(facts),
        "dates": [name for name, column in facts.items() if column.is_date],
        "numbers": [name for name, column in facts.items() if column.numeric],
        "rows": _rows_in(source, sheet) if found.doubts else 0,
    }
    chosen = TransactionColumns(**columns) if columns else None
    if rows is None and chosen is None and found.rows == "customers" and not found.doubts:
        return {**offered, "understood": None, "reasons": found.reasons}
    understood = of_purchases(source, sheet, facts, found, rows=rows, columns=chosen)
    return {**offered, "understood": asdict(understood), "reasons": found.reasons}


def _rows_in(source: Path | SourceTable, sheet: str | None) -> int:
    with opened(source, sheet) as relation:
        return len(relation)


def _customers(path: str, sheet: str | None) -> SourceTable:
    source = read_and_keep(Path(path), sheet)
    return source if isinstance(source, SourceTable) else read_file(source, sheet)


def _customers_of_purchases(path: str, sheet: str | None, columns: dict[str, str | None]) -> SourceTable:
    source = read_and_keep(Path(path), sheet)
    return aggregate_purchases(source, TransactionColumns(**columns), sheet=sheet)  # type: ignore[arg-type]


def _playbook(path: str) -> dict[str, Any]:
    return Playbook.read(path).model_dump(mode="json")


_TASKS: dict[str, Any] = {
    "playbook": _playbook,
    "sheets": _sheets,
    "rows": _rows,
    "customers": _customers,
    "customers_of_purchases": _customers_of_purchases,
}


if __name__ == "__main__":
    main()
