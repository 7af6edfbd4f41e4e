"""What each segment is and what to do about it, in plain words, with the evidence behind every claim.

It takes into account all features that were compared, not just the two in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from custseg.language import mark, say
from custseg.narrative.actions import NO_PLAN, Action, Plan, plan_actions
from custseg.narrative.claims import Claim, Sentence, plain
from custseg.narrative.conclusions import conclude
from custseg.narrative.playbook_choice import PlaybookChoice, choose_playbook
from custseg.narrative.segment_description import SegmentDescription
from custseg.narrative.segment_names import Vocabulary, distinct_names
from custseg.wording import as_written, capitalised, count, escape_markdown, markdown_as_html, percent, untypeset

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from custseg.insight.profile import Profile
    from custseg.narrative.playbook import Playbook

GUIDANCE = mark("Customers in a segment behave alike and can be targeted alike: plan one offer and one tone for each.")
EXCEPTIONAL = mark("Exceptional accounts")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The segments in words, in segment order; all of it plain text.

    Attributes
    ----------
    names
        One for each segment, no two the same: the name that a person gave it, or the suggested one.
    suggested
        The suggested name of each segment.
    headline_phrases
        For each segment, how many its customers are and what they spend, as phrases, each with the claim it makes.
    fact_phrases
        For each segment, as phrases, up to three: an outcome, and the largest differences from all customers.
    conclusion_phrases
        For each segment, one sentence on what that means for what one does, as phrases.
    paragraphs
        For each segment, all detail, as the phrases of a paragraph.
    claims
        All claims, in segment order: those of the phrases, one for every feature that stands out, and one for each
        outcome.
    plan
        What a playbook suggests to do, area by area, and which playbook that is.
    notes, fit_warnings
        What people wrote about each segment, and why a name that they gave may no longer fit; empty where there is
        nothing to say.
    categories
        How each category of the table is associated with the segments, and the test behind it.
    exceptional
        A description of the customers that were set apart; empty where there are none.
    guidance
        What to do with the segments.

    """

    names: tuple[str, ...]
    suggested: tuple[str, ...]
    headline_phrases: tuple[Sentence, ...]
    fact_phrases: tuple[tuple[Sentence, ...], ...]
    conclusion_phrases: tuple[Sentence, ...]
    paragraphs: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    plan: Plan = NO_PLAN
    notes: tuple[str, ...] = ()
    fit_warnings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    exceptional: str = ""
    guidance: str = GUIDANCE

    @property
    def headlines(self) -> tuple[str, ...]:
        """One line a segment: its name, how many customers it has, and their share of the spend."""
        words = zip(self.names, self.headline_phrases, strict=True)
        return tuple(f"{name}. {plain(phrases)}" for name, phrases in words)

    @property
    def facts(self) -> tuple[tuple[str, ...], ...]:
        """For each segment up to three lines: an outcome, where there is one, and the largest differences."""
        return tuple(tuple(plain(line) for line in lines) for lines in self.fact_phrases)

    @property
    def conclusions(self) -> tuple[str, ...]:
        """For each segment, one sentence on what that means for what one does."""
        return tuple(plain(conclusion) for conclusion in self.conclusion_phrases)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The paragraphs as plain text."""
        return tuple(plain(paragraph) for paragraph in self.paragraphs)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the playbook suggests: for each segment, at most one action in each area."""
        return self.plan.actions

    @property
    def evidence(self) -> pd.DataFrame:
        """One row per claim: the segment's value and that of all customers, Cliff's delta, and of how many they are."""
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    claim.segment, claim.statistic, claim.feature, claim.category, claim.value, claim.baseline,
                    claim.effect, claim.customers, claim.everyone,
                )
                for claim in self.claims
            ],
            columns=[
                "segment", "statistic", "feature", "category", "value", "all customers", "effect size", "customers",
                "of all",
            ],
        )  # fmt: skip

    def remarks(self, segment: int) -> list[str]:
        """Return what else there is to say of a segment, from 1: a person's note, and why their name may not fit."""
        remarks = (texts[segment - 1] for texts in (self.notes, self.fit_warnings) if texts)
        return [" ".join(text.split()) for text in remarks if text]

    def actions_for(self, segment: int) -> tuple[Action, ...]:
        """Return the actions suggested for a segment, from 1."""
        return tuple(action for action in self.actions if action.segment == segment)

    def __str__(self) -> str:
        """Return the Markdown, in which nothing from the table can act as markup or mathematics.

        Headlines, facts and conclusions come first, and all detail after them.
        """
        segments = range(1, len(self.names) + 1)
        short = [part for segment in segments for part in self._short(segment)]
        detail = [part for segment in segments for part in self._detail(segment)]
        return untypeset("\n\n".join([*short, *self._closing, f"**{say('In detail')}.**", *detail]))

    def _repr_markdown_(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = []
        for segment in range(1, len(self.names) + 1):
            parts += self._short(segment)
            parts.append(folded(segment, self._detail(segment)))
        return as_written(markdown_as_html(untypeset("\n\n".join([*parts, *self._closing]))))

    def _short(self, segment: int) -> list[str]:
        """Write the headline, a person's remarks, the facts and the conclusion of a segment as Markdown."""
        name, headline = self.names[segment - 1], plain(self.headline_phrases[segment - 1])
        parts = [
            say(
                "**Segment {segment}: {name}.** {headline}",
                segment=segment,
                name=escape_markdown(name),
                headline=escape_markdown(headline),
            )
        ]
        parts += [f"*{escape_markdown(text)}*" for text in self.remarks(segment)]
        if facts := self.facts[segment - 1]:
            parts.append("\n".join(f"- {escape_markdown(fact)}" for fact in facts))
        return [*parts, escape_markdown(self.conclusions[segment - 1])]

    def _detail(self, segment: int) -> list[str]:
        """Write the paragraph and the actions of a segment as Markdown."""
        parts = [f"**{say('Segment')} {segment}.** {escape_markdown(self.sentences[segment - 1])}"]
        if actions := self.actions_for(segment):
            parts.append(
                "\n".join(
                    f"- {escape_markdown(capitalised(say(one.area)))}: {escape_markdown(one.text)}" for one in actions
                )
            )
        return parts

    @property
    def _closing(self) -> list[str]:
        silences = [f"**{escape_markdown(capitalised(say(area)))}.** {why}" for area, why in self.plan.silences.items()]
        exceptional = [f"**{say(EXCEPTIONAL)}.** {escape_markdown(self.exceptional)}"] if self.exceptional else []
        return [*silences, *exceptional, say("**What to do with this.** {guidance}", guidance=self.guidance)]


def folded(segment: int, parts: Iterable[str]) -> str:
    """Fold the detail of a segment, in Markdown, away in HTML, under a line that opens it."""
    detail = say("Segment {segment} in detail", segment=segment)
    opening = f'<details><summary aria-label="{detail}">{say("Detail")}</summary>'
    return "\n\n".join([opening, *parts, "</details>"])


def interpret(profile: Profile, playbook: Playbook | None = None) -> Interpretation:
    """Describe the segments of a profile in words, with a playbook's, or with those of the one that suits the table."""
    schema = profile.segmentation.schema
    choice = choose_playbook(schema) if playbook is None else PlaybookChoice(playbook, "")
    descriptions = [SegmentDescription(profile, position) for position in range(len(profile.sizes))]
    vocabulary = Vocabulary(schema, profile.features, profile.money, choice.playbook)
    names = distinct_names(descriptions, vocabulary)
    claims = [description.claims for description in descriptions]
    return Interpretation(
        names=names,
        suggested=names,
        headline_phrases=tuple(description.headline for description in descriptions),
        fact_phrases=tuple(description.facts for description in descriptions),
        conclusion_phrases=conclude(descriptions, vocabulary),
        paragraphs=tuple(description.paragraph for description in descriptions),
        claims=tuple(chain(*claims)),
        plan=plan_actions(choice, claims, schema, profile.features, vocabulary.word),
        notes=("",) * len(names),
        fit_warnings=("",) * len(names),
        categories=tuple(association.sentence for association in profile.associations),
        exceptional=_exceptional(profile),
        guidance=say(GUIDANCE),
    )


def _exceptional(profile: Profile) -> str:
    """Say how many customers were set apart and what they spend; nothing where there are none."""
    exceptional = profile.exceptional
    if exceptional is None:
        return ""
    customers, share = count(exceptional.customers, "customer"), percent(exceptional.customer_share)
    words = say("{customers}, {share} of all", customers=customers, share=share)
    if exceptional.spend_share is not None:
        words = say("{size}, with {share} of the spend", size=words, share=percent(exceptional.spend_share))
    recipe = profile.segmentation.preparation.recipe
    why = []
    if recipe.exceptional is not None:
        why.append(
            say("more than {times:g} times as far from the average customer as is typical", times=recipe.exceptional)
        )
    if recipe.trim:
        why.append(say("farther from every segment than the customers who are in one"))
    return say(
        "{size}. They are {why}, so they belong to no segment and do not count in the averages above. Look after each "
        "of them personally.",
        size=words, why=say(" or ").join(why),
    )  # fmt: skip
