"""What is to be said of one segment: how large, how much it spends, what of, and how varied it is."""

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
# No more customers than this, or than this share while these are few enough to know, are better met one by one.
FEW_CUSTOMERS, FEW_SHARE, FEW_AT_MOST = 5, 0.01, 30
# How far the quartiles lie apart, against those of all customers.
ALIKE, VARIED = 2 / 3, 1.5
_MOST_IN_SENTENCE = 3


class Portrait:
    """One segment (from 0) of a profile."""

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
        """The word for how much is spent; empty where nothing is money."""
        if self._spend is None or self._spend.ratio is None:
            return ""
        if self._spend.ratio >= HIGH_SPENDING:
            return "High-spending"
        if self._spend.ratio <= BUDGET_CONSCIOUS:
            return "Budget-conscious"
        products = [feature for feature in self._profile.features if self._is_product(feature)]
        bought = [contrast.feature for contrast in self.more if self._is_product(contrast.feature)]
        # Who buys more of everything, or just more, selects nothing.
        return "Selective" if 0 < len(bought) < len(products) else "Moderate"

    def _is_product(self, feature: str) -> bool:
        return feature in self._profile.money and is_product(feature)

    @property
    def measure(self) -> str:
        """How much is spent; empty where nothing is money."""
        if self._spend is not None and self._spend.ratio is not None:
            return f"{times(self._spend.ratio)} the average"
        return ""

    @property
    def detail(self) -> str:
        """How high the first feature is; empty where none stands out."""
        first = (*self.more, *self.less)[:1]
        return f"{first[0].feature} {number(first[0].claim.value)}" if first else ""

    @cached_property
    def paragraph(self) -> Sentence:
        """All that is said, with what it rests on."""
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
        """All that is claimed: in the paragraph, and of every feature that stands out."""
        said = [phrase.claim for phrase in self.paragraph if phrase.claim is not None]
        return (*said, *(one.claim for one in (*self.more, *self.less) if one.claim not in said))

    @property
    def _size_words(self) -> Sentence:
        share, spend = self._profile.customer_share[self._position], self._profile.spend_share
        counted = round(self.size / share)
        of_all = Claim(self._position + 1, "share of customers", None, float(share), 1.0, self.size, counted)
        words = sentence(Phrase(f"{count(self.size, 'customer')}, {percent(share)} of all", of_all))
        if spend is not None:
            mine = float(spend[self._position])
            of_spend = Claim(self._position + 1, "share of spend", None, mine, 1.0, self.size, counted)
            words = sentence(words, ", with ", Phrase(f"{percent(mine)} of the spend", of_spend))
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
            Phrase(f"{number(spend.value)}{unit}, {times(spend.ratio)} the average customer", spend),
            "; the median one spends ",
            Phrase(
                f"more than {_part_of_all(rank)}",
                replace(self._claim("spend rank", rank, 0.5), sample=self._profile.sample),
            ),
            ".",
        )

    @property
    def _contrast_words(self) -> Sentence:
        more, less = self.more[:_MOST_IN_SENTENCE], self.less[:_MOST_IN_SENTENCE]
        money = all(contrast.money for contrast in (*more, *less))
        higher, lower = ("They spend more than average on ", "less on ") if money else ("Higher: ", "lower: ")
        above, below = enumerated([_words(one) for one in more]), enumerated([_words(one) for one in less])
        if above and below:
            return sentence(higher, above, "; ", lower, below, ".")
        if above:
            return sentence(higher, above, ".")
        if below:
            return sentence("They spend less than average on " if money else capitalised(lower), below, ".")
        return sentence("No single feature stands far from the average.")

    @property
    def _category_words(self) -> Sentence:
        """Say which category is more frequent here, of each column that goes with the segments."""
        told: list[Sentence] = []
        for association in self._profile.associations:
            telling = association.telling(self._position + 1)
            if telling is not None:
                claim = self._claim("share of category", telling.share, telling.overall)
                claim = replace(claim, feature=association.column, category=telling.level)
                here, everywhere = percent(telling.share), percent(telling.overall)
                level = "missing" if telling.level == NO_VALUE else telling.level
                share = f"{association.column} is {level} for {here} of them, against {everywhere} of all"
                told.append(sentence(Phrase(share, claim), "."))
        return sentence(*(part for words in told for part in (sentence(" "), words)))[1:]

    @property
    def _variety_words(self) -> Sentence:
        profile, here = self._profile, self._position
        everyone = profile.overall_quartiles[2] - profile.overall_quartiles[0]
        own = profile.quartiles[here, 2] - profile.quartiles[here, 0]
        usable = np.flatnonzero((everyone > 0) & (profile.counts[here] >= FEW_CUSTOMERS))
        if not len(usable):
            return ()
        ratios = own[usable] / everyone[usable]
        variety, widest = float(np.median(ratios)), int(usable[ratios.argmax()])
        how = (
            "They are more alike than customers at large"
            if variety <= ALIKE
            else "They differ more among themselves than customers at large"
            if variety >= VARIED
            else "They are about as varied as customers at large"
        )
        low, _, high = profile.quartiles[here, :, widest]
        spread = Claim(
            here + 1, "spread", profile.features[widest], float(own[widest]), float(everyone[widest]),
            int(profile.counts[here, widest]), int(profile.overall_counts[widest]), sample=profile.sample,
        )  # fmt: skip
        varied = Phrase(how, replace(self._claim("variety", variety, 1.0), sample=profile.sample))
        if low == high:
            return sentence(varied, ".")
        between = f"{number(low)} and {number(high)}"
        return sentence(
            varied,
            ", most varied in ",
            Phrase(f"{profile.features[widest]} (the middle half between {between})", spread),
            ".",
        )

    @property
    def _caution(self) -> Sentence:
        few = min(max(FEW_CUSTOMERS, int(FEW_SHARE * self._everyone)), FEW_AT_MOST)
        return sentence("So few are better met one by one than as a group.") if self.size <= few else ()

    def _claim(self, statistic: Statistic, value: float, baseline: float) -> Claim:
        return Claim(self._position + 1, statistic, None, value, baseline, self.size, self._everyone)


def _part_of_all(rank: float) -> str:
    if 0.005 < rank < 0.995:
        return f"{percent(rank)} of all"
    return "nearly all" if rank > 0.5 else "hardly anybody"


def _words(contrast: Contrast) -> Phrase:
    claim = contrast.claim
    if contrast.money and claim.ratio is not None:
        return Phrase(f"{contrast.feature} ({times(claim.ratio)})", claim)
    value, baseline = number(claim.value), number(claim.baseline)
    for digits in (6, 9, 12, 17):
        if value != baseline:
            break
        # As years are: only more digits tell them apart.
        value, baseline = f"{claim.value:,.{digits}g}", f"{claim.baseline:,.{digits}g}"
    compared = f"{value} against an average of {baseline}"
    return Phrase(f"{contrast.feature} ({compared})", claim)
