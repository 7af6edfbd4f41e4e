"""The groups of a report at each number of segments: their figures, and the words that these figures carry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.segment_matching import assign_colour_slots
from custseg.insight.profile import Profile, profile
from custseg.narrative.claims import plain
from custseg.narrative.interpretation import Interpretation, interpret
from custseg.session.report.blocks import OUTSIDE, means_of
from custseg.session.report.document import Group, Grouping, SuggestedAction
from custseg.settings import K_RANGE
from custseg.tables.written_values import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.narrative.claims import Claim, Sentence
    from custseg.session.report.blocks import Rows
    from custseg.session.report.shown_customers import ShownCustomers
    from custseg.session.run_result import RunResult

    Floats = npt.NDArray[np.float64]

# What is a sum over customers. Quartiles and ranks are values of single ones, and few may share a category.
_SUMS = ("share of customers", "share of spend", "mean spend", "mean")


def exact(value: float) -> float:
    """Return a number without the last digits, which depend on the order in which it was added up."""
    return float(f"{value:.10g}")


def grouping(
    shown: ShownCustomers, outcome: RunResult, k: int, places: Floats | None, *, sums: bool
) -> Grouping | None:
    """Return the groups at so many segments; None where there are no two.

    ``places`` are where each customer lies for the comparison of a new one. With ``sums`` words tell sums alone.
    """
    of_blocks = shown.group_of_blocks(k)
    kept, of_blocks = np.unique(of_blocks, return_inverse=True)
    if len(kept) < 2:
        return None
    own = np.where(shown.blocks.of == OUTSIDE, OUTSIDE, of_blocks[shown.blocks.of])
    main = k == outcome.segmentation.k
    segments = [_segments(shown, int(group), main=main) for group in kept]
    result = _as_segmentation(shown, own, len(kept))
    if main and not sums and shown.result is outcome.segmentation:
        numbers, words = outcome.profile, outcome.words
    else:
        numbers = _of_sums(profile(result), shown, sums=sums)
        words = interpret(numbers, outcome.playbook)
    names = _names(outcome, words, segments) if main else words.names
    slots = _slots(shown, outcome, result)
    told = {column.name for column in shown.columns}
    means = means_of(own, len(kept), shown.values)
    groups = tuple(
        _group(shown, numbers, words, position, means[position].tolist(), told if sums else None).model_copy(
            update={"segments": segments[position], "name": names[position], "slot": slots[position]}
        )
        for position in range(len(kept))
    )
    return Grouping(k=k, groups=_placed(groups, own, places), of_blocks=tuple(of_blocks.tolist()))


def _segments(shown: ShownCustomers, group: int, *, main: bool) -> tuple[int, ...]:
    """Return the segments (from 1) that a group is: of the result there may be several."""
    return tuple(one + 1 for one in shown.groups[group]) if main else (group + 1,)


def _as_segmentation(shown: ShownCustomers, own: Rows, many: int) -> Segmentation:
    """Return the groups as a segmentation, of which numbers and words are made as of any other."""
    part = shown.result
    centroids = means_of(own, many, shown.prepared)
    sizes = np.bincount(own[own != OUTSIDE], minlength=many).astype(np.intp)
    result = replace(
        part, k=many, centroids=part.preparation.invert(centroids), prepared_centroids=centroids, sizes=sizes,
        left_out=int(np.count_nonzero(own == OUTSIDE)), set_apart=0, mixture=None, reach=np.inf,
    )  # fmt: skip
    result.hold((own + 1).astype(np.uint8))
    return result


def _of_sums(found: Profile, shown: ShownCustomers, *, sums: bool) -> Profile:
    """Leave out of numbers what is no sum over enough customers: categories, outcomes, and spend that is not told."""
    if not sums:
        return found
    found = replace(found, associations=(), outcomes=())
    if set(found.money) <= {column.name for column in shown.columns}:
        return found
    return replace(
        found, spend=None, spend_means=None, overall_spend_mean=None, spend_share=None, spend_ranks=None,
        spend_effects=None,
    )  # fmt: skip


def _names(outcome: RunResult, words: Interpretation, segments: list[tuple[int, ...]]) -> tuple[str, ...]:
    """Return the names of the result, and of several segments that count as one what is said of them together."""
    return tuple(
        outcome.words.names[group[0] - 1] if len(group) == 1 else name
        for group, name in zip(segments, words.names, strict=True)
    )


def _slots(shown: ShownCustomers, outcome: RunResult, result: Segmentation) -> tuple[int, ...]:
    """Return the colour of each group: that of the segment of the result that it shares most customers with."""
    return assign_colour_slots(shown.result, result, outcome.slots, K_RANGE[1])


def _group(
    shown: ShownCustomers,
    numbers: Profile,
    words: Interpretation,
    position: int,
    means: list[float],
    told: set[str] | None,
) -> Group:
    spend = numbers.spend_share
    return Group(
        segments=(position + 1,),
        name=words.names[position],
        slot=0,
        customers=int(numbers.sizes[position]),
        share=exact(float(numbers.customer_share[position])),
        spend_share=None if spend is None else exact(float(spend[position])),
        means=tuple(None if np.isnan(mean) else exact(mean) for mean in means),
        written=tuple(written(column, mean) for column, mean in zip(shown.columns, means, strict=True)),
        headline=_said(words.headline_phrases[position], told),
        facts=tuple(filter(None, (_said(fact, told) for fact in words.fact_phrases[position]))),
        conclusion=_said(words.conclusion_phrases[position], told),
        actions=tuple(
            SuggestedAction(area=action.area, text=action.text)
            for action in words.actions_for(position + 1)
            if _may_be_told(action.claims, told)
        ),
    )


def _said(phrases: Sentence, told: set[str] | None) -> str:
    """Return a sentence; with ``told``, nothing where it says anything but a sum over these columns."""
    claims = [phrase.claim for phrase in phrases if phrase.claim is not None]
    return plain(phrases) if _may_be_told(claims, told) else ""


def _may_be_told(claims: Iterable[Claim], told: set[str] | None) -> bool:
    return told is None or all(
        claim.statistic in _SUMS and (claim.feature is None or claim.feature in told) for claim in claims
    )


def _placed(groups: tuple[Group, ...], own: Rows, places: Floats | None) -> tuple[Group, ...]:
    if places is None:
        return groups
    means = means_of(own, len(groups), places)
    return tuple(
        group.model_copy(update={"place": tuple(map(exact, mean))})
        for group, mean in zip(groups, means.tolist(), strict=True)
    )
