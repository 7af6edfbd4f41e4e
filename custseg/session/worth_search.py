"""The search for what acting by segment is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import param

from custseg.insight.worth import Worth, worth
from custseg.session.result_search import ResultSearch

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation


class WorthSearch(ResultSearch):
    """What acting by the segments of the last result is worth, and which fold is being tried."""

    worth: Worth | None = param.ClassSelector(
        class_=Worth, constant=True, allow_None=True, doc="What was found of the outcome; None where nothing was."
    )
    fold_tried: tuple[int, int] | None = param.Parameter(
        default=None, constant=True, doc="Which fold is being tried, and of how many; None where none is."
    )
    _names: ClassVar[tuple[str, str]] = ("worth", "fold_tried")

    async def look(self, result: Segmentation, column: str) -> None:
        """Find out what acting by segment is worth, by an outcome column. Raises what ``worth`` does."""
        await self._look_into(result, lambda on_progress: worth(result, column, on_progress=on_progress))
