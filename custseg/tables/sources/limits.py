"""How much a file may hold: refused as early as it shows, before memory or disk are filled."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import DataError, quote
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold; None is no limit beyond those that a format has by itself.

    Attributes
    ----------
    columns, cells
        How many columns there may be, and rows times columns.
    unpacked
        How many bytes there may be once an archive is unpacked.

    """

    columns: int | None = None
    cells: int | None = None
    unpacked: int | None = None


_NONE = Limits()
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
        msg = (
            f"At most {most:,} columns can be read here, but {quote(path.name)} has {columns:,}. Keep those that "
            "describe customers."
        )
        raise DataError(msg)


def check_cells(rows: int, columns: int, path: Path) -> None:
    """Raise DataError where a file has too many columns, or too many cells in all."""
    check_columns(columns, path)
    most = _IN_FORCE.get().cells
    if most is not None and rows * columns > most:
        msg = (
            f"At most {most:,} cells can be read here, but {quote(path.name)} has {count(rows, 'row')} of "
            f"{count(columns, 'column')}. Send fewer rows or columns."
        )
        raise DataError(msg)


def most_unpacked(usual: int) -> int:
    """Return how many bytes an archive may unpack to."""
    most = _IN_FORCE.get().unpacked
    return usual if most is None else min(usual, most)


def unpacks_to_too_much(path: Path, most: int) -> DataError:
    """Return the error for an archive that unpacks to more than that many bytes."""
    size = f"{most / _GIGABYTE:.0f} GB" if most >= _GIGABYTE else f"{most / 1_000_000:,.0f} MB"
    return DataError(f"{quote(path.name)} unpacks to more than {size}. Send fewer rows or columns.")
