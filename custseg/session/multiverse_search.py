"""The search for how far a result holds under other settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import param

from custseg.narrative.multiverse import Multiverse, multiverse
from custseg.session.result_search import ResultSearch

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation


class MultiverseSearch(ResultSearch):
    """Under which other settings the segments of the last result hold, and which is being tried."""

    multiverse: Multiverse | None = param.ClassSelector(
        class_=Multiverse, constant=True, allow_None=True, doc="What was found of the outcome; None where nothing was."
    )
    setting_tried: tuple[int, int] | None = param.Parameter(
        default=None, constant=True, doc="Which setting is being tried, and of how many; None where none is."
    )
    _names: ClassVar[tuple[str, str]] = ("multiverse", "setting_tried")

    async def look(self, result: Segmentation) -> None:
        """Try other settings for a result. Raises what ``multiverse`` does."""
        await self._look_into(result, lambda on_progress: multiverse(result, on_progress=on_progress))
