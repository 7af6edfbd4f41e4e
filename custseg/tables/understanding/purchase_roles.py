"""Which column of a table of purchases says who bought, in which order, when, what, and for how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import say
from custseg.tables.understanding import vocabulary as word
from custseg.tables.understanding.column_words import (
    amount_rank,
    code_in,
    date_rank,
    ends_with_a_customer,
    goods_rank,
    names_a_customer,
    names_an_address,
    names_an_order,
    plain,
    says_what_it_measures,
    words_of,
)
from custseg.tables.understanding.facts import ONE_EACH, values_each
from custseg.tables.understanding.relations import is_difference, is_product

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custseg.tables.understanding.facts import ColumnFacts, Facts

# A name or an address is a customer only where there are many; else it is a group of customers.
_FEWEST_NAMES, _FEWEST_NAMES_SHARE = 5, 0.05
_NEARLY_ALL = 0.95
_FEWEST_ORDERS = 10
_MOST_GROUPS = 200
_ROWS_TO_TELL = 1.5
# Whole numbers of one length are numbers of something; shorter ones are counts, ages and scales as often.
_FEWEST_DIGITS, _FEWEST_NUMBERS, _FEWEST_NUMBERS_SHARE = 4, 10, 0.01
_MOST_LEVELS = 50


def find_customer(facts: Facts) -> ColumnFacts | None:
    """Return the column that says who the customer is; of several such keys the one that holds fewest different."""
    found = [(names_a_customer(name), column) for name, column in facts.items() if _can_be_customer(column)]
    if not found:
        return None
    rank = max(rank for rank, _ in found)
    surest = [column for each, column in found if each == rank]
    if rank == 1:
        return min(surest, key=lambda column: (not names_an_address(column.name), -column.filled))
    return min(surest, key=lambda column: (-round(column.filled / len(column.cells), 1), column.distinct))


def _can_be_customer(column: ColumnFacts) -> bool:
    rank = names_a_customer(column.name)
    if not rank or not is_key(column):
        return False
    # Numbers beside such a word count or measure something, unless they are named as a number of it.
    if column.numeric and not column.words & word.IDENTIFYING and rank < 3 and not ends_with_a_customer(column.name):
        return False
    fewest = 2 if rank > 1 else max(_FEWEST_NAMES, _FEWEST_NAMES_SHARE * column.filled)
    return column.distinct >= fewest


def is_key(column: ColumnFacts) -> bool:
    """Whether a column can tell things apart: whole numbers or texts, several of them."""
    kind = column.reading.format.kind
    # The number of a browser, as web analytics write it, has a point in it.
    tells = column.whole or (names_a_customer(column.name) == 3 and "id" in column.words)
    return (tells if column.numeric else kind == "text") and column.distinct > 1 and not code_in(column.name)


def find_number_of_somebody(facts: Facts, date: ColumnFacts) -> ColumnFacts | None:
    """Return a column that may number who bought, although its name does not say so: “Account holder”, “Party”.

    Its whole numbers have as many digits each, come several times and on different days, and its name says of nothing
    that it counts, costs or measures.
    """
    found = [
        column
        for name, column in facts.items()
        if column.numeric and not (says_what_it_measures(name) or names_an_order(name) or goods_rank(name))
        if _numbers_of_one_length(column) and column.rows_each >= _ROWS_TO_TELL and values_each(column, date) > ONE_EACH
    ]
    return max(found, key=lambda column: column.distinct, default=None)


def _numbers_of_one_length(column: ColumnFacts) -> bool:
    if not is_key(column) or column.distinct < max(_FEWEST_NUMBERS, _FEWEST_NUMBERS_SHARE * column.filled):
        return False
    least, largest = column.finite.min(), column.finite.max()
    years = least >= 1900 and largest <= 2100
    return bool(least >= 10 ** (_FEWEST_DIGITS - 1) and len(f"{least:.0f}") == len(f"{largest:.0f}") and not years)


def find_order(facts: Facts, customer: ColumnFacts | None) -> ColumnFacts | None:
    """Return the column with the order's number: each order is of one customer, and has one line or several."""
    found = [
        column
        for name, column in facts.items()
        if names_an_order(name) and column is not customer and is_key(column)
        if customer is None
        or (values_each(column, customer) <= ONE_EACH and column.distinct >= 0.5 * customer.distinct)
    ]
    return min(found, key=lambda column: (column.filled < 0.5 * len(column.cells), column.distinct), default=None)


def find_date(facts: Facts) -> ColumnFacts | None:
    """Return the column that says when something was bought, not when it was sent or is due."""
    dates = [column for column in facts.values() if column.is_date and date_rank(column.name)]
    return max(dates, key=lambda column: date_rank(column.name), default=None)


def find_amount(facts: Facts, taken: Iterable[ColumnFacts | None]) -> tuple[str | None, str]:
    """Return what a purchase cost, as a column or an expression, with the reason; None where no column says so."""
    numbers = [column for column in facts.values() if column.numeric and column not in tuple(taken)]
    quantity = next((column for column in numbers if column.words & word.QUANTITY), None)
    price = next(
        (column for column in numbers if column.words & word.UNIT_PRICE and amount_rank(column.name) <= 1), None
    )
    if price is None and quantity is not None:
        price = next((column for column in numbers if column.words & word.UNIT_PRICE), None)
    amount, reason = _amount_of(numbers, quantity, price)
    refunded = next((column for column in numbers if column.words & word.REFUNDED and (column.finite > 0).any()), None)
    if amount and refunded is not None and not (refunded.finite < 0).any() and refunded.name != amount:
        return f"{amount} - {refunded.name}", say("{reason}, less what was refunded", reason=reason)
    return amount, reason


def _amount_of(
    numbers: list[ColumnFacts], quantity: ColumnFacts | None, price: ColumnFacts | None
) -> tuple[str | None, str]:
    if quantity is not None and price is not None:
        others = [column for column in numbers if column not in (quantity, price)]
        total = next((column for column in others if is_product(column, quantity, price)), None)
        if total is not None:
            return _after_discount(total, others) or (
                total.name,
                say("it equals {quantity} x {price}", quantity=quantity.name, price=price.name),
            )
    named = [
        column for column in numbers if amount_rank(column.name) > 1 and column is not price and column.distinct > 1
    ]
    if named:
        best = max(named, key=lambda column: (amount_rank(column.name), bool(column.words & word.IN_ALL)))
        return best.name, say("judging by its name")
    if quantity is not None and price is not None:
        discount = next((column for column in numbers if column.words & word.DISCOUNT and _is_share(column)), None)
        product = f"{quantity.name} * {price.name}"
        if discount is not None:
            return f"{product} * (1 - {discount.name})", say("pieces times the price of one, less the discount")
        return product, say("pieces times the price of one")
    if price is not None:
        return price.name, say("the price of what was bought, with no number of pieces beside it")
    return None, say("no column says what a purchase cost")


def _after_discount(total: ColumnFacts, others: list[ColumnFacts]) -> tuple[str, str] | None:
    """Return the column that holds what was left of a total to be paid; None where there is none."""
    for discount in (column for column in others if column.words & word.DISCOUNT and column.finite.any()):
        for paid in others:
            if paid not in (total, discount) and amount_rank(paid.name) > 1 and is_difference(paid, total, discount):
                return paid.name, say("it equals {total} less {discount}", total=total.name, discount=discount.name)
    return None


def _is_share(column: ColumnFacts) -> bool:
    return bool(len(column.finite) and (column.finite >= 0).all() and (column.finite < 1).all() and column.finite.any())


def find_goods(facts: Facts, taken: Iterable[ColumnFacts | None], customer: ColumnFacts) -> ColumnFacts | None:
    """Return the column that says what was bought: a group of goods before a single product."""
    found = [
        column
        for name, column in facts.items()
        if goods_rank(name) and column.reading.format.kind == "text" and column not in tuple(taken) and column.repeats
        if values_each(customer, column) > ONE_EACH
    ]
    groups = [column for column in found if goods_rank(column.name) > 1 and column.distinct <= _MOST_GROUPS]
    return min(groups or found, key=lambda column: (-goods_rank(column.name), column.distinct), default=None)


def find_attributes(facts: Facts, taken: Iterable[str | None], customer: ColumnFacts) -> tuple[str, ...]:
    """Return the columns that say something of the customer, such as a country: one value a customer, in every row."""
    if customer.rows_each < _ROWS_TO_TELL:
        return ()
    return tuple(
        name
        for name, column in facts.items()
        if name not in tuple(taken) and column.reading.format.kind in ("text", "truth") and not names_a_customer(name)
        if 1 < column.distinct <= _MOST_LEVELS and not code_in(name) and values_each(customer, column) <= ONE_EACH
    )


def find_return_mark(order: ColumnFacts | None, signs: Iterable[ColumnFacts]) -> str:
    """Return the letter that the orders' numbers of cancellations begin with; empty where there is none.

    Nearly all rows with that letter are below 0 in a quantity or an amount, and most others are not.
    """
    if order is None or order.numeric:
        return ""
    first = np.array([str(text or "").strip()[:1] for text in order.cells.to_list()])
    for column in signs:
        below = column.values < 0
        for letter in sorted({text for text in first[below].tolist() if text.isalpha()}):
            marked = first == letter
            if below[marked].mean() >= _NEARLY_ALL and below[~marked].mean() < 0.05:
                return str(letter)
    return ""


def counts_once_an_order(amount: ColumnFacts | None, order: ColumnFacts | None) -> bool:
    """Whether an amount is the order's and repeated on each of its lines."""
    if amount is None or order is None:
        return False
    known = np.isfinite(amount.values) & (order.codes >= 0)
    _, position, lines = np.unique(order.codes[known], return_inverse=True, return_counts=True)
    several = lines > 1
    if several.sum() < _FEWEST_ORDERS:
        return False
    values = amount.values[known]
    least, largest = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    np.minimum.at(least, position, values)
    np.maximum.at(largest, position, values)
    return bool((least[several] == largest[several]).mean() >= _NEARLY_ALL)


def find_currency(facts: Facts) -> ColumnFacts | None:
    """Return the column that says in which currency an amount is."""
    return next(
        (
            column
            for column in facts.values()
            if column.words & word.CURRENCY and column.reading.format.kind == "text" and column.distinct <= _MOST_GROUPS
        ),
        None,
    )


def find_status(facts: Facts) -> tuple[ColumnFacts | None, tuple[str, ...], tuple[str, ...]]:
    """Return the column that says what became of an order, and those of its values that make it none, or a return."""
    for column in facts.values():
        if column.words & word.STATUS and column.reading.format.kind == "text" and column.distinct <= _MOST_GROUPS:
            texts = column.different_cells
            failed = tuple(text for text in texts if plain(text).strip().lower() in word.NOT_BOUGHT)
            returned = tuple(text for text in texts if plain(text).strip().lower() in word.RETURNED)
            # A status is of the purchase, whose refund stands in a column of its own; a type is of the row.
            if column.words & word.OUTCOME_OF_AN_ORDER:
                returned = ()
            if failed or returned:
                return column, failed, returned
    return None, (), ()


def find_event(facts: Facts) -> tuple[str, ColumnFacts] | None:
    """Return what each row is one of, such as a booking, with the column that says what became of it; else None."""
    for column in facts.values():
        event = next(iter(sorted(column.words & word.EVENT)), None)
        told = column.words & word.OUTCOME_OF_AN_ORDER and not column.words & word.ONE_OF_SEVERAL
        if event and told and column.reading.format.kind == "text" and 1 < column.distinct <= _MOST_GROUPS:
            return event, column
    return None


def is_amount_like(facts: Facts, customer: ColumnFacts) -> bool:
    """Whether a column other than the customer says what something cost."""
    return any(
        column.numeric and column is not customer and (amount_rank(name) > 1 or words_of(name) & word.UNIT_PRICE)
        for name, column in facts.items()
    )
