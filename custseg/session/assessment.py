"""What is found out of a result once it stands: how sure it is, and what sets its segments apart."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from custseg.clustering.without_columns import influence
from custseg.how_many.separation import Separation, find_separation
from custseg.insight.certainty import FIRST_RESAMPLES, RESAMPLES, Certainty, certainty
from custseg.insight.rules import Rules, find_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.clustering.influence import Influence
    from custseg.clustering.segmentation import Segmentation

# What is found out bit by bit is shown for at least this long before there is more of it.
SECONDS_SHOWN = 1.0


@dataclass(frozen=True)
class Assessment:
    """What is found out of a result once it stands: it takes longer than the result itself.

    ``separation`` says of each segment whether it is set apart, which it need not be to be found again each time.
    """

    certainty: Certainty
    rules: Rules
    influence: Influence
    separation: tuple[Separation, ...]

    @property
    def complete(self) -> bool:
        """Whether all resamples are there, or the first ones alone."""
        return self.certainty.complete

    def is_more_than(self, other: Assessment | None, result: Segmentation) -> bool:
        """Whether it is of that result, and rests on more resamples than another one, or there is none."""
        found = len(self.certainty.resamples)
        return self.certainty.segmentation is result and (other is None or found > len(other.certainty.resamples))

    def of_the_same(self, result: Segmentation) -> Assessment:
        """Return it as that of another result with the same segments of the same customers."""
        if self.certainty.segmentation is result:
            return self
        sure, rules = replace(self.certainty, segmentation=result), replace(self.rules, segmentation=result)
        return replace(self, certainty=sure, rules=rules)


def assess_result(result: Segmentation, on_progress: Callable[[int], None] | None = None) -> Assessment:
    """Find out how sure a result is and what sets its segments apart; ``on_progress`` as for ``certainty``."""
    return _assess(result, RESAMPLES, on_progress)


def _assess(result: Segmentation, resamples: int, on_progress: Callable[[int], None] | None) -> Assessment:
    sure, rules = certainty(result, resamples=resamples, on_progress=on_progress), find_rules(result)
    # Of columns, not of resamples; it is asked here too whether this still counts.
    by_column = None if on_progress is None else lambda _: on_progress(resamples)
    return Assessment(sure, rules, influence(result, on_progress=by_column), find_separation(result))


def assess_further(
    result: Segmentation,
    before: Assessment | None,
    on_progress: Callable[[int], None],
    on_found: Callable[[Assessment], None] = lambda _: None,
) -> Assessment:
    """Find out the first of it, or more than before: as much as is found in SECONDS_SHOWN, and at least a part.

    ``on_progress`` is called with the number of each resample before it is drawn, and ``on_found`` with each part once
    it is there, so that it is not lost where the rest is given up.
    """
    if before is None:
        return _assess(result, FIRST_RESAMPLES, on_progress)
    began, found = time.monotonic(), before.certainty
    while not found.complete and (found is before.certainty or time.monotonic() - began < SECONDS_SHOWN):
        wanted = min(len(found.resamples) + FIRST_RESAMPLES, RESAMPLES)
        found = certainty(result, resamples=wanted, after=found, on_progress=on_progress)
        on_found(replace(before, certainty=found))
    return replace(before, certainty=found)
