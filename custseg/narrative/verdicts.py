"""What is claimed of a segment, without its numbers: what another result can say of its likeness too, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.narrative.category_differences import find_category_differences
from custseg.narrative.segment_description import ALIKE, VARIED, SegmentDescription

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.insight.profile import Profile
    from custseg.narrative.claims import Claim

    # The statistic, the column and the category that a claim is about.
    Subject = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, and what it comes down to.

    Attributes
    ----------
    claim
        The claim with its numbers.
    says
        What is the same where the same rule says the same: the word for a level of spend, “more” or “less”.
    words
        The claim as a line.

    """

    claim: Claim
    says: str
    words: str

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.claim.statistic, self.claim.feature, self.claim.category


def find_verdicts(profile: Profile, position: int) -> tuple[Verdict, ...]:
    """Return what the rules of the description say of a segment (from 0), in the order in which it is told.

    Sizes, shares of spend and ranges are numbers, of which no rule says yes or no; they are not among these.
    """
    described = SegmentDescription(profile, position)
    return (*_outcomes(described), *_spend(described), *_features(described), *_categories(profile, position),
            *_variety(described))  # fmt: skip


def says_elsewhere(profile: Profile, position: int) -> dict[Subject, str]:
    """Return what is said of a segment (from 0), for whoever looks for a claim of its likeness.

    All categories that tell it apart count, not only those that a description has room for.
    """
    found = {verdict.subject: verdict.says for verdict in find_verdicts(profile, position)}
    for association in profile.associations:
        telling = association.telling(position + 1)
        if telling is not None:
            found["share of category", association.column, telling.level] = "more"
    return found


def _outcomes(described: SegmentDescription) -> Iterator[Verdict]:
    for phrase in described.outcomes:
        claim = phrase.claim
        if claim is not None:
            differs = "more" if claim.value > claim.baseline else "less"
            yield Verdict(claim, differs if claim.telling else "no difference that matters", phrase.text)


def _spend(described: SegmentDescription) -> Iterator[Verdict]:
    if described.spend is not None and described.level:
        yield Verdict(described.spend, described.level, f"{described.level}: {described.measure}")


def _features(described: SegmentDescription) -> Iterator[Verdict]:
    for contrast in described.contrasts:
        yield Verdict(contrast.claim, "more" if contrast.more else "less", contrast.line)


def _categories(profile: Profile, position: int) -> Iterator[Verdict]:
    for difference in find_category_differences(profile, position):
        yield Verdict(difference.claim, "more", difference.line)


def _variety(described: SegmentDescription) -> Iterator[Verdict]:
    for phrase in described.paragraph:
        if phrase.claim is not None and phrase.claim.statistic == "variety":
            value = phrase.claim.value
            says = "alike" if value <= ALIKE else "varied" if value >= VARIED else "usual"
            yield Verdict(phrase.claim, says, phrase.text)
