"""What is said of a table of purchases: its period, what came back, and what was left out, each with its share."""

# ruff: noqa: S608 - the names in these queries are ours, and what comes from a file is quoted by cells.py

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from custseg.errors import DataError, listed, quote
from custseg.language import day, say, say_in, written
from custseg.tables.purchases import lines as line_states
from custseg.tables.purchases.lines import USED
from custseg.wording import count, join_choices, percent

if TYPE_CHECKING:
    import datetime as dt

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.lines import Lines

# A share of more purchases without a date or an amount means that the columns are not what they are taken for.
_MOST_UNREADABLE = 0.5


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of rows, and what they amount to."""

    rows: int = 0
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a table of purchases holds: rows by what they count as, what came back, the period, and who is left out.

    ``one_sided`` says that amounts below 0 count as 0.
    """

    states: dict[str, int]
    returned: Sum
    zero: int
    first: dt.date | None
    last: dt.date | None
    orders: int
    without_customer: Decimal
    in_all: Decimal
    only_returned: Sum
    disagreeing: int = 0
    one_sided: bool = False


def take_stock(lines: Lines) -> Tally:
    """Count what is used and what is not, after ``sum_up_orders``. Raises DataError where most can't be read."""
    states = dict(lines.rows("SELECT state, count(*) FROM lines GROUP BY state"))
    check_readable(states, lines.columns)
    days = "min(day), max(day)" if lines.columns.date else "NULL, NULL"
    ((returned, amount, zero, first, last),) = lines.rows(
        "SELECT count(*) FILTER (amount < 0), coalesce(sum(amount) FILTER (amount < 0), 0), "
        f"count(*) FILTER (amount = 0), {days} FROM lines WHERE state = '{USED}'"
    )
    ((orders, unknown, known),) = lines.rows(
        f"SELECT count(*) FILTER (state = '{USED}' AND amount > 0), "
        f"coalesce(sum(amount) FILTER (state <> '{USED}'), 0), coalesce(sum(amount), 0) FROM orders"
    )
    ((left_out, theirs),) = lines.rows(
        "SELECT count(*), coalesce(sum(spent), 0) FROM (SELECT sum(amount) AS spent FROM orders "
        f"WHERE state = '{USED}' GROUP BY customer HAVING count(*) FILTER (amount > 0) = 0)"
    )
    return Tally(
        states,
        Sum(returned, amount),
        zero,
        first,
        last,
        orders,
        unknown,
        known,
        Sum(left_out, theirs),
        _disagreeing(lines),
        lines.amount is not None and lines.amount.above_zero,
    )


def _disagreeing(lines: Lines) -> int:
    """Count the orders whose lines give different amounts where all should repeat the order's."""
    if not lines.columns.once_an_order:
        return 0
    ((orders,),) = lines.rows(
        f"SELECT count(*) FROM (SELECT 1 FROM lines WHERE state = '{USED}' AND amount > 0 "
        "GROUP BY customer, number HAVING min(amount) < max(amount))"
    )
    found: int = orders
    return found


def check_readable(states: dict[str, int], columns: TransactionColumns) -> None:
    """Raise DataError where most rows can't be read."""
    unreadable = states.get(line_states.UNREADABLE, 0)
    judged = sum(states.values()) - states.get(line_states.NOT_BOUGHT, 0) - states.get(line_states.OTHER_CURRENCY, 0)
    if unreadable <= _MOST_UNREADABLE * judged:
        return
    names = [name for name in (columns.order, columns.date, columns.amount) if name]
    msg = say(
        "{unreadable:,} of {rows} have no readable {parts} in {names}. Choose other columns.",
        unreadable=unreadable,
        rows=count(judged, "row"),
        parts=_what_is_read(columns),
        names=listed(names),
    )
    raise DataError(msg)


def _what_is_read(columns: TransactionColumns) -> str:
    parts = [say_in("not readable", "order")] if columns.order else []
    parts += [say_in("not readable", "date")] if columns.date else []
    parts += [say_in("not readable", "amount")] if columns.amount is not None else []
    return join_choices(parts)


def remarks_of(tally: Tally, columns: TransactionColumns, as_of: dt.date | None) -> tuple[str, ...]:
    """Say what the customers were made of, and what was left out."""
    return (_made_from(tally, columns, as_of), *_within(tally, columns), *_left_out(tally, columns))


def _made_from(tally: Tally, columns: TransactionColumns, as_of: dt.date | None) -> str:
    used = tally.states.get(USED, 0)
    what = (
        say("{orders} in {rows}", orders=count(tally.orders, "order"), rows=count(used, "row"))
        if columns.order
        else count(tally.orders, "purchase")
    )
    if tally.first is None or tally.last is None or as_of is None:
        return say("Made from {what}, without their dates, so recency is not known.", what=what)
    return say(
        "Made from {what}, {first} to {last}; recency as of {as_of}.",
        what=what,
        first=day(tally.first),
        last=day(tally.last),
        as_of=day(as_of),
    )


def _within(tally: Tally, columns: TransactionColumns) -> list[str]:
    said = []
    returned = tally.returned
    if returned.rows and columns.amount is not None:
        rows = count(returned.rows, "row")
        if columns.once_an_order:
            said.append(say("Returns: {rows}, taken off what their customers spent.", rows=rows))
        else:
            said.append(
                say(
                    "Returns: {rows}, {amount} in all, taken off what their customers spent.",
                    rows=rows,
                    amount=money(-returned.amount),
                )
            )
    elif returned.rows:
        said.append(say("Returns: {rows}, which are no purchases.", rows=count(returned.rows, "row")))
    if tally.zero and tally.one_sided:
        said.append(
            say("Only one direction counts: {rows} of the other, or of 0, left out.", rows=count(tally.zero, "row"))
        )
    elif tally.zero:
        said.append(say("Amounts of 0 are no purchases: {rows}.", rows=count(tally.zero, "row")))
    if tally.disagreeing:
        said.append(
            say(
                "In {orders} the rows give different amounts, although each should repeat the order's; the "
                "largest counts.",
                orders=count(tally.disagreeing, "order"),
            )
        )
    if columns.category and columns.once_an_order:
        said.append(
            say(
                "Shares of {category} are of rows, since amounts are those of whole orders.",
                category=quote(columns.category),
            )
        )
    return said


def _left_out(tally: Tally, columns: TransactionColumns) -> list[str]:
    rows = tally.states
    said = []
    if nobody := rows.get(line_states.NO_CUSTOMER):
        known = columns.amount is not None and tally.in_all > 0 and tally.without_customer > 0
        lacking = count(nobody, "row")
        if known:
            part = percent(float(tally.without_customer / tally.in_all))
            said.append(say("{rows} left out: no customer, {part} of the total.", rows=lacking, part=part))
        else:
            said.append(say("{rows} left out: no customer.", rows=lacking))
    if unreadable := rows.get(line_states.UNREADABLE):
        said.append(
            say(
                "{rows} left out: no readable {parts}.",
                rows=count(unreadable, "row"),
                parts=_what_is_read(columns),
            )
        )
    if (failed := rows.get(line_states.NOT_BOUGHT)) and columns.status:
        said.append(
            say(
                "{rows} left out: {column} is {values}.",
                rows=count(failed, "row"),
                column=quote(columns.status),
                values=join_choices([quote(value) for value in columns.not_bought]),
            )
        )
    if (other := rows.get(line_states.OTHER_CURRENCY)) and columns.currency:
        said.append(
            say(
                "{rows} left out: {column} is not {value}.",
                rows=count(other, "row"),
                column=quote(columns.currency),
                value=quote(columns.currency_is),
            )
        )
    if later := rows.get(line_states.LATER):
        said.append(say("{rows} left out: after the day that recency is counted from.", rows=count(later, "row")))
    if tally.only_returned.rows:
        said.append(_only_returned(tally))
    return said


def _only_returned(tally: Tally) -> str:
    customers, amount = count(tally.only_returned.rows, "customer"), tally.only_returned.amount
    if tally.one_sided:
        return say("{customers} left out: no amount that counts.", customers=customers)
    if amount:
        return say("{customers} left out: only returns, {amount} in all.", customers=customers, amount=money(amount))
    return say("{customers} left out: only returns.", customers=customers)


def money(amount: Decimal) -> str:
    """Write an exact amount to the cent."""
    return written(amount, ",.2f")
