"""Which customers are selected, and which one is looked at closely, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np
import param

from custseg.clustering.segmentation import IsIn
from custseg.errors import SettingError, quote
from custseg.language import say, written
from custseg.session.annotations import check_segment
from custseg.session.state import State
from custseg.tables.conditions import features_of
from custseg.tables.expressions import (
    EVERYONE,
    SEGMENT,
    SET_APART,
    Condition,
    Count,
    Identified,
    IdentifierContains,
    Not,
    Passing,
    Total,
)
from custseg.tables.in_memory import in_memory
from custseg.wording import count, join_words, percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.run_result import RunResult
    from custseg.tables.expressions import Aggregate
    from custseg.tables.table import CustomerTable

# Of more segments than this, only the one with most of the selected customers is named.
_MOST_NAMED = 3
# How many identifiers are compared with a text that none of them has: it takes a few milliseconds for each hundred.
_MOST_COMPARED = 2000
_EXAMPLES = 3


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


class CustomerSelection(State):
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
            self._set(selected=self._by_identifier(selected))
        self._table = table

    def _by_identifier(self, selected: Selection) -> Selection | None:
        """Return a selection as a list of identifiers; None where there are too many to list."""
        if self._table.elsewhere is None:
            who = self._table.identifiers[in_memory(self._table.customers).where(selected.where)]
        elif len(selected) <= _MOST_COMPARED:
            who = self._table.customers.page(selected.where, limit=len(selected)).identifiers
        else:
            return None
        return replace(selected, where=Identified(tuple(who)))

    def start_anew(self, table: CustomerTable) -> None:
        """Begin with other customers, of whom none is selected."""
        self._set(selected=None, focused_customer=None, focused_slot=None)
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
        self._announce(selected=selection)
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
        self._announce(selected=None)

    def focus(self, identifier: str | None) -> None:
        """Look at the customer with this identifier; at none for None. Raises SettingError where there is none."""
        if identifier is not None:
            self._checked([identifier])
        self._announce(focused_customer=identifier)

    def focus_segment(self, number: int, outcome: RunResult | None) -> None:
        """Look at a segment (from 1), selecting nobody. Raises SettingError where there is none of that number."""
        check_segment(number, outcome.segmentation.k if outcome else None)
        if outcome is not None:
            self._announce(focused_slot=outcome.slots[number - 1])

    def find(self, identifier: str) -> str:
        """Return the identifier of the customer that is meant, as ``find_customer`` does."""
        return find_customer(self._table, identifier)

    def _checked(self, identifiers: object) -> Identified:
        if isinstance(identifiers, str) or not isinstance(identifiers, Iterable):
            msg = f"Customer identifiers must be a list of texts, but got {quote(identifiers)}."
            raise SettingError(msg)
        wanted = tuple(dict.fromkeys(identifiers))
        if self._table.elsewhere is None:
            there = set(self._table.identifiers.tolist())
        else:
            there = set(self._table.customers.page(Identified(wanted), limit=len(wanted)).identifiers.tolist())
        unknown = next((identifier for identifier in wanted if identifier not in there), None)
        if unknown is not None:
            msg = f"There is no customer {quote(unknown)} in this table. {_called(self._table)}"
            raise SettingError(msg)
        return Identified(wanted)


def find_customer(table: CustomerTable, identifier: str) -> str:
    """Return the identifier of the customer that is called so, or of the only one that begins so.

    Upper and lower case are the same where that leaves one customer.

    Raises
    ------
    SettingError
        There is none, or more than one; the sentence says what is near.

    """
    wanted = identifier.strip()
    if not wanted:
        msg = say("Type a customer's identifier, or the beginning of one.")
        raise SettingError(msg)
    if table.elsewhere is not None:
        return _find_elsewhere(table, wanted)
    names = table.identifiers
    if (names == wanted).any():
        return wanted
    folded, sought = [name.strip().casefold() for name in names.tolist()], wanted.casefold()
    beginning = [row for row, name in enumerate(folded) if name.startswith(sought)]
    alike = [row for row in beginning if folded[row] == sought]
    if len(alike or beginning) == 1:
        return str(names[(alike or beginning)[0]])
    if beginning:
        msg = say(
            "{many:,} identifiers begin with {wanted}, such as {examples}. Type more of it.",
            many=len(beginning), wanted=quote(wanted), examples=_examples(names[beginning[:_EXAMPLES]].tolist()),
        )  # fmt: skip
        raise SettingError(msg)
    near = _near(sought, folded)
    closest = say("The closest are {examples}.", examples=_examples(names[near].tolist()))
    hint = closest if near and table.identifier else _called(table)
    msg = say("There is no customer {wanted}. {hint}", wanted=quote(wanted), hint=hint)
    raise SettingError(msg)


def _find_elsewhere(table: CustomerTable, wanted: str) -> str:
    """Return the identifier of the customer in an engine that is meant."""
    if len(table.customers.page(Identified((wanted,)), limit=1)):
        return wanted
    holding = table.customers.page(IdentifierContains(wanted), limit=_EXAMPLES)
    if holding.of == 1:
        return str(holding.identifiers[0])
    if holding.of:
        msg = say(
            "{identifiers} hold {wanted}, such as {examples}. Type more of it.",
            identifiers=count(holding.of, "identifier"), wanted=quote(wanted),
            examples=_examples(holding.identifiers.tolist()),
        )  # fmt: skip
        raise SettingError(msg)
    msg = say("There is no customer {wanted}. {hint}", wanted=quote(wanted), hint=_called(table))
    raise SettingError(msg)


def _called(table: CustomerTable) -> str:
    """Say what customers are called here."""
    if table.identifier is None:
        return say("This table has no identifiers; customers go by their row, from 1 to {rows:,}.", rows=len(table))
    examples = _examples(table.part.identifiers[:_EXAMPLES].tolist())
    return say("Identifiers here look like {examples}.", examples=examples)


def _examples(names: list[str]) -> str:
    return join_words([quote(name) for name in names])


def _near(sought: str, folded: list[str]) -> list[int]:
    """Return the rows of identifiers that look alike, of those that begin alike first."""
    for length in range(min(len(sought), 8), -1, -1):
        candidates = [row for row, name in enumerate(folded) if name.startswith(sought[:length])]
        if candidates:
            break
    # Those of about the same length first: they are what a slip of the finger makes of one another.
    candidates = sorted(candidates, key=lambda row: abs(len(folded[row]) - len(sought)))[:_MOST_COMPARED]
    rows = {folded[row]: row for row in reversed(candidates)}
    return [rows[name] for name in get_close_matches(sought, rows, n=_EXAMPLES, cutoff=0.5)]


def whole_segment(selection: Selection, result: Segmentation) -> int | None:
    """Return the segment (1..k) whose customers are selected, all of them and nobody else, if there is one.

    0 is for those that were set apart as exceptional.
    """
    if not len(selection):
        return None
    counts = result.assignment.aggregate([Count()], by=(SEGMENT,), where=selection.where)[Count()]
    sizes = np.array([result.left_out, *result.sizes, result.set_apart])
    (codes,) = np.nonzero(counts)
    if len(codes) != 1 or codes[0] == 0 or counts[codes[0]] != sizes[codes[0]]:
        return None
    return int(codes[0]) % (result.k + 1)


def describe_selection(selection: Selection, outcome: RunResult | None = None) -> str:
    """Say how many customers are selected, of which segments they are, and what they spend of all."""
    if not len(selection):
        return say("No customer lies there. Select others, or clear the selection.")
    quantity = count(len(selection), "customer")
    if outcome is None:
        return say("Selected: {customers}.", customers=quantity)
    # All at once, since who is selected has to be found for it.
    money = [Total(name) for name in outcome.profile.money]
    asked: list[Aggregate] = [Count(), *money]
    sums = outcome.segmentation.assignment.aggregate(asked, by=(SEGMENT,), where=selection.where)
    groups = _groups(sums[Count()])
    if len(groups) == 1:
        group = groups[0][0]
        where = f", {group}" if len(selection) == 1 else say(", all {group}", group=group)
    elif len(groups) <= _MOST_NAMED:
        named = join_words([f"{written(members, ',')} {group}" for group, members in groups])
        where = say(", of which {named}", named=named)
    else:
        where = say(
            ", of which {most:,} {group} and the others in {more} more",
            most=groups[0][1], group=groups[0][0], more=len(groups) - 1,
        )  # fmt: skip
    said = say("Selected: {customers}{where}.", customers=quantity, where=where)
    # Of those who were left out as incomplete nothing is said elsewhere either.
    spent = sum(float(sums[amount][1:].sum()) for amount in money)
    return f"{said}{_spend(len(selection), spent, outcome)}"


def _groups(counts: npt.NDArray[np.intp]) -> list[tuple[str, int]]:
    """Return where customers are, the most first; those in no segment last."""
    left_out, *sizes, set_apart = counts.tolist()
    segments = [(say("in segment {number}", number=number), size) for number, size in enumerate(sizes, start=1) if size]
    outside = [(say("set apart as exceptional"), set_apart), (say("in no segment"), left_out)]
    return sorted(segments, key=lambda group: -group[1]) + [group for group in outside if group[1]]


def _spend(customers: int, spent: float, outcome: RunResult) -> str:
    if outcome.profile.spend_share is None or outcome.profile.spend is None:
        return ""
    apart = outcome.profile.exceptional
    share = spent / (float(outcome.profile.spend.sum()) + (apart.spend or 0.0 if apart else 0.0))
    if customers == 1:
        return say(" It spends {share} of the total.", share=percent(share))
    return say(" They spend {share} of the total.", share=percent(share))
