"""Excel and OpenDocument spreadsheets, with the extra ``excel``."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import narwhals as nw

from custseg.errors import DataError, listed, quote
from custseg.tables.sources import SourceTable
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.limits import check_cells, most_unpacked, unpacks_to_too_much
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

# A spreadsheet is a zip archive, and a few kilobytes of that can unpack to any size.
LARGEST_UNPACKED = 1024**3
# An empty cell takes 32 bytes of memory.
MOST_CELLS = 50_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_CELL = re.compile(rb"""<(?:\w+:)?c [^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_LONGEST_CELL = 256
_CHUNK = 1 << 20


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets."""
    with _opened(path) as workbook:
        return tuple(workbook.sheet_names)


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read one sheet: column names in its first line that holds anything, one customer in each line below."""
    with _opened(path) as workbook:
        names = list(workbook.sheet_names)
        if sheet is not None and sheet not in names:
            msg = f"{quote(path.name)} has no sheet called {quote(sheet)}. Choose from {listed(names)}."
            raise DataError(msg)
        chosen = [sheet] if sheet is not None else names
        for name in chosen:
            lines = workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)
            lines = [line for line in lines if any(cell not in ("", None) for cell in line)]
            if lines:
                check_cells(len(lines), len(lines[0]), path)
                notes = [f"Read from the sheet {quote(name)} of {len(names)}."] if len(names) > 1 else []
                titles = _titles(lines)
                if titles:
                    notes.append(f"{count(titles, 'line')} above the column names left out.")
                return SourceTable(nw.from_native(_table(lines[titles:]), eager_only=True), tuple(notes))
    msg = f"{quote(path.name)} holds no cells. A line of column names and one line per customer were expected."
    raise DataError(msg)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as problem:
        msg = f"Reading {quote(path.name)} needs an optional package: install custseg[excel]."
        raise DataError(msg) from problem
    _check_size(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        try:
            yield workbook
        finally:
            workbook.close()
    except CalamineError as problem:
        raise _broken(path, problem) from problem
    except BaseException as problem:
        # A panic of the library, which is written in Rust, is no Exception: nobody else would catch it.
        if type(problem).__name__ != "PanicException":
            raise
        raise _broken(path, problem) from problem


def _check_size(path: Path) -> None:
    """Raise DataError where the sheets, as they would be in memory, are larger than anybody's customers."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            most = most_unpacked(LARGEST_UNPACKED)
            if sum(part.file_size for part in parts) > most:
                raise unpacks_to_too_much(path, most)
            for part in parts:
                if _SHEET.fullmatch(part.filename):
                    _check_extent(archive, part, path)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # The format before 2007, which is not packed; or a broken archive, of which the library says so.
        return


def _check_extent(archive: ZipFile, part: ZipInfo, path: Path) -> None:
    """Look for a stray cell far away: the library makes room for all cells up to it, and ends the process without."""
    rows, columns, rest = [0], [0], b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            cells = _CELL.findall(rest + chunk)
            rows.append(max((int(row) for _, row in cells), default=0))
            columns.append(max((_column_number(letters) for letters in {letters for letters, _ in cells}), default=0))
            # A cell may begin at the end of one chunk and go on in the next.
            rest = chunk[-_LONGEST_CELL:]
    if max(rows) * max(columns) > MOST_CELLS:
        msg = (
            f"A sheet of {quote(path.name)} reaches to row {max(rows):,} and column {max(columns):,}, more than "
            f"{MOST_CELLS:,} cells. Delete the cells far outside the table, or save it as CSV."
        )
        raise DataError(msg)


def _column_number(letters: bytes) -> int:
    """Return the number of a column from 1: that of AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _broken(path: Path, problem: BaseException) -> DataError:
    if "password" in str(problem).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in path.read_bytes():
        return DataError(f"{quote(path.name)} is protected by a password. Save it without one, and try again.")
    return DataError(f"{quote(path.name)} is a spreadsheet that is broken or cut off. Save or copy it again.")


def _titles(lines: list[list[Any]]) -> int:
    """Count the lines above the column names: those with one cell, where a line of several texts follows."""
    for above, line in enumerate(lines):
        filled = [cell for cell in line if cell not in ("", None)]
        if len(filled) > 1:
            return above if all(isinstance(cell, str) for cell in filled) else 0
    return 0


def _table(lines: list[list[Any]]) -> pa.Table:
    import pyarrow as pa

    header = ["" if cell is None else _written(cell) for cell in lines[0]]
    check_names(header)
    columns = [list(column) for column in zip(*lines[1:], strict=True)] or [[] for _ in header]
    return pa.table([_column(cells) for cells in columns], names=filled_names(header))


def _column(cells: list[Any]) -> pa.Array:
    """Give a column the type that all its cells have; text where they differ."""
    import pyarrow as pa

    cells = [None if isinstance(cell, str) and not cell.strip() else cell for cell in cells]
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {int, float}:
        return _numbers(cells)
    if kinds <= {bool}:
        return pa.array(cells, pa.bool_())
    if kinds <= {dt.date, dt.datetime}:
        return pa.array([_moment(cell) for cell in cells], pa.timestamp("s"))
    return pa.array([None if cell is None else _written(cell) for cell in cells], pa.string())


def _numbers(cells: list[Any]) -> pa.Array:
    """Make whole numbers of what a spreadsheet always holds as floating point, as far as that is exact."""
    import pyarrow as pa

    if all(cell is None or (float(cell).is_integer() and abs(cell) < 2**53) for cell in cells):
        return pa.array([None if cell is None else int(cell) for cell in cells], pa.int64())
    return pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())


def _moment(cell: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell  # type: ignore[return-value]


def _written(cell: object) -> str:
    """Write a cell as the spreadsheet shows it: whole numbers without a point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
