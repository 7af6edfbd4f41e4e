"""Excel and OpenDocument spreadsheets, with the extra ``excel``."""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from itertools import islice
from lzma import LZMAError
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import narwhals as nw

from custseg.errors import DataError, listed, quote
from custseg.language import say
from custseg.tables.sources import SourceTable
from custseg.tables.sources.cell_columns import column_of, without_blanks
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.tables.sources.header_rows import LOOK_AT_FIRST, find_header
from custseg.tables.sources.limits import check_cells, most_unpacked, unpacks_to_too_much
from custseg.tables.sources.progress import tell
from custseg.tables.sources.sheet_tables import main_area, notes_of
from custseg.tables.sources.totals import without_totals
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from custseg.tables.sources.sheet_tables import Area, Columns

# A spreadsheet is a zip archive, and a few kilobytes of that can unpack to any size.
LARGEST_UNPACKED = 1024**3
# An empty cell takes 32 bytes of memory.
MOST_CELLS = 50_000_000
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
# Two patterns in place of one with both marks: what begins with fixed letters is found ten times as fast.
_FAR_COLUMN = (re.compile(rb'r="([A-Z]{2,3})[0-9]'), re.compile(rb"r='([A-Z]{2,3})[0-9]"))
_ROW = (re.compile(rb'r="[A-Z]{1,3}([0-9]{1,7})"'), re.compile(rb"r='[A-Z]{1,3}([0-9]{1,7})'"))
_NEAR_COLUMNS, _MOST_ROWS = 26, 1_048_576
_LONGEST_CELL = 256
_CHUNK = 1 << 20
_ROWS_AT_ONCE = 10_000


def sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets."""
    with _opened(path) as workbook:
        return tuple(workbook.sheet_names)


def read(path: Path, sheet: str | None = None) -> SourceTable:
    """Read the largest table of one sheet: column names in its first line, one customer in each line below."""
    with _opened(path) as workbook:
        names = list(workbook.sheet_names)
        if sheet is not None and sheet not in names:
            msg = say(
                "{name} has no sheet called {sheet}. Choose from {names}.",
                name=quote(path.name),
                sheet=quote(sheet),
                names=listed(names),
            )
            raise DataError(msg)
        for name in [sheet] if sheet is not None else names:
            tell(say("opening the sheet {name}", name=quote(name)))
            found = workbook.get_sheet_by_name(name)
            columns = _columns(found, path)
            area = main_area(columns)
            if area is not None:
                notes = (
                    [say("Read from the sheet {name} of {number}.", name=quote(name), number=len(names))]
                    if len(names) > 1
                    else []
                )
                table, more = _table(area, columns, _spans(found))
                return SourceTable(nw.from_native(table, eager_only=True), (*notes, *more))
    msg = say(
        "{name} holds no cells. A line of column names and one line per customer were expected.", name=quote(path.name)
    )
    raise DataError(msg)


def _columns(sheet: Any, path: Path) -> Columns:
    """Return one list of cells a column, from the first column and row that hold anything; None is an empty cell."""
    if sheet.start is None:
        return []
    first_row, first_column = sheet.start
    # They come with the empty ones above, and without empty columns.
    rows = islice(sheet.iter_rows(), first_row, None)
    check_cells(sheet.end[0] - first_row + 1, sheet.end[1] - first_column + 1, path)
    columns: Columns = [[] for _ in range(sheet.end[1] - first_column + 1)]
    # Not all rows at once: as many lists as that keep Python's collector of garbage busy.
    while batch := list(islice(rows, _ROWS_AT_ONCE)):
        for column, cells in zip(columns, zip(*batch, strict=True), strict=True):
            column.extend(cells)
        tell(say("row {row:,} of {rows:,}", row=len(columns[0]), rows=sheet.end[0] - first_row + 1))
    return [without_blanks(column) for column in columns]


def _spans(sheet: Any) -> list[tuple[int, int, int]]:
    """Return the cells that are merged across columns: row, first and last column, from where the sheet begins."""
    first_row, first_column = sheet.start
    return [
        (top - first_row, left - first_column, right - first_column)
        for (top, left), (_, right) in sheet.merged_cell_ranges or ()
        if right > left
    ]


def _table(area: Area, columns: Columns, spans: list[tuple[int, int, int]]) -> tuple[pa.Table, list[str]]:
    import pyarrow as pa

    columns = area.columns(columns)
    place = {row: number for number, row in enumerate(area.rows[:LOOK_AT_FIRST].tolist())}
    merged = [
        (place[row], max(left - area.first, 0), min(right, area.last) - area.first)
        for row, left, right in spans
        if row in place and left <= area.last and right >= area.first
    ]
    header = find_header(
        [list(row) for row in zip(*(column[:LOOK_AT_FIRST] for column in columns), strict=True)], merged
    )
    check_names(header.names)
    start = header.above + header.lines
    cells = [column_of(column[start:]) for column in columns]
    table, totals = without_totals(pa.table(cells, names=filled_names(header.names)))
    above = area.above + header.above
    notes = [say("{lines} above the column names left out.", lines=count(above, "line"))] if above else []
    return table, [*notes, *header.notes, *notes_of(area), *totals]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as problem:
        msg = say("Reading {name} needs an optional package: install custseg[excel].", name=quote(path.name))
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
    except (BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, RuntimeError, OSError):
        # The format before 2007, which is not packed; or a broken archive, of which the library says so.
        return


def _check_extent(archive: ZipFile, part: ZipInfo, path: Path) -> None:
    """Look for a stray cell far away: the library makes room for all cells up to it, and ends the process without."""
    columns = max(map(_column_number, _found_in(archive, part, _FAR_COLUMN)), default=_NEAR_COLUMNS)
    # Most sheets are so narrow that they may have all the rows there are.
    if columns * _MOST_ROWS <= MOST_CELLS:
        return
    rows = max(map(int, _found_in(archive, part, _ROW)), default=0)
    if rows * columns > MOST_CELLS:
        msg = say(
            "A sheet of {name} reaches to row {rows:,} and column {columns:,}, more than {most:,} "
            "cells. Delete the cells far outside the table, or save it as CSV.",
            name=quote(path.name),
            rows=rows,
            columns=columns,
            most=MOST_CELLS,
        )
        raise DataError(msg)


def _found_in(archive: ZipFile, part: ZipInfo, patterns: tuple[re.Pattern[bytes], ...]) -> set[bytes]:
    """Return what any of the patterns finds in a part of an archive, which is never in memory as a whole."""
    found: set[bytes] = set()
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            for pattern in patterns:
                found.update(pattern.findall(rest + chunk))
            # A cell may begin at the end of one chunk and go on in the next.
            rest = chunk[-_LONGEST_CELL:]
    return found


def _column_number(letters: bytes) -> int:
    """Return the number of a column from 1: that of AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _broken(path: Path, problem: BaseException) -> DataError:
    if "password" in str(problem).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in path.read_bytes():
        return DataError(
            say("{name} is protected by a password. Save it without one, and try again.", name=quote(path.name))
        )
    return DataError(
        say("{name} is a spreadsheet that is broken or cut off. Save or copy it again.", name=quote(path.name))
    )
