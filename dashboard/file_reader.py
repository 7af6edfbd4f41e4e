"""The files of one session, read in processes of their own and understood here."""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from custseg import CustomerTable, DataError, SettingError, TransactionColumns
from custseg.errors import quote
from custseg.tables.purchases.recognition import Purchases
from custseg.tables.purchases.transactions import as_customers
from custseg.tables.table import title_of
from dashboard.reading_process import ReadingPool
from dashboard.source import reading_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.tables.sources import SourceTable
    from dashboard.reading_process import Wanted

_log = logging.getLogger("custseg")
_PATIENCE = 0.1
_starting = Lock()
_pools: list[ReadingPool] = []


def shared_pool() -> ReadingPool:
    """Return the processes of this server; the first who asks starts them."""
    with _starting:
        if not _pools:
            _pools.append(ReadingPool(reading_limits()))
        return _pools[0]


def sentence_for(problem: Exception, path: Path) -> str:
    """Return what to say of a reading that failed. What nobody foresaw is logged, without what it says of cells."""
    if isinstance(problem, DataError | SettingError):
        return str(problem)
    places = traceback.extract_tb(problem.__traceback__)
    where = f" in {Path(places[-1].filename).name}, line {places[-1].lineno}" if places else ""
    _log.error("Reading a file failed: %s%s.", type(problem).__name__, where)
    return (
        f"{quote(path.name)} cannot be read: the server met an error that was not foreseen. What was shown before "
        "stays. Save the file again, as CSV or Parquet, or try another one."
    )


class FileReader:
    """Reads one file at a time, so that one session leaves room for others. Each method waits: call it in a thread.

    ``wanted`` raises as soon as nobody waits any more; the reading then ends.
    """

    def __init__(self, pool: ReadingPool | None = None) -> None:
        self._pool = pool
        self._turn = Lock()

    def sheets_of(self, path: Path, wanted: Wanted) -> tuple[str, ...]:
        """Return the names of the sheets of an Excel file; none for a file of another format."""
        with self._waited_for(wanted) as pool:
            return tuple(pool.ask("sheets", path, wanted))

    def look_for_purchases(self, path: Path, sheet: str | None, wanted: Wanted) -> Purchases:
        """Say which columns of a file could make it a table of purchases."""
        with self._waited_for(wanted) as pool:
            found = pool.ask("purchases", path, wanted, sheet=sheet)
        guess = found["guess"] and TransactionColumns(**found["guess"])
        return Purchases(tuple(found["names"]), tuple(found["dates"]), tuple(found["amounts"]), guess)

    def columns_of(self, path: Path, sheet: str | None, wanted: Wanted) -> SourceTable:
        """Return the plain columns of a file."""
        with self._waited_for(wanted) as pool:
            found: SourceTable = pool.ask("customers", path, wanted, sheet=sheet)
        return found

    def customers_of(self, path: Path, sheet: str | None, wanted: Wanted) -> CustomerTable:
        """Read a file with one row per customer."""
        return CustomerTable.read(self.columns_of(path, sheet, wanted), title=title_of(path))

    def customers_of_purchases(
        self, path: Path, columns: TransactionColumns, sheet: str | None, wanted: Wanted
    ) -> CustomerTable:
        """Read a file with one row per purchase."""
        with self._waited_for(wanted) as pool:
            found = pool.ask("customers_of_purchases", path, wanted, sheet=sheet, columns=asdict(columns))
        return as_customers(found, title_of(path))

    @contextmanager
    def _waited_for(self, wanted: Wanted) -> Iterator[ReadingPool]:
        while not self._turn.acquire(timeout=_PATIENCE):
            wanted.check()
        try:
            yield self._pool or shared_pool()
        finally:
            self._turn.release()
