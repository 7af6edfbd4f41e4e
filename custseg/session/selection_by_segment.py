"""Of which segments the selected customers are, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from custseg.language import say, written
from custseg.tables.expressions import SEGMENT, Count, Total
from custseg.wording import count, join_words, percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.run_result import RunResult
    from custseg.session.selection import Selection
    from custseg.tables.customers import Aggregated
    from custseg.tables.expressions import Aggregate

# Of more segments than this, only the one with most of the selected customers is named.
_MOST_NAMED = 3
# For as long as there are both.
_known: WeakKeyDictionary[Selection, WeakKeyDictionary[Segmentation, Aggregated]] = WeakKeyDictionary()


def whole_segment(selection: Selection, result: Segmentation) -> int | None:
    """Return the segment (1..k) whose customers are selected, all of them and nobody else, if there is one.

    0 is for those that were set apart as exceptional.
    """
    if not len(selection):
        return None
    counts = _by_segment(selection, result)[Count()]
    sizes = np.array([result.left_out, *result.sizes, result.set_apart])
    (codes,) = np.nonzero(counts)
    if len(codes) != 1 or codes[0] == 0 or counts[codes[0]] != sizes[codes[0]]:
        return None
    return int(codes[0]) % (result.k + 1)


def describe_selection(selection: Selection, outcome: RunResult | None = None) -> str:
    """Say how many customers are selected, of which segments they are, and what they spend of all."""
    if not len(selection):
        return say("No customer lies there. Select others, or clear the selection.")
    quantity = count(len(selection), "customer")
    if outcome is None:
        return say("Selected: {customers}.", customers=quantity)
    sums = _by_segment(selection, outcome.segmentation)
    groups = _groups(sums[Count()])
    if len(groups) == 1:
        group = groups[0][0]
        where = f", {group}" if len(selection) == 1 else say(", all {group}", group=group)
    elif len(groups) <= _MOST_NAMED:
        named = join_words([f"{written(members, ',')} {group}" for group, members in groups])
        where = say(", of which {named}", named=named)
    else:
        where = say(
            ", of which {most:,} {group} and the others in {more} more",
            most=groups[0][1], group=groups[0][0], more=len(groups) - 1,
        )  # fmt: skip
    said = say("Selected: {customers}{where}.", customers=quantity, where=where)
    # Of those who were left out as incomplete nothing is said elsewhere either.
    spent = sum(float(sums[Total(name)][1:].sum()) for name in outcome.profile.money)
    return f"{said}{_spend(len(selection), spent, outcome)}"


def _by_segment(selection: Selection, result: Segmentation) -> Aggregated:
    """Return how many of the selected customers are in each segment, and what they spend."""
    known = _known.setdefault(selection, WeakKeyDictionary())
    if result not in known:
        # All at once, and once for all who ask, since who is selected has to be found for it.
        asked: list[Aggregate] = [Count(), *map(Total, result.schema.money(result.schema.features))]
        known[result] = result.assignment.aggregate(asked, by=(SEGMENT,), where=selection.where)
    return known[result]


def _groups(counts: npt.NDArray[np.intp]) -> list[tuple[str, int]]:
    """Return where customers are, the most first; those in no segment last."""
    left_out, *sizes, set_apart = counts.tolist()
    segments = [(say("in segment {number}", number=number), size) for number, size in enumerate(sizes, start=1) if size]
    outside = [(say("set apart as exceptional"), set_apart), (say("in no segment"), left_out)]
    return sorted(segments, key=lambda group: -group[1]) + [group for group in outside if group[1]]


def _spend(customers: int, spent: float, outcome: RunResult) -> str:
    if outcome.profile.spend_share is None or outcome.profile.spend is None:
        return ""
    apart = outcome.profile.exceptional
    share = spent / (float(outcome.profile.spend.sum()) + (apart.spend or 0.0 if apart else 0.0))
    if customers == 1:
        return say(" It spends {share} of the total.", share=percent(share))
    return say(" They spend {share} of the total.", share=percent(share))
