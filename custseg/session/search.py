"""A search that somebody asks for: off the event loop, step by step, and to be stopped."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, ClassVar

import param

from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[..., None]


class Search(param.Parameterized):
    """What was found, and at which step the search is. Of several only the latest counts.

    A subclass has a parameter for each, which ``_names`` holds in this order; the second is ``_idle`` while nothing is
    looked for.
    """

    _names: ClassVar[tuple[str, str]]
    _idle: ClassVar[object] = None

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestTask()

    async def _look(self, find: Callable[[Progress], Any], begun: object) -> None:
        """Find it in a thread; it takes the place of what was found before, unless it was stopped meanwhile.

        ``find`` calls what it is given with its step, or with nothing where it has no steps; until there is one to
        tell, the step is ``begun``. What it raises is passed on.
        """
        found_name, step_name = self._names
        loop, context = asyncio.get_running_loop(), copy_context()
        announce(self, **{step_name: begun})

        def work(ticket: Ticket) -> Any:
            def tell(step: tuple[int, ...]) -> None:
                if ticket.counts:
                    announce(self, **{step_name: self._step(*step)})

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

    @staticmethod
    def _step(*step: int) -> object:
        """Return a step as the parameter holds it."""
        return step

    def stop(self) -> None:
        """Give up looking; what was found before stays."""
        self._latest.supersede()
        assign(self, **{self._names[1]: self._idle})

    def forget(self) -> None:
        """Give up looking, and drop what was found, as where it was for something else."""
        self._latest.supersede()
        assign(self, **dict(zip(self._names, (None, self._idle), strict=True)))

    def take_over(self, found: object) -> None:
        """Hold what another search has found."""
        assign(self, **{self._names[0]: found})
