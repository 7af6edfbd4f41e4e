"""One segment in words: its size, how much it spends and on what, and how varied its customers are."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from custseg.insight.associations import NO_VALUE
from custseg.narrative.claims import Claim, Phrase, Sentence, enumerated, sentence
from custseg.narrative.contrasts import Contrast, find_contrasts
from custseg.narrative.playbook import is_product
from custseg.wording import capitalised, count, number, percent, times

if TYPE_CHECKING:
    from custseg.insight.profile import Profile
    from custseg.narrative.claims import Statistic

HIGH_SPENDING = 1.5
BUDGET_CONSCIOUS = 2 / 3
# Up to this many customers, or this share as long as that is few enough to know, are better handled one by one.
FEW_CUSTOMERS, FEW_SHARE, FEW_AT_MOST = 5, 0.01, 30
# Interquartile ranges as multiples of those of all customers.
ALIKE, VARIED = 2 / 3, 1.5
_MOST_IN_SENTENCE = 3


class SegmentDescription:
    """What there is to say of one segment (its position from 0) of a profile."""

    def __init__(self, profile: Profile, position: int) -> None:
        self._profile, self._position = profile, position
        self.size, self._everyone = int(profile.sizes[position]), int(profile.sizes.sum())
        self.more, self.less = find_contrasts(profile, position)

    @cached_property
    def _spend(self) -> Claim | None:
        profile = self._profile
        if profile.spend_means is None or profile.overall_spend_mean is None or profile.spend_share is None:
            return None
        return self._claim("mean spend", float(profile.spend_means[self._position]), profile.overall_spend_mean)

    @property
    def level(self) -> str:
        """The word for how much is spent; empty where no feature is money."""
        if self._spend is None or self._spend.ratio is None:
            return ""
        if self._spend.ratio >= HIGH_SPENDING:
            return "High-spending"
        if self._spend.ratio <= BUDGET_CONSCIOUS:
            return "Budget-conscious"
        products = [feature for feature in self._profile.features if self._is_product(feature)]
        bought = [contrast.feature for contrast in self.more if self._is_product(contrast.feature)]
        # Customers who buy more of everything, or more of nothing in particular, are not selective.
        return "Selective" if 0 < len(bought) < len(products) else "Moderate"

    def _is_product(self, feature: str) -> bool:
        return feature in self._profile.money and is_product(feature)

    @property
    def measure(self) -> str:
        """How much is spent; empty where no feature is money."""
        if self._spend is not None and self._spend.ratio is not None:
            return f"{times(self._spend.ratio)} the average"
        return ""

    @property
    def detail(self) -> str:
        """The average of the feature that stands out most; empty where none does."""
        first = (*self.more, *self.less)[:1]
        return f"{first[0].feature} {number(first[0].claim.value)}" if first else ""

    @cached_property
    def paragraph(self) -> Sentence:
        """The whole description, each phrase with its claim."""
        parts = [
            self._size_words,
            self._spend_words,
            self._contrast_words,
            self._category_words,
            self._variety_words,
            self._caution,
        ]
        spaced = [part for written in parts if written for part in (sentence(" "), written)]
        return sentence(*spaced[1:])

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims: those of the paragraph, and one for every feature that stands out."""
        claims = [phrase.claim for phrase in self.paragraph if phrase.claim is not None]
        contrasts = (*self.more, *self.less)
        return (*claims, *(contrast.claim for contrast in contrasts if contrast.claim not in claims))

    @property
    def _size_words(self) -> Sentence:
        share, spend = self._profile.customer_share[self._position], self._profile.spend_share
        counted = round(self.size / share)
        of_all = Claim(self._position + 1, "share of customers", None, float(share), 1.0, self.size, counted)
        words = sentence(Phrase(f"{count(self.size, 'customer')}, {percent(share)} of all", of_all))
        if spend is not None:
            spend_share = float(spend[self._position])
            of_spend = Claim(self._position + 1, "share of spend", None, spend_share, 1.0, self.size, counted)
            words = sentence(words, ", with ", Phrase(f"{percent(spend_share)} of the spend", of_spend))
        return sentence(words, ".")

    @property
    def _spend_words(self) -> Sentence:
        spend, ranks = self._spend, self._profile.spend_ranks
        if spend is None or spend.ratio is None or ranks is None:
            return ()
        units = {self._profile.segmentation.schema.unit(feature) for feature in self._profile.money}
        unit = f" {units.pop()}" if len(units) == 1 and units != {""} else ""
        rank = float(ranks[self._position])
        return sentence(
            "On average each spends ",
            Phrase(f"{number(spend.value)}{unit}, {times(spend.ratio)} the overall average", spend),
            "; the median customer spends ",
            Phrase(
                f"more than {_share_of_all(rank)}",
                replace(self._claim("spend rank", rank, 0.5), sample=self._profile.sample),
            ),
            ".",
        )

    @property
    def _contrast_words(self) -> Sentence:
        more, less = self.more[:_MOST_IN_SENTENCE], self.less[:_MOST_IN_SENTENCE]
        money = all(contrast.money for contrast in (*more, *less))
        higher, lower = ("They spend more than average on ", "less on ") if money else ("Higher: ", "lower: ")
        above, below = (enumerated([_words(contrast) for contrast in contrasts]) for contrasts in (more, less))
        if above and below:
            return sentence(higher, above, "; ", lower, below, ".")
        if above:
            return sentence(higher, above, ".")
        if below:
            return sentence("They spend less than average on " if money else capitalised(lower), below, ".")
        return sentence("No single feature is far from average.")

    @property
    def _category_words(self) -> Sentence:
        """Say which category is more frequent here, for each column that is associated with the segments."""
        sentences: list[Sentence] = []
        for association in self._profile.associations:
            telling = association.telling(self._position + 1)
            if telling is not None:
                claim = self._claim("share of category", telling.share, telling.overall)
                claim = replace(claim, feature=association.column, category=telling.level)
                here, everywhere = percent(telling.share), percent(telling.overall)
                level = "missing" if telling.level == NO_VALUE else telling.level
                share = f"{association.column} is {level} for {here} of them, against {everywhere} of all"
                sentences.append(sentence(Phrase(share, claim), "."))
        return sentence(*(part for words in sentences for part in (sentence(" "), words)))[1:]

    @property
    def _variety_words(self) -> Sentence:
        profile, here = self._profile, self._position
        overall_spread = profile.overall_quartiles[2] - profile.overall_quartiles[0]
        spread = profile.quartiles[here, 2] - profile.quartiles[here, 0]
        usable = np.flatnonzero((overall_spread > 0) & (profile.counts[here] >= FEW_CUSTOMERS))
        if not len(usable):
            return ()
        ratios = spread[usable] / overall_spread[usable]
        variety, widest = float(np.median(ratios)), int(usable[ratios.argmax()])
        how = (
            "They are more alike than customers overall"
            if variety <= ALIKE
            else "They vary more than customers overall"
            if variety >= VARIED
            else "They vary about as much as customers overall"
        )
        low, _, high = profile.quartiles[here, :, widest]
        claim = Claim(
            here + 1, "spread", profile.features[widest], float(spread[widest]), float(overall_spread[widest]),
            int(profile.counts[here, widest]), int(profile.overall_counts[widest]), sample=profile.sample,
        )  # fmt: skip
        varied = Phrase(how, replace(self._claim("variety", variety, 1.0), sample=profile.sample))
        if low == high:
            return sentence(varied, ".")
        middle_half = f"middle half: {number(low)} to {number(high)}"
        return sentence(varied, ", most of all in ", Phrase(f"{profile.features[widest]} ({middle_half})", claim), ".")

    @property
    def _caution(self) -> Sentence:
        few = min(max(FEW_CUSTOMERS, int(FEW_SHARE * self._everyone)), FEW_AT_MOST)
        return sentence("So few are better handled one by one than as a group.") if self.size <= few else ()

    def _claim(self, statistic: Statistic, value: float, baseline: float) -> Claim:
        return Claim(self._position + 1, statistic, None, value, baseline, self.size, self._everyone)


def _share_of_all(rank: float) -> str:
    if 0.005 < rank < 0.995:
        return f"{percent(rank)} of all customers"
    return "nearly all customers" if rank > 0.5 else "hardly anyone"


def _words(contrast: Contrast) -> Phrase:
    claim = contrast.claim
    if contrast.money and claim.ratio is not None:
        return Phrase(f"{contrast.feature} ({times(claim.ratio)})", claim)
    value, baseline = number(claim.value), number(claim.baseline)
    for digits in (6, 9, 12, 17):
        if value != baseline:
            break
        # Years, say, differ only in later digits.
        value, baseline = f"{claim.value:,.{digits}g}", f"{claim.baseline:,.{digits}g}"
    compared = f"{value} against an average of {baseline}"
    return Phrase(f"{contrast.feature} ({compared})", claim)
