"""How often, or how much of it, something may be begun in a minute."""

from __future__ import annotations

import time
from collections import deque
from math import ceil

from custseg.errors import SettingError
from custseg.language import mark, say

_SECONDS = 60
TOO_MANY_RUNS = mark("At most {most:,} runs can be started in a minute here, and so many were. Try again in {waits} s.")


class Pace:
    """Counts what was begun within the last minute. ``most`` is how often that may be, None for as often as one likes.

    ``refusal`` says that it was too often, with ``{most}`` and ``{waits}``, the seconds until it may be again.
    """

    def __init__(self, refusal: str, most: int | None = None) -> None:
        self._refusal, self.most = refusal, most
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
            raise SettingError(say(self._refusal, most=self.most, waits=waits))
        self._begun.append((now, amount))
