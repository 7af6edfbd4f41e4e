"""What is said of a table of purchases: its period, what came back, and what was left out, each with its share."""

# ruff: noqa: S608 - the names in these queries are ours, and what comes from a file is quoted by cells.py

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from custseg.errors import DataError, listed, quote
from custseg.tables.purchases import lines as line_states
from custseg.tables.purchases.lines import USED
from custseg.wording import count, percent

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
    msg = (
        f"{unreadable:,} of {count(judged, 'row')} have no readable {_what_is_read(columns)} in {listed(names)}. "
        "Choose other columns."
    )
    raise DataError(msg)


def _what_is_read(columns: TransactionColumns) -> str:
    parts = [name for name in ("order" * bool(columns.order), "date" * bool(columns.date)) if name]
    parts += ["amount"] * (columns.amount is not None)
    return " or ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def remarks_of(tally: Tally, columns: TransactionColumns, as_of: dt.date | None) -> tuple[str, ...]:
    """Say what the customers were made of, and what was left out."""
    return (_made_from(tally, columns, as_of), *_within(tally, columns), *_left_out(tally, columns))


def _made_from(tally: Tally, columns: TransactionColumns, as_of: dt.date | None) -> str:
    used = tally.states.get(USED, 0)
    what = (
        f"{count(tally.orders, 'order')} in {count(used, 'row')}" if columns.order else count(tally.orders, "purchase")
    )
    if tally.first is None or tally.last is None or as_of is None:
        return f"Made from {what}, without their dates, so recency is not known."
    return f"Made from {what}, {_date(tally.first)} to {_date(tally.last)}; recency as of {_date(as_of)}."


def _within(tally: Tally, columns: TransactionColumns) -> list[str]:
    said = []
    returned = tally.returned
    if returned.rows and columns.amount is not None:
        much = f", {money(-returned.amount)} in all" if not columns.once_an_order else ""
        said.append(f"Returns: {count(returned.rows, 'row')}{much}, taken off what their customers spent.")
    elif returned.rows:
        said.append(f"Returns: {count(returned.rows, 'row')}, which are no purchases.")
    if tally.zero and tally.one_sided:
        said.append(f"Only one direction counts: {count(tally.zero, 'row')} of the other, or of 0, left out.")
    elif tally.zero:
        said.append(f"Amounts of 0 are no purchases: {count(tally.zero, 'row')}.")
    if tally.disagreeing:
        said.append(
            f"In {count(tally.disagreeing, 'order')} the rows give different amounts, although each should repeat the "
            "order's; the largest counts."
        )
    if columns.category and columns.once_an_order:
        said.append(f"Shares of {quote(columns.category)} are of rows, since amounts are those of whole orders.")
    return said


def _left_out(tally: Tally, columns: TransactionColumns) -> list[str]:
    rows = tally.states
    said = []
    if nobody := rows.get(line_states.NO_CUSTOMER):
        known = columns.amount is not None and tally.in_all > 0 and tally.without_customer > 0
        part = f", {percent(float(tally.without_customer / tally.in_all))} of the total" if known else ""
        said.append(f"{count(nobody, 'row')} left out: no customer{part}.")
    if unreadable := rows.get(line_states.UNREADABLE):
        said.append(f"{count(unreadable, 'row')} left out: no readable {_what_is_read(columns)}.")
    if (failed := rows.get(line_states.NOT_BOUGHT)) and columns.status:
        said.append(f"{count(failed, 'row')} left out: {quote(columns.status)} is {_either(columns.not_bought)}.")
    if (other := rows.get(line_states.OTHER_CURRENCY)) and columns.currency:
        said.append(f"{count(other, 'row')} left out: {quote(columns.currency)} is not {quote(columns.currency_is)}.")
    if later := rows.get(line_states.LATER):
        said.append(f"{count(later, 'row')} left out: after the day that recency is counted from.")
    if tally.only_returned.rows:
        much = f", {money(tally.only_returned.amount)} in all" if tally.only_returned.amount else ""
        why = "no amount that counts" if tally.one_sided else f"only returns{much}"
        said.append(f"{count(tally.only_returned.rows, 'customer')} left out: {why}.")
    return said


def money(amount: Decimal) -> str:
    """Write an exact amount to the cent."""
    return f"{amount:,.2f}"


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(quote(value) for value in values)


def _date(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
