"""From lines to orders, and from orders to customers, in an engine: what ``aggregation`` is to files, in Narwhals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.tables.purchases import aggregation as measured
from custseg.tables.purchases.lazy_lines import BOUGHT, NO_CATEGORY, STATES, UNITS, where
from custseg.tables.purchases.lines import NO_CUSTOMER, USED, attribute
from custseg.tables.purchases.remarks import Sum, Tally, check_readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from custseg.tables.purchases.lazy_lines import LazyLines

    Lazy = nw.LazyFrame[Any]

_NOTHING = (0, 0, 0, 0, 0, None, None)


def lazy_customers(lines: LazyLines, like: Sequence[str] | None = None) -> tuple[Lazy, list[str]]:
    """Return one row for each customer of the lines that count, and what the shares in it are called.

    Shares are of the largest categories, or those that an earlier table of customers has columns of.

    Beside ``customer`` it has ``orders``, ``amount``, ``spent`` (what is above 0), ``first`` and ``last`` days, then
    shares and attributes.
    """
    spent = nw.col("amount")
    bought = nw.when(spent > 0)
    counted = _orders(lines).with_columns(
        bought.then(nw.lit(1)).otherwise(nw.lit(0)).alias("orders"),
        bought.then(spent).otherwise(nw.lit(0.0)).alias("spent"),
        *([where(spent > 0, nw.col("day")).alias("day")] if lines.columns.date else []),
    )
    sums = [nw.col(name).sum() for name in ("orders", "amount", "spent")]
    customers, titles = _with_shares(lines, counted.group_by("customer").agg(*sums, *_ends(lines)), like)
    return _with_attributes(lines, customers), titles


def _ends(lines: LazyLines) -> list[nw.Expr]:
    return [nw.col("day").min().alias("first"), nw.col("day").max().alias("last")] if lines.columns.date else []


def _orders(lines: LazyLines) -> Lazy:
    """Return one row an order of a customer, or a line where orders have no numbers.

    Its day is that of the first line that was bought.
    """
    columns = lines.columns
    day = [where(nw.col("amount") > 0, nw.col("day")).alias("day")] if columns.date else []
    if not columns.order:
        return lines.used.select("customer", "amount", *day)
    first = [nw.col("day").min()] if columns.date else []
    named = lines.used.select("customer", "number", "amount", BOUGHT, _taken().alias("taken"), *day)
    grouped = named.group_by("customer", "number")
    if columns.once_an_order:
        return grouped.agg(nw.col(BOUGHT).max(), nw.col("taken").min(), *first).with_columns(_once().alias("amount"))
    return grouped.agg(nw.col("amount").sum(), *first)


def _taken() -> nw.Expr:
    return where(nw.col("amount") < 0, nw.col("amount"))


def _once() -> nw.Expr:
    """Return what an order cost: what was bought and what was taken back, each of which its lines repeat."""
    return nw.col(BOUGHT).fill_null(0.0) + nw.col("taken").fill_null(0.0)


def _with_shares(lines: LazyLines, customers: Lazy, like: Sequence[str] | None) -> tuple[Lazy, list[str]]:
    """Add each category's share in what customers bought, and return what the shares are called."""
    if not lines.columns.category:
        return customers, []
    # The amount of a whole order can't be divided among its lines.
    weight = nw.len() if lines.columns.once_an_order else nw.col("amount").sum()
    bought = lines.used.filter(nw.col("amount") > 0).group_by("customer", "category").agg(weight.alias("weight"))
    found = lines.rows(bought.group_by("category").agg(nw.col("weight").sum()))
    whole = float(sum(weight for _, weight in found))
    largest = sorted(((name, float(one) / whole) for name, one in found if name != NO_CATEGORY), key=_by_size)
    chosen, many = measured.chosen_categories(largest, like)
    if not (chosen or many):
        return customers, []
    category, shares = nw.col("category"), [f"share{place}" for place in range(len(chosen))]
    parts = [
        nw.when(category == name).then(nw.col("weight")).otherwise(nw.lit(0)).alias(share)
        for name, share in zip(chosen, shares, strict=True)
    ]
    different = nw.when(category == NO_CATEGORY).then(nw.lit(0)).otherwise(nw.lit(1)).alias("different")
    summed = bought.with_columns(different, *parts).group_by("customer")
    added = summed.agg(*(nw.col(name).sum() for name in ("different", "weight", *shares)))
    kept = [
        *([nw.col("different")] if many else []),
        *((nw.col(name) / nw.col("weight")).alias(name) for name in shares),
    ]
    titles = [*([measured.DIFFERENT] if many else []), *(f"{measured.SHARE_OF}{name}" for name in chosen)]
    return customers.join(added.select("customer", *kept), on="customer", how="left"), titles


def _by_size(one: tuple[str, float]) -> tuple[float, str]:
    return -one[1], one[0]


def _with_attributes(lines: LazyLines, customers: Lazy) -> Lazy:
    """Add what all lines of a customer agree in."""
    names = [attribute(place) for place in range(len(lines.columns.attributes))]
    if not names:
        return customers
    ends = [nw.col(name).min().alias(f"{name}least") for name in names]
    ends += [nw.col(name).max().alias(f"{name}most") for name in names]
    agreed = [
        where(nw.col(f"{name}least") == nw.col(f"{name}most"), nw.col(f"{name}most")).alias(name) for name in names
    ]
    said = lines.used.group_by("customer").agg(*ends).select("customer", *agreed)
    return customers.join(said, on="customer", how="left")


def as_measures(lines: LazyLines, customers: Lazy, titles: Sequence[str], as_of: dt.date | None) -> Lazy:
    """Return those who bought anything, with the columns that customers of purchases have."""
    columns, orders = lines.columns, nw.col("orders")
    named = [nw.col("customer"), *_days_since(as_of, "last"), orders]
    names = [columns.customer, *([measured.RECENCY] if as_of else []), measured.FREQUENCY]
    basket = nw.col("spent") / UNITS / orders
    if columns.amount is not None:
        named += [nw.col("amount") / UNITS, basket]
        names += [measured.MONETARY, measured.BASKET]
    elif columns.order:
        named.append(basket)
        names.append(measured.LINES_OF_ORDER)
    named += _days_since(as_of, "first")
    names += [measured.TENURE] if as_of else []
    # The number of different categories comes first, where there is one.
    shares = [name for name in titles if name != measured.DIFFERENT]
    named += [nw.col("different")] if len(shares) < len(titles) else []
    named += [nw.col(f"share{place}") for place in range(len(shares))]
    named += [nw.col(attribute(place)) for place in range(len(columns.attributes))]
    names += [*titles, *columns.attributes]
    called = measured.unique_names(names)
    return customers.filter(orders > 0).select(*(one.alias(name) for one, name in zip(named, called, strict=True)))


def _days_since(as_of: dt.date | None, end: str) -> list[nw.Expr]:
    return [(as_of.toordinal() - nw.col(end)).cast(nw.Int64)] if as_of else []


def last_day(lines: LazyLines, customers: Lazy) -> dt.date | None:
    """Return the day of the last purchase; None where no customer who is named bought anything."""
    ((day,),) = lines.rows(customers.select(nw.col("last").max()))
    return _date(day)


def _date(number: float | None) -> dt.date | None:
    return None if number is None or number != number else dt.date.fromordinal(int(number))  # noqa: PLR0124 - NaN


def take_stock(lines: LazyLines, customers: Lazy) -> Tally:
    """Count what is used and what is not. Raises DataError where most can't be read."""
    amount = nw.col("amount")
    flagged = lines.lines.with_columns(
        nw.when(amount < 0).then(nw.lit(1)).otherwise(nw.lit(0)).alias("returned"),
        _taken().alias("taken"),
        nw.when(amount == 0).then(nw.lit(1)).otherwise(nw.lit(0)).alias("zero"),
    )
    sums = [nw.col(name).sum() for name in ("amount", "returned", "taken", "zero")]
    counted = lines.rows(flagged.group_by("state").agg(nw.len().alias("rows"), *sums, *_ends(lines)))
    found = {STATES[int(row[0])]: row[1:] for row in counted}
    states = {state: int(row[0]) for state, row in found.items()}
    check_readable(states, lines.columns)
    _, _, returned, taken, zero, *ends = found.get(USED, _NOTHING)
    first, last = map(_date, ends) if lines.columns.date else (None, None)
    orders, known, alone, theirs = _of_customers(lines, customers)
    unknown = _of_nobody(lines, found.get(NO_CUSTOMER, _NOTHING)[1])
    return Tally(
        states, Sum(int(returned), exact(taken)), int(zero), first, last, orders, unknown, known + unknown,
        Sum(alone, theirs), _disagreeing(lines), lines.amount is not None and lines.amount.above_zero,
    )  # fmt: skip


def exact(units: float | None) -> Decimal:
    """Return an amount of ten-thousandths."""
    return Decimal(int(units or 0)) / Decimal(int(UNITS))


def _of_customers(lines: LazyLines, customers: Lazy) -> tuple[int, Decimal, int, Decimal]:
    """Count the purchases and what they come to, and those who only returned, and what that comes to."""
    alone = nw.when(nw.col("orders") == 0)
    flagged = customers.with_columns(
        alone.then(nw.lit(1)).otherwise(nw.lit(0)).alias("alone"),
        alone.then(nw.col("amount")).otherwise(nw.lit(0.0)).alias("theirs"),
    )
    asked = flagged.select(*(nw.col(name).sum() for name in ("orders", "amount", "alone", "theirs")))
    ((orders, known, who, theirs),) = lines.rows(asked)
    return int(orders or 0), exact(known), int(who or 0), exact(theirs)


def _of_nobody(lines: LazyLines, amount: float | None) -> Decimal:
    """Return what the purchases without a customer come to."""
    if not lines.columns.once_an_order:
        return exact(amount)
    nobody = lines.lines.filter(nw.col("state") == STATES.index(NO_CUSTOMER))
    orders = nobody.select("number", BOUGHT, _taken().alias("taken")).group_by("number")
    once = orders.agg(nw.col(BOUGHT).max(), nw.col("taken").min()).select(_once().alias("amount"))
    ((found,),) = lines.rows(once.select(nw.col("amount").sum()))
    return exact(found)


def _disagreeing(lines: LazyLines) -> int:
    """Count the orders whose lines give different amounts where all should repeat the order's."""
    if not lines.columns.once_an_order:
        return 0
    orders = lines.used.filter(nw.col("amount") > 0).group_by("customer", "number")
    ends = orders.agg(nw.col("amount").min().alias("least"), nw.col("amount").max().alias("most"))
    return lines.engine.count_of(ends.filter(nw.col("least") < nw.col("most")))
