"""Which customers are selected, and which one is looked at closely, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import param

from custseg.errors import SettingError, quote
from custseg.session.annotations import check_segment
from custseg.session.state import State
from custseg.wording import count, join_words, percent

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.session.run_result import RunResult
    from custseg.tables.table import CustomerTable

# Of more segments than this, only the one with most of the selected customers is named.
_MOST_NAMED = 3
# How many identifiers are compared with a text that none of them has: it takes a few milliseconds for each hundred.
_MOST_COMPARED = 2000
_EXAMPLES = 3


@dataclass(frozen=True, eq=False)
class Selection:
    """Some of a table's customers.

    Attributes
    ----------
    rows
        Which, from 0, in the table's order.
    how
        What they were selected with, such as “box” or “segment 2”.

    """

    rows: npt.NDArray[np.intp] = field(repr=False)
    how: str

    def __post_init__(self) -> None:
        self.rows.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.rows)


class FocusedCustomer(param.Integer[int | None]):
    """The row of a customer, or None; bounds are those of the table."""

    def _validate(self, val: Any) -> None:
        last = self.bounds[1] if self.bounds and self.bounds[1] is not None else 0
        whole = isinstance(val, Integral) and not isinstance(val, bool)
        if val is None or (whole and 0 <= val <= last):
            return
        msg = f"There is no customer in row {quote(val)}. Choose a row from 0 to {last}."
        raise SettingError(msg)


class CustomerSelection(State):
    """Which customers of a table are selected, and which one is looked at: over all runs on these customers."""

    selected: Selection | None = param.ClassSelector(
        class_=Selection, constant=True, allow_None=True, doc="The customers that are selected; None where none are."
    )
    focused_customer: int | None = FocusedCustomer(
        default=None, allow_None=True, bounds=(0, None), doc="The row (from 0) of the customer that is looked at."
    )

    def __init__(self, table: CustomerTable) -> None:
        super().__init__()
        self.move_to(table)

    def move_to(self, table: CustomerTable) -> None:
        """Go on with the same customers in another table."""
        self._table = table
        self.param.focused_customer.bounds = (0, len(table) - 1)

    def start_anew(self, table: CustomerTable) -> None:
        """Begin with other customers, of whom none is selected."""
        self._set(selected=None, focused_customer=None)
        self.move_to(table)

    def select(self, rows: object, how: str = "rows") -> Selection:
        """Select the customers in these rows (from 0), in the place of those that were; also none of them.

        Raises
        ------
        SettingError
            There is no such row.

        """
        selection = Selection(_checked_rows(rows, len(self._table)), how)
        self._announce(selected=selection)
        return selection

    def select_segment(self, number: int, outcome: RunResult | None) -> Selection:
        """Select the customers of a segment (from 1). Raises SettingError where there is none of that number."""
        result = outcome.segmentation if outcome else None
        check_segment(number, result.k if result else None)
        labels = result.labels if result else np.zeros(0)
        return self.select(np.flatnonzero(labels == number), how=f"segment {number}")

    def select_exceptional(self, outcome: RunResult | None) -> Selection:
        """Select the customers that a run set apart as exceptional."""
        apart = outcome.segmentation.exceptional if outcome else np.zeros(0, dtype=bool)
        return self.select(np.flatnonzero(apart), how="exceptional")

    def clear(self) -> None:
        """Select nobody."""
        self._announce(selected=None)

    def find(self, identifier: str) -> int:
        """Return the row of the customer with this identifier, as ``find_customer`` does."""
        return find_customer(self._table, identifier)


def _checked_rows(rows: object, customers: int) -> npt.NDArray[np.intp]:
    """Return rows sorted, each once. Raises SettingError where there is no such row."""
    found = np.asarray(rows)
    if not found.size:
        found = found.astype(np.intp)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        msg = f"Rows must be whole numbers from 0, but {quote(rows)} came. Give a list of them."
        raise SettingError(msg)
    found = np.unique(found)
    if len(found) and (found[0] < 0 or found[-1] >= customers):
        wrong = int(found[0] if found[0] < 0 else found[-1])
        msg = f"There is no customer in row {wrong}. Choose rows from 0 to {customers - 1}."
        raise SettingError(msg)
    return found.astype(np.intp)


def find_customer(table: CustomerTable, identifier: str) -> int:
    """Return the row of the customer with this identifier, or with the only one that begins so.

    Upper and lower case are the same where that leaves one customer.

    Raises
    ------
    SettingError
        There is none, or more than one; the sentence says what is near.

    """
    wanted = identifier.strip()
    if not wanted:
        msg = "Type the identifier of a customer, or how it begins."
        raise SettingError(msg)
    names = table.identifiers
    exact = np.flatnonzero(names == wanted)
    if len(exact):
        return int(exact[0])
    folded, sought = [name.strip().casefold() for name in names.tolist()], wanted.casefold()
    beginning = [row for row, name in enumerate(folded) if name.startswith(sought)]
    alike = [row for row in beginning if folded[row] == sought]
    if len(alike or beginning) == 1:
        return (alike or beginning)[0]
    if beginning:
        msg = (
            f"{len(beginning):,} identifiers begin with {quote(wanted)}, such as "
            f"{_examples(names[beginning[:_EXAMPLES]].tolist())}. Type more of it."
        )
        raise SettingError(msg)
    near = _near(sought, folded)
    hint = (
        f"Near are {_examples(names[near].tolist())}."
        if near
        else f"They are called {_examples(names[:3].tolist())} and so on."
    )
    if table.identifier is None:
        hint = f"This table has no identifiers; customers go by their row, from 1 to {len(table):,}."
    msg = f"There is no customer {quote(wanted)}. {hint}"
    raise SettingError(msg)


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
    labels = result.labels[selection.rows]
    number = int(labels[0])
    size = int(result.sizes[number - 1]) if number else int(result.exceptional.sum())
    same = labels == number if number else result.exceptional[selection.rows]
    return number if size == len(selection) and same.all() else None


def describe_selection(selection: Selection, outcome: RunResult | None = None) -> str:
    """Say how many customers are selected, of which segments they are, and what they spend of all."""
    if not len(selection):
        return "No customer lies there. Select others, or clear the selection."
    quantity = count(len(selection), "customer")
    if outcome is None:
        return f"Selected: {quantity}."
    groups = _groups(selection, outcome)
    if len(groups) == 1:
        group = groups[0][0]
        where = f", {group}" if len(selection) == 1 else f", all {group}"
    elif len(groups) <= _MOST_NAMED:
        where = f", of which {join_words([f'{members:,} {group}' for group, members in groups])}"
    else:
        where = f", of which {groups[0][1]:,} {groups[0][0]} and the others in {len(groups) - 1} more"
    return f"Selected: {quantity}{where}.{_spend(selection, outcome)}"


def _groups(selection: Selection, outcome: RunResult) -> list[tuple[str, int]]:
    """Return where the customers are, the most first; those in no segment last."""
    result = outcome.segmentation
    labels, apart = result.labels[selection.rows], result.exceptional[selection.rows]
    sizes = np.bincount(labels, minlength=result.k + 1).tolist()
    numbers = sorted((number for number in range(1, result.k + 1) if sizes[number]), key=lambda number: -sizes[number])
    groups = [(f"in segment {number}", sizes[number]) for number in numbers]
    exceptional = int(apart.sum())
    others = [("set apart as exceptional", exceptional), ("in no segment", sizes[0] - exceptional)]
    return groups + [group for group in others if group[1]]


def _spend(selection: Selection, outcome: RunResult) -> str:
    if outcome.profile.spend_share is None or outcome.profile.spend is None:
        return ""
    result, apart = outcome.segmentation, outcome.profile.exceptional
    # Of those who were left out as incomplete nothing is said elsewhere either.
    rows = selection.rows[(result.segmented | result.exceptional)[selection.rows]]
    everyone = float(outcome.profile.spend.sum()) + (apart.spend or 0.0 if apart else 0.0)
    share = float(np.nansum(result.table.matrix(outcome.profile.money)[rows])) / everyone
    verb = "It spends" if len(selection) == 1 else "They spend"
    return f" {verb} {percent(share)} of all that is spent."
