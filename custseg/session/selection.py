"""Which customers are selected, and which one is looked at closely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import param

from custseg.clustering.segmentation import IsIn
from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.session.annotations import check_segment
from custseg.session.customer_search import find_customer, say_identifiers
from custseg.session.state import announce, assign
from custseg.tables.conditions import features_of
from custseg.tables.expressions import (
    EVERYONE,
    SET_APART,
    Condition,
    Count,
    Identified,
    Not,
    Passing,
)
from custseg.tables.in_memory import in_memory

if TYPE_CHECKING:
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable

# A longer selection of customers in an engine is no list of identifiers.
_MOST_LISTED = 2000


@dataclass(frozen=True, eq=False)
class Selection:
    """Some customers, wherever they are: what holds of them, and how many they are.

    Attributes
    ----------
    where
        What holds of these customers and of nobody else.
    how
        What they were selected with, such as “box” or “segment 2”.
    customers
        How many they are.

    """

    where: Condition = field(repr=False)
    how: str
    customers: int

    def __len__(self) -> int:
        """Return the number of customers."""
        return self.customers


class CustomerSelection(param.Parameterized):
    """Which customers are selected, and which one is looked at: over all runs on these customers."""

    selected: Selection | None = param.ClassSelector(
        class_=Selection, constant=True, allow_None=True, doc="The customers that are selected; None where none are."
    )
    focused_customer: str | None = param.String(
        default=None, constant=True, allow_None=True, doc="The identifier of the customer that is looked at."
    )
    focused_slot: int | None = param.Integer(
        default=None,
        constant=True,
        allow_None=True,
        doc="The colour slot of the segment that is looked at: unlike its number it stays with it from run to run.",
    )

    def __init__(self, table: CustomerTable) -> None:
        super().__init__()
        self._table = table

    def move_to(self, table: CustomerTable) -> None:
        """Go on with the same customers in another table, where what was a feature may be something else."""
        selected = self.selected
        if selected is not None and not features_of(selected.where) <= {*table.features, *table.categories}:
            assign(self, selected=self._by_identifier(selected))
        self._table = table

    def _by_identifier(self, selected: Selection) -> Selection | None:
        """Return a selection as a list of identifiers; None where there are too many to list."""
        if self._table.elsewhere is None:
            who = self._table.identifiers[in_memory(self._table.customers).where(selected.where)]
        elif len(selected) <= _MOST_LISTED:
            who = self._table.customers.page(selected.where, limit=len(selected)).identifiers
        else:
            return None
        return replace(selected, where=Identified(tuple(who)))

    def start_anew(self, table: CustomerTable) -> None:
        """Begin with other customers, of whom none is selected."""
        assign(self, selected=None, focused_customer=None, focused_slot=None)
        self._table = table

    def select(self, who: Condition | Iterable[str], how: str = "identifiers") -> Selection:
        """Select the customers of whom a condition holds, or with these identifiers, in the place of those before.

        Raises
        ------
        SettingError
            There is no customer of such an identifier.

        """
        where = who if isinstance(who, Condition) else self._checked(who)
        customers = int(self._table.customers.aggregate([Count()], where=where)[Count()])
        selection = Selection(where, how, customers)
        announce(self, selected=selection)
        return selection

    def select_segment(self, number: int, outcome: RunResult | None) -> Selection:
        """Select the customers of a segment (from 1). Raises SettingError where there is none of that number."""
        self.focus_segment(number, outcome)
        return self._select_in(number, outcome, f"segment {number}")

    def select_exceptional(self, outcome: RunResult | None) -> Selection:
        """Select the customers that a run set apart as exceptional."""
        return self._select_in(SET_APART, outcome, "exceptional")

    def _select_in(self, code: int, outcome: RunResult | None, how: str) -> Selection:
        nobody: Condition = Not(EVERYONE)
        return self.select(Passing(IsIn(outcome.segmentation, frozenset({code}))) if outcome else nobody, how)

    def clear(self) -> None:
        """Select nobody."""
        announce(self, selected=None)

    def focus(self, identifier: str | None) -> None:
        """Look at the customer with this identifier; at none for None. Raises SettingError where there is none."""
        if identifier is not None:
            self._checked([identifier])
        announce(self, focused_customer=identifier)

    def focus_segment(self, number: int, outcome: RunResult | None) -> None:
        """Look at a segment (from 1), selecting nobody. Raises SettingError where there is none of that number."""
        check_segment(number, outcome.segmentation.k if outcome else None)
        if outcome is not None:
            announce(self, focused_slot=outcome.slots[number - 1])

    def find(self, identifier: str) -> str:
        """Return the identifier of the customer that is meant, as ``find_customer`` does."""
        return find_customer(self._table, identifier)

    def _checked(self, identifiers: object) -> Identified:
        if isinstance(identifiers, str) or not isinstance(identifiers, Iterable):
            msg = say(
                "Customer identifiers must be a list of texts, but got {identifiers}.", identifiers=quote(identifiers)
            )
            raise SettingError(msg)
        wanted = tuple(dict.fromkeys(identifiers))
        if self._table.elsewhere is None:
            there = set(self._table.identifiers.tolist())
        else:
            there = set(self._table.customers.page(Identified(wanted), limit=len(wanted)).identifiers.tolist())
        unknown = next((identifier for identifier in wanted if identifier not in there), None)
        if unknown is not None:
            msg = say(
                "There is no customer {unknown} in this table. {those}",
                unknown=quote(unknown),
                those=say_identifiers(self._table),
            )
            raise SettingError(msg)
        return Identified(wanted)
