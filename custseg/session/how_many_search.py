"""The part of the model that looks for how many segments to use, off the event loop."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import param

from custseg.errors import DataError, SettingError
from custseg.how_many.advice import Advice, advise
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.parameters import SegmentCounts, Share
from custseg.session.state import State
from custseg.settings import DEFAULT_SMALLEST_SHARE, K_RANGE

if TYPE_CHECKING:
    from custseg.tables.table import CustomerTable


class Suggesting(State):
    """What a model knows of how many segments to use; it goes with the settings that it was found for."""

    suggest = param.Event(doc="Trigger to find out how many segments to use, off the event loop; for advice.")
    ks: list[int] = SegmentCounts(
        default=list(range(K_RANGE[0], K_RANGE[1] + 1)), doc="The numbers of segments that suggest looks at."
    )
    smallest_share: float = Share(
        default=DEFAULT_SMALLEST_SHARE, doc="The share of customers that a suggested segment should have at least."
    )
    advice: Advice | None = param.ClassSelector(
        class_=Advice, constant=True, allow_None=True, doc="How many segments to use, for the settings as they are."
    )
    current_k: int | None = param.Integer(
        default=None, constant=True, allow_None=True, doc="The k that advice is being looked for at; None if at none."
    )

    # What the model that this is a part of has.
    table: CustomerTable
    _advising: LatestTask

    @param.depends("suggest", watch=True)
    async def _suggest_off_the_loop(self) -> None:
        loop, context = asyncio.get_running_loop(), copy_context()
        names = ("ks", "features", "seed", "recipe", "smallest_share")
        settings: dict[str, Any] = {name: getattr(self, name) for name in names}
        self._announce(current_k=min(self.ks))

        def work(ticket: Ticket) -> Advice:
            def tell(k: int) -> None:
                if ticket.counts:
                    self._announce(current_k=k)

            def on_progress(k: int) -> None:
                ticket.check()
                loop.call_soon_threadsafe(tell, k, context=context)

            return advise(self.table, on_progress=on_progress, **settings)

        try:
            found = await self._advising.compute(work)
        except SupersededError:
            return
        except (DataError, SettingError) as problem:
            self._announce(current_k=None, error=str(problem))
        except BaseException:
            # So that it can be asked for again.
            self._announce(current_k=None)
            raise
        else:
            self._announce(current_k=None, advice=found)

    def stop_advice(self) -> None:
        """Give up looking for advice; what was found before stays."""
        self._advising.supersede()
        self._set(current_k=None)
