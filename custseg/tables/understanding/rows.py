"""What one row of a table is: a customer, an order, or a line of an order; and how that is known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from custseg.errors import quote
from custseg.language import say
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.understanding import Doubt
from custseg.tables.understanding import vocabulary as word
from custseg.tables.understanding.column_words import amount_rank
from custseg.tables.understanding.facts import FEW_REPEATS, ONE_EACH, values_each
from custseg.tables.understanding.purchase_doubts import (
    ask_about_periods,
    ask_about_sign,
    ask_who_bought,
    tell_of_events,
)
from custseg.tables.understanding.purchase_roles import (
    counts_once_an_order,
    find_amount,
    find_attributes,
    find_currency,
    find_customer,
    find_date,
    find_event,
    find_goods,
    find_number_of_somebody,
    find_order,
    find_return_mark,
    find_status,
    is_amount_like,
    is_key,
)
from custseg.tables.understanding.templates import Template, find_template, fits_cdnow
from custseg.wording import count

if TYPE_CHECKING:
    from custseg.tables.understanding import Rows
    from custseg.tables.understanding.facts import ColumnFacts, Facts

# A code or a “num” that repeats may be anything.
_PLAIN_KEYS = word.IDENTIFYING - word.MERE_NUMBER - word.MERE_CODE
_MOST_LINES = 0.8


@dataclass(frozen=True, slots=True)
class RowMeaning:
    """What a row is, with the reasons by attribute; for purchases also which column is which."""

    rows: Rows
    customer: str | None
    reasons: dict[str, str]
    columns: TransactionColumns | None = None
    key: str | None = None
    doubts: tuple[Doubt, ...] = field(default=())
    # What each row is one of, such as a booking, where nobody is named who made it.
    event: str = ""


def find_rows(facts: Facts) -> RowMeaning:
    """Say what a row is."""
    template = find_template(facts)
    if template is not None and facts[template.columns.customer].distinct > 0:
        return _from_template(facts, template)
    if fits_cdnow(facts):
        who, day, _, paid = facts
        reasons = {
            "rows": say("no column names, and a customer, a day, pieces and an amount in each line, as in CDNOW")
        }
        return RowMeaning("orders", who, reasons, TransactionColumns(who, day, paid))
    customer = find_customer(facts)
    order = find_order(facts, customer)
    if (
        order is not None
        and (customer is None or _is_purchase(facts, customer))
        and not _one_order_each(customer, order)
    ):
        return _purchases(facts, customer, order, _why_orders(order))
    if customer is None:
        return _without_customer(facts)
    if customer.rows_each >= FEW_REPEATS:
        return _repeated(facts, customer)
    return RowMeaning("customers", customer.name, {"rows": _why_customers(customer)})


def columns_if_purchases(facts: Facts) -> TransactionColumns | None:
    """Return which column is which should rows be purchases after all; None where nobody is named who bought."""
    customer, date = find_customer(facts), find_date(facts)
    if customer is None and date is not None:
        customer = find_number_of_somebody(facts, date)
    return _purchases(facts, customer, find_order(facts, customer), "").columns if customer else None


def _one_order_each(customer: ColumnFacts | None, order: ColumnFacts) -> bool:
    """Whether each row is one customer with one order: then it says of the customer all there is."""
    return customer is not None and not customer.repeats and not order.repeats and customer.distinct > 1


def _is_purchase(facts: Facts, customer: ColumnFacts) -> bool:
    return find_date(facts) is not None or is_amount_like(facts, customer) or customer.rows_each >= FEW_REPEATS


def _why_customers(customer: ColumnFacts) -> str:
    if not customer.repeats:
        return say("{column} is different in every row", column=quote(customer.name))
    again = customer.filled - customer.distinct
    return say(
        "{column} is different in nearly every row; {rows} repeat one before",
        column=quote(customer.name),
        rows=count(again, "row"),
    )


def _why_orders(order: ColumnFacts) -> str:
    if order.repeats:
        return say("{column} has {rows:.1f} rows on average", column=quote(order.name), rows=order.rows_each)
    return say("{column} is the number of an order, different in every row", column=quote(order.name))


def _repeated(facts: Facts, customer: ColumnFacts) -> RowMeaning:
    """Say what rows are where customers come several times and no order has a number."""
    why = say("{column} has {rows:.1f} rows on average", column=quote(customer.name), rows=customer.rows_each)
    date = find_date(facts)
    changes = date is not None and values_each(customer, date) > ONE_EACH
    if changes or any(
        column.numeric and amount_rank(name) > 1 for name, column in facts.items() if column is not customer
    ):
        return _purchases(facts, customer, None, why)
    doubt = Doubt(
        say("{why}, but no date, order or amount says what a row is. Is each row a customer, or a purchase?", why=why),
        "rows",
        (
            ("'customers'", say("each row counts as a customer of its own")),
            ("'orders'", say("rows of the same customer are added up")),
        ),
        matters=True,
    )
    return RowMeaning("customers", customer.name, {"rows": why}, doubts=(doubt,))


def _without_customer(facts: Facts) -> RowMeaning:
    """Say what rows are where no column is named as a customer: a key that comes several times may be one."""
    date, (amount, _) = find_date(facts), find_amount(facts, ())
    key = next((column for column in facts.values() if column.words & _PLAIN_KEYS and is_key(column)), None)
    meaning = _events(facts)
    if date is None or amount is None:
        return meaning
    if key is not None and key.rows_each >= FEW_REPEATS and values_each(key, date) > ONE_EACH:
        why = say(
            "{column} has {rows:.1f} rows on average, on different days", column=quote(key.name), rows=key.rows_each
        )
        return _purchases(facts, key, None, why)
    somebody = find_number_of_somebody(facts, date)
    return meaning if somebody is None else replace(meaning, doubts=(ask_who_bought(somebody),))


def _events(facts: Facts) -> RowMeaning:
    """Say what rows are where no customer comes more than once, that one could tell."""
    event = find_event(facts)
    if event is None:
        return RowMeaning("customers", None, {"rows": say("no column says that a customer comes more than once")})
    doubt = tell_of_events(*event)
    return RowMeaning("customers", None, {"rows": say("nobody is named who made it")}, doubts=(doubt,), event=event[0])


def _from_template(facts: Facts, template: Template) -> RowMeaning:
    reasons = {"rows": say("the columns are those of {title}", title=template.title)}
    columns = _with_signs(facts, template.columns)
    order = facts[columns.order] if columns.order else None
    return RowMeaning(_size_of(order), columns.customer, reasons, columns, _key(facts, columns, order))


def _purchases(facts: Facts, customer: ColumnFacts | None, order: ColumnFacts | None, why: str) -> RowMeaning:
    """Find which column is which where rows are purchases."""
    date = find_date(facts)
    amount, because = find_amount(facts, (customer, order))
    reasons = {"rows": why, "amount": because}
    if customer is None:
        return RowMeaning(_size_of(order), None, reasons)
    goods = find_goods(facts, (customer, order), customer)
    currency, (status, failed, returned) = find_currency(facts), find_status(facts)
    columns = TransactionColumns(
        customer.name,
        date.name if date else None,
        amount,
        category=goods.name if goods else None,
        order=order.name if order else None,
        currency=currency.name if currency else None,
        status=status.name if status else None,
        not_bought=failed,
        returned=returned,
    )
    columns = _with_signs(facts, columns)
    doubts = (*ask_about_sign(facts, columns), *ask_about_periods(customer, date, order))
    return RowMeaning(_size_of(order), customer.name, reasons, columns, _key(facts, columns, order), doubts)


def _with_signs(facts: Facts, columns: TransactionColumns) -> TransactionColumns:
    """Add how cancellations are marked, whether an amount is the order's, and what the table says was not bought."""
    order = facts[columns.order] if columns.order else None
    signs = [
        column
        for column in facts.values()
        if column.numeric and (column.words & word.QUANTITY or column.name == columns.amount)
    ]
    failed = columns.not_bought
    if columns.status:
        failed = tuple(text for text in failed if text in facts[columns.status].different_cells)
    single = facts.get(columns.amount.split(" - ")[0]) if columns.amount else None
    taken = (columns.customer, columns.order, columns.date, columns.category, columns.currency, columns.status)
    once = counts_once_an_order(single, order) if single is not None and single.numeric else False
    # What an order cost in all says nothing of each of the goods in it.
    whole = once or (single is not None and order is not None and single.filled < _MOST_LINES * len(single.cells))
    return replace(
        columns,
        category=None if whole else columns.category,
        return_mark=find_return_mark(order, signs),
        once_an_order=once,
        attributes=find_attributes(facts, taken, facts[columns.customer]),
        status=columns.status if failed or columns.returned else None,
        not_bought=failed,
    )


def _size_of(order: ColumnFacts | None) -> Rows:
    return "order lines" if order is not None and order.rows_each >= FEW_REPEATS else "orders"


def _key(facts: Facts, columns: TransactionColumns, order: ColumnFacts | None) -> str | None:
    """Return the rows' own key: a number that is different in each, the order's where a row is an order."""
    if order is not None and not order.repeats and order.filled == len(order.cells):
        return order.name
    return next(
        (
            column.name
            for column in facts.values()
            if column.words & word.IDENTIFYING and column.name not in (columns.customer, columns.date)
            if is_key(column) and column.distinct == len(column.cells)
        ),
        None,
    )
