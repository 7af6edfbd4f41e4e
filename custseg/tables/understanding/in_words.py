"""An understanding as a person would check it: what a row is, who the customer is, what is money, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from custseg.errors import listed, quote
from custseg.wording import capitalised, count, fixed, with_article

if TYPE_CHECKING:
    from custseg.tables.understanding import Preview, Understanding

_ROW = {"customers": "a customer", "orders": "a purchase", "order lines": "a line of an order"}
_CENTS_BELOW = 10_000


def facts_of(understood: Understanding) -> tuple[tuple[str, str], ...]:
    """Return what was understood as pairs of a term and a sentence's worth of text, all plain text."""
    why = understood.reasons.get("rows", "")
    row = _ROW[understood.rows]
    if understood.event:
        row = f"{with_article(understood.event)}, which counts as a customer of its own"
    facts = [("Each row is", row + (f": {why}" if why else ""))]
    if understood.customer is not None:
        facts.append(("Customer", quote(understood.customer)))
    elif understood.rows == "customers":
        facts.append(("Customer", "no column tells customers apart, so that rows are numbered"))
    if understood.rows != "customers":
        facts.append(("Date", quote(understood.date) if understood.date else "none, so nothing is said of when"))
        if understood.order is not None:
            facts.append(("Order", quote(understood.order)))
        if understood.returns:
            facts.append(("Returns", understood.returns))
    facts.append(("Money", _money(understood)))
    if understood.outcomes:
        facts.append(("Outcomes", listed(understood.outcomes)))
    return tuple((term, capitalised(text)) for term, text in facts)


def _money(understood: Understanding) -> str:
    if not understood.money:
        return "no column is what a customer pays, so nothing is said of spend"
    columns = quote(understood.amount) if understood.amount else listed(understood.money)
    return f"{columns}{follows_from(understood.preview)}"


def follows_from(preview: Preview) -> str:
    """Say what customers spend, after the columns that it is the sum of; empty where nobody knows."""
    if preview.total is None or preview.mean is None:
        return ""
    return f": {amount(preview.total)} in all, {amount(preview.mean)} a customer on average"


def consequence(preview: Preview) -> str:
    """Say in a sentence what customers follow."""
    return f"This makes {count(preview.customers, 'customer')}{_who_spent(preview)}."


def _who_spent(preview: Preview) -> str:
    if preview.total is None or preview.mean is None:
        return ""
    return f", who spent {amount(preview.total)} in all and {amount(preview.mean)} each on average"


def amount(value: float) -> str:
    """Write an amount of money: with cents while they matter."""
    return fixed(value, 2 if abs(value) < _CENTS_BELOW and value != round(value) else 0)
