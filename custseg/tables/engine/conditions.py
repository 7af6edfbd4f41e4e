"""Whom a condition is about, as an expression of an engine: what ``holds`` is in memory. It is never null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from custseg.tables.expressions import (
    Both,
    Either,
    Everyone,
    Identified,
    IdentifierContains,
    InSegments,
    Not,
    Passing,
)

if TYPE_CHECKING:
    import narwhals as nw

    from custseg.tables.expressions import Condition


class Asked(Protocol):
    """What conditions look at, of whatever they are asked of."""

    def nobody(self) -> nw.Expr:
        """Return what holds of nobody."""

    def codes(self, label: str) -> nw.Expr:
        """Return the segment of each customer under a label, LEFT_OUT or SET_APART."""

    def identifiers(self) -> nw.Expr:
        """Return the identifier of each customer as text."""

    def passing(self, condition: Passing) -> nw.Expr:
        """Return of whom the test holds."""


def expression_of(condition: Condition, asked: Asked) -> nw.Expr:
    """Return of whom a condition holds."""
    match condition:
        case Everyone():
            return ~asked.nobody()
        case InSegments():
            return asked.codes(condition.label).is_in(sorted(condition.codes)) if condition.codes else asked.nobody()
        case Identified() | IdentifierContains():
            return _identified(condition, asked)
        case Passing():
            return asked.passing(condition)
        case Not():
            return ~expression_of(condition.condition, asked)
        case Both() | Either():
            one, other = expression_of(condition.one, asked), expression_of(condition.other, asked)
            return one & other if isinstance(condition, Both) else one | other


def _identified(condition: Identified | IdentifierContains, asked: Asked) -> nw.Expr:
    if isinstance(condition, Identified):
        # Not every engine knows a list of nothing.
        some = list(condition.identifiers)
        return asked.identifiers().is_in(some).fill_null(value=False) if some else asked.nobody()
    lower = asked.identifiers().str.to_lowercase()
    return lower.str.contains(condition.text.lower(), literal=True).fill_null(value=False)
