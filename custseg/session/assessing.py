"""Finding out how sure a result is: off the event loop, part by part; what was found so far is kept when given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.session.assessment import Assessment, assess_further
from custseg.session.background import LatestTask, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.run_result import RunResult

# So often it is said how many resamples are drawn: often enough to see it go on, and no message for each.
_RESAMPLES_A_STEP = 5


class Assessing(LatestTask):
    """Assessments, of which only the latest counts."""

    def __init__(self) -> None:
        super().__init__(waits=True)
        # What was found since there was something to show.
        self._found_since: Assessment | None = None

    async def find_more(
        self, result: Segmentation, before: Assessment | None, on_drawn: Callable[[int], None], *, unasked: bool
    ) -> Assessment:
        """Find out the first of it, or more than before; ``on_drawn`` hears how many resamples are drawn.

        ``unasked`` says that nobody pressed for it. Raises SupersededError as ``compute`` does.
        """
        self._found_since = None

        def work(ticket: Ticket) -> Assessment:
            def on_progress(number: int) -> None:
                ticket.give_way()
                if number % _RESAMPLES_A_STEP == 0:
                    ticket.tell(number)

            def on_found(part: Assessment) -> None:
                if ticket.counts:
                    self._found_since = part

            found = result.table.assessed.get(
                _after(before, result), lambda: assess_further(result, before, on_progress, on_found)
            )
            # Another run, or another session, may have found it out of the same segments.
            return found.of_the_same(result)

        return await self.compute(work, on_progress=on_drawn, unasked=unasked)

    def stop(self, outcome: RunResult | None) -> RunResult | None:
        """Give it up, and return the outcome with what was found of it so far."""
        self.supersede()
        found = self._found_since
        if outcome is None or found is None or not found.is_more_than(outcome.assessment, outcome.segmentation):
            return outcome
        return outcome.with_assessment(found)


def recall_assessment(result: Segmentation) -> Assessment | None:
    """Return all that is to be found of a result, where another run or session has found it; else None."""
    found: Assessment | None = None
    while found is None or not found.complete:
        found = result.table.assessed.recall(_after(found, result))
        if found is None:
            return None
    return found.of_the_same(result)


def _after(before: Assessment | None, result: Segmentation) -> tuple[object, ...]:
    """Return what an assessment is kept under: what it is of, and how much was known before."""
    return "assessment", result.made_of, 0 if before is None else len(before.certainty.resamples)
