"""The facts of a segment: what became of its customers, then the largest differences, each with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.narrative.claims import Phrase, Sentence, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.narrative.category_differences import CategoryDifference
    from custseg.narrative.contrasts import Contrast

MOST_FACTS = 3


def find_facts(
    outcomes: Sequence[Sentence], contrasts: Sequence[Contrast], categories: Sequence[CategoryDifference]
) -> tuple[Sentence, ...]:
    """Return the outcomes and up to MOST_FACTS differences of one segment, the largest first.

    Both kinds of difference are measured in standard deviations of one customer.
    """
    differences: list[Contrast | CategoryDifference] = [*contrasts, *categories]
    differences.sort(key=lambda difference: -abs(difference.distance))
    return (*outcomes, *(sentence(Phrase(one.line, one.claim)) for one in differences[:MOST_FACTS]))
