"""What a person should be asked about purchases: what a minus means, and whether rows are purchases at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import quote
from custseg.language import say
from custseg.tables.understanding import Doubt
from custseg.tables.understanding.event_words import one_event, several_events
from custseg.tables.understanding.facts import FEWEST_ROWS_TO_JUDGE
from custseg.wording import count, percent

if TYPE_CHECKING:
    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.understanding.facts import ColumnFacts, Facts

# More amounts below 0 are no returns.
_MOST_RETURNS = 0.3
# In a table by month nearly every customer has a row for each of these days.
_FEWEST_DAYS, _NEARLY_ALL = 3, 0.9


def ask_about_sign(facts: Facts, columns: TransactionColumns) -> tuple[Doubt, ...]:
    """Ask what a minus means where too many amounts have one for them to be returns."""
    amount = facts.get(columns.amount or "")
    if amount is None or columns.return_mark or len(amount.finite) < FEWEST_ROWS_TO_JUDGE:
        return ()
    if (amount.finite < 0).mean() <= _MOST_RETURNS:
        return ()
    share = percent(float((amount.finite < 0).mean()))
    sentence = say(
        "{share} of {amount} is below 0, which is more than returns would be. Which amounts are what "
        "customers spend: those that come in, or those that go out (with a minus sign)?",
        share=share,
        amount=quote(amount.name),
    )
    both = (
        (repr(amount.name), say("what comes in is spent, and what goes out is taken off")),
        (repr(f"- {amount.name}"), say("what goes out is spent, and what comes in is taken off")),
    )
    one = (
        (
            repr(f"max(- {amount.name}, 0)"),
            say("only what goes out is spent, and what comes in does not count"),
        ),
        (
            repr(f"max({amount.name}, 0)"),
            say("only what comes in is spent, and what goes out does not count"),
        ),
    )
    choices = (*both, *one) if (amount.finite > 0).any() else both[1:]
    return (Doubt(sentence, "amount", choices, matters=True),)


def ask_who_bought(key: ColumnFacts) -> Doubt:
    """Ask whether rows are purchases where only the numbers of a column look as if they told who bought."""
    sentence = say(
        "No column is named as a customer, but {key} has {numbers}, with {rows:.1f} rows each "
        "on average, on different days. Is each row a customer, or a purchase, and {key} tells who "
        "bought?",
        key=quote(key.name),
        numbers=count(key.distinct, "different number"),
        rows=key.rows_each,
    )
    choices = (
        ("'customers'", say("each row counts as a customer of its own")),
        ("'orders'", say("rows with the same {key} are added up", key=quote(key.name))),
    )
    return Doubt(sentence, "rows", choices, matters=True)


def tell_of_events(event: str, outcome: ColumnFacts) -> Doubt:
    """Say that rows seem to be bookings, or the like, of which nobody is named who made them."""
    sentence = say(
        "{column} says what became of {one}, and no column says who made it: each row seems to be {one}, not a "
        "customer. Each counts as a customer of its own, so what is said of customers is true of {several}. To see "
        "customers, add a column that says who made each {event}.",
        column=quote(outcome.name),
        one=one_event(event),
        several=several_events(event),
        event=say(event),
    )
    return Doubt(
        sentence, "rows", (("'customers'", say("each {event} counts as a customer of its own", event=say(event))),)
    )


def ask_about_periods(customer: ColumnFacts, date: ColumnFacts | None, order: ColumnFacts | None) -> tuple[Doubt, ...]:
    """Ask whether rows are purchases where each customer has one row for each of the same days, as in a table by month.

    Adding them up gives the right total, but when and how often somebody bought is then the same for all.
    """
    if date is None or order is not None or customer.filled < FEWEST_ROWS_TO_JUDGE or date.distinct < _FEWEST_DAYS:
        return ()
    pairs = len(np.unique(np.column_stack([customer.codes, date.codes]), axis=0))
    if pairs < len(customer.cells) or pairs < _NEARLY_ALL * customer.distinct * date.distinct:
        return ()
    sentence = say(
        "Nearly every customer has one row for each of the {days} in {date}, as in a table by month. "
        "Are the rows purchases? Added up, their total is right, but how recently and how often "
        "somebody bought is the same for nearly all.",
        days=count(date.distinct, "day"),
        date=quote(date.name),
    )
    choices = (
        ("'orders'", say("rows of the same customer are added up")),
        ("'customers'", say("each row counts as a customer of its own")),
    )
    return (Doubt(sentence, "rows", choices),)
