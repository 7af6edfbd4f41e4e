"""What is looked for only when somebody asks: how many segments, other settings, what it is worth, other opinions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from custseg.errors import DataError, SettingError
from custseg.session.state import announce

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from custseg.how_many.advice import Advice
    from custseg.insight.second_opinion_result import SecondOpinion
    from custseg.insight.worth import Worth
    from custseg.narrative.multiverse import Multiverse
    from custseg.session.model_outputs import ModelOutputs
    from custseg.session.pace import Pace

# What advice is on, beside the table.
_OF_ADVICE = ("ks", "features", "seed", "recipe", "smallest_share", "smallest_size")


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What was looked for and found; None where nothing was."""

    advice: Advice | None
    multiverse: Multiverse | None
    worth: Worth | None
    second_opinion: SecondOpinion | None


class Searches:
    """Begins the searches of a model and ends them; what went wrong is its ``error``."""

    def __init__(self, model: ModelOutputs, pace: Pace) -> None:
        self._model, self._pace = model, pace

    async def suggest(self) -> None:
        """Look for how many segments to use."""
        model = self._model
        settings = {name: getattr(model, name) for name in _OF_ADVICE}
        await self._begin(partial(model.search.look, model.table, **settings))

    async def try_settings(self) -> None:
        """Look for other settings under which the result holds."""
        if self._model.result is not None:
            await self._begin(partial(self._model.multiverse_search.look, self._model.result))

    async def weigh(self) -> None:
        """Look for what acting by segment is worth."""
        model = self._model
        if model.result is not None and model.weighed_by is not None:
            await self._begin(partial(model.worth_search.look, model.result, model.weighed_by))

    async def ask_second_opinion(self) -> None:
        """Ask a mixture about the same customers."""
        if self._model.result is not None:
            await self._begin(partial(self._model.opinions.ask, self._model.result))

    def stop_those_of_the_result(self) -> None:
        """Give up what a run makes needless."""
        self._model.multiverse_search.stop()
        self._model.worth_search.stop()

    def keep_what_is_of_the_result(self) -> None:
        """Drop what was found of another result than the one that is shown."""
        model = self._model
        for search in (model.multiverse_search, model.worth_search, model.opinions):
            search.keep_what_is_of(model.result)

    @property
    def findings(self) -> Findings:
        """What was found by now."""
        model = self._model
        return Findings(model.advice, model.multiverse, model.worth, model.second_opinion)

    def take_over(self, found: Findings) -> None:
        """Hold what was found elsewhere of the result that is shown."""
        model = self._model
        model.search.take_over(found.advice)
        model.multiverse_search.take_over_of(model.result, found.multiverse)
        model.worth_search.take_over_of(model.result, found.worth)
        model.opinions.take_over_of(model.result, found.second_opinion)

    async def _begin(self, look: Callable[[], Awaitable[None]]) -> None:
        try:
            self._pace.count()
            await look()
        except (DataError, SettingError) as problem:
            announce(self._model, error=str(problem))
