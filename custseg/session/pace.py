"""How often, or how much of it, something may be begun in a minute."""

from __future__ import annotations

import time
from collections import deque
from math import ceil

from custseg.errors import SettingError

_SECONDS = 60


class Pace:
    """Counts what was begun within the last minute. ``most`` is how often that may be, None for as often as one likes.

    ``what`` says what it is, such as "runs".
    """

    def __init__(self, what: str, most: int | None = None) -> None:
        self.what, self.most = what, most
        self._begun: deque[tuple[float, int]] = deque()

    def count(self, amount: int = 1) -> None:
        """Note that so much begins now. Raises SettingError, and notes nothing, where it is too much with the rest."""
        if self.most is None:
            return
        now = time.monotonic()
        while self._begun and now - self._begun[0][0] >= _SECONDS:
            self._begun.popleft()
        if self._begun and sum(size for _, size in self._begun) + amount > self.most:
            waits = ceil(_SECONDS - (now - self._begun[0][0]))
            msg = (
                f"At most {self.most:,} {self.what} can be started in a minute here, and so many were. Try again in "
                f"{waits} s."
            )
            raise SettingError(msg)
        self._begun.append((now, amount))
