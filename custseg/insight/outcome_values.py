"""What became of each customer as one number: 1 for who left, or what somebody spent later."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.tables.outcome_words import are_yes_and_no, event_in_words, find_event, fold, known_levels, say_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.schema import ColumnsByRole
    from custseg.tables.table import CustomerTable

    Floats = npt.NDArray[np.float64]

# Fewer customers, or fewer of whom it is so or not so, say nothing of segments of customers who were held out.
FEWEST_CUSTOMERS, FEWEST_EVENTS = 50, 10


@dataclass(frozen=True, eq=False)
class OutcomeValues:
    """One number a customer, in the table's order.

    Attributes
    ----------
    of_each
        1 where it happened and 0 where not, or an amount that is not below 0; NaN where that is not known.
    words
        What a share of their sum is of: “those who left”, “the total of Spend next year”.
    column
        Where it stands; None for values that were given.
    raised
        How many amounts below 0 count as 0.

    """

    of_each: Floats = field(repr=False)
    words: str
    column: str | None
    raised: int = 0


def read_outcome(result: Segmentation, outcome: str | Iterable[object]) -> OutcomeValues:
    """Read a column of the table, or values that are given for its customers in their order.

    Raises
    ------
    SettingError
        There is no such column, it was compared, it is not clear what the event is, or the values are not one number
        a customer.
    DataError
        It is the same for all, or known of too few customers.

    """
    found = _of_column(result, outcome) if isinstance(outcome, str) else _given(result, outcome)
    _check_enough(found)
    return found


def later_columns(result: Segmentation, roles: ColumnsByRole) -> tuple[str, ...]:
    """Return the columns whose worth can be asked for: outcomes, then spend that was not compared."""
    return (*roles.outcomes, *(name for name in roles.money(roles.features) if name not in result.features))


def _of_column(result: Segmentation, name: str) -> OutcomeValues:
    table = result.table
    there = [column.name for column in table.columns]
    if name not in there:
        msg = say(
            "There is no column {name} to say what became of customers. Choose from {there}.",
            name=quote(name),
            there=listed(there),
        )
        raise SettingError(msg)
    if name in (*result.features, *result.categories):
        msg = say(
            "The segments were made of {name}, so that it cannot say what they are worth. Leave it out of "
            "what is compared, run again, and ask then.",
            name=quote(name),
        )
        raise SettingError(msg)
    column, label = table.column(name), table.label(name)
    if column.role == "feature":
        return _amounts(table.matrix([name])[:, 0], say("the total of {label}", label=label), name)
    return _events(table, name, label)


def _events(table: CustomerTable, name: str, label: str) -> OutcomeValues:
    """Return of whom the event of a column is so."""
    levels = table.levels(name)
    known, yes_or_no = known_levels(levels.texts), are_yes_and_no(known_levels(levels.texts))
    sizes = np.bincount(levels.codes, minlength=len(levels.texts)).tolist()
    counts = {text: size for text, size in zip(levels.texts, sizes, strict=True) if text in known and size}
    event = find_event(counts)
    if event is None or len(counts) < 2:
        if len(counts) < 2:
            raise _constant(label)
        msg = say(
            "{label} has {counts} values, and none of them is clearly what one looks for. Give a list of "
            "True and False, one for each customer, instead.",
            label=quote(label),
            counts=len(counts),
        )
        raise SettingError(msg)
    folded = fold(event, yes_or_no=yes_or_no)
    by_level = [
        np.nan if text not in counts else float(fold(text or "", yes_or_no=yes_or_no) == folded)
        for text in levels.texts
    ]
    said = say_event(name, label, event, yes_or_no=yes_or_no)
    answer = folded if yes_or_no else event
    return OutcomeValues(
        np.array(by_level)[levels.codes],
        say("those who {did}", did=event_in_words(said)) if said else f"{label}: {answer}",
        name,
    )


def _given(result: Segmentation, outcome: Iterable[object]) -> OutcomeValues:
    values = np.asarray(outcome if isinstance(outcome, np.ndarray) else list(outcome))
    customers = result.source.count
    if values.shape != (customers,):
        msg = say(
            "An outcome needs one value for each of the {customers:,} customers, in their order, but got "
            "an array of shape {shape}.",
            customers=customers,
            shape=values.shape,
        )
        raise SettingError(msg)
    if values.dtype == bool:
        return OutcomeValues(values.astype(np.float64), say("those of whom it is so"), None)
    try:
        amounts = values.astype(np.float64)
    except (TypeError, ValueError) as problem:
        msg = say("An outcome must be True or False, or a number, for each customer, but got something else.")
        raise SettingError(msg) from problem
    return _amounts(amounts, "the total", None)


def _amounts(values: Floats, words: str, column: str | None) -> OutcomeValues:
    if np.isinf(values).any():
        msg = say("An amount is infinite. Replace it, or leave it empty where it is not known.")
        raise DataError(msg)
    below = values < 0
    return OutcomeValues(np.where(below, 0.0, values), words, column, int(below.sum()))


def _check_enough(found: OutcomeValues) -> None:
    known = found.of_each[~np.isnan(found.of_each)]
    above = int(np.count_nonzero(known))
    if len(known) < FEWEST_CUSTOMERS:
        msg = say(
            "What became of customers is known of {known:,} of them; at least {fewest} are "
            "needed to say what acting by segment is worth. Choose another outcome.",
            known=len(known),
            fewest=FEWEST_CUSTOMERS,
        )
        raise DataError(msg)
    if np.ptp(known) == 0:
        raise _constant(found.column or "The outcome")
    least = min(above, len(known) - above) if np.isin(known, (0, 1)).all() else above
    if least < FEWEST_EVENTS:
        msg = say(
            "The outcome tells only {least:,} of {known:,} customers from the others; at least "
            "{fewest} are needed to say what acting by segment is worth. Choose another outcome.",
            least=least,
            known=len(known),
            fewest=FEWEST_EVENTS,
        )
        raise DataError(msg)


def _constant(label: str) -> DataError:
    return DataError(
        say(
            "{label} is the same for all customers of whom it is known, so no segment can do better. "
            "Choose another outcome.",
            label=quote(label),
        )
    )
