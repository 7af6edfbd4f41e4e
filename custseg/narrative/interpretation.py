"""Say in plain words what each segment is and what to do about it, with the evidence behind every claim.

Everything is judged on all features that were compared, never on the two that happen to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.narrative.claims import Claim, Sentence, plain
from custseg.narrative.playbook import Area, Playbook
from custseg.narrative.segment_description import Portrait
from custseg.narrative.segment_names import Vocabulary, distinct_names
from custseg.wording import capitalised, count, escape_markdown, percent

if TYPE_CHECKING:
    import pandas as pd

    from custseg.insight.profile import Profile

GUIDANCE = (
    "Customers in one segment behave alike and can be targeted alike: plan one offer, one stock level and one tone "
    "for each segment, rather than one for everybody."
)
EXCEPTIONAL = "Exceptional accounts"


@dataclass(frozen=True, slots=True)
class Action:
    """What to do for a segment in one area, and the claim that justifies it."""

    segment: int
    area: Area
    text: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What the segments are, in their order; all of it plain text.

    Attributes
    ----------
    names
        One for each segment, no two the same: a person's own, or the suggested one.
    suggested
        What each segment is called by itself.
    paragraphs
        For each segment, the phrases of a paragraph, each with the claim it makes.
    claims
        All claims, in the order of the segments: those of the paragraphs, and of every feature that stands out.
    actions
        What the playbook suggests: for each segment, at most one in each area.
    notes, doubts
        What people wrote about each segment, and why a name that they gave may no longer fit; empty where nothing.
    categories
        How each category of the table goes with the segments, and the test that says so.
    exceptional
        What is said of the customers that were set apart; empty where there are none.
    guidance
        What to make of it all.

    """

    names: tuple[str, ...]
    suggested: tuple[str, ...]
    paragraphs: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    actions: tuple[Action, ...] = ()
    notes: tuple[str, ...] = ()
    fit_warnings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    exceptional: str = ""
    guidance: str = GUIDANCE

    @property
    def sentences(self) -> tuple[str, ...]:
        """The paragraphs as plain text."""
        return tuple(plain(paragraph) for paragraph in self.paragraphs)

    @property
    def evidence(self) -> pd.DataFrame:
        """One row a claim: the numbers it rests on."""
        import pandas as pd

        return pd.DataFrame(
            [
                (c.segment, c.statistic, c.feature, c.category, c.value, c.baseline, c.effect, c.customers, c.everyone)
                for c in self.claims
            ],
            columns=[
                "segment", "statistic", "feature", "category", "value", "all customers", "effect size", "customers",
                "of all",
            ],
        )  # fmt: skip

    def remarks(self, segment: int) -> list[str]:
        """Return what else there is to say of a segment, from 1: a person's note, and a doubt about their name."""
        texts = (told[segment - 1] for told in (self.notes, self.fit_warnings) if told)
        return [" ".join(text.split()) for text in texts if text]

    def actions_for(self, segment: int) -> tuple[Action, ...]:
        """Return what is suggested for a segment, from 1."""
        return tuple(action for action in self.actions if action.segment == segment)

    def __str__(self) -> str:
        """Return the Markdown, in which nothing from the table can act as markup."""
        parts = []
        for position, (name, words) in enumerate(zip(self.names, self.sentences, strict=True), start=1):
            parts.append(f"**Segment {position}: {escape_markdown(name)}.** {escape_markdown(words)}")
            parts += [f"*{escape_markdown(text)}*" for text in self.remarks(position)]
            if actions := self.actions_for(position):
                parts.append("\n".join(f"- {capitalised(one.area)}: {escape_markdown(one.text)}" for one in actions))
        if self.exceptional:
            parts.append(f"**{EXCEPTIONAL}.** {escape_markdown(self.exceptional)}")
        return "\n\n".join([*parts, f"**What to do with this.** {self.guidance}"])

    def _repr_markdown_(self) -> str:
        return str(self)


def interpret(profile: Profile, playbook: Playbook | None = None) -> Interpretation:
    """Put the profile of a segmentation into words, with the names and suggestions of a playbook."""
    book = Playbook.bundled() if playbook is None else playbook
    portraits = [Portrait(profile, position) for position in range(len(profile.sizes))]
    vocabulary = Vocabulary(profile.features, profile.money, book)
    names = distinct_names(portraits, vocabulary)
    return Interpretation(
        names=names,
        suggested=names,
        paragraphs=tuple(portrait.paragraph for portrait in portraits),
        claims=tuple(claim for portrait in portraits for claim in portrait.claims),
        actions=tuple(
            action for portrait in portraits for action in _actions(portrait.claims, profile.money, book, vocabulary)
        ),
        notes=("",) * len(names),
        fit_warnings=("",) * len(names),
        categories=tuple(association.sentence for association in profile.associations),
        exceptional=_exceptional(profile),
    )


def _actions(
    claims: tuple[Claim, ...], money: tuple[str, ...], playbook: Playbook, vocabulary: Vocabulary
) -> list[Action]:
    """Return, for each area, the first suggestion that a claim justifies."""
    found: dict[Area, Action] = {}
    for suggestion in playbook.suggestions:
        if suggestion.area not in found:
            claim = next((claim for claim in claims if suggestion.when.met_by(claim, money)), None)
            if claim is not None:
                text = suggestion.about(claim, vocabulary.word(claim.feature or ""))
                found[suggestion.area] = Action(claim.segment, suggestion.area, text, claim)
    return list(found.values())


def _exceptional(profile: Profile) -> str:
    """Say of the customers that were set apart how many they are and what they spend; nothing where there are none."""
    apart = profile.exceptional
    if apart is None:
        return ""
    words = f"{count(apart.customers, 'customer')}, {percent(apart.customer_share)} of all"
    if apart.spend_share is not None:
        words += f", with {percent(apart.spend_share)} of the spend"
    distance = profile.segmentation.preparation.recipe.exceptional
    return (
        f"{words}. They are more than {distance:g} times as far from the average customer as customers typically "
        "are, so they are in no segment, and the averages above are without them. Look after each of them in person."
    )
