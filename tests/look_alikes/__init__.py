"""Generated look-alikes of real exports that people segment, grouped by kind, each with its right answer."""

from __future__ import annotations

from tests.look_alikes import (
    banking,
    business,
    checkouts,
    competitions,
    contacts,
    identities,
    invoices,
    languages,
    ledgers,
    members,
    neighbours,
    retail,
    shops,
    subscriptions,
    transactions,
    traps,
    travel,
)
from tests.look_alikes.look_alike import CustomersLookAlike, LookAlike, PurchasesLookAlike

__all__ = ["CUSTOMERS", "LOOK_ALIKES", "PURCHASES", "CustomersLookAlike", "LookAlike", "PurchasesLookAlike"]

CUSTOMERS: list[CustomersLookAlike] = [
    look_alike
    for kind in (
        *(retail, banking, subscriptions, shops, contacts, travel, languages, traps),
        *(neighbours, business, identities, members, competitions),
    )
    for look_alike in kind.LOOK_ALIKES
]
PURCHASES: list[PurchasesLookAlike] = [
    *(look_alike for kind in (invoices, transactions, checkouts, ledgers) for look_alike in kind.LOOK_ALIKES),
    *neighbours.LINES,
    *competitions.PURCHASES,
]
LOOK_ALIKES: list[LookAlike] = [*CUSTOMERS, *PURCHASES]
