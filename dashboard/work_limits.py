"""What one piece of work of another process may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """What one piece of work may take.

    Attributes
    ----------
    seconds, megabytes
        How long it may take, and how much memory the process that does it may have.
    disk_megabytes, answer_megabytes
        How large a file it may write, and how much may come of it.

    """

    seconds: int
    megabytes: int
    disk_megabytes: int
    answer_megabytes: int
