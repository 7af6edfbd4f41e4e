"""What takes longer than a run: how sure it is, and whether evening out skewed features would change it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from custseg.change.evened_out import compare_evened_out, made_of
from custseg.errors import DataError, SettingError
from custseg.session.assessing import Assessing
from custseg.session.assessment import assess_result
from custseg.session.background import LatestTask, SupersededError, Ticket
from custseg.session.state import announce, assign

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.change.evened_out import EvenedOutComparison
    from custseg.clustering.segmentation import Segmentation
    from custseg.session.assessment import Assessment
    from custseg.session.model_parameters import ModelParameters
    from custseg.session.run_result import RunResult

# How long a result stands before it is looked at closely.
_SECONDS_OF_REST = 0.8


class CloserLook:
    """Finds out more of the run that a model shows, off the event loop, for as long as that is shown.

    ``show_more`` is called with the run and what was found of it, and with parameters of the model that change with it.
    """

    def __init__(self, model: ModelParameters, show_more: Callable[..., None]) -> None:
        self._model, self._show_more = model, show_more
        self._assessing, self._evening = Assessing(), LatestTask()

    def supersede(self) -> Ticket:
        """Give up finding out how sure the run is, and return the ticket for the run that comes now."""
        return self._assessing.supersede()

    def leave(self) -> None:
        """Give up all of it, since nobody is shown anything any more."""
        self._assessing.supersede()
        self._evening.supersede()

    async def look(self, ticket: Ticket) -> None:
        """Find out all of it once the run has stood for a while, for as long as the ticket counts."""
        # Who changes settings quickly shall not wait for this.
        await asyncio.sleep(_SECONDS_OF_REST)
        if ticket.counts and self._model.evened_out is None:
            try:
                await self.compare_evened_out()
            except BaseException:
                announce(self._model, assessing=False)
                raise
        outcome = self._model.outcome
        if ticket.counts and outcome is not None and outcome.certainty is None:
            await self.assess(unasked=True)

    async def compare_evened_out(self) -> None:
        """Find out what the run is with skewed features as they are and evened out."""
        if self._model.outcome is None:
            return
        result = self._model.outcome.segmentation
        try:
            found = await self._evening.compute(partial(_compare, result), unasked=True)
        except (SupersededError, DataError, SettingError):
            # Where the other way can't be gone, there is nothing to choose.
            return
        announce(self._model, evened_out=found)

    def keep_comparison_of(self, outcome: RunResult | None) -> None:
        """Give up what is known of evening out, or being found out, unless an outcome is one of the two ways."""
        self._evening.supersede()
        known = self._model.evened_out
        if outcome is None:
            assign(self._model, evened_out=None)
        elif known is None or not known.is_of(outcome.segmentation):
            result = outcome.segmentation
            assign(self._model, evened_out=result.table.assessed.recall(_both_ways_of(result)))

    def assess_now(self) -> None:
        """Find out how sure the run is, while everything else waits."""
        if self._model.outcome is not None:
            self._assessing.supersede()
            self._accept(assess_result(self._model.outcome.segmentation))

    async def assess(self, *, unasked: bool = False) -> None:
        """Find out how sure the run is: the first words are shown while the rest follows.

        Where nobody pressed for it (``unasked``), others come first.
        """
        outcome = self._model.outcome
        if outcome is None:
            return
        result, found = outcome.segmentation, outcome.assessment
        found = None if found is not None and found.complete else found
        announce(self._model, assessing=True)
        try:
            while found is None or not found.complete:
                found = await self._assess_more(result, found, unasked=unasked)
                if not self._shows(found):
                    # Whoever was told of it has begun something else.
                    return
        except SupersededError:
            return
        except BaseException:
            announce(self._model, assessing=False)
            raise

    def stop_assessing(self) -> None:
        """Give up finding out how sure the run is; what was found of it so far is shown."""
        outcome = self._assessing.stop(self._model.outcome)
        if outcome is not None and outcome is not self._model.outcome:
            self._show_more(outcome, assessing=False)
        else:
            announce(self._model, assessing=False)

    def count_resamples(self) -> None:
        """Begin to count where an assessment begins, and end with it."""
        model = self._model
        if not model.assessing:
            assign(model, resamples_drawn=None)
        elif model.resamples_drawn is None or model.outcome is None or model.outcome.assessment is None:
            assign(model, resamples_drawn=0)

    async def _assess_more(self, result: Segmentation, before: Assessment | None, *, unasked: bool) -> Assessment:
        found = await self._assessing.find_more(
            result, before, lambda drawn: announce(self._model, resamples_drawn=drawn), unasked=unasked
        )
        self._accept(found)
        return found

    def _accept(self, found: Assessment) -> None:
        if self._model.outcome is not None:
            self._show_more(self._model.outcome.with_assessment(found), assessing=not found.complete)

    def _shows(self, found: Assessment) -> bool:
        return self._model.outcome is not None and self._model.outcome.assessment is found


def _compare(result: Segmentation, ticket: Ticket) -> EvenedOutComparison | None:
    return result.table.assessed.get(
        _both_ways_of(result), lambda: compare_evened_out(result, lambda _: ticket.give_way())
    )


def _both_ways_of(result: Segmentation) -> tuple[object, ...]:
    return "evened out", made_of(result)
