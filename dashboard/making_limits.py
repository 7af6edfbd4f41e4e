"""What making one file to download may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.work_limits import WorkLimits

if TYPE_CHECKING:
    from dashboard.server_settings import ServerSettings

# A workbook is written in pieces that lie beside each other before they are packed.
_UNPACKED = 10


@dataclass(frozen=True, slots=True)
class MakingLimits(WorkLimits):
    """What one file may take, as ``WorkLimits`` has it; ``answer_megabytes`` is how large it may become."""

    seconds: int = 300
    megabytes: int = 4000
    disk_megabytes: int = 5000
    answer_megabytes: int = 500

    @staticmethod
    def of(settings: ServerSettings) -> MakingLimits:
        """Return those that a server is set to."""
        return MakingLimits(
            seconds=settings.making_seconds,
            megabytes=settings.making_megabytes,
            disk_megabytes=_UNPACKED * settings.download_megabytes,
            answer_megabytes=settings.download_megabytes,
        )
