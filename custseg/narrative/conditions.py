"""What a suggestion needs to be given: a condition on the claims that are made about a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from custseg.language import say
from custseg.narrative.claims import Claim, Statistic
from custseg.narrative.column_words import is_product, key, share_of, words_of
from custseg.tables.outcome_words import event_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.tables.schema import ColumnsByRole

# What a condition may be about beside columns by name, and a playbook's own groups of them.
MONEY, OTHER, SHARES = "money", "other", "shares"
Text = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Columns = Annotated[tuple[Text, ...], Field(min_length=1)]
# Of Cliff's delta; less is negligible (Romano et al., "Appropriate statistics for ordinal level data", 2006).
_SMALL_EFFECT = 0.147
_PERIODS = {"month", "monthly"}
_Bound = Annotated[float, Field(allow_inf_nan=False)]


class Entry(BaseModel):
    """A part of a playbook: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Entry):
    """The claim that a suggestion needs.

    ``at_least`` and ``at_most`` are shares where the claim is one, else multiples of the average; ``lift_at_least`` and
    ``lift_at_most`` are multiples of the average for any claim.
    """

    says: Statistic
    about: Columns | Text | None = None
    category: Text | None = None
    at_least: _Bound | None = None
    at_most: _Bound | None = None
    lift_at_least: _Bound | None = None
    lift_at_most: _Bound | None = None
    customers_at_most: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _check_bounds(self) -> Condition:
        for least, most, names in (
            (self.at_least, self.at_most, ("at_least", "at_most")),
            (self.lift_at_least, self.lift_at_most, ("lift_at_least", "lift_at_most")),
        ):
            if least is not None and most is not None and least > most:
                msg = say("{least} is above {most}, so this never applies", least=names[0], most=names[1])
                raise ValueError(msg)
        return self

    def met_by(self, claim: Claim, schema: ColumnsByRole, groups: Mapping[str, tuple[str, ...]]) -> bool:
        """Return whether a claim meets this condition; ``groups`` are the playbook's groups of columns."""
        if claim.statistic != self.says or self.category not in (None, claim.category):
            return False
        if self.customers_at_most is not None and claim.customers > self.customers_at_most:
            return False
        shared = claim.statistic.startswith("share") or claim.statistic == "spend rank"
        bounds = (self.at_least, self.at_most)
        return (
            self._is_about(claim, schema, groups)
            and _is_sure(claim, *bounds)
            and _within(claim.value if shared else claim.ratio, *bounds)
            and _within(claim.ratio, self.lift_at_least, self.lift_at_most)
        )

    def _is_about(self, claim: Claim, schema: ColumnsByRole, groups: Mapping[str, tuple[str, ...]]) -> bool:
        feature = claim.feature or ""
        if self.about is None:
            return True
        if self.about == MONEY:
            # Total spend is not something that can be kept in stock.
            return bool(schema.money([feature])) and is_product(feature)
        if self.about == OTHER:
            return not schema.money([feature])
        if self.about == SHARES:
            return bool(share_of(feature))
        wanted = groups.get(self.about, ()) if isinstance(self.about, str) else self.about
        return any(_names(claim, name, schema.label(feature)) for name in wanted)


def _names(claim: Claim, name: str, label: str) -> bool:
    """Return whether a name in a playbook means what a claim is about: a column, its label, or what people did."""
    # One outcome has many names: “Churn”, “Attrition_Flag: Attrited Customer”, “Customer Status: Churned”.
    if claim.said and name.lower() in (claim.said, event_word(claim.said)):
        return True
    # What was paid in all is no monthly fee, though both are charges.
    if words_of(name) & _PERIODS and "total" in words_of(claim.feature or ""):
        return False
    return key(name) in (key(claim.feature or ""), key(label))


def _is_sure(claim: Claim, least: float | None, most: float | None) -> bool:
    """Return whether a difference is more than chance, or one customer's doing.

    One amount of 1,000,000 moves the average so far that everybody else would be below it.
    """
    if claim.statistic == "share of outcome":
        return claim.telling
    if claim.effect is None:
        return True
    above = least is None or least <= 1 or claim.effect >= _SMALL_EFFECT
    return above and (most is None or most >= 1 or claim.effect <= -_SMALL_EFFECT)


def _within(measure: float | None, least: float | None, most: float | None) -> bool:
    if measure is None:
        return least is None and most is None
    return (least is None or measure >= least) and (most is None or measure <= most)
