"""The files of one session, read in processes of their own and understood here."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from custseg import CustomerTable, DataError, Playbook, SettingError, TransactionColumns
from custseg.errors import quote
from custseg.language import say
from custseg.session.project import Project
from custseg.tables.purchases.transactions import as_customers
from custseg.tables.sources.engines import title_of
from custseg.tables.understanding import Doubt, Preview, Understanding
from custseg.tables.understanding.rows import RowMeaning
from dashboard.log_words import told_in_log
from dashboard.reading_limits import ReadingLimits
from dashboard.reading_process import ReadingPool
from dashboard.server_settings import server_settings
from dashboard.upload_room import SessionRoom

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from custseg.tables.sources import SourceTable
    from custseg.tables.understanding import Rows
    from dashboard.worker_process import Wanted

_log = logging.getLogger("custseg")
_PATIENCE = 0.1
_starting = Lock()
_pools: list[ReadingPool] = []


def shared_pool() -> ReadingPool:
    """Return the processes of this server; the first who asks starts them."""
    with _starting:
        if not _pools:
            settings = server_settings()
            _pools.append(ReadingPool(ReadingLimits.of(settings), settings.reading_processes))
        return _pools[0]


def sentence_for(problem: Exception, path: Path) -> str:
    """Return what to say of a reading that failed. What nobody foresaw is logged, without what it says of cells."""
    if isinstance(problem, DataError | SettingError):
        return str(problem)
    _log.error("Reading a file failed: %s", told_in_log(problem))
    return say(
        "{name} cannot be read: the server met an error that was not foreseen. What was shown before "
        "stays. Save the file again, as CSV or Parquet, or try another one.",
        name=quote(path.name),
    )


@dataclass(frozen=True, slots=True)
class RowsOfFile:
    """The columns of a file, those with dates and those with numbers, how many rows there are and what they are.

    ``purchases`` says what they mean where they are purchases, or may be; else they are customers, and ``customers``
    says why.
    """

    names: tuple[str, ...]
    dates: tuple[str, ...]
    numbers: tuple[str, ...]
    rows: int
    customers: RowMeaning
    purchases: Understanding | None


def _understanding(plain: dict[str, Any]) -> Understanding:
    """Make an understanding of what a reading process answered."""
    doubts = [Doubt(**{**doubt, "choices": tuple(map(tuple, doubt["choices"]))}) for doubt in plain["doubts"]]
    lists = ("features", "money", "categories", "outcomes")
    return Understanding(
        **{
            **plain,
            **{name: tuple(plain[name]) for name in lists},
            "doubts": tuple(doubts),
            "preview": Preview(**plain["preview"]),
            "columns": (),
            "purchases": plain["purchases"] and TransactionColumns(**plain["purchases"]),
        }
    )


class FileReader:
    """Reads one file at a time, so that one session leaves room for others. Each method waits: call it in a thread.

    ``wanted`` raises as soon as nobody waits any more; the reading then ends.
    """

    def __init__(self, pool: ReadingPool | None = None) -> None:
        self._pool = pool
        self._turn = Lock()
        # What the files that come have of the disk.
        self.room = SessionRoom()

    def sheets_of(self, path: Path, wanted: Wanted) -> tuple[str, ...]:
        """Return the names of the sheets of an Excel file; none for a file of another format."""
        with self._waited_for(wanted) as pool:
            return tuple(pool.ask("sheets", path, wanted))

    def look_at_rows(
        self,
        path: Path,
        sheet: str | None,
        wanted: Wanted,
        *,
        rows: Rows | None = None,
        columns: TransactionColumns | None = None,
    ) -> RowsOfFile:
        """Say what the rows of a file are, and what follows where they are purchases."""
        chosen = asdict(columns) if columns else None
        with self._waited_for(wanted) as pool:
            found = pool.ask("rows", path, wanted, sheet=sheet, rows=rows, columns=chosen)
        return RowsOfFile(
            tuple(found["names"]),
            tuple(found["dates"]),
            tuple(found["numbers"]),
            found["rows"],
            RowMeaning("customers", None, dict(found["reasons"])),
            found["understood"] and _understanding(found["understood"]),
        )

    def columns_of(self, path: Path, sheet: str | None, wanted: Wanted) -> SourceTable:
        """Return the plain columns of a file."""
        with self._waited_for(wanted) as pool:
            found: SourceTable = pool.ask("customers", path, wanted, sheet=sheet)
        return found

    def customers_of(
        self, path: Path, sheet: str | None, wanted: Wanted, answers: Mapping[str, Any] | None = None
    ) -> CustomerTable:
        """Read a file with one row per customer, though questions may be open; ``answers`` as ``read`` takes them."""
        source = self.columns_of(path, sheet, wanted)
        return CustomerTable.read(source, title=title_of(path), open_questions=True, **(answers or {}))

    def customers_of_purchases(
        self, path: Path, columns: TransactionColumns, sheet: str | None, wanted: Wanted
    ) -> CustomerTable:
        """Read a file with one row per purchase."""
        with self._waited_for(wanted) as pool:
            found = pool.ask("customers_of_purchases", path, wanted, sheet=sheet, columns=asdict(columns))
        return as_customers(found, title_of(path))

    def playbook_of(self, path: Path, wanted: Wanted) -> Playbook:
        """Read a file with names and suggestions."""
        with self._waited_for(wanted) as pool:
            found = pool.ask("playbook", path, wanted)
        return Playbook.model_validate(found)

    def project_of(self, path: Path, wanted: Wanted) -> Project:
        """Read a file with the settings, runs and names of a session."""
        with self._waited_for(wanted) as pool:
            found = pool.ask("project", path, wanted)
        # It was checked strictly where it was read; here its lists become tuples again.
        return Project.model_validate(found, strict=False)

    @contextmanager
    def _waited_for(self, wanted: Wanted) -> Iterator[ReadingPool]:
        while not self._turn.acquire(timeout=_PATIENCE):
            wanted.check()
        try:
            yield self._pool or shared_pool()
        finally:
            self._turn.release()
