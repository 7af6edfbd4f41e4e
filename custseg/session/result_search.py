"""A search into one result, which is dropped with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from custseg.session.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.search import Progress


class ResultSearch(Search):
    """What was found of a result, and at which step of how many the search is; ``_begun`` before the first."""

    _begun: ClassVar[object] = (0, 0)

    def __init__(self) -> None:
        super().__init__()
        self._result: Segmentation | None = None

    async def _look_into(self, result: Segmentation, find: Callable[[Progress], Any]) -> None:
        self._result = result
        await self._look(find, self._begun)

    def keep_what_is_of(self, result: Segmentation | None) -> None:
        """Give up looking into another result than this one, and drop what was found of it."""
        if self._result is not result:
            self._result = None
            self.forget()

    def take_over_of(self, result: Segmentation | None, found: object) -> None:
        """Hold what another search has found of a result."""
        self._result = result
        self.take_over(found)
