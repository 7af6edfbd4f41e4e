"""Statements about a segment with the numbers behind them, and the sentences that they make up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from custseg.wording import count, multiple, number, straight

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
_EFFECTS = ((0.474, "large"), (0.33, "medium"), (0.147, "small"), (0.0, "negligible"))


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
        return f"{self._numbers} {self._basis}."

    @property
    def _basis(self) -> str:
        basis = f"Based on {count(self.customers, 'customer')} in segment {self.segment} and {self.everyone:,} in all"
        if self.statistic == "share of outcome":
            return f"{basis} of whom this is known"
        return basis if self.sample is None else f"{basis}; ranks and quartiles from a random sample of {self.sample:,}"

    @property
    def _numbers(self) -> str:
        (value, baseline), share = self.figures, _share(self.value)
        written: dict[Statistic, str] = {
            "share of customers": f"{self.customers:,} / {self.everyone:,} = {share}.",
            "share of spend": f"Share of total spend: {share}.",
            "mean spend": f"Average spend: {value} here, {baseline} overall.{self._rank_and_effect}",
            "spend rank": f"The median customer here spends more than {share} of all customers.",
            "mean": f"Average {self.called}: {value} here, {baseline} overall.{self._rank_and_effect}",
            "variety": f"Interquartile range: {multiple(self.value, 'that of all customers')} (median over features).",
            "spread": f"Interquartile range of {self.called}: {value} here, {baseline} overall.",
            "share of category": f"{self.called} {self._level}: {share} here, {_share(self.baseline)} overall.",
            "share of outcome": f"{self.called} {self._level}: {self._events} = {share} here{self._interval}, "
            f"{_share(self.baseline)} overall.",
        }
        return written[self.statistic]

    @property
    def _events(self) -> str:
        return f"{round(self.value * self.customers):,} / {self.customers:,}"

    @property
    def _interval(self) -> str:
        return (
            "" if self.interval is None else f" (95% interval {_share(self.interval[0])} to {_share(self.interval[1])})"
        )

    @property
    def _rank_and_effect(self) -> str:
        if self.effect is None or self.rank is None:
            return ""
        word = next(word for least, word in _EFFECTS if abs(self.effect) >= least)
        return (
            f" The median customer here is above {_share(self.rank)} of all customers. Effect size (Cliff's delta): "
            f"{self.effect:+.2f}, {word}."
        )


def _share(share: float) -> str:
    return f"{share * 100:.1f}%"


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
            joined.append(" and " if position == len(phrases) - 1 else ", ")
        joined.append(phrase)
    return sentence(*joined)


def brief(phrases: Sentence) -> Sentence:
    """Return a sentence as it is said where there is little room."""
    return tuple(replace(phrase, text=phrase.brief or phrase.text) for phrase in phrases)


def plain(phrases: Sentence) -> str:
    """Return the text without the claims."""
    return "".join(phrase.text for phrase in phrases)
