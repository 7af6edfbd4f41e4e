"""The facts of a segment: what became of its customers, and the largest differences, each with its number."""

from __future__ import annotations

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

    The outcome is the first in which the segment differs, else the first. Both kinds of difference are measured in
    standard deviations of one customer.
    """
    became = sorted(outcomes, key=lambda phrase: not (phrase.claim is not None and phrase.claim.telling))
    differences: list[Contrast | CategoryDifference] = [*contrasts, *categories]
    differences.sort(key=lambda difference: -abs(difference.distance))
    lines = [*became[:1], *(Phrase(difference.line, difference.claim) for difference in differences)]
    return tuple(sentence(line) for line in lines[:MOST_FACTS])
