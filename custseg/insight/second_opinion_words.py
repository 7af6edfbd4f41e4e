"""The second opinion in sentences: the shape of groups, how many, and who would be elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.clustering.mixture_fit import MOST_TO_SEARCH
from custseg.insight.second_opinion_result import CLEARLY
from custseg.language import say
from custseg.settings import K_RANGE
from custseg.wording import count, percent

if TYPE_CHECKING:
    from custseg.insight.second_opinion_result import SecondOpinion

# From this adjusted Rand index on, two ways to group customers are about the same.
SAME = 0.9


def say_opinion(opinion: SecondOpinion) -> str:
    """Return what a second opinion says, in sentences."""
    sentences = (_on_shape(opinion), _on_who(opinion), _on_whom(opinion))
    return " ".join(filter(None, sentences))


def _on_shape(opinion: SecondOpinion) -> str:
    if opinion.groups == 1:
        return say(
            "The mixture sees one group: between no two parts of it are there clearly fewer customers "
            "than on either side, and no part stands out from the flank of another. Another shape of "
            "groups would not fit better."
        )
    groups, k = opinion.groups or 0, opinion.segmentation.k
    segments = count(k, "segment")
    index = say("adjusted Rand index {agreement:.2f}, where 1 is the same", agreement=opinion.agreement)
    if opinion.agreement >= SAME:
        return say(
            "The mixture sees {groups} groups, about the same as your {segments} ({index}).",
            groups=groups,
            segments=segments,
            index=index,
        )
    if groups > K_RANGE[1]:
        return say("The mixture sees {groups} groups, more than can be used as segments.", groups=groups)
    if opinion.agreement_at_same_number >= SAME:
        return say(
            "The mixture sees {groups} groups where you have {segments}. They are about what {groups} "
            "segments would be, so it is the number that differs, not the shape.",
            groups=groups,
            segments=segments,
        )
    return _on_another_shape(opinion, segments, index)


def _on_another_shape(opinion: SecondOpinion, segments: str, index: str) -> str:
    if opinion.fits_better:
        return say(
            "Another shape of groups fits much better: the mixture sees {groups} groups, which may be "
            "long, flat or of very different sizes, and your {segments} cut across them ({index}).",
            groups=opinion.groups or 0,
            segments=segments,
            index=index,
        )
    return say(
        "The mixture sees {groups} groups other than your {segments} ({index}), but describes "
        "customers that it has not seen hardly better.",
        groups=opinion.groups or 0,
        segments=segments,
        index=index,
    )


def _on_who(opinion: SecondOpinion) -> str:
    if opinion.groups == 1:
        return ""
    if not opinion.elsewhere_count:
        if opinion.placed is None or len(set(opinion.placed.segment_of)) < (opinion.groups or 0):
            # Several groups are mostly in one segment, so that to be of another group is not to be elsewhere.
            return ""
        return say(
            "It would put nobody into another segment with a probability above {CLEARLY}.", CLEARLY=percent(CLEARLY)
        )
    part = percent(opinion.elsewhere_count / opinion.customers)
    return say(
        "It would put {elsewhere_count} ({part}) into another segment, each with a probability above {CLEARLY}.",
        elsewhere_count=count(opinion.elsewhere_count, "customer"),
        part=part,
        CLEARLY=percent(CLEARLY),
    )


def _on_whom(opinion: SecondOpinion) -> str:
    fitted, everyone = opinion.sample_size, opinion.customers
    if fitted <= MOST_TO_SEARCH:
        return ""
    searched = say(
        "The groups were looked for among {MOST_TO_SEARCH:,} customers at random", MOST_TO_SEARCH=MOST_TO_SEARCH
    )
    return (
        say("{searched} and fitted to {fitted:,} of {everyone:,}.", searched=searched, fitted=fitted, everyone=everyone)
        if fitted < everyone
        else f"{searched}."
    )
