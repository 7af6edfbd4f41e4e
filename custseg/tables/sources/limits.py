"""How much a file may hold: refused as early as it shows, before memory or disk are filled."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import DataError, quote
from custseg.language import mark, say
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

_GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold; None is no limit beyond those that a format has by itself.

    Attributes
    ----------
    columns, rows, cells
        How many columns and rows there may be, and rows times columns.
    unpacked
        How many bytes there may be once an archive is unpacked.
    cell_characters, name_characters
        How long a text in a cell may be, and the name of a column.

    """

    columns: int | None = None
    rows: int | None = None
    cells: int | None = None
    unpacked: int | None = None
    cell_characters: int | None = None
    name_characters: int | None = None


_NONE = Limits()
_LONG_NAMES = {
    "column": mark(
        "The name of a column can have at most {most:,} characters here, but in {file} {name} has {characters:,}. "
        "Shorten it."
    ),
    "sheet": mark(
        "The name of a sheet can have at most {most:,} characters here, but in {file} {name} has {characters:,}. "
        "Shorten it."
    ),
}
_IN_FORCE = ContextVar("limits", default=_NONE)


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Refuse larger files while the block runs. Without it nothing but the memory limits who reads their own files."""
    before = _IN_FORCE.set(limits)
    try:
        yield
    finally:
        _IN_FORCE.reset(before)


def check_columns(columns: int, path: Path) -> None:
    """Raise DataError where a file has too many columns."""
    most = _IN_FORCE.get().columns
    if most is not None and columns > most:
        msg = say(
            "At most {most:,} columns can be read here, but {name} has {columns:,}. Keep those that "
            "describe customers.",
            most=most,
            name=quote(path.name),
            columns=columns,
        )
        raise DataError(msg)


def check_cells(rows: int, columns: int, path: Path) -> None:
    """Raise DataError where a file has too many columns or rows, or too many cells in all."""
    check_columns(columns, path)
    most = _IN_FORCE.get().rows
    if most is not None and rows > most:
        msg = say(
            "At most {most:,} rows can be read here, but {name} has {rows:,}. Send fewer rows.",
            most=most,
            name=quote(path.name),
            rows=rows,
        )
        raise DataError(msg)
    most = _IN_FORCE.get().cells
    if most is not None and rows * columns > most:
        msg = say(
            "At most {most:,} cells can be read here, but {name} has {rows} of {columns}. Send fewer rows or columns.",
            most=most,
            name=quote(path.name),
            rows=count(rows, "row"),
            columns=count(columns, "column"),
        )
        raise DataError(msg)


def check_names(names: Iterable[str], path: Path, of_what: str = "column") -> None:
    """Raise DataError where a name is too long."""
    most = _IN_FORCE.get().name_characters
    longest = max(names, key=len, default="")
    if most is not None and len(longest) > most:
        msg = say(
            _LONG_NAMES[of_what],
            most=most,
            file=quote(path.name),
            name=quote(longest),
            characters=len(longest),
        )
        raise DataError(msg)


def check_texts(table: pa.Table, path: Path) -> None:
    """Raise DataError where a name of a column, or a text in a cell, is too long."""
    check_names(table.column_names, path)
    most = _IN_FORCE.get().cell_characters
    for name, column in zip(table.column_names, table.columns, strict=True):
        longest = 0 if most is None else max(map(_longest_text, column.chunks), default=0)
        if most is not None and longest > most:
            msg = say(
                "A text in a cell can have at most {most:,} characters here, but one in the column {name} of "
                "{file} has {characters:,}. Shorten it, or leave the column out.",
                most=most,
                name=quote(name),
                file=quote(path.name),
                characters=longest,
            )
            raise DataError(msg)


def _longest_text(cells: pa.Array) -> int:
    import pyarrow as pa
    from pyarrow import compute

    texts = cells.dictionary if pa.types.is_dictionary(cells.type) else cells
    if pa.types.is_string_view(texts.type):
        texts = texts.cast(pa.large_string())
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        return 0
    return compute.max(compute.utf8_length(texts)).as_py() or 0


def most_unpacked(usual: int) -> int:
    """Return how many bytes an archive may unpack to."""
    most = _IN_FORCE.get().unpacked
    return usual if most is None else min(usual, most)


def unpacks_to_too_much(path: Path, most: int) -> DataError:
    """Return the error for an archive that unpacks to more than that many bytes."""
    size = (
        say("{most:.0f} GB", most=most / _GIGABYTE) if most >= _GIGABYTE else say("{most:,.0f} MB", most=most / 1000000)
    )
    return DataError(
        say("{name} unpacks to more than {size}. Send fewer rows or columns.", name=quote(path.name), size=size)
    )
