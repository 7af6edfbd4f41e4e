"""The categories that are more frequent in a segment than among all customers, the most telling first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.narrative.amounts import statement
from custseg.narrative.claims import Claim
from custseg.tables.levels import NO_VALUE
from custseg.wording import capitalised, join_words, percent

if TYPE_CHECKING:
    from custseg.insight.associations import Association, Telling
    from custseg.insight.profile import Profile
    from custseg.tables.schema import ColumnsByRole

MOST_CATEGORIES = 3


@dataclass(frozen=True, slots=True)
class CategoryDifference:
    """One category that is more frequent in a segment than among all.

    Attributes
    ----------
    columns
        What people call the columns that say it: several where as many customers of each segment have the same level.
    statement
        What it says, as a line begins: “Channel is Retail”; of more than two columns, the level alone.
    claim
        The share, of the first column.
    distance
        From the share of all customers to the segment's, in standard deviations of one customer.

    """

    columns: tuple[str, ...]
    statement: str
    claim: Claim
    distance: float

    @property
    def line(self) -> str:
        """The difference in one line: “Channel is Retail: 85% (average 32%)”."""
        return say(
            "{statement}: {share} (average {average})",
            statement=self.statement, share=percent(self.claim.value), average=percent(self.claim.baseline),
        )  # fmt: skip


def find_category_differences(profile: Profile, position: int) -> list[CategoryDifference]:
    """Return up to MOST_CATEGORIES of a segment (from 0), those that say the same as one."""
    told = [
        (association, telling)
        for association in profile.associations
        if (telling := association.telling(position + 1)) is not None
        # “1% against 1%” is no difference to a reader.
        and percent(telling.share) != percent(telling.overall)
    ]
    differences = [_difference(profile, position, group) for group in _merged(told)]
    differences.sort(key=lambda difference: -difference.distance)
    return differences[:MOST_CATEGORIES]


_Told = list[tuple["Association", "Telling"]]


def _merged(told: _Told) -> list[_Told]:
    """Put together what as many customers of each segment have: “no internet service”, in six columns.

    As many of each segment are as good as the same ones. Where they have other words for it, the first is enough.
    """
    groups: dict[tuple[int, ...], _Told] = {}
    for association, telling in told:
        counts = association.counts[:, association.levels.index(telling.level)]
        groups.setdefault(tuple(counts.tolist()), []).append((association, telling))
    return list(groups.values())


def _difference(profile: Profile, position: int, group: _Told) -> CategoryDifference:
    # The words of most columns, so that nothing is said of a column that is not so there.
    levels = [telling.level for _, telling in group]
    level = max(levels, key=levels.count)
    associations = [association for association, telling in group if telling.level == level]
    first, share, overall = associations[0], group[0][1].share, group[0][1].overall
    size, everyone = int(first.counts[position].sum()), int(first.counts.sum())
    claim = Claim(
        position + 1, "share of category", first.column, share, overall, size, everyone, category=level,
        label=first.label,
    )  # fmt: skip
    schema = profile.segmentation.schema
    return CategoryDifference(
        columns=tuple(schema.label(association.column) for association in associations),
        statement=_statement(schema, associations, level),
        claim=claim,
        distance=float((share - overall) / np.sqrt(overall * (1 - overall))),
    )


def _statement(schema: ColumnsByRole, associations: list[Association], level: str) -> str:
    first, *others = associations
    if not others:
        return statement(schema, first.column, level, first.levels)
    named = [schema.label(association.column) for association in associations]
    columns = f"{named[0]} and {len(others)} more" if len(others) > 1 else join_words(named)
    return f"{capitalised('missing' if level == NO_VALUE else level)} ({columns})"
