"""An understanding as a person would check it: what a row is, who the customer is, what is money, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.errors import listed, quote
from custseg.language import mark, say
from custseg.tables.understanding.event_words import one_event
from custseg.wording import capitalised, count, fixed

if TYPE_CHECKING:
    from custseg.tables.understanding import Preview, Understanding

_ROW = {
    "customers": mark("a customer"),
    "orders": mark("a purchase"),
    "order lines": mark("a line of an order"),
}
_CENTS_BELOW = 10_000


def facts_of(understood: Understanding) -> tuple[tuple[str, str], ...]:
    """Return what was understood as pairs of a term and a sentence's worth of text, all plain text."""
    why = understood.reasons.get("rows", "")
    row = say(_ROW[understood.rows])
    if understood.event:
        row = say("{one}, which counts as a customer of its own", one=one_event(understood.event))
    facts = [(say("Each row is"), say("{row}: {why}", row=row, why=why) if why else row)]
    if understood.customer is not None:
        facts.append((say("Customer"), quote(understood.customer)))
    elif understood.rows == "customers":
        facts.append((say("Customer"), say("no column tells customers apart, so that rows are numbered")))
    if understood.rows != "customers":
        date = quote(understood.date) if understood.date else say("none, so nothing is said of when")
        facts.append((say("Date"), date))
        if understood.order is not None:
            facts.append((say("Order"), quote(understood.order)))
        if understood.returns:
            facts.append((say("Returns"), understood.returns))
    facts.append((say("Money"), _money(understood)))
    if understood.outcomes:
        facts.append((say("Outcomes"), listed(understood.outcomes)))
    return tuple((term, capitalised(text)) for term, text in facts)


def _money(understood: Understanding) -> str:
    if not understood.money:
        return say("no column is what a customer pays, so nothing is said of spend")
    columns = quote(understood.amount) if understood.amount else listed(understood.money)
    follows = follows_from(understood.preview)
    return say("{columns}: {follows}", columns=columns, follows=follows) if follows else columns


def follows_from(preview: Preview) -> str:
    """Say what customers spend, after the columns that it is the sum of; empty where nobody knows."""
    if preview.total is None or preview.mean is None:
        return ""
    return say("{total} in all, {mean} a customer on average", total=amount(preview.total), mean=amount(preview.mean))


def consequence(preview: Preview) -> str:
    """Say in a sentence what customers follow."""
    customers = count(preview.customers, "customer")
    if preview.total is None or preview.mean is None:
        return say("This makes {customers}.", customers=customers)
    return say(
        "This makes {customers}, who spent {total} in all and {mean} each on average.",
        customers=customers,
        total=amount(preview.total),
        mean=amount(preview.mean),
    )


def amount(value: float) -> str:
    """Write an amount of money: with cents while they matter."""
    return fixed(value, 2 if abs(value) < _CENTS_BELOW and value != round(value) else 0)
