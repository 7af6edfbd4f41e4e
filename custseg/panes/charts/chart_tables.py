"""What the pictures of segments show, as tables: for screen readers, and for whoever wants the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.panes.charts.figures import columns_of, label_of
from custseg.panes.charts.heatmap import written as written_score
from custseg.tables.written_values import written
from custseg.wording import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.insight.groups import Group, Groups
    from custseg.panes.charts.marks import Mark
    from custseg.tables.column_roles import Column

_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Headings, and rows of which the first cell names the row; all of it plain text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def averages_table(groups: Groups, marks: Sequence[Mark], positions: Sequence[int]) -> ChartTable:
    """Return the average of each feature in each group, and how far it is from that of all customers."""
    columns, everyone = columns_of(groups), groups.profile.overall_means
    rows = tuple(
        (
            label_of(columns[position]),
            *(_average(columns[position], mark.group, position) for mark in marks),
            written(columns[position], float(everyone[position])),
        )
        for position in positions
    )
    return ChartTable(
        (say("Average (standard deviations from all)"), *(mark.row for mark in marks), say("All customers")), rows
    )


def _average(column: Column, group: Group, position: int) -> str:
    mean, score = float(group.means[position]), float(group.scores[position])
    return _NOTHING if np.isnan(mean) else f"{written(column, mean)} ({written_score(score)})"


def ranks_table(groups: Groups, marks: Sequence[Mark], positions: Sequence[int]) -> ChartTable:
    """Return which share of all customers has less of each feature than the median customer of each group."""
    columns = columns_of(groups)
    rows = tuple(
        (label_of(columns[position]), *(_share(float(mark.group.ranks[position])) for mark in marks))
        for position in positions
    )
    return ChartTable((say("Customers with less than the median one"), *(mark.row for mark in marks)), rows)


def spread_table(groups: Groups, marks: Sequence[Mark], positions: Sequence[int]) -> ChartTable:
    """Return the median customer and the average of each group, for some features."""
    columns = columns_of(groups)
    heads = [
        head
        for at in positions
        for head in (
            say("Median {columns}", columns=label_of(columns[at])),
            say("Average {columns}", columns=label_of(columns[at])),
        )
    ]
    rows = tuple(
        (
            mark.title,
            *(
                _NOTHING if np.isnan(value) else written(columns[at], value)
                for at in positions
                for value in (float(mark.group.medians[at]), float(mark.group.means[at]))
            ),
            f"{mark.group.customers:,}",
        )
        for mark in marks
    )
    return ChartTable((say("Group"), *heads, say("Customers")), rows)


def medians_table(groups: Groups, group: Group, positions: Sequence[int]) -> ChartTable:
    """Return the median customer of one group beside that of everyone, for some features."""
    columns, everyone = columns_of(groups), groups.profile.overall_quartiles[1]
    rows = tuple(
        (label_of(columns[at]), *(written(columns[at], float(values[at])) for values in (group.medians, everyone)))
        for at in positions
    )
    return ChartTable((say("Median customer"), say("Here"), say("Everyone")), rows)


def shares_table(marks: Sequence[Mark]) -> ChartTable:
    """Return the share of customers and of spend of each group, with the intervals that are known."""
    spend = any(mark.group.spend_share is not None for mark in marks)
    rows = tuple(
        (
            mark.title,
            _with_ends(mark.group.customer_share, mark.customer_ends),
            *([_with_ends(mark.group.spend_share, mark.spend_ends)] if spend else []),
        )
        for mark in marks
    )
    return ChartTable((say("Group"), say("Share of customers"), *([say("Share of spend")] if spend else [])), rows)


def _share(share: float) -> str:
    return _NOTHING if np.isnan(share) else percent(share)


def _with_ends(share: float | None, ends: tuple[float, float] | None) -> str:
    if share is None:
        return _NOTHING
    return (
        percent(share)
        if ends is None
        else say("{share} (95%: {low} to {high})", share=percent(share), low=percent(ends[0]), high=percent(ends[1]))
    )
