"""A search into one result: off the event loop, step by step, and to be stopped."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, ClassVar

from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.segmentation import Segmentation

    Progress = Callable[[int, int], None]


class ResultSearch(State):
    """What was found of a result, and at which step of how many the search is. Of several only the latest counts.

    A subclass has a parameter for each, which ``_names`` holds in this order.
    """

    _names: ClassVar[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestTask()
        self._result: Segmentation | None = None

    async def _look(self, result: Segmentation, find: Callable[[Progress], Any]) -> None:
        """Find it in a thread; it takes the place of what was found before, unless it was stopped meanwhile.

        What ``find`` raises is passed on.
        """
        found_name, step_name = self._names
        self._result = result
        loop, context = asyncio.get_running_loop(), copy_context()
        self._announce(**{step_name: (0, 0)})

        def work(ticket: Ticket) -> Any:
            def tell(step: tuple[int, int]) -> None:
                if ticket.counts:
                    self._announce(**{step_name: step})

            def on_progress(number: int, of: int) -> None:
                ticket.check()
                loop.call_soon_threadsafe(tell, (number, of), context=context)

            return find(on_progress)

        try:
            found = await self._latest.compute(work)
        except SupersededError:
            return
        except BaseException:
            # So that it can be asked for again.
            self._announce(**{step_name: None})
            raise
        self._announce(**{step_name: None, found_name: found})

    def stop(self) -> None:
        """Give up looking; what was found before stays."""
        self._latest.supersede()
        self._set(**{self._names[1]: None})

    def keep_what_is_of(self, result: Segmentation | None) -> None:
        """Give up looking into another result than this one, and drop what was found of it."""
        if self._result is not result:
            self._result = None
            self._latest.supersede()
            self._set(**dict.fromkeys(self._names))

    def take_over(self, other: ResultSearch) -> None:
        """Hold what another search has found."""
        self._result = other._result
        self._set(**{self._names[0]: getattr(other, self._names[0])})
