"""Weigh the evidence: which number of segments to use, whether they are groups at all, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.how_many.evidence import Evidence

# When segments are groups of their own and not slices of one: tuned on ``benchmarks/planted.py``, with other seeds than
# those that it reports.
LARGEST_DENSITY_RATIO, LEAST_DEPTH_Z, LEAST_STRENGTH = 0.7, 1.5, 0.6
# Slices this alike, by the adjusted Rand index, come out much the same when other customers are asked.
STEADY = 0.7


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the evidence; see ``custseg.Advice``."""

    suggested: int
    natural_groups: bool
    runner_up: int | None
    reason: str


def is_natural(one: Evidence) -> bool:
    """Whether every two segments have a valley between them, and each comes again in other halves."""
    return (
        one.valley.density_ratio <= LARGEST_DENSITY_RATIO
        and one.valley.depth_z >= LEAST_DEPTH_Z
        and one.agreement.prediction_strength >= LEAST_STRENGTH
    )


def weigh(evidence: Sequence[Evidence], smallest_share: float, customers: int) -> Verdict:
    """Suggest a number of segments; ``customers`` is how many there are in all.

    Of numbers at which segments are natural groups the largest: with fewer, some groups would be merged, with more, one
    would be cut in two. Where there are none, the number at which slices are steadiest.
    """
    usable = [one for one in evidence if one.sizes[-1] >= smallest_share * sum(one.sizes)]
    natural = [one for one in usable or evidence if is_natural(one)]
    ranked = sorted(usable or evidence, key=lambda one: -one.agreement.adjusted_rand)
    if natural:
        ranked = sorted(natural, key=lambda one: -one.k) + [one for one in ranked if one not in natural]
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    sentences = (
        _why(best, evidence) if natural else _why_slices(best),
        _second(second, smallest_share, any_usable=bool(usable)) if len(evidence) > 1 else "",
        _dissent(best, evidence),
        _too_small(best, evidence, customers) if natural else "",
    )
    return Verdict(best.k, bool(natural), second.k if second else None, " ".join(filter(None, sentences)))


def _why(best: Evidence, evidence: Sequence[Evidence]) -> str:
    more = next((one for one in evidence if one.k > best.k), None)
    sentence = (
        f"{best.k} segments: there are fewer customers between any two of them than within, and asked again on other "
        f"halves of your customers, {percent(best.agreement.pair_agreement)} end up together again"
    )
    if more is None:
        return f"{sentence}."
    if more.agreement.pair_agreement < best.agreement.pair_agreement - 0.02:
        return f"{sentence}; at {more.k} it falls to {percent(more.agreement.pair_agreement)}."
    return f"{sentence}; at {more.k}, two segments run into each other."


def _why_slices(best: Evidence) -> str:
    steady = best.agreement.adjusted_rand >= STEADY
    how = "come" if steady else "are the steadiest, and still do not quite come"
    return (
        "No natural groups: at every number, some segments run into each other. They are slices of customers who "
        f"differ by degrees, and usable as such: {best.k} segments {how} out alike when other halves of your customers "
        f"are asked ({percent(best.agreement.pair_agreement)} end up together again)."
    )


def _second(second: Evidence | None, smallest_share: float, *, any_usable: bool) -> str:
    if second is None:
        return f"Every other number makes a segment of under {percent(smallest_share)} of customers."
    sentence = (
        f"Next best is {second.k}, where {percent(second.agreement.pair_agreement)} end up together again and the "
        f"smallest segment has {percent(second.sizes[-1] / sum(second.sizes))} of customers."
    )
    if any_usable:
        return sentence
    return (
        f"{sentence} Every number makes a segment of under {percent(smallest_share)} of customers: a few far from all "
        "others, which the logarithm would bring nearer, or which can be set apart."
    )


def _dissent(best: Evidence, evidence: Sequence[Evidence]) -> str:
    """Say which of the two that people know best would choose otherwise."""
    silhouette = max(evidence, key=lambda one: one.indices.silhouette).k
    steadiest = max(evidence, key=lambda one: one.agreement.adjusted_rand).k
    if silhouette == steadiest != best.k:
        return f"The silhouette alone would say {silhouette}, and so would steadiness."
    others = [("The silhouette", silhouette), ("Steadiness", steadiest)]
    return " ".join(f"{name} alone would say {k}." for name, k in others if k != best.k)


def _too_small(best: Evidence, evidence: Sequence[Evidence], customers: int) -> str:
    split = next((one for one in reversed(evidence) if one.k > best.k and is_natural(one)), None)
    if split is None:
        return ""
    few = max(1, round(split.sizes[-1] / sum(split.sizes) * customers))
    return f"{split.k} would set {count(few, 'customer')} apart, too few for a segment."
