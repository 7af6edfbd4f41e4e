"""What reading one file from a visitor may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.tables.sources.limits import Limits
from dashboard.confinement import MEGABYTE
from dashboard.work_limits import WorkLimits

if TYPE_CHECKING:
    from dashboard.server_settings import ServerSettings


@dataclass(frozen=True, slots=True)
class ReadingLimits(WorkLimits):
    """What one reading may take, and what the file may hold.

    Attributes
    ----------
    columns, rows, cells
        How many columns and rows there may be, and rows times columns.
    unpacked_megabytes
        How much an archive may unpack to.
    cell_characters, name_characters
        How long a text in a cell may be, and the name of a column.

    """

    seconds: int = 60
    megabytes: int = 2000
    disk_megabytes: int = 4000
    answer_megabytes: int = 2000
    columns: int = 2000
    rows: int = 20_000_000
    cells: int = 50_000_000
    unpacked_megabytes: int = 1000
    cell_characters: int = 32_767
    name_characters: int = 1000

    @staticmethod
    def of(settings: ServerSettings) -> ReadingLimits:
        """Return those that a server is set to."""
        return ReadingLimits(
            seconds=settings.reading_seconds,
            megabytes=settings.reading_megabytes,
            disk_megabytes=settings.reading_disk_megabytes,
            answer_megabytes=settings.reading_answer_megabytes,
            columns=settings.reading_columns,
            rows=settings.reading_rows,
            cells=settings.reading_cells,
            unpacked_megabytes=settings.unpacked_megabytes,
            cell_characters=settings.cell_characters,
            name_characters=settings.name_characters,
        )

    @property
    def of_the_file(self) -> Limits:
        """What the readers have to refuse."""
        return Limits(
            columns=self.columns,
            rows=self.rows,
            cells=self.cells,
            unpacked=self.unpacked_megabytes * MEGABYTE,
            cell_characters=self.cell_characters,
            name_characters=self.name_characters,
        )
