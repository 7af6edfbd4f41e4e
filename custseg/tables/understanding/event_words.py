"""What a row is one of where it is no customer, such as a booking, as a sentence needs it."""

from __future__ import annotations

from custseg.language import mark, say
from custseg.wording import with_article

# By what it is called in the name of a column: several of them.
_SEVERAL = {
    "reservation": mark("reservations"),
    "booking": mark("bookings"),
    "order": mark("orders"),
    "purchase": mark("purchases"),
    "invoice": mark("invoices"),
    "transaction": mark("transactions"),
    "ticket": mark("tickets"),
    "appointment": mark("appointments"),
}
_ONE = (
    mark("a reservation"), mark("a booking"), mark("an order"), mark("a purchase"), mark("an invoice"),
    mark("a transaction"), mark("a ticket"), mark("an appointment"),
)  # fmt: skip
_ALONE = (
    mark("reservation"), mark("booking"), mark("order"), mark("purchase"), mark("invoice"), mark("transaction"),
    mark("ticket"), mark("appointment"),
)  # fmt: skip


def one_event(event: str) -> str:
    """Return “a booking” or “an order”."""
    return say(with_article(event))


def several_events(event: str) -> str:
    """Return “bookings”."""
    return say(_SEVERAL[event])
