"""Which column of a table of purchases is which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransactionColumns:
    """Which column of a table of purchases is which, one row an order or a line of an order.

    Attributes
    ----------
    customer
        Who bought.
    date
        When; None where the table does not say, and customers then have no recency and no tenure.
    amount
        What it cost: a column, or sums and products of columns as text, such as ``"Quantity * UnitPrice"``,
        ``"Total - Refunded Amount"`` or ``"UnitPrice * Quantity * (1 - Discount)"``; ``"- Amount"`` turns the sign, and
        ``"max(- Amount, 0)"`` counts only what goes out. An empty cell that is taken off is 0, and so is one beside a
        line of the same order that has an amount. None where the table does not say, and customers are then told apart
        by when and how often they buy.
    category
        What was bought; None where that is of no interest.
    order
        The number of the order: purchases are counted, and baskets are summed up, by it. None where each row is one.
        Where a line leaves the customer, date, status or currency empty, the order's other lines say it.
    return_mark
        What the number of a cancellation begins with, such as ``"C"``: its amount is taken off, whatever its sign.
        Empty where only the sign of the amount tells.
    once_an_order
        Whether the amount is the order's, repeated on each of its lines, so that it counts once.
    currency
        The column that says in which currency an amount is; more than one currency is refused.
    status, not_bought
        The column that says what became of an order, and those of its values that make it no purchase ("failed"), in
        small letters or capitals.
    returned
        Those values of the status that make it a return ("refund"): its amount is taken off, whatever its sign.
    attributes
        What is said of the customer in each row, such as a country: categories of the customers. Who has several values
        of one has none.
    currency_is
        The currency of the amounts that count where there are several; rows in others are left out.

    """

    customer: str
    date: str | None
    amount: str | None
    category: str | None = None
    order: str | None = None
    return_mark: str = ""
    once_an_order: bool = False
    currency: str | None = None
    status: str | None = None
    not_bought: tuple[str, ...] = ()
    currency_is: str = ""
    attributes: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take lists of values as well, such as JSON has."""
        for name in ("not_bought", "attributes", "returned"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
