"""A statement about a segment with the numbers it rests on, and sentences made of such statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from custseg.wording import count, number

Statistic = Literal[
    "share of customers",
    "share of spend",
    "mean spend",
    "spend rank",
    "mean",
    "variety",
    "spread",
    "share of category",
]
# Romano et al., "Appropriate statistics for ordinal level data" (2006): below 0.147 negligible.
_EFFECTS = ((0.474, "large"), (0.33, "medium"), (0.147, "small"), (0.0, "negligible"))


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about a segment and the numbers it rests on.

    Attributes
    ----------
    segment
        Its number, from 1.
    statistic
        What ``value`` is: a share (0 to 1) of all customers, of all spend, or of the segment's customers that are of a
        category; the mean of a feature or of all spend of a customer, in its units; ``spend rank``, the share of all
        customers that spends less than the segment's median one; ``spread``, the distance between the quartiles of a
        feature, in its units; ``variety``, the median over all features of that distance, as a multiple of the one of
        all customers.
    feature
        Of which column; None for a statement about the segment as a whole.
    value, baseline
        The segment's number, and that of all customers.
    customers, everyone
        How many customers of the segment, and of all, these are taken over.
    effect, rank
        Of a mean: Cliff's delta against all other customers, and the share of all customers below the segment's median.
    category
        Which category of the column.
    sample
        How many customers at random the rank, the effect size or the quartiles were taken from; None for all of them.

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

    @property
    def ratio(self) -> float | None:
        """Value over baseline; None where that says nothing, as for numbers that can be negative."""
        return self.value / self.baseline if self.baseline > 0 and self.value >= 0 else None

    @property
    def evidence(self) -> str:
        """The numbers in a sentence, as plain text."""
        return f"{self._numbers} {self._over}."

    @property
    def _over(self) -> str:
        over = f"Over {count(self.customers, 'customer')} of segment {self.segment} and {self.everyone:,} of all"
        return over if self.sample is None else f"{over}; ranks and quartiles from a random {self.sample:,}"

    @property
    def _numbers(self) -> str:
        value, baseline, share = number(self.value), number(self.baseline), _share(self.value)
        written: dict[Statistic, str] = {
            "share of customers": f"{self.customers:,} / {self.everyone:,} = {share}.",
            "share of spend": f"Share of all spend: {share}.",
            "mean spend": f"Average spend: {value} here, {baseline} of all.",
            "spend rank": f"The median customer here spends more than {share} of all.",
            "mean": f"Average {self.feature}: {value} here, {baseline} of all.{self._status_of}",
            "variety": f"Distance between quartiles: {self.value:.2f} times that of all (median over features).",
            "spread": f"Distance between the quartiles of {self.feature}: {value} here, {baseline} of all.",
            "share of category": f"{self.feature} {self.category}: {share} here, {_share(self.baseline)} of all.",
        }
        return written[self.statistic]

    @property
    def _status_of(self) -> str:
        if self.effect is None or self.rank is None:
            return ""
        word = next(word for least, word in _EFFECTS if abs(self.effect) >= least)
        return (
            f" The median customer here is above {_share(self.rank)} of all. Effect size (Cliff's delta): "
            f"{self.effect:+.2f}, {word}."
        )


def _share(share: float) -> str:
    return f"{share * 100:.1f} %"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a sentence, and what it claims; None where it claims nothing."""

    text: str
    claim: Claim | None = None

    def __str__(self) -> str:
        return self.text


Sentence = tuple[Phrase, ...]


def sentence(*parts: str | Phrase | Sentence) -> Sentence:
    """Put texts and phrases together."""
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


def plain(phrases: Sentence) -> str:
    """Return the text alone."""
    return "".join(phrase.text for phrase in phrases)
