"""What a table means: columns that were read come in, decisions go out, each with its reason.

``facts`` are what each column shows, ``relations`` how columns fit together, ``rows`` what a row is and
``purchase_roles`` which column of purchases is which, ``customer_roles`` and ``money`` what the columns of customers
are for. Names are judged by ``column_words`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from custseg.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custseg.tables.column_roles import Column
    from custseg.tables.purchase_columns import TransactionColumns

Rows = Literal["customers", "orders", "order lines"]
ROWS_IN_WORDS: Mapping[Rows, str] = {
    "customers": mark("customers"),
    "orders": mark("orders"),
    "order lines": mark("order lines"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person should confirm.

    Attributes
    ----------
    sentence
        The question with its evidence, in a sentence.
    argument
        The argument of ``understand``, ``CustomerTable.read`` and ``from_transactions`` that answers it.
    choices
        Each possible answer as Python would write it, with what follows from it in words.
    matters
        Whether another answer changes what is money or what a row is: it must then be answered.

    """

    sentence: str
    argument: str
    choices: tuple[tuple[str, str], ...] = ()
    matters: bool = False

    @property
    def answers(self) -> str:
        """The possible answers as arguments: “missing={'pdays': [-1]}, or missing={'pdays': []}”."""
        return say(", or ").join(f"{self.argument}={value}" for value, _ in self.choices)


@dataclass(frozen=True, slots=True)
class Preview:
    """What follows from an understanding: how many customers there are, and what they spend (None without money)."""

    customers: int
    total: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a table means.

    Attributes
    ----------
    rows
        What one row is.
    identifier
        The column with a different value for each row; None where there is none.
    customer, order, date
        Columns that say who bought, in which order, and when; of a table of customers ``customer`` is its identifier.
    amount
        What a purchase cost: a column, or an expression such as ``"Quantity * UnitPrice"``; None for customers.
    returns
        How cancellations and refunds are told, in words; empty where there are none.
    features, money, categories, outcomes
        What customers are compared by, which features are spend, what groups them, and what became of them.
    ignored
        The columns that play no part, and why.
    labels
        What people call each column.
    reasons
        Why each decision was made: by the name of the attribute ("rows", "customer", ...) or of the column.
    doubts
        What a person should confirm.
    event
        What each row is one of, such as a booking, where it only counts as a customer; empty elsewhere.
    preview
        How many customers there are, and what they spend in all and on average.
    columns
        Of a table of customers: each column with its role.
    purchases
        Of a table of purchases: which column is which.

    """

    rows: Rows
    identifier: str | None
    customer: str | None
    order: str | None
    date: str | None
    amount: str | None
    returns: str
    features: tuple[str, ...]
    money: tuple[str, ...]
    categories: tuple[str, ...]
    outcomes: tuple[str, ...]
    ignored: Mapping[str, str]
    labels: Mapping[str, str]
    reasons: Mapping[str, str]
    doubts: tuple[Doubt, ...]
    preview: Preview
    columns: tuple[Column, ...] = field(default=(), repr=False)
    purchases: TransactionColumns | None = field(default=None, repr=False)
    event: str = ""
