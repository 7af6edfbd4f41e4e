"""The features that set a segment apart: whether it has more or less of each, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.narrative.amounts import Degree, compared, degree, heading, own_label
from custseg.narrative.claims import Claim
from custseg.narrative.spending_level import mean_rank
from custseg.wording import AVERAGE, multiple

if TYPE_CHECKING:
    from custseg.insight.profile import Profile

# A feature stands out where one customer of the segment is above (or below) one of the others this much more often
# than not: a medium effect (Romano et al., "Appropriate statistics for ordinal level data", 2006) ...
DELTA = 0.33
# ... and where the average agrees: spend by one of these factors, anything else by as many standard deviations ...
MUCH_MORE, MUCH_LESS = 1.25, 0.8
DISTANCE = 0.25
# ... and where its customers are above (or below) so many more of all: one that lies far off sets nobody else apart.
RANK_DISTANCE = 0.05
# A column is the sum of others where no average differs from theirs by more.
_SUM_TOLERANCE = 0.02
# Of a count that is no larger for three quarters of all, “high” and “low” say nothing.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Contrast:
    """One feature of a segment against all customers.

    Attributes
    ----------
    feature, heading
        Its name, and what people call it as a line begins.
    money
        Whether it is spend, and not below 0 for most customers.
    claim
        The mean, with its effect size and rank.
    distance
        From the mean of all customers to the segment's, in standard deviations of all customers.
    rank_distance
        From the middle to the mean rank of the segment's customers among all; -0.5 to 0.5.
    degree
        What to call more of it than others have, and much of it.
    total
        Whether it is the sum of the spend that stands beside it.
    small_count
        Whether it is a yes or no, or a count that is hardly ever more than two.

    """

    feature: str
    heading: str
    money: bool
    claim: Claim
    distance: float
    rank_distance: float
    degree: Degree
    total: bool = False
    small_count: bool = False

    @property
    def more(self) -> bool:
        """Whether the segment has more of it than all customers."""
        return self.distance > 0

    @property
    def ratio(self) -> float | None:
        """Which multiple of the average it is, for spend; None for anything else."""
        return self.claim.ratio if self.money else None

    @property
    def line(self) -> str:
        """The difference in one line: “Grocery: 2.3 times the average”, “Age: 61 (average 42)”."""
        if self.ratio is None:
            here, everywhere = self.claim.figures
            return say("{column}: {here} (average {everywhere})", column=self.heading, here=here, everywhere=everywhere)
        if not self.ratio:
            return say("{column}: nothing", column=self.heading)
        return say("{column}: {multiple}", column=self.heading, multiple=multiple(self.ratio, AVERAGE))

    @property
    def apart(self) -> bool:
        """Whether the average differs enough to mention."""
        if self.ratio is not None:
            return not MUCH_LESS < self.ratio < MUCH_MORE
        return abs(self.distance) >= DISTANCE

    @property
    def stands_out(self) -> bool:
        """Whether the customers differ as their average does, and both enough to mention."""
        delta = self.claim.effect or 0.0
        agree = (delta > 0) == (self.distance > 0)
        return self.apart and agree and abs(delta) >= DELTA and abs(self.rank_distance) >= RANK_DISTANCE


def find_contrasts(profile: Profile, position: int) -> list[Contrast]:
    """Compare a segment (from 0) with all customers in every feature that varies; the largest distance first."""
    contrasts = (_contrast(profile, position, column) for column in range(len(profile.features)))
    return sorted(
        (contrast for contrast in contrasts if contrast is not None), key=lambda contrast: -abs(contrast.distance)
    )


def _contrast(profile: Profile, position: int, column: int) -> Contrast | None:
    spread, value = float(profile.overall_deviations[column]), float(profile.means[position, column])
    # A feature that doesn't vary differs nowhere, and one without values here says nothing.
    if not spread > 0 or not profile.counts[position, column]:
        return None
    schema, feature = profile.segmentation.schema, profile.features[column]
    claim, kind = _mean(profile, position, column), schema.column(feature)
    distance = (value - claim.baseline) / spread
    return Contrast(
        feature=feature,
        heading=heading(schema, feature),
        money=feature in profile.money and bool(profile.overall_medians[column] >= 0),
        claim=claim,
        distance=distance,
        rank_distance=mean_rank(claim.effect or 0.0, claim.customers / claim.everyone) - 0.5,
        degree=degree(kind, claim.called, more=distance > 0),
        total=_is_total(profile, column),
        small_count=kind.format.kind == "truth"
        or (kind.quantity == "whole" and float(profile.overall_quartiles[2, column]) <= _FEW),
    )


def _is_total(profile: Profile, column: int) -> bool:
    """Return whether a feature is what customers spend in all, beside the columns that it is the sum of."""
    parts = [place for place, name in enumerate(profile.features) if name in profile.money and place != column]
    if len(parts) < 2 or profile.features[column] in profile.money:
        return False
    overall = profile.overall_means
    both = (profile.means[:, column], profile.means[:, parts].sum(axis=1))
    return bool(
        np.isclose(overall[column], overall[parts].sum(), rtol=_SUM_TOLERANCE)
        and np.allclose(*both, rtol=_SUM_TOLERANCE, equal_nan=True)
    )


def _mean(profile: Profile, position: int, column: int) -> Claim:
    feature, schema = profile.features[column], profile.segmentation.schema
    value, baseline = float(profile.means[position, column]), float(profile.overall_means[column])
    return Claim(
        position + 1,
        "mean",
        feature,
        value,
        baseline,
        int(profile.counts[position, column]),
        int(profile.overall_counts[column]),
        effect=float(profile.effects[position, column]),
        rank=float(profile.median_ranks[position, column]),
        sample=profile.sample,
        label=own_label(schema, feature),
        shown=compared(schema.column(feature), value, baseline),
    )
