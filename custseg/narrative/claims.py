"""Statements about a segment with the numbers behind them, and the sentences that they make up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Literal

from custseg.language import current, mark, mark_in, say, say_in, written
from custseg.wording import THAT_OF_ALL, count, multiple, number, straight

Statistic = Literal[
    "share of customers",
    "share of spend",
    "mean spend",
    "spend rank",
    "mean",
    "variety",
    "spread",
    "share of category",
    "share of outcome",
]
# Romano et al., "Appropriate statistics for ordinal level data" (2006): below 0.147 negligible.
_EFFECTS = (
    (0.474, mark_in("an effect", "large")), (0.33, mark_in("an effect", "medium")),
    (0.147, mark_in("an effect", "small")), (0.0, mark_in("an effect", "negligible")),
)  # fmt: skip
_NUMBERS: dict[Statistic, str] = {
    "share of customers": mark("{customers:,} / {everyone:,} = {share}."),
    "share of spend": mark("Share of total spend: {share}."),
    "mean spend": mark("Average spend: {value} here, {baseline} overall.{further}"),
    "spend rank": mark("The median customer here spends more than {share} of all customers."),
    "mean": mark("Average {name}: {value} here, {baseline} overall.{further}"),
    "variety": mark("Interquartile range: {multiple} (median over features)."),
    "spread": mark("Interquartile range of {name}: {value} here, {baseline} overall."),
    "share of category": mark("{name} {category}: {share} here, {share_of_all} overall."),
    "share of outcome": mark("{name} {category}: {events} = {share} here{interval}, {share_of_all} overall."),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about a segment, and the numbers behind it.

    Attributes
    ----------
    segment
        The segment's number, from 1.
    statistic
        What ``value`` is: a share (0 to 1) of all customers, of all spend, of the segment's customers in a category, or
        of those of whom an outcome is known;
        the mean of a feature, or of a customer's total spend, in its units; ``spend rank``, the share of all customers
        who spend less than the segment's median customer; ``spread``, the interquartile range of a feature, in its
        units; ``variety``, the interquartile range as a multiple of that of all customers, median over the features.
    feature
        The column it is about; None for a statement about the segment as a whole.
    value, baseline
        The segment's number, and that of all customers.
    customers, everyone
        How many customers of the segment, and how many in all, these are taken from.
    effect, rank
        Of a mean, and of the mean spend: Cliff's delta against all other customers, and the share of all customers
        below the segment's median.
    category
        The category of the column that a share is of; of an outcome, the level that is the event.
    sample
        Size of the random sample that the rank, the effect size or the quartiles come from; None for all customers.
    interval
        Of an outcome: where its share is with 95% confidence (Wilson, 1927).
    said
        Of an outcome: what those customers did, such as “left” or “accepted campaign 5”; empty where there is no word
        for it.
    telling
        Of an outcome: whether the segment differs by more than chance explains, and by so much that it matters.
    label
        What people call the column; empty where that is its name.
    shown
        The value, with its unit where one is known, and the baseline as people write them; empty for plain numbers.

    """

    segment: int
    statistic: Statistic
    feature: str | None
    value: float
    baseline: float
    customers: int
    everyone: int
    effect: float | None = None
    rank: float | None = None
    category: str | None = None
    sample: int | None = None
    interval: tuple[float, float] | None = None
    said: str = ""
    telling: bool = False
    label: str = ""
    shown: tuple[str, str] | None = None
    # By language: the numbers of all claims of a page are shown again with each view, and when a run is recalled.
    _written: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def called(self) -> str:
        """What people call the column; empty for a statement about the segment as a whole."""
        return straight(self.label or self.feature or "")

    @property
    def _level(self) -> str:
        return straight(self.category or "")

    @property
    def figures(self) -> tuple[str, str]:
        """The value and the baseline as people write them."""
        return self.shown or (number(self.value), number(self.baseline))

    @property
    def ratio(self) -> float | None:
        """Value over baseline; None where it would be meaningless, as for negative numbers."""
        return self.value / self.baseline if self.baseline > 0 and self.value >= 0 else None

    @property
    def evidence(self) -> str:
        """The numbers in sentences, as plain text."""
        language = current()
        if language not in self._written:
            self._written[language] = f"{self._numbers} {self._basis}."
        return self._written[language]

    @property
    def _basis(self) -> str:
        basis = say(
            "Based on {customers} in segment {segment} and {everyone:,} in all",
            customers=count(self.customers, "customer"), segment=self.segment, everyone=self.everyone,
        )  # fmt: skip
        if self.statistic == "share of outcome":
            return say("{basis} of whom this is known", basis=basis)
        if self.sample is None:
            return basis
        return say("{basis}; ranks and quartiles from a random sample of {sample:,}", basis=basis, sample=self.sample)

    @property
    def _numbers(self) -> str:
        (value, baseline), share = self.figures, _share(self.value)
        return say(
            _NUMBERS[self.statistic],
            customers=self.customers, everyone=self.everyone, share=share, value=value, baseline=baseline,
            name=self.called, category=self._level, events=self._events, interval=self._interval,
            share_of_all=_share(self.baseline), multiple=multiple(max(self.value, 0.0), THAT_OF_ALL),
            further=self._rank_and_effect,
        )  # fmt: skip

    @property
    def _events(self) -> str:
        return say("{some:,} / {all:,}", some=round(self.value * self.customers), all=self.customers)

    @property
    def _interval(self) -> str:
        if self.interval is None:
            return ""
        low, high = map(_share, self.interval)
        return say(" (95% interval {low} to {high})", low=low, high=high)

    @property
    def _rank_and_effect(self) -> str:
        if self.effect is None or self.rank is None:
            return ""
        word = next(word for least, word in _EFFECTS if abs(self.effect) >= least)
        return say(
            " The median customer here is above {share} of all customers. Effect size (Cliff's delta): {effect:+.2f}, "
            "{word}.",
            share=_share(self.rank), effect=self.effect, word=say_in("an effect", word),
        )  # fmt: skip


def _share(share: float) -> str:
    return written(share, ".1%")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a sentence, and the claim it makes; None where it makes none.

    ``brief`` says it where there is little room and the numbers are a glance away; empty where it is the text itself.
    """

    text: str
    claim: Claim | None = None
    brief: str = ""

    def __str__(self) -> str:
        return self.text


Sentence = tuple[Phrase, ...]


def told(message: str, /, **values: str | Phrase | Sentence) -> Sentence:
    """Say a message as a sentence; values may be phrases, which keep their claims."""
    parts: list[str | Phrase | Sentence] = []
    for before, name, *_ in Formatter().parse(say(message)):
        parts += [before, *([values[name]] if name else [])]
    return sentence(*parts)


def sentence(*parts: str | Phrase | Sentence) -> Sentence:
    """Join texts and phrases to a sentence."""
    phrases: list[Phrase] = []
    for part in parts:
        if isinstance(part, str):
            phrases.append(Phrase(part))
        elif isinstance(part, Phrase):
            phrases.append(part)
        else:
            phrases.extend(part)
    return tuple(phrase for phrase in phrases if phrase.text)


def enumerated(phrases: list[Phrase]) -> Sentence:
    """Join phrases as in a sentence: “a, b and c”."""
    joined: list[str | Phrase] = []
    for position, phrase in enumerate(phrases):
        if position:
            joined.append(say(" and ") if position == len(phrases) - 1 else ", ")
        joined.append(phrase)
    return sentence(*joined)


def brief(phrases: Sentence) -> Sentence:
    """Return a sentence as it is said where there is little room."""
    return tuple(replace(phrase, text=phrase.brief or phrase.text) for phrase in phrases)


def plain(phrases: Sentence) -> str:
    """Return the text without the claims."""
    return "".join(phrase.text for phrase in phrases)
