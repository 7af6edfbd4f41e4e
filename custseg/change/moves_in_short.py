"""One sentence on who went where: how many customers changed segment, and where most of them went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import IN_NONE
from custseg.language import mark, say
from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.change.comparison import Comparison
    from custseg.change.migration import Migration

    Labels = npt.NDArray[np.intp]


def numbered(names: Sequence[str]) -> list[str]:
    """Return the number and the name of each segment, such as “2 Loyal”, and then what is said of being in none."""
    return [*(f"{at} {name}" for at, name in enumerate(names, start=1)), say(IN_NONE)]


def moves_between_runs(comparison: Comparison, before: Sequence[str], after: Sequence[str]) -> str:
    """Say how many of the customers are in a segment that is another one; ``before`` and ``after`` name segments."""
    moves = comparison.matrix.copy()
    moves[-1, -1] = 0
    for now, was in comparison.partners.items():
        moves[was - 1, now - 1] = 0
    customers = int(comparison.matrix.sum())
    return _say(moves, customers, numbered(before), numbered(after), count(customers, "customer"))


def moves_over_time(migration: Migration, names: Sequence[str]) -> str:
    """Say how many of the customers that are in both tables changed segment, and how many left and came."""
    both = migration.matrix[:-1, :-1].copy()
    customers = int(both.sum())
    np.fill_diagonal(both, 0)
    whom = say("{customers} in both tables", customers=count(customers, "customer"))
    rest = say("{left:,} left and {came:,} came.", left=migration.left, came=migration.came)
    return f"{_say(both, customers, numbered(names), numbered(names), whom)} {rest}"


def _say(moves: Labels, customers: int, before: list[str], after: list[str], whom: str) -> str:
    """Say who of ``whom`` changed segment."""
    moved, largest = int(moves.sum()), int(moves.max())
    if not moved:
        return say("None of {whom} changed segment.", whom=whom)
    start, end = np.unravel_index(moves.argmax(), moves.shape)
    text = say(
        "{moved:,} of {whom} ({share}) changed segment", moved=moved, whom=whom, share=percent(moved / customers)
    )
    way = say("from “{before}” to “{after}”", before=before[start], after=after[end])
    if largest == moved:
        all_of_them = mark("{text}, all of them {way}.") if moved > 1 else mark("{text}, {way}.")
        return say(all_of_them, text=text, way=way)
    if largest <= moved / 2 and (moves == largest).sum() > 1:
        return f"{text}."
    if largest > moved / 2:
        return say("{text}; most of them, {largest:,}, went {way}.", text=text, largest=largest, way=way)
    return say("{text}; the largest group, {largest:,}, went {way}.", text=text, largest=largest, way=way)
