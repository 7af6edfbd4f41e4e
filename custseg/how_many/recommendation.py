"""The number of segments that the evidence suggests, whether they are natural groups, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.how_many.natural_groups import are_clearer, has_valley, reappear
from custseg.language import mark, say
from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.how_many.evidence import Evidence
    from custseg.how_many.smallest_segment import SmallestSegment


# From this adjusted Rand index on, slices come out much the same on other customers.
STABLE = 0.7


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What follows from the evidence; see ``custseg.Advice``."""

    suggested: int
    natural_groups: bool
    runner_up: int | None
    reason: str


def is_natural(candidate: Evidence) -> bool:
    """Whether there is a valley between every two segments, each reappears, and all are clearer than without groups."""
    return has_valley(candidate.valley) and reappear(candidate.agreement) and _is_clearer(candidate)


def _is_clearer(candidate: Evidence) -> bool:
    return candidate.null is not None and are_clearer(candidate.indices.silhouette, candidate.null)


def _fault(candidate: Evidence, smallest: SmallestSegment) -> str:
    """Say why segments are no natural groups, or too small to suggest."""
    if not has_valley(candidate.valley) and has_valley(candidate.value_valley):
        return say("only a value that many share, such as 0, parts two segments")
    if not has_valley(candidate.valley):
        return say("two segments are not clearly apart")
    if not reappear(candidate.agreement):
        return say("segments come out otherwise on other customers")
    if not _is_clearer(candidate):
        return say("segments are hardly clearer than in tables without groups")
    return say("a segment has {few}", few=smallest.shortfall)


def recommend(evidence: Sequence[Evidence], smallest: SmallestSegment) -> Recommendation:
    """Suggest a number of segments.

    The largest number at which all segments are natural groups: fewer would merge some groups, more would cut one in
    two. Where there is none, the number at which slices are most stable.
    """
    usable = [candidate for candidate in evidence if smallest.allows(candidate.sizes)]
    natural = [candidate for candidate in usable or evidence if is_natural(candidate)]
    ranked = sorted(usable or evidence, key=lambda candidate: -candidate.agreement.adjusted_rand)
    if natural:
        rest = [candidate for candidate in ranked if candidate not in natural]
        ranked = sorted(natural, key=lambda candidate: -candidate.k) + rest
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    sentences = (
        _why(best, evidence, smallest) if natural else _why_slices(best, evidence, smallest),
        _second(second, smallest, any_usable=bool(usable)) if len(evidence) > 1 else "",
        _dissent(best, evidence),
        _too_small(best, evidence, smallest.customers) if natural else "",
    )
    return Recommendation(best.k, bool(natural), second.k if second else None, " ".join(filter(None, sentences)))


def _kept_together(candidate: Evidence) -> str:
    return say("{share} of pairs stay together", share=percent(candidate.agreement.pair_agreement))


def _why(best: Evidence, evidence: Sequence[Evidence], smallest: SmallestSegment) -> str:
    more = next((candidate for candidate in evidence if candidate.k > best.k), None)
    sentence = say(
        "{k} segments: fewer customers lie between any two of them than within, and on different halves of your "
        "customers {together}",
        k=best.k, together=_kept_together(best),
    )  # fmt: skip
    if more is None:
        return f"{sentence}."
    if more.agreement.pair_agreement < best.agreement.pair_agreement - 0.02:
        share = percent(more.agreement.pair_agreement)
        return say("{sentence}; at {k}, only {share} do.", sentence=sentence, k=more.k, share=share)
    return say("{sentence}; at {k}, {fault}.", sentence=sentence, k=more.k, fault=_fault(more, smallest))


def _why_slices(best: Evidence, evidence: Sequence[Evidence], smallest: SmallestSegment) -> str:
    faults = dict.fromkeys(_fault(candidate, smallest) for candidate in evidence)
    said = {"faults": say(", or ").join(faults), "k": best.k, "together": _kept_together(best)}
    if best.agreement.adjusted_rand >= STABLE:
        return say(
            "No natural groups: at every number, {faults}. They are slices, not groups, and can be used as such: {k} "
            "segments come out alike on different halves of your customers ({together}).",
            **said,
        )
    return say(
        "No natural groups: at every number, {faults}. They are slices, not groups, and can be used as such: {k} "
        "segments are the most stable, though they do not quite come out alike on different halves of your customers "
        "({together}).",
        **said,
    )


def _second(second: Evidence | None, smallest: SmallestSegment, *, any_usable: bool) -> str:
    if second is None:
        return say("Every other number leaves a segment of {few}.", few=smallest.shortfall)
    sentence = say(
        "Next best is {k}, where {together} and the smallest segment has {share} of customers.",
        k=second.k, together=_kept_together(second), share=percent(second.sizes[-1] / sum(second.sizes)),
    )  # fmt: skip
    if any_usable:
        return sentence
    return say(
        "{sentence} Every number leaves a segment of {few}, a few who are far from all others. Evening out skewed "
        "features brings them closer, or they can be set apart.",
        sentence=sentence, few=smallest.shortfall,
    )  # fmt: skip


def _dissent(best: Evidence, evidence: Sequence[Evidence]) -> str:
    """Say which of the two best-known criteria would choose another number."""
    silhouette = max(evidence, key=lambda candidate: candidate.indices.silhouette).k
    stability = max(evidence, key=lambda candidate: candidate.agreement.adjusted_rand).k
    if silhouette == stability != best.k:
        return say("The silhouette alone would suggest {k}, and so would stability.", k=silhouette)
    criteria = [
        (mark("The silhouette alone would suggest {k}."), silhouette),
        (mark("Stability alone would suggest {k}."), stability),
    ]
    return " ".join(say(message, k=k) for message, k in criteria if k != best.k)


def _too_small(best: Evidence, evidence: Sequence[Evidence], customers: int) -> str:
    larger = (candidate for candidate in reversed(evidence) if candidate.k > best.k)
    split = next((candidate for candidate in larger if is_natural(candidate)), None)
    if split is None:
        return ""
    few = max(1, round(split.sizes[-1] / sum(split.sizes) * customers))
    return say("{k} would split off {customers}, too few for a segment.", k=split.k, customers=count(few, "customer"))
