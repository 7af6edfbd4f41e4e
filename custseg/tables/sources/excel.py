"""Excel and OpenDocument spreadsheets, with the extra ``excel``."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import narwhals as nw

from custseg.errors import DataError, listed, quote
from custseg.tables.sources import SourceTable
from custseg.tables.sources.column_names import check_names, filled_names
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

# A spreadsheet is a zip archive, and a few kilobytes of that can unpack to any size.
LARGEST_UNPACKED = 1024**3


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
                notes = [f"Read from the sheet {quote(name)} of {len(names)}."] if len(names) > 1 else []
                titles = _titles(lines)
                if titles:
                    notes.append(f"{count(titles, 'line')} above the column names left out.")
                return SourceTable(nw.from_native(_table(lines[titles:]), eager_only=True), tuple(notes))
    msg = f"{quote(path.name)} holds no cells. A line of column names and one line a customer were expected."
    raise DataError(msg)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as problem:
        msg = f"Reading {quote(path.name)} needs an addition: install custseg with its extra, custseg[excel]."
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


def _check_size(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except BadZipFile:
        # The format before 2007, which is not packed.
        return
    if unpacked > LARGEST_UNPACKED:
        msg = f"{quote(path.name)} unpacks to more than {LARGEST_UNPACKED / 1024**3:.0f} GB. Save it as CSV."
        raise DataError(msg)


def _broken(path: Path, problem: Exception) -> DataError:
    if "password" in str(problem).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in path.read_bytes():
        return DataError(f"{quote(path.name)} is protected by a password. Save it without one, and try again.")
    return DataError(f"{quote(path.name)} is a spreadsheet that is broken or cut off. Save or copy it again.")


def _titles(lines: list[list[Any]]) -> int:
    """Count the lines above the column names: those with one cell, where a line of several texts follows."""
    for place, line in enumerate(lines):
        filled = [cell for cell in line if cell not in ("", None)]
        if len(filled) > 1:
            return place if all(isinstance(cell, str) for cell in filled) else 0
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
