"""The facts of a segment: what became of its customers, and the largest differences, each with its number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from custseg.narrative.claims import Phrase, Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.narrative.category_differences import CategoryDifference
    from custseg.narrative.contrasts import Contrast

MOST_FACTS = 3


def find_facts(
    outcomes: Sequence[Phrase], contrasts: Sequence[Contrast], categories: Sequence[CategoryDifference]
) -> tuple[Sentence, ...]:
    """Return up to MOST_FACTS of one segment: an outcome, where there is one, and the largest differences.

    Both kinds of difference are measured in standard deviations of one customer.
    """
    # A total says nothing beside its parts.
    parts = any(contrast.money for contrast in contrasts)
    told = [contrast for contrast in contrasts if not (contrast.total and parts)]
    differences: list[Contrast | CategoryDifference] = [*told, *categories]
    differences.sort(key=lambda difference: -abs(difference.distance))
    lines = [*by_difference(outcomes)[:1], *(Phrase(difference.line, difference.claim) for difference in differences)]
    return tuple(sentence(line) for line in lines[:MOST_FACTS])


def by_difference(outcomes: Sequence[Phrase]) -> list[Phrase]:
    """Order outcomes: those in which the segment differs first, and of these the largest difference."""
    return sorted(outcomes, key=_likeness)


def _likeness(outcome: Phrase) -> float:
    claim = outcome.claim
    if claim is None or not claim.telling:
        return 0.0
    return -abs(claim.value - claim.baseline) / math.sqrt(claim.baseline * (1 - claim.baseline))
