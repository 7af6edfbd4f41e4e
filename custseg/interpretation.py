"""Say in plain words what each segment is: a name, a paragraph, and the evidence behind every claim in it.

Everything is judged on all features that were compared, never on the two that happen to be shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from custseg.wording import capitalised, count, escape_markdown, number, percent, times, together

if TYPE_CHECKING:
    from custseg.profile import Profile

GUIDANCE = (
    "Customers in one segment behave alike and can be targeted alike: plan one offer, one stock level and one tone "
    "for each segment, rather than one for everybody."
)
EXCEPTIONAL = "Exceptional accounts"
HIGH_SPENDING = 1.5
BUDGET_CONSCIOUS = 2 / 3
# A feature stands out where its average differs from everyone's by one of these factors ...
MUCH_MORE, MUCH_LESS = 1.25, 0.8
# ... and by this many standard deviations of all customers.
EFFECT = 0.25
# Fewer customers than this, or than this share, are better met one by one than as a group.
FEW_CUSTOMERS, FEW_SHARE = 5, 0.01
_MOST_IN_NAME, _MOST_IN_SENTENCE = 2, 3

Statistic = Literal["share of customers", "share of spend", "mean spend", "mean"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about a segment and the numbers it rests on.

    ``feature`` is None for a statement about the segment as a whole; ``value`` is the segment's number,
    ``baseline`` that of all customers, ``customers`` how many the value is taken over.
    """

    segment: int
    statistic: Statistic
    feature: str | None
    value: float
    baseline: float
    customers: int


@dataclass(frozen=True, slots=True)
class Interpretation:
    """Names and paragraphs (plain text) in the order of the segments, the claims in them, and what to make of it."""

    names: tuple[str, ...]
    sentences: tuple[str, ...]
    claims: tuple[Claim, ...]
    exceptional: str = ""
    guidance: str = GUIDANCE

    def __str__(self) -> str:
        """Return the Markdown, in which nothing from the table can act as markup."""
        paragraphs = [
            f"**Segment {position}: {escape_markdown(name)}.** {escape_markdown(sentence)}"
            for position, (name, sentence) in enumerate(zip(self.names, self.sentences, strict=True), start=1)
        ]
        if self.exceptional:
            paragraphs.append(f"**{EXCEPTIONAL}.** {escape_markdown(self.exceptional)}")
        return "\n\n".join([*paragraphs, f"**What to do with this.** {self.guidance}"])

    def _repr_markdown_(self) -> str:
        return str(self)


def interpret(shape: Profile) -> Interpretation:
    """Put the profile of a segmentation into words."""
    portraits = [_Portrait(shape, position) for position in range(len(shape.sizes))]
    return Interpretation(
        names=_distinct_names(portraits),
        sentences=tuple(portrait.paragraph for portrait in portraits),
        claims=tuple(claim for portrait in portraits for claim in portrait.claims),
        exceptional=_exceptional(shape),
    )


def _exceptional(shape: Profile) -> str:
    """Say of the customers that were set apart how many they are and what they spend; nothing where there are none."""
    apart = shape.exceptional
    if apart is None:
        return ""
    sentence = f"{count(apart.customers, 'customer')}, {percent(apart.customer_share)} of all"
    if apart.spend_share is not None:
        sentence += f", with {percent(apart.spend_share)} of the spend"
    distance = shape.segmentation.preparation.recipe.exceptional
    return (
        f"{sentence}. They are more than {distance:g} times as far from the average customer as customers typically "
        "are, so they are in no segment, and the averages above are without them. Look after each of them in person."
    )


@dataclass(frozen=True, slots=True)
class _Contrast:
    """How one feature of a segment compares with all customers; ``effect`` in their standard deviations."""

    feature: str
    value: float
    baseline: float
    effect: float
    money: bool

    @property
    def ratio(self) -> float | None:
        """Segment over all; None where that says nothing, as for numbers that can be negative."""
        return self.value / self.baseline if self.baseline > 0 and self.value >= 0 else None

    @property
    def stands_out(self) -> bool:
        return abs(self.effect) >= EFFECT and (self.ratio is None or not MUCH_LESS < self.ratio < MUCH_MORE)

    @property
    def words(self) -> str:
        if self.money and self.ratio is not None:
            return f"{self.feature} ({times(self.ratio)})"
        return f"{self.feature} ({number(self.value)} against an average of {number(self.baseline)})"


@dataclass(frozen=True, slots=True)
class _Name:
    """What a segment is called, and what a reader takes from it, in whatever order it is said."""

    text: str
    meaning: tuple[object, ...]

    def with_more(self, what: str) -> _Name:
        return _Name(f"{self.text} ({what})", (*self.meaning, what)) if what else self


class _Portrait:
    """What is to be said of one segment."""

    def __init__(self, shape: Profile, position: int) -> None:
        self._shape, self._position = shape, position
        self.size = int(shape.sizes[position])
        contrasts = [
            _Contrast(
                feature, float(value), float(baseline), float((value - baseline) / spread), feature in shape.money
            )
            for feature, value, baseline, spread in zip(
                shape.features,
                shape.means[position],
                shape.overall_means,
                shape.overall_deviations,
                strict=True,
            )
            # A feature that doesn't vary differs nowhere, and one without values here says nothing.
            if spread > 0 and value == value  # noqa: PLR0124 - NaN
        ]
        outstanding = sorted((c for c in contrasts if c.stands_out), key=lambda c: -abs(c.effect))
        self.more = [contrast for contrast in outstanding if contrast.effect > 0]
        self.less = [contrast for contrast in outstanding if contrast.effect < 0]
        self.spend = self._spend()

    def _spend(self) -> _Contrast | None:
        shape = self._shape
        if shape.spend is None or shape.spend_share is None:
            return None
        own, everyone = shape.spend[self._position] / self.size, shape.spend.sum() / shape.sizes.sum()
        return _Contrast("spend", float(own), float(everyone), 0.0, money=True)

    @property
    def level(self) -> str:
        """The word for how much is spent; empty where nothing is money."""
        if self.spend is None or self.spend.ratio is None:
            return ""
        if self.spend.ratio >= HIGH_SPENDING:
            return "High-spending"
        if self.spend.ratio <= BUDGET_CONSCIOUS:
            return "Budget-conscious"
        return "Selective" if self.more else "Moderate"

    def name(self, most: int) -> _Name:
        """How much and of what, naming that many features each way."""
        more, less = self.more[:most], self.less[:most]
        if self.level:
            less = [] if more else less
        parts = (*_listed_by_kind(more, "", "high "), *_listed_by_kind(less, "little ", "low "))
        text = ", ".join(parts)
        if self.level:
            text = f"{self.level}: {text}" if text else self.level
        meaning = (self.level, frozenset(one.feature for one in more), frozenset(one.feature for one in less))
        return _Name(capitalised(text) or "Close to the average", meaning)

    @property
    def measure(self) -> str:
        """How much is spent, or how high the first feature is; empty where neither stands out."""
        if self.spend is not None and self.spend.ratio is not None:
            return f"{times(self.spend.ratio)} the average"
        first = (*self.more, *self.less)[:1]
        return number(first[0].value) if first else ""

    @property
    def paragraph(self) -> str:
        sentences = [self._size_sentence, self._spend_sentence, self._contrast_sentence, self._caution]
        return " ".join(sentence for sentence in sentences if sentence)

    @property
    def _size_sentence(self) -> str:
        shape = self._shape
        sentence = f"{count(self.size, 'customer')}, {percent(shape.customer_share[self._position])} of all"
        if shape.spend_share is not None:
            sentence += f", with {percent(shape.spend_share[self._position])} of the spend"
        return f"{sentence}."

    @property
    def _spend_sentence(self) -> str:
        if self.spend is None or self.spend.ratio is None:
            return ""
        units = {self._shape.segmentation.table.unit(feature) for feature in self._shape.money}
        unit = f" {units.pop()}" if len(units) == 1 and units != {""} else ""
        return (
            f"On average each spends {number(self.spend.value)}{unit}, {times(self.spend.ratio)} the average customer."
        )

    @property
    def _contrast_sentence(self) -> str:
        higher, lower = ("They spend more than average on", "less on") if self._all_money else ("Higher:", "lower:")
        more = together([contrast.words for contrast in self.more[:_MOST_IN_SENTENCE]])
        less = together([contrast.words for contrast in self.less[:_MOST_IN_SENTENCE]])
        if more and less:
            return f"{higher} {more}; {lower} {less}."
        if more:
            return f"{higher} {more}."
        if less:
            return f"They spend less than average on {less}." if self._all_money else f"{capitalised(lower)} {less}."
        return "No single feature stands far from the average."

    @property
    def _all_money(self) -> bool:
        return all(contrast.money for contrast in (*self.more, *self.less))

    @property
    def _caution(self) -> str:
        few = max(FEW_CUSTOMERS, int(FEW_SHARE * self._shape.sizes.sum()))
        return "So few are better met one by one than as a group." if self.size <= few else ""

    @property
    def claims(self) -> list[Claim]:
        shape, here = self._shape, self._position
        claims = [self._claim("share of customers", None, float(shape.customer_share[here]), 1.0)]
        if shape.spend_share is not None and self.spend is not None:
            claims.append(self._claim("share of spend", None, float(shape.spend_share[here]), 1.0))
            claims.append(self._claim("mean spend", None, self.spend.value, self.spend.baseline))
        told = [*self.more[:_MOST_IN_SENTENCE], *self.less[:_MOST_IN_SENTENCE]]
        return claims + [self._claim("mean", one.feature, one.value, one.baseline) for one in told]

    def _claim(self, statistic: Statistic, feature: str | None, value: float, baseline: float) -> Claim:
        return Claim(self._position + 1, statistic, feature, value, baseline, self.size)


def _listed_by_kind(contrasts: list[_Contrast], of_money: str, of_others: str) -> list[str]:
    """Name the features that are bought, then the others, each kind with its word."""
    kinds = (
        (of_money, [one.feature for one in contrasts if one.money]),
        (of_others, [one.feature for one in contrasts if not one.money]),
    )
    return [f"{word}{together(names)}" for word, names in kinds if names]


def _distinct_names(portraits: list[_Portrait]) -> tuple[str, ...]:
    """Name every segment; where two would be called the same, name more features, then how much, then the number."""
    features = max(len(portrait.more) + len(portrait.less) for portrait in portraits)
    names = [portrait.name(_MOST_IN_NAME) for portrait in portraits]
    for most in range(_MOST_IN_NAME + 1, features + 1):
        names = _where_repeated(names, [portrait.name(most) for portrait in portraits])
    plain = names
    for more in ([portrait.measure for portrait in portraits], range(1, len(plain) + 1)):
        names = _where_repeated(names, [name.with_more(str(what)) for name, what in zip(plain, more, strict=True)])
    return tuple(name.text for name in names)


def _where_repeated(names: list[_Name], longer: list[_Name]) -> list[_Name]:
    used = Counter(name.meaning for name in names)
    return [more if used[name.meaning] > 1 else name for name, more in zip(names, longer, strict=True)]
