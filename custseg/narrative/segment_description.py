"""One segment in words: its size, how much it spends and on what, and how varied its customers are."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say
from custseg.narrative.amounts import own_label, written
from custseg.narrative.category_differences import find_category_differences
from custseg.narrative.claims import Claim, Phrase, Sentence, enumerated, sentence, told
from custseg.narrative.contrasts import MUCH_LESS, MUCH_MORE, find_contrasts
from custseg.narrative.facts import by_difference, find_facts
from custseg.narrative.outcome_phrases import outcome_phrases
from custseg.narrative.playbook import is_product
from custseg.narrative.spending_level import mean_rank, spending_level
from custseg.tables.written_values import with_unit
from custseg.wording import AVERAGE, OVERALL_AVERAGE, count, multiple, number, percent, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from custseg.insight.profile import Profile
    from custseg.narrative.claims import Statistic
    from custseg.narrative.contrasts import Contrast

    Floats = npt.NDArray[np.float64]

# Up to this many customers, or this share as long as that is few enough to know, are better handled one by one.
FEW_CUSTOMERS, FEW_SHARE, FEW_AT_MOST = 5, 0.01, 30
CLOSE_TO_AVERAGE = mark("Close to the average")
_LIKE_MOST = mark("Like most customers")
# Interquartile ranges as multiples of those of all customers.
ALIKE, VARIED = 2 / 3, 1.5
_MOST_IN_SENTENCE = 3
# What to say where some is above average, and where some is below.
_SPENT = {
    (True, True): mark("They spend more than average on {above}; less on {below}."),
    (True, False): mark("They spend more than average on {above}."),
    (False, True): mark("They spend less than average on {below}."),
}
_DIFFERENT = {
    (True, True): mark("Higher: {above}; lower: {below}."),
    (True, False): mark("Higher: {above}."),
    (False, True): mark("Lower: {below}."),
}


class SegmentDescription:
    """What there is to say of one segment (its position from 0) of a profile."""

    def __init__(self, profile: Profile, position: int) -> None:
        self._profile, self._position = profile, position
        self.size, self._everyone = int(profile.sizes[position]), int(profile.sizes.sum())
        self._compared = find_contrasts(profile, position)
        self.contrasts = [contrast for contrast in self._compared if contrast.stands_out]
        self.more = [contrast for contrast in self.contrasts if contrast.more]
        self.less = [contrast for contrast in self.contrasts if not contrast.more]
        self.categories = find_category_differences(profile, position)
        # Advice takes the first that fits.
        self.outcomes = by_difference(outcome_phrases(profile, position))

    @cached_property
    def spend(self) -> Claim | None:
        """What a customer spends on average; None where no feature is money, or its amounts are mostly below 0."""
        profile, here = self._profile, self._position
        means, ranks, effects = profile.spend_means, profile.spend_ranks, profile.spend_effects
        if means is None or ranks is None or effects is None or profile.overall_spend_mean is None:
            return None
        owed = any(contrast.feature in profile.money and not contrast.money for contrast in self._compared)
        if profile.spend_share is None or owed:
            return None
        claim = self._claim("mean spend", float(means[here]), profile.overall_spend_mean)
        claim = replace(claim, shown=self._amounts(claim))
        return replace(claim, effect=float(effects[here]), rank=float(ranks[here]), sample=profile.sample)

    def _amounts(self, claim: Claim) -> tuple[str, str]:
        """Write what is spent, with the unit that all columns of money share."""
        value, baseline = number(claim.value), number(claim.baseline)
        columns = [self._profile.segmentation.schema.column(name) for name in self._profile.money]
        if len({column.unit for column in columns}) > 1:
            return value, baseline
        # Whatever the column is called, this is no name beside the number.
        unit = replace(columns[0], name="", label="", quantity="")
        return with_unit(value, unit), with_unit(baseline, unit, sign_only=True)

    @property
    def level(self) -> str:
        """The word for how much is spent; empty where no feature is money."""
        if self.spend is None or self.spend.ratio is None:
            return ""
        products = [feature for feature in self._profile.features if self._is_product(feature)]
        bought = [contrast.feature for contrast in self.more if self._is_product(contrast.feature)]
        # Customers who buy more of everything, or more of nothing in particular, are not selective.
        selective = 0 < len(bought) < len(products)
        rank = mean_rank(self.spend.effect or 0.0, self.size / self._everyone)
        return spending_level(self.spend.ratio, rank, selective=selective)

    @property
    def spends_as_others(self) -> bool:
        """Whether what a customer spends on average is known, and close to what all do."""
        ratio = None if self.spend is None else self.spend.ratio
        return ratio is not None and MUCH_LESS < ratio < MUCH_MORE

    @property
    def ordinary(self) -> str:
        """What to say where nothing stands out: that of the averages only where they are all close."""
        far = any(contrast.apart for contrast in self._compared) or self.level.startswith("Spending")
        return _LIKE_MOST if far else CLOSE_TO_AVERAGE

    @property
    def few(self) -> bool:
        """Whether so few are better handled one by one."""
        return self.size <= min(max(FEW_CUSTOMERS, int(FEW_SHARE * self._everyone)), FEW_AT_MOST)

    @property
    def headline(self) -> Sentence:
        """How many they are, and how much of the spend is theirs."""
        return self._sized(mark("{customers} ({share})"), mark("{size} with {spend}."))

    @cached_property
    def facts(self) -> tuple[Sentence, ...]:
        """What became of the customers, and the largest differences, a line each."""
        return find_facts(self.outcomes, self.contrasts, self.categories)

    def _is_product(self, feature: str) -> bool:
        return feature in self._profile.money and is_product(feature)

    @property
    def measure(self) -> str:
        """How much is spent; empty where no feature is money."""
        if self.spend is not None and self.spend.ratio is not None:
            return say("spending {multiple}", multiple=multiple(self.spend.ratio, AVERAGE))
        return ""

    @property
    def detail(self) -> str:
        """How much there is of what stands out most; empty where nothing does."""
        first = (*self.more, *self.less)[:1]
        return "".join(
            f"{one.claim.called} {one.claim.figures[0]}" if one.ratio is None else multiple(one.ratio, AVERAGE)
            for one in first
        )

    @cached_property
    def paragraph(self) -> Sentence:
        """The whole description, each phrase with its claim."""
        parts = [
            self._sized(mark("{customers}, {share} of all"), mark("{size}, with {spend}.")),
            self._outcome_words,
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
        said = [phrase.claim for phrase in (*self.paragraph, *chain(*self.facts)) if phrase.claim is not None]
        return tuple(dict.fromkeys([*said, *(contrast.claim for contrast in (*self.more, *self.less))]))

    def _sized(self, form: str, both: str) -> Sentence:
        """Say how many customers these are, of how many, and how much of the spend is theirs."""
        share = self._profile.customer_share[self._position]
        spend = None if self.spend is None else self._profile.spend_share
        counted = round(self.size / share)
        of_all = Claim(self._position + 1, "share of customers", None, float(share), 1.0, self.size, counted)
        words = sentence(Phrase(say(form, customers=count(self.size, "customer"), share=percent(share)), of_all))
        if spend is not None:
            spend_share = float(spend[self._position])
            of_spend = Claim(self._position + 1, "share of spend", None, spend_share, 1.0, self.size, counted)
            spent = Phrase(say("{share} of the spend", share=percent(spend_share)), of_spend)
            return told(both, size=words, spend=spent)
        return sentence(words, ".")

    @property
    def _outcome_words(self) -> Sentence:
        return _sentences(self.outcomes)

    @property
    def _spend_words(self) -> Sentence:
        spend = self.spend
        if spend is None or spend.ratio is None or spend.rank is None:
            return ()
        rank = replace(self._claim("spend rank", spend.rank, 0.5), sample=self._profile.sample)
        average = say("{amount}, {multiple}", amount=spend.figures[0], multiple=multiple(spend.ratio, OVERALL_AVERAGE))
        parts = {"average": Phrase(average, spend), "median": Phrase(_spends_more_than(rank.value), rank)}
        if self.level.startswith("Spending"):
            return told("On average each spends {average}, which the largest amounts decide; {median}.", **parts)
        return told("On average each spends {average}; {median}.", **parts)

    @property
    def _contrast_words(self) -> Sentence:
        more, less = self.more[:_MOST_IN_SENTENCE], self.less[:_MOST_IN_SENTENCE]
        money = all(contrast.money and is_product(contrast.feature) for contrast in (*more, *less))
        above, below = (enumerated([_words(contrast) for contrast in contrasts]) for contrasts in (more, less))
        if above or below:
            message = _SPENT[bool(above), bool(below)] if money else _DIFFERENT[bool(above), bool(below)]
            return told(message, above=above, below=below)
        if self.ordinary == CLOSE_TO_AVERAGE:
            return told("No single feature is far from average.")
        return told("They are like most customers in every feature.")

    @property
    def _category_words(self) -> Sentence:
        """Say which categories are more frequent here."""
        return _sentences([Phrase(difference.line, difference.claim) for difference in self.categories])

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
        varied = Phrase(_how_varied(variety), replace(self._claim("variety", variety, 1.0), sample=profile.sample))
        low, _, high = profile.quartiles[here, :, widest]
        if low == high:
            return sentence(varied, ".")
        widest_of_all = self._middle_half(widest, spread, overall_spread)
        return told("{varied}, most of all in {feature}.", varied=varied, feature=widest_of_all)

    def _middle_half(self, feature: int, spread: Floats, overall_spread: Floats) -> Phrase:
        """Say between which values half of the customers lie in a feature."""
        profile, schema, name = self._profile, self._profile.segmentation.schema, self._profile.features[feature]
        claim = Claim(
            self._position + 1, "spread", name, float(spread[feature]), float(overall_spread[feature]),
            int(profile.counts[self._position, feature]), int(profile.overall_counts[feature]), sample=profile.sample,
            label=own_label(schema, name),
        )  # fmt: skip
        low, _, high = (written(schema.column(name), value) for value in profile.quartiles[self._position, :, feature])
        text = say("{column} (middle half: {low} to {high})", column=claim.called, low=low, high=high)
        return Phrase(text, claim)

    @property
    def _caution(self) -> Sentence:
        return sentence(self.few_words) if self.few else ()

    @property
    def few_words(self) -> str:
        """What to say of so few customers."""
        if self.size == 1:
            return say("A single customer is better looked after in person than as a group.")
        return say("So few are better handled one by one than as a group.")

    def _claim(self, statistic: Statistic, value: float, baseline: float) -> Claim:
        return Claim(self._position + 1, statistic, None, value, baseline, self.size, self._everyone)


def _sentences(phrases: Sequence[Phrase]) -> Sentence:
    """Make a sentence of each phrase."""
    return sentence(*(part for phrase in phrases for part in (" ", phrase, ".")))[1:]


def _spends_more_than(rank: float) -> str:
    """Say how many customers spend less than the segment's median one."""
    if rank <= 0.005:
        return say("hardly anyone spends less than the median customer")
    if rank < 0.995:
        return say("the median customer spends more than {others:.0f} in 100 customers do", others=100 * rank)
    return say("the median customer spends more than nearly all customers do")


def _how_varied(variety: float) -> str:
    if variety <= ALIKE:
        return say("They are more alike than customers overall")
    if variety >= VARIED:
        return say("They vary more than customers overall")
    return say("They vary about as much as customers overall")


def _words(contrast: Contrast) -> Phrase:
    if contrast.ratio is None:
        here, average = contrast.claim.figures
        compared = say("{here} against an average of {average}", here=here, average=average)
    else:
        compared = times(contrast.ratio) if contrast.ratio >= 1 else multiple(contrast.ratio, AVERAGE)
    return Phrase(f"{contrast.claim.called} ({compared})", contrast.claim)
