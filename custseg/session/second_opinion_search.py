"""The search for a second opinion on a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import param

from custseg.insight.second_opinion import second_opinion
from custseg.insight.second_opinion_result import SecondOpinion
from custseg.session.result_search import ResultSearch

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation
    from custseg.session.search import Progress


class SecondOpinionSearch(ResultSearch):
    """What was found, and whether it is being looked for."""

    opinion: SecondOpinion | None = param.ClassSelector(
        class_=SecondOpinion, constant=True, allow_None=True, doc="What was found last; None where nothing was."
    )
    asking: bool = param.Boolean(default=False, constant=True, doc="Whether a second opinion is being looked for.")
    _names: ClassVar[tuple[str, str]] = ("opinion", "asking")
    _idle: ClassVar[object] = False
    _begun: ClassVar[object] = True

    async def ask(self, result: Segmentation) -> None:
        """Find a second opinion on a result. Raises what ``second_opinion`` does."""

        def find(on_progress: Progress) -> SecondOpinion:
            found = second_opinion(result, on_progress=on_progress)
            # Found here, so that nobody waits for it who shows it.
            _ = found.elsewhere
            return found

        await self._look_into(result, find)
