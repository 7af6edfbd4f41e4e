"""The features that set a segment apart: whether it has more or less of each, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.narrative.claims import Claim

if TYPE_CHECKING:
    from custseg.insight.profile import Profile

# A feature stands out where one customer of the segment is above (or below) one of the others this much more often
# than not: a medium effect (Romano et al., "Appropriate statistics for ordinal level data", 2006) ...
DELTA = 0.33
# ... and where the average agrees: spend by one of these factors, anything else by as many standard deviations.
MUCH_MORE, MUCH_LESS = 1.25, 0.8
DISTANCE = 0.25


@dataclass(frozen=True, slots=True)
class Contrast:
    """One feature of a segment against all customers.

    Attributes
    ----------
    feature, money
        Its name, and whether it is spend.
    claim
        The mean, with its effect size and rank.
    distance
        From the mean of all customers to the segment's, in standard deviations of all customers.

    """

    feature: str
    money: bool
    claim: Claim
    distance: float

    @property
    def stands_out(self) -> bool:
        """Whether the difference is large enough to mention."""
        delta, ratio = self.claim.effect or 0.0, self.claim.ratio
        if abs(delta) < DELTA or (delta > 0) != (self.distance > 0):
            return False
        if self.money and ratio is not None:
            return not MUCH_LESS < ratio < MUCH_MORE
        return abs(self.distance) >= DISTANCE


def find_contrasts(profile: Profile, position: int) -> tuple[list[Contrast], list[Contrast]]:
    """Return what a segment (from 0) has more of than others, and what less, each with the largest distance first."""
    contrasts = [
        contrast
        for column in range(len(profile.features))
        if (contrast := _contrast(profile, position, column)) is not None and contrast.stands_out
    ]
    contrasts.sort(key=lambda contrast: -abs(contrast.distance))
    more = [contrast for contrast in contrasts if contrast.distance > 0]
    return more, [contrast for contrast in contrasts if contrast.distance < 0]


def _contrast(profile: Profile, position: int, column: int) -> Contrast | None:
    spread, value = float(profile.overall_deviations[column]), float(profile.means[position, column])
    # A feature that doesn't vary differs nowhere, and one without values here says nothing.
    if not spread > 0 or not profile.counts[position, column]:
        return None
    feature, baseline = profile.features[column], float(profile.overall_means[column])
    claim = Claim(
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
    )
    return Contrast(feature, feature in profile.money, claim, (value - baseline) / spread)
