"""A search into one result: off the event loop, step by step, and to be stopped."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, ClassVar

import param

from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.segmentation import Segmentation

    Progress = Callable[..., None]


class ResultSearch(param.Parameterized):
    """What was found of a result, and at which step of how many the search is. Of several only the latest counts.

    A subclass has a parameter for each, which ``_names`` holds in this order; the second is ``_idle`` while nothing is
    looked for, and ``_begun`` until there is a step to tell.
    """

    _names: ClassVar[tuple[str, str]]
    _idle: ClassVar[object] = None
    _begun: ClassVar[object] = (0, 0)

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestTask()
        self._result: Segmentation | None = None

    async def _look(self, result: Segmentation, find: Callable[[Progress], Any]) -> None:
        """Find it in a thread; it takes the place of what was found before, unless it was stopped meanwhile.

        ``find`` calls what it is given with its step and of how many, or with nothing where it has no steps. What it
        raises is passed on.
        """
        found_name, step_name = self._names
        self._result = result
        loop, context = asyncio.get_running_loop(), copy_context()
        announce(self, **{step_name: self._begun})

        def work(ticket: Ticket) -> Any:
            def tell(step: tuple[int, ...]) -> None:
                if ticket.counts:
                    announce(self, **{step_name: step})

            def on_progress(*step: int) -> None:
                ticket.check()
                if step:
                    loop.call_soon_threadsafe(tell, step, context=context)

            return find(on_progress)

        try:
            found = await self._latest.compute(work)
        except SupersededError:
            return
        except BaseException:
            # So that it can be asked for again.
            announce(self, **{step_name: self._idle})
            raise
        announce(self, **{step_name: self._idle, found_name: found})

    def stop(self) -> None:
        """Give up looking; what was found before stays."""
        self._latest.supersede()
        assign(self, **{self._names[1]: self._idle})

    def keep_what_is_of(self, result: Segmentation | None) -> None:
        """Give up looking into another result than this one, and drop what was found of it."""
        if self._result is not result:
            self._result = None
            self._latest.supersede()
            assign(self, **dict(zip(self._names, (None, self._idle), strict=True)))

    def take_over(self, other: ResultSearch) -> None:
        """Hold what another search has found."""
        self._result = other._result
        assign(self, **{self._names[0]: getattr(other, self._names[0])})
