"""The search for a second opinion on a result: off the event loop, step by step, and to be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import param

from custseg.insight.second_opinion import second_opinion
from custseg.insight.second_opinion_result import SecondOpinion
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import State

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation


class SecondOpinionSearch(State):
    """What was found, and whether it is being looked for. Of several searches only the latest counts."""

    opinion: SecondOpinion | None = param.ClassSelector(
        class_=SecondOpinion, constant=True, allow_None=True, doc="What was found last; None where nothing was."
    )
    asking: bool = param.Boolean(default=False, constant=True, doc="Whether a second opinion is being looked for.")

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestTask()
        self._result: Segmentation | None = None

    async def ask(self, result: Segmentation) -> None:
        """Find a second opinion on a result in a thread, unless it is stopped meanwhile."""

        def work(ticket: Ticket) -> SecondOpinion:
            found = second_opinion(result, on_progress=ticket.check)
            # Found here, so that nobody waits for it who shows it.
            _ = found.elsewhere
            return found

        self._result = result
        self._announce(asking=True)
        try:
            opinion = await self._latest.compute(work)
        except SupersededError:
            return
        except BaseException:
            # So that it can be asked for again.
            self._announce(asking=False)
            raise
        self._announce(asking=False, opinion=opinion)

    def stop(self) -> None:
        """Give up looking; what was found before stays."""
        self._latest.supersede()
        self._set(asking=False)

    def forget(self, result: Segmentation | None) -> None:
        """Give up looking, and drop what was found, where it is of another result than the one that is shown now."""
        if self._result is not result:
            self._result = None
            self._latest.supersede()
            self._set(opinion=None, asking=False)
