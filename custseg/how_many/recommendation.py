"""Weigh the evidence: which number of segments to use, whether they are groups at all, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.wording import count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.how_many.evidence import Evidence

# From where on segments are groups of their own, and not slices of one: tuned on ``benchmarks/planted.py``, with other
# seeds than those that it reports.
LARGEST_DENSITY_RATIO, LEAST_DEPTH_Z, LEAST_STRENGTH = 0.7, 1.5, 0.6
# Slices this alike, by the adjusted Rand index, come out much the same on other customers.
STABLE = 0.7


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the evidence; see ``custseg.Advice``."""

    suggested: int
    natural_groups: bool
    runner_up: int | None
    reason: str


def is_natural(found: Evidence) -> bool:
    """Whether there is a valley between every two segments, and each is found again on other customers."""
    return (
        found.valley.density_ratio <= LARGEST_DENSITY_RATIO
        and found.valley.depth_z >= LEAST_DEPTH_Z
        and found.agreement.prediction_strength >= LEAST_STRENGTH
    )


def weigh(evidence: Sequence[Evidence], smallest_share: float, customers: int) -> Verdict:
    """Suggest a number of segments; ``customers`` is how many there are in all.

    Of numbers at which segments are natural groups the largest: with fewer, some groups would be merged, with more, one
    would be cut in two. Where there are none, the number at which slices are most stable.
    """
    usable = [found for found in evidence if found.sizes[-1] >= smallest_share * sum(found.sizes)]
    natural = [found for found in usable or evidence if is_natural(found)]
    ranked = sorted(usable or evidence, key=lambda found: -found.agreement.adjusted_rand)
    if natural:
        ranked = sorted(natural, key=lambda found: -found.k) + [found for found in ranked if found not in natural]
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    sentences = (
        _why(best, evidence) if natural else _why_slices(best),
        _second(second, smallest_share, any_usable=bool(usable)) if len(evidence) > 1 else "",
        _dissent(best, evidence),
        _too_small(best, evidence, customers) if natural else "",
    )
    return Verdict(best.k, bool(natural), second.k if second else None, " ".join(filter(None, sentences)))


def _kept_together(found: Evidence) -> str:
    return f"{percent(found.agreement.pair_agreement)} of pairs stay together"


def _why(best: Evidence, evidence: Sequence[Evidence]) -> str:
    more = next((found for found in evidence if found.k > best.k), None)
    sentence = (
        f"{best.k} segments: fewer customers lie between any two of them than within, and on other halves of your "
        f"customers {_kept_together(best)}"
    )
    if more is None:
        return f"{sentence}."
    if more.agreement.pair_agreement < best.agreement.pair_agreement - 0.02:
        return f"{sentence}; at {more.k}, only {percent(more.agreement.pair_agreement)} do."
    return f"{sentence}; at {more.k}, two segments overlap."


def _why_slices(best: Evidence) -> str:
    stable = best.agreement.adjusted_rand >= STABLE
    how = "come out alike" if stable else "are the most stable, though they do not quite come out alike"
    return (
        "No natural groups: at every number, some segments overlap. They are slices of customers who differ by "
        f"degrees, and can be used as such: {best.k} segments {how} on other halves of your customers "
        f"({_kept_together(best)})."
    )


def _second(second: Evidence | None, smallest_share: float, *, any_usable: bool) -> str:
    if second is None:
        return f"Every other number makes a segment of under {percent(smallest_share)} of customers."
    sentence = (
        f"Next best is {second.k}, where {_kept_together(second)} and the smallest segment has "
        f"{percent(second.sizes[-1] / sum(second.sizes))} of customers."
    )
    if any_usable:
        return sentence
    return (
        f"{sentence} Every number makes a segment of under {percent(smallest_share)} of customers, a few who are far "
        "from all others. The logarithm would bring them nearer, or they can be set apart."
    )


def _dissent(best: Evidence, evidence: Sequence[Evidence]) -> str:
    """Say which of the two criteria that people know best would choose otherwise."""
    silhouette = max(evidence, key=lambda found: found.indices.silhouette).k
    stability = max(evidence, key=lambda found: found.agreement.adjusted_rand).k
    if silhouette == stability != best.k:
        return f"The silhouette alone would suggest {silhouette}, and so would stability."
    others = [("The silhouette", silhouette), ("Stability", stability)]
    return " ".join(f"{name} alone would suggest {k}." for name, k in others if k != best.k)


def _too_small(best: Evidence, evidence: Sequence[Evidence], customers: int) -> str:
    split = next((found for found in reversed(evidence) if found.k > best.k and is_natural(found)), None)
    if split is None:
        return ""
    few = max(1, round(split.sizes[-1] / sum(split.sizes) * customers))
    return f"{split.k} would set {count(few, 'customer')} apart, too few for a segment."
