"""What reading one file from a visitor may take."""

from __future__ import annotations

from dataclasses import dataclass

from custseg.tables.sources.limits import Limits

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one reading may take, and what the file may hold.

    Attributes
    ----------
    seconds, megabytes
        How long it may take, and how much memory the process that does it may have.
    columns, cells
        How many columns there may be, and rows times columns.
    unpacked_megabytes
        How much an archive may unpack to.

    """

    seconds: int = 60
    megabytes: int = 2000
    columns: int = 2000
    cells: int = 50_000_000
    unpacked_megabytes: int = 1000

    @property
    def of_the_file(self) -> Limits:
        """What the readers have to refuse."""
        return Limits(self.columns, self.cells, self.unpacked_megabytes * MEGABYTE)
