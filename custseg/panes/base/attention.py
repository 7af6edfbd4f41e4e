"""Whether somebody looks at some parts: those that nobody sees put off what they hear until somebody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Reaction = Callable[[frozenset[str]], None]


class Attention:
    """What the parts of one view share. They are looked at from the start, and ``rest`` until ``wake``."""

    def __init__(self) -> None:
        self._awake = True
        # In the order in which they would have been told.
        self._missed: dict[Reaction, frozenset[str]] = {}

    @property
    def awake(self) -> bool:
        """Whether somebody looks."""
        return self._awake

    def tell(self, react: Reaction, changed: frozenset[str]) -> None:
        """Have a part react to what changed: at once, or in one go with all else that it misses meanwhile."""
        if self._awake:
            react(changed)
        else:
            self._missed[react] = self._missed.get(react, frozenset()) | changed

    def rest(self) -> None:
        """Put off what is told from here on."""
        self._awake = False

    def wake(self) -> None:
        """Have the parts react to what they missed, and from here on at once."""
        self._awake, missed = True, self._missed
        self._missed = {}
        for react, changed in missed.items():
            react(changed)
