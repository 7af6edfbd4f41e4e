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
from custseg.tables.purchases.aggregation import MEASURES
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
    from collections.abc import Iterator, Mapping, Sequence
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
        # Which column of the last purchases was which, as a person may have said.
        self._purchases: TransactionColumns | None = None

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
        table = self._made_of_purchases(path, columns, sheet, wanted)
        self._purchases = columns
        return table

    def later_customers(self, path: Path, compared: Sequence[str], wanted: Wanted) -> CustomerTable | SourceTable:
        """Read a later file of customers who are compared by some columns.

        Purchases where these are what purchases come to: read as those before were, else as they seem.

        Raises
        ------
        DataError
            The file cannot be read, or it is open how its purchases are read.

        """
        measures = MEASURES.intersection(compared)
        if not measures:
            return self.columns_of(path, None, wanted)
        found = self.look_at_rows(path, None, wanted)
        seem = found.purchases
        columns = self._purchases or (seem.purchases if seem else None)
        if measures.intersection(found.names) or columns is None:
            return self.columns_of(path, None, wanted)
        doubts = seem.doubts if seem and not self._purchases else ()
        open_question = next((doubt.sentence for doubt in doubts if doubt.matters), None)
        if open_question:
            msg = say(
                "{name} holds purchases, and it is open how they are read: {question} Bring the earlier purchases here "
                "again, as customers to segment, and answer the question. Then bring the later ones.",
                name=quote(path.name),
                question=open_question,
            )
            raise DataError(msg)
        return self._made_of_purchases(path, columns, None, wanted, compared)

    def _made_of_purchases(
        self,
        path: Path,
        columns: TransactionColumns,
        sheet: str | None,
        wanted: Wanted,
        like: Sequence[str] | None = None,
    ) -> CustomerTable:
        with self._waited_for(wanted) as pool:
            asked = {"sheet": sheet, "columns": asdict(columns), "like": like and list(like)}
            found = pool.ask("customers_of_purchases", path, wanted, **asked)
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
