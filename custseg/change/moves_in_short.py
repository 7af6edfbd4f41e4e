"""One sentence on who went where: how many customers changed segment, and where most of them went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.change.crosstab import IN_NONE
from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.change.comparison import Comparison
    from custseg.change.migration import Migration

    Labels = npt.NDArray[np.intp]


def numbered(names: Sequence[str]) -> list[str]:
    """Return the number and the name of each segment, such as “2 Loyal”, and then what is said of being in none."""
    return [*(f"{at} {name}" for at, name in enumerate(names, start=1)), IN_NONE]


def moves_between_runs(comparison: Comparison, before: Sequence[str], after: Sequence[str]) -> str:
    """Say how many of the customers are in a segment that is another one; ``before`` and ``after`` name segments."""
    moves = comparison.matrix.copy()
    moves[-1, -1] = 0
    for now, was in comparison.partners.items():
        moves[was - 1, now - 1] = 0
    return _say(moves, int(comparison.matrix.sum()), numbered(before), numbered(after))


def moves_over_time(migration: Migration, names: Sequence[str]) -> str:
    """Say how many of the customers that are in both tables changed segment, and how many left and came."""
    both = migration.matrix[:-1, :-1].copy()
    customers = int(both.sum())
    np.fill_diagonal(both, 0)
    rest = f"{migration.left:,} left and {migration.came:,} came."
    return f"{_say(both, customers, numbered(names), numbered(names), ' in both tables')} {rest}"


def _say(moves: Labels, customers: int, before: list[str], after: list[str], where: str = "") -> str:
    moved, largest = int(moves.sum()), int(moves.max())
    whom = f"{count(customers, 'customer')}{where}"
    if not moved:
        return f"None of {whom} changed segment."
    start, end = np.unravel_index(moves.argmax(), moves.shape)
    text = f"{moved:,} of {whom} ({percent(moved / customers)}) changed segment"
    way = f"from “{before[start]}” to “{after[end]}”"
    if largest == moved:
        return f"{text}, {'all of them ' if moved > 1 else ''}{way}."
    if largest <= moved / 2 and (moves == largest).sum() > 1:
        return f"{text}."
    who = f"most of them, {largest:,}," if largest > moved / 2 else f"the largest group, {largest:,},"
    return f"{text}; {who} went {way}."
