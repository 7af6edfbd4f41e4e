"""The search for how many segments to use: off the event loop, step by step, and to be stopped."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import param

from custseg.how_many.advice import Advice, advise
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from custseg.tables.table import CustomerTable


class HowManySearch(param.Parameterized):
    """What was found, and at which number the search is. Of several searches only the latest counts."""

    advice: Advice | None = param.ClassSelector(
        class_=Advice, constant=True, allow_None=True, doc="What was found last; None where nothing was."
    )
    current_k: int | None = param.Integer(
        default=None, constant=True, allow_None=True, doc="The k that is being looked at; None where none is."
    )

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestTask()

    async def look(self, table: CustomerTable, *, ks: list[int], **settings: Any) -> None:
        """Find advice in a thread; it takes the place of what was found before, unless it was stopped meanwhile.

        Settings are those of ``advise``, which also says what is raised.
        """
        loop, context = asyncio.get_running_loop(), copy_context()
        announce(self, current_k=min(ks))

        def work(ticket: Ticket) -> Advice:
            def tell(k: int) -> None:
                if ticket.counts:
                    announce(self, current_k=k)

            def on_progress(k: int) -> None:
                ticket.check()
                loop.call_soon_threadsafe(tell, k, context=context)

            return advise(table, ks=ks, on_progress=on_progress, **settings)

        try:
            advice = await self._latest.compute(work)
        except SupersededError:
            return
        except BaseException:
            # So that it can be asked for again.
            announce(self, current_k=None)
            raise
        announce(self, current_k=None, advice=advice)

    def stop(self) -> None:
        """Give up looking; what was found before stays."""
        self._latest.supersede()
        assign(self, current_k=None)

    def take_over(self, other: HowManySearch) -> None:
        """Hold what another search has found."""
        assign(self, advice=other.advice)

    def forget(self) -> None:
        """Give up looking, and drop what was found, as where it was for other settings."""
        self._latest.supersede()
        assign(self, advice=None, current_k=None)
