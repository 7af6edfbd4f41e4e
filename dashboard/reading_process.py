"""Processes in which files from visitors are read, so that a file that breaks its reader breaks nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.sources import SourceTable
from custseg.wording import count
from dashboard.worker_pool import PoolEndedError, WorkerPool
from dashboard.worker_process import WorkFailedError

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.bounded_stream import BoundedStream
    from dashboard.reading_limits import ReadingLimits
    from dashboard.worker_process import Wanted

PROCESSES = 2


class ReadingFailedError(DataError):
    """A file broke its reader, or took too much: there is no sense in reading it once more in another way."""


class ReadingPool:
    """A few processes that read files, started ahead; who asks waits for the first that is free."""

    def __init__(self, limits: ReadingLimits, processes: int = PROCESSES) -> None:
        self._limits = limits
        self._pool = WorkerPool("reading_worker", limits, processes)

    def ask(self, task: str, path: Path, wanted: Wanted, **more: Any) -> Any:
        """Have a file read: a SourceTable, or what else was found.

        Raises
        ------
        DataError, SettingError
            The file is refused; as a ReadingFailedError where it takes too much, or breaks its reader.
        Exception
            What ``wanted`` raises as soon as nobody waits any more.

        """
        try:
            with self._pool.free(wanted) as process:
                return process.ask({"task": task, "path": str(path), **more}, wanted, _found)
        except PoolEndedError as problem:
            msg = say("The server ends just now. Try again when it is back.")
            raise ReadingFailedError(msg) from problem
        except WorkFailedError as problem:
            raise ReadingFailedError(self._sentence(problem.lacked, path)) from problem

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The numbers that the system gave the processes."""
        return self._pool.identifiers

    def end(self) -> None:
        """End all processes, whatever they do."""
        self._pool.end()

    def _sentence(self, lacked: str, path: Path) -> str:
        name, limits = quote(path.name), self._limits
        if lacked == "time":
            return say(
                "{name} takes longer to read than {seconds}, the limit here. Send fewer rows or columns, or "
                "save it as CSV.",
                name=name,
                seconds=count(limits.seconds, "second"),
            )
        if lacked == "memory":
            return say(
                "{name} takes more memory to read than {megabytes:,} MB, the limit here. Send fewer rows or columns.",
                name=name,
                megabytes=limits.megabytes,
            )
        if lacked == "disk":
            return say(
                "{name} takes more room on the server's disk to read than there is: {megabytes:,} MB is the limit "
                "here. Send fewer rows or columns, or save it as Parquet.",
                name=name,
                megabytes=limits.disk_megabytes,
            )
        return say(
            "{name} cannot be read: it is broken, or needs more than {megabytes:,} MB of memory. Save it "
            "again, as CSV or Parquet.",
            name=name,
            megabytes=limits.megabytes,
        )


def _found(answer: dict[str, Any], rest: BoundedStream) -> Any:
    """Return what was found; after an answer with notes comes the table that they are about."""
    if "notes" not in answer:
        return answer["found"]
    with pa.ipc.open_stream(rest) as stream:
        table = stream.read_all()
    table.validate(full=True)
    return SourceTable(nw.from_native(table, eager_only=True), tuple(answer["notes"]))
