"""How many of each group have each level of a category or an outcome, where that is of enough customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.language import say
from custseg.session.report.blocks import OUTSIDE
from custseg.session.report.document import LevelShare, ToldCategory
from custseg.tables.levels import MOST_LEVELS, NO_VALUE, OTHER
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from custseg.session.report.blocks import Rows
    from custseg.session.report.shown_customers import ShownCustomers
    from custseg.tables.column_roles import Column

    Counts = npt.NDArray[np.intp]


def told_categories(shown: ShownCustomers, least: int) -> tuple[ToldCategory, ...]:
    """Return the categories and outcomes of the groups of the result.

    Each share that is told is of at least ``least`` customers of a group, and so is what it leaves of the group. They
    are told of one grouping alone, so that none is the difference of two. Rarer levels count as one.
    """
    of_blocks = shown.group_of_blocks(shown.result.k)
    kept, of_blocks = np.unique(of_blocks, return_inverse=True)
    own = np.where(shown.blocks.of == OUTSIDE, OUTSIDE, of_blocks[shown.blocks.of])
    columns = [column for column in shown.result.schema.columns if column.role in ("category", "outcome")]
    found = (_told(shown, column, own, len(kept), least) for column in columns)
    return tuple(category for category in found if category is not None)


def _told(shown: ShownCustomers, column: Column, own: Rows, many: int, least: int) -> ToldCategory | None:
    levels = shown.result.table.levels(column.name)
    inside, width = own != OUTSIDE, len(levels.texts)
    cells = own[inside] * width + levels.codes[inside].astype(np.intp)
    counts = np.bincount(cells, minlength=many * width).reshape(many, width)
    kept = told_levels(counts, least)
    if not kept:
        return None
    names = [say(NO_VALUE) if levels.texts[level] is None else str(levels.texts[level]) for level in kept]
    told = [(name, counts[:, level]) for name, level in zip(names, kept, strict=True)]
    rest = counts.sum(axis=1) - counts[:, kept].sum(axis=1)
    if rest.any():
        told.append((say(OTHER), rest))
    return ToldCategory(
        name=column.name,
        title=capitalised(column.label or column.name),
        levels=tuple(LevelShare(level=level, shares=tuple(_shares(of_level, counts))) for level, of_level in told),
    )


def told_levels(counts: Counts, least: int) -> list[int]:
    """Return the levels, columns of groups x levels, that are told apart, the most frequent first; none where too few.

    Each has at least ``least`` customers in every group, and so have all others together, where there are any.
    """
    totals = counts.sum(axis=0)
    enough = [int(level) for level in np.argsort(-totals, kind="stable") if counts[:, level].min() >= least]
    kept = enough[:MOST_LEVELS]
    while kept:
        rest = counts.sum(axis=1) - counts[:, kept].sum(axis=1)
        if not rest.any() or rest.min() >= least:
            break
        kept.pop()
    return kept if kept and (len(kept) > 1 or rest.any()) else []


def _shares(of_level: npt.NDArray[Any], counts: Counts) -> Iterator[float]:
    """Yield the share of a level in each group, and then among all of them."""
    yield from (of_level / counts.sum(axis=1)).round(4).tolist()
    yield round(float(of_level.sum() / counts.sum()), 4)
