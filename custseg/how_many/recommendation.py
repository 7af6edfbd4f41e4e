"""The number of segments that the evidence suggests, whether they are natural groups, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.how_many.natural_groups import are_clearer, has_valley, reappear
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
        return "only a value that many share, such as 0, parts two segments"
    if not has_valley(candidate.valley):
        return "two segments are not clearly apart"
    if not reappear(candidate.agreement):
        return "segments come out otherwise on other customers"
    if not _is_clearer(candidate):
        return "segments are hardly clearer than in tables without groups"
    return f"a segment has {smallest.shortfall}"


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
    return f"{percent(candidate.agreement.pair_agreement)} of pairs stay together"


def _why(best: Evidence, evidence: Sequence[Evidence], smallest: SmallestSegment) -> str:
    more = next((candidate for candidate in evidence if candidate.k > best.k), None)
    sentence = (
        f"{best.k} segments: fewer customers lie between any two of them than within, and on different halves of your "
        f"customers {_kept_together(best)}"
    )
    if more is None:
        return f"{sentence}."
    if more.agreement.pair_agreement < best.agreement.pair_agreement - 0.02:
        return f"{sentence}; at {more.k}, only {percent(more.agreement.pair_agreement)} do."
    return f"{sentence}; at {more.k}, {_fault(more, smallest)}."


def _why_slices(best: Evidence, evidence: Sequence[Evidence], smallest: SmallestSegment) -> str:
    faults = dict.fromkeys(_fault(candidate, smallest) for candidate in evidence)
    everywhere = f"at every number, {', or '.join(faults)}"
    stable = best.agreement.adjusted_rand >= STABLE
    how = "come out alike" if stable else "are the most stable, though they do not quite come out alike"
    return (
        f"No natural groups: {everywhere}. They are slices, not groups, and can be used as such: {best.k} segments "
        f"{how} on different halves of your customers ({_kept_together(best)})."
    )


def _second(second: Evidence | None, smallest: SmallestSegment, *, any_usable: bool) -> str:
    if second is None:
        return f"Every other number leaves a segment of {smallest.shortfall}."
    sentence = (
        f"Next best is {second.k}, where {_kept_together(second)} and the smallest segment has "
        f"{percent(second.sizes[-1] / sum(second.sizes))} of customers."
    )
    if any_usable:
        return sentence
    return (
        f"{sentence} Every number leaves a segment of {smallest.shortfall}, a few who are far "
        "from all others. Evening out skewed features brings them closer, or they can be set apart."
    )


def _dissent(best: Evidence, evidence: Sequence[Evidence]) -> str:
    """Say which of the two best-known criteria would choose another number."""
    silhouette = max(evidence, key=lambda candidate: candidate.indices.silhouette).k
    stability = max(evidence, key=lambda candidate: candidate.agreement.adjusted_rand).k
    if silhouette == stability != best.k:
        return f"The silhouette alone would suggest {silhouette}, and so would stability."
    criteria = [("The silhouette", silhouette), ("Stability", stability)]
    return " ".join(f"{name} alone would suggest {k}." for name, k in criteria if k != best.k)


def _too_small(best: Evidence, evidence: Sequence[Evidence], customers: int) -> str:
    larger = (candidate for candidate in reversed(evidence) if candidate.k > best.k)
    split = next((candidate for candidate in larger if is_natural(candidate)), None)
    if split is None:
        return ""
    few = max(1, round(split.sizes[-1] / sum(split.sizes) * customers))
    return f"{split.k} would split off {count(few, 'customer')}, too few for a segment."
