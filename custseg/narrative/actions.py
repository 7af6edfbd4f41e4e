"""What to do for each segment, area by area: the suggestions of a playbook that the claims about it justify."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from custseg.language import mark, say
from custseg.narrative.amounts import within
from custseg.narrative.column_words import goods_of, is_product, share_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from custseg.narrative.claims import Claim
    from custseg.narrative.conditions import Condition
    from custseg.narrative.playbook import Area, Playbook, Suggestion
    from custseg.narrative.playbook_choice import PlaybookChoice
    from custseg.tables.schema import ColumnsByRole

NO_GOODS = mark("No column says which goods are bought, so there is nothing to suggest here.")
ALIKE = mark("Nothing that the playbook looks at sets the segments apart here.")
NONE_FITS = mark("None of the playbook's suggestions fits these segments.")


@dataclass(frozen=True, slots=True)
class Action:
    """What to do for a segment in one area.

    Attributes
    ----------
    segment
        The segment's number, from 1.
    area
        What it is for, such as “marketing”.
    text
        What to do, in plain text.
    claims
        What justifies it: one claim for each condition of the suggestion.

    """

    segment: int
    area: str
    text: str
    claims: tuple[Claim, ...]

    @property
    def claim(self) -> Claim:
        """The first of the claims."""
        return self.claims[0]

    @property
    def evidence(self) -> str:
        """The numbers behind all claims, in sentences."""
        return " ".join(dict.fromkeys(claim.evidence for claim in self.claims))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a playbook suggests for the segments of one result.

    Attributes
    ----------
    book, reason
        The playbook's title, and why it is this one; both may be empty.
    areas
        What suggestions are given in, in order.
    actions
        In segment order: for each segment at most one in each area.
    silences
        Why nothing is suggested in an area for which the playbook has suggestions, by area.

    """

    book: str = ""
    reason: str = ""
    areas: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    silences: Mapping[str, str] = field(default_factory=dict)


NO_PLAN = Plan()


class _Offer(NamedTuple):
    """A suggestion for one segment, with the claims that meet its conditions."""

    suggestion: Suggestion
    claims: tuple[Claim, ...]

    @property
    def advice(self) -> tuple[object, ...]:
        """What is advised, whatever the numbers."""
        return (self.suggestion.suggest, *(claim.feature for claim in self.claims))


def plan_actions(
    choice: PlaybookChoice,
    claims: Sequence[Sequence[Claim]],
    schema: ColumnsByRole,
    features: Sequence[str],
    word: Callable[[str], str],
) -> Plan:
    """Return what a playbook suggests for segments, from the claims about each of them.

    Of each area a segment has the first suggestion that fits. What would be suggested for every segment alike is no
    advice, and gives way to the next. ``features`` are what was compared, and ``word`` says what a column's spend buys.
    """
    planner = _Planner(choice.playbook, schema, word)
    used: list[set[Claim]] = [set() for _ in claims]
    actions: list[Action] = []
    silences: dict[str, str] = {}
    for area in choice.playbook.areas:
        if area.goods and not _has_goods(schema, features):
            silences[area.name] = say(NO_GOODS)
            continue
        # What another area rests on comes last, so that a segment is not told the same number again and again.
        ordered = [sorted(each, key=told.__contains__) for each, told in zip(claims, used, strict=True)]
        offers, alike = planner.offers(area, ordered)
        for told, offer in zip(used, offers, strict=True):
            told.update(offer.claims if offer else ())
        actions += [planner.action(position, offer) for position, offer in enumerate(offers, start=1) if offer]
        if alike is not None and not any(offers):
            silences[area.name] = say(ALIKE) if alike else say(NONE_FITS)
    actions.sort(key=lambda action: action.segment)
    areas = tuple(area.name for area in choice.playbook.areas)
    return Plan(choice.playbook.title, choice.reason, areas, tuple(actions), silences)


def _has_goods(schema: ColumnsByRole, features: Sequence[str]) -> bool:
    return any(map(is_product, schema.money(features))) or any(map(share_of, features))


@dataclass(frozen=True, slots=True)
class _Planner:
    playbook: Playbook
    schema: ColumnsByRole
    word: Callable[[str], str]

    def offers(self, area: Area, claims: Sequence[Sequence[Claim]]) -> tuple[list[_Offer | None], bool | None]:
        """Return the offer for each segment, None where nothing fits; and whether something would fit all alike.

        The latter is None where the playbook has no suggestion in that area.
        """
        left = [suggestion for suggestion in self.playbook.suggestions if suggestion.area == area.name]
        alike = False if left else None
        while True:
            offers = [self._first_offer(left, of_segment) for of_segment in claims]
            common = offers[0]
            if common is None or {offer.advice if offer else None for offer in offers} != {common.advice}:
                return offers, alike
            alike = True
            left = [suggestion for suggestion in left if suggestion is not common.suggestion]

    def _first_offer(self, suggestions: Sequence[Suggestion], claims: Sequence[Claim]) -> _Offer | None:
        for suggestion in suggestions:
            met = [self._claim_for(condition, claims) for condition in suggestion.when]
            found = tuple(claim for claim in met if claim is not None)
            if len(found) == len(met):
                return _Offer(suggestion, found)
        return None

    def _claim_for(self, condition: Condition, claims: Sequence[Claim]) -> Claim | None:
        groups = self.playbook.groups
        return next((claim for claim in claims if condition.met_by(claim, self.schema, groups)), None)

    def action(self, segment: int, offer: _Offer) -> Action:
        """Return an offer in words."""
        columns = [claim.feature or "" for claim in offer.claims]
        labels = [within(self.schema.label(column)) for column in columns]
        text = offer.suggestion.about(offer.claims, [self._product(column) for column in columns], labels)
        return Action(segment, offer.suggestion.area, text, offer.claims)

    def _product(self, column: str) -> str:
        """Return what a column is about, in everyday words: the playbook's, else its label."""
        if goods := share_of(column):
            found = self.playbook.product(goods)
            return say(found.word) if found else goods
        word = self.word(column)
        return goods_of(self.schema.label(column)) if word == column else word
