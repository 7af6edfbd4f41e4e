"""From lines to orders, and from orders to customers, in DuckDB."""

# ruff: noqa: S608 - the names in these queries are ours, and what comes from a file is quoted by cells.py

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.purchases.lines import NO_CUSTOMER, USED, attribute
from custseg.tables.sql_quoting import name_sql, text_literal
from custseg.tables.table import unique_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb
    import pyarrow as pa

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.lines import Lines

MOST_CATEGORIES = 12
# Of many categories, such as products, those that make up less of what was bought say little of anybody.
_LEAST_OF_MANY = 0.02
RECENCY, FREQUENCY, MONETARY, BASKET, TENURE = (
    "recency_days",
    "frequency",
    "monetary_value",
    "average_basket",
    "tenure_days",
)
LINES_OF_ORDER, DIFFERENT = "lines_per_order", "products"
# What customers of purchases are told apart by, before shares and attributes.
MEASURES = frozenset((RECENCY, FREQUENCY, MONETARY, BASKET, TENURE, LINES_OF_ORDER))
# What a column begins with that tells the share of a category.
SHARE_OF = "share of "


def sum_up_orders(lines: Lines) -> None:
    """Make ``orders``: one row an order of a customer, or a line where orders have no numbers.

    ``amount`` is what is left after returns within the order, and ``day`` that of the first line that was bought.
    """
    columns = lines.columns
    wanted = f"state IN ('{USED}', '{NO_CUSTOMER}')"
    if not columns.order:
        day = ", day" if columns.date else ""
        lines.make(f"CREATE VIEW orders AS SELECT state, customer, amount{day} FROM lines WHERE {wanted}")
        return
    # Once an order: what was bought and what was taken back, each of which its lines repeat.
    once = "coalesce(max(amount) FILTER (amount > 0), 0) + coalesce(min(amount) FILTER (amount < 0), 0)"
    day = ", min(day) FILTER (amount > 0) AS day" if columns.date else ""
    lines.make(
        f"CREATE TABLE orders AS SELECT state, customer, number, {once if columns.once_an_order else 'sum(amount)'} "
        f"AS amount{day} FROM lines WHERE {wanted} GROUP BY state, customer, number"
    )


def last_day(lines: Lines) -> dt.date | None:
    """Return the day of the last purchase; None where no customer who is named bought anything.

    Raises DataError where Python's calendar does not have it.
    """
    ((day,),) = lines.rows(f"SELECT max(day) FROM orders WHERE state = '{USED}' AND amount > 0")
    if day is None or isinstance(day, dt.date):
        return day
    # A broken file that lies about its dates: DuckDB gives it as a text.
    msg = say(
        "Dates from the years 1 to 9999 were expected, but {column} holds others. Correct them.",
        column=quote(lines.columns.date),
    )
    raise DataError(msg)


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of the customers: what it is called, and its SQL over the orders of one customer."""

    name: str
    sql: str


def customers_of(lines: Lines, as_of: dt.date | None, like: Sequence[str] | None = None) -> pa.Table:
    """Return one row a customer who bought something, in the order of their identifiers. Raises DataError for none."""
    customers = make_customers(lines, as_of, like)
    table = customers.to_arrow_table()
    # DuckDB takes over texts as they are in a file, broken ones too.
    table.validate(full=True)
    if not len(table):
        raise nobody_bought()
    return table


def make_customers(lines: Lines, as_of: dt.date | None, like: Sequence[str] | None = None) -> duckdb.DuckDBPyRelation:
    """Return one row a customer who bought something, in the order of their identifiers, unread.

    Shares are of the largest categories, or those that an earlier table of customers has columns of.
    """
    measures = _measures(lines.columns, as_of)
    selected = ", ".join(f"{measure.sql} AS m{place}" for place, measure in enumerate(measures))
    lines.make(
        f"CREATE TABLE customers AS SELECT customer, {selected} FROM orders WHERE state = '{USED}' "
        "GROUP BY customer HAVING count(*) FILTER (amount > 0) > 0"
    )
    names = [lines.columns.customer, *(measure.name for measure in measures)]
    joined = [_shares_of_customers(lines, names, like), _attributes_of_customers(lines, names)]
    customers = lines.query(_joined([view for view in joined if view]))
    called = zip(customers.columns, unique_names(names), strict=True)
    return customers.project(", ".join(f"{name_sql(column)} AS {name_sql(name)}" for column, name in called))


def unique_names(names: Iterable[str]) -> list[str]:
    """Return names of which no two are one."""
    unique: list[str] = []
    for name in names:
        unique.append(unique_name(name, unique))
    return unique


def nobody_bought() -> DataError:
    """Return the error of purchases of which none counts."""
    return DataError(
        say(
            "Purchases were expected, but no row has a customer and an amount above zero. Check which "
            "column is the customer and which the amount."
        )
    )


def _joined(views: list[str]) -> str:
    """Return the SQL of all that is known of customers; each view calls the customer ``of_`` and its name."""
    joins = " ".join(f"JOIN {view} ON customer = of_{view}" for view in views)
    without = f" EXCLUDE ({', '.join(f'of_{view}' for view in views)})" if views else ""
    return f"SELECT *{without} FROM customers {joins} ORDER BY customer"


def measure_names(columns: TransactionColumns) -> tuple[str, ...]:
    """Return what customers of such purchases are told apart by, before shares and attributes."""
    any_day = dt.date.min if columns.date else None
    return tuple(measure.name for measure in _measures(columns, any_day))


def _measures(columns: TransactionColumns, as_of: dt.date | None) -> list[Measure]:
    bought = "FILTER (amount > 0)"
    measures = [Measure(FREQUENCY, f"count(*) {bought}")]
    if columns.amount is not None:
        measures.append(Measure(MONETARY, "sum(amount)::DOUBLE"))
        measures.append(Measure(BASKET, f"(sum(amount) {bought})::DOUBLE / count(*) {bought}"))
    elif columns.order:
        measures.append(Measure(LINES_OF_ORDER, f"(sum(amount) {bought})::DOUBLE / count(*) {bought}"))
    if as_of:
        day = f"DATE '{as_of.isoformat()}'"
        measures.insert(0, Measure(RECENCY, f"date_diff('day', max(day) {bought}, {day})"))
        measures.append(Measure(TENURE, f"date_diff('day', min(day) {bought}, {day})"))
    return measures


def _attributes_of_customers(lines: Lines, names: list[str]) -> str:
    """Make a view of what rows say of customers, and add its names; return what it is called, empty for none."""
    attributes = lines.columns.attributes
    if not attributes:
        return ""
    names += attributes
    said = [attribute(place) for place in range(len(attributes))]
    agreed = ", ".join(f"CASE WHEN min({name}) = max({name}) THEN min({name}) END AS {name}" for name in said)
    lines.make(
        f"CREATE VIEW attributes AS SELECT customer AS of_attributes, {agreed} FROM lines WHERE state = '{USED}' "
        "GROUP BY customer"
    )
    return "attributes"


def _shares_of_customers(lines: Lines, names: list[str], like: Sequence[str] | None) -> str:
    """Make a view of each category's share in what customers bought, and add its names; return what it is called."""
    if not lines.columns.category:
        return ""
    # The amount of a whole order can't be divided among its lines.
    weight = "count(*)" if lines.columns.once_an_order else "sum(amount)"
    lines.make(
        f"CREATE TABLE bought AS SELECT customer, category, {weight} AS weight FROM lines "
        f"WHERE state = '{USED}' AND amount > 0 GROUP BY customer, category"
    )
    measures = _shares(lines, like)
    if not measures:
        return ""
    names += [measure.name for measure in measures]
    selected = ", ".join(f"{measure.sql} AS c{place}" for place, measure in enumerate(measures))
    lines.make(f"CREATE VIEW shares AS SELECT customer AS of_shares, {selected} FROM bought GROUP BY customer")
    return "shares"


def _shares(lines: Lines, like: Sequence[str] | None) -> list[Measure]:
    """Return a share for each of the chosen categories, after how many a customer bought where there are more."""
    categories = lines.rows(
        "SELECT category, (sum(weight) / (SELECT sum(weight) FROM bought))::DOUBLE AS part FROM bought "
        "WHERE category IS NOT NULL GROUP BY category ORDER BY sum(weight) DESC, category"
    )
    chosen, many = chosen_categories(categories, like)
    shares = [
        Measure(
            f"{SHARE_OF}{category}",
            f"coalesce(sum(weight) FILTER (category = {text_literal(category)}), 0)::DOUBLE / sum(weight)::DOUBLE",
        )
        for category in chosen
    ]
    return [Measure(DIFFERENT, "count(category)"), *shares] if many else shares


def chosen_categories(categories: Sequence[tuple[str, float]], like: Sequence[str] | None) -> tuple[list[str], bool]:
    """Return those that have a share, of all with their parts from the largest on, and whether there are many.

    Where the columns of an earlier table are given, these are the same as there, also if nobody bought of them now.
    """
    if like is not None:
        return [name.removeprefix(SHARE_OF) for name in like if name.startswith(SHARE_OF)], DIFFERENT in like
    many = len(categories) > MOST_CATEGORIES
    least = _LEAST_OF_MANY if many else 0
    return [category for category, part in categories[:MOST_CATEGORIES] if part >= least], many
