"""What a run may take: time, after which it ends with its next step, and memory, looked at before it begins."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import SettingError
from custseg.language import say
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEGABYTE = 1_000_000
# Of 1,000,000 customers and 6 features 13, of 500,000 and 20 15; steps of a recipe take more for a while.
BYTES_A_CELL = 3 * 8


@dataclass(frozen=True, slots=True)
class RunLimits:
    """What a run may take; None is no limit.

    Attributes
    ----------
    seconds, megabytes
        How long it may take, and how much memory its numbers may have.
    a_minute
        How many may be started in a minute.

    """

    seconds: int | None = None
    megabytes: int | None = None
    a_minute: int | None = None

    def check_size(self, customers: int, columns: int) -> None:
        """Raise SettingError where a run of so many customers in memory takes too much."""
        wanted = customers * columns * BYTES_A_CELL / _MEGABYTE
        if self.megabytes is not None and wanted > self.megabytes:
            msg = say(
                "A run of {customers} and {columns} takes about {wanted:,.0f} MB of memory, and {megabytes:,} "
                "MB is the limit here. Choose fewer features, or fewer customers.",
                customers=count(customers, "customer"),
                columns=count(columns, "feature"),
                wanted=wanted,
                megabytes=self.megabytes,
            )
            raise SettingError(msg)


NO_LIMITS = RunLimits()
_ENDS: ContextVar[tuple[float, int] | None] = ContextVar("ends", default=None)


@contextmanager
def within(limits: RunLimits) -> Iterator[None]:
    """Have ``check_time`` raise once the time of a run is over, while the block runs."""
    ends = None if limits.seconds is None else (time.monotonic() + limits.seconds, limits.seconds)
    before = _ENDS.set(ends)
    try:
        yield
    finally:
        _ENDS.reset(before)


def check_time() -> None:
    """Raise SettingError where a run has taken longer than it may. Called between the steps of what takes long."""
    ends = _ENDS.get()
    if ends is not None and time.monotonic() > ends[0]:
        msg = say(
            "The run took longer than {time}, the limit here. Choose fewer features, fewer customers, or "
            "another way of preparing them.",
            time=count(ends[1], "second"),
        )
        raise SettingError(msg)
