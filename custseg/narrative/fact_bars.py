"""A fact of a segment as a bar beside everyone: from where to where, on which scale, and that scale in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.tables.written_values import written
from custseg.wording import share

if TYPE_CHECKING:
    from custseg.insight.profile import Profile
    from custseg.narrative.claims import Claim, Sentence
    from custseg.tables.column_roles import Column


@dataclass(frozen=True, slots=True)
class FactBar:
    """Where a bar begins and ends, and where everyone is, as shares (0 to 1) of its width; and what that means.

    A feature has the same scale in all segments of a result, so that bars of different segments can be compared.
    """

    start: float
    end: float
    everyone: float
    words: str


def fact_bar(profile: Profile, fact: Sentence) -> FactBar | None:
    """Return the bar of a fact; None where it makes no claim that can be drawn."""
    claim = next((phrase.claim for phrase in fact if phrase.claim is not None), None)
    if claim is None:
        return None
    if claim.statistic in ("share of outcome", "share of category"):
        words = say(
            "{here} here, {everyone} of all customers, on a scale from 0 to 100%.",
            here=share(claim.value), everyone=share(claim.baseline),
        )  # fmt: skip
        return FactBar(0.0, claim.value, claim.baseline, words)
    if claim.statistic == "mean" and claim.feature in profile.features:
        return _bar_of_mean(profile, claim, profile.segmentation.schema.column(claim.feature))
    return None


def _bar_of_mean(profile: Profile, claim: Claim, column: Column) -> FactBar | None:
    means = profile.means[:, profile.features.index(column.name)]
    found = [*means[np.isfinite(means)].tolist(), claim.baseline]
    # Nothing is at year 0: there a bar says how far from everyone.
    from_zero = column.quantity != "year" and column.format.kind != "date"
    low, high = (min([0.0, *found]), max([0.0, *found])) if from_zero else (min(found), max(found))
    if not low < high:
        return None
    begin = 0.0 if from_zero else claim.baseline
    start, end, everyone = ((value - low) / (high - low) for value in (begin, claim.value, claim.baseline))
    here, average = claim.figures
    words = say(
        "{here} here, {average} on average, on a scale from {low} to {high}, the same for all segments.",
        here=here, average=average, low=written(column, low), high=written(column, high),
    )  # fmt: skip
    return FactBar(min(start, end), max(start, end), everyone, words)
