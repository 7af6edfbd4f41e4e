"""The search for how many segments to use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import param

from custseg.how_many.advice import Advice, advise
from custseg.session.search import Search

if TYPE_CHECKING:
    from custseg.tables.table import CustomerTable


class HowManySearch(Search):
    """What was found, and at which number the search is."""

    advice: Advice | None = param.ClassSelector(
        class_=Advice, constant=True, allow_None=True, doc="What was found last; None where nothing was."
    )
    current_k: int | None = param.Integer(
        default=None, constant=True, allow_None=True, doc="The k that is being looked at; None where none is."
    )
    _names: ClassVar[tuple[str, str]] = ("advice", "current_k")

    async def look(self, table: CustomerTable, *, ks: list[int], **settings: Any) -> None:
        """Find advice, with the settings of ``advise``, which also says what is raised."""
        await self._look(lambda on_progress: advise(table, ks=ks, on_progress=on_progress, **settings), min(ks))

    @staticmethod
    def _step(*step: int) -> object:
        (k,) = step
        return k
