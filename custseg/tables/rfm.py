"""From purchases to customers: a table with one row per purchase becomes one with one row per customer (RFM).

Recency, frequency and monetary value are the classic measures of Hughes ("Strategic Database Marketing", 1994). DuckDB
computes them, so that the purchases are never in Python's memory.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import DataError, SettingError, listed, quote
from custseg.tables.date_text import day_sql
from custseg.tables.number_text import number_sql
from custseg.tables.purchase_columns import TransactionColumns
from custseg.tables.reading import Reading, read_columns
from custseg.tables.sources import SourceTable, scan
from custseg.tables.sources.database import connect
from custseg.tables.table import CustomerTable, as_frame, title_of
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

_ROWS_TO_RECOGNISE_BY = 50_000
_MOST_CATEGORIES = 12
# A share of more purchases without a date or an amount means that the columns are not what they are taken for.
_MOST_UNREADABLE = 0.5
_CUSTOMER = re.compile(
    r"customer|client|member|card|account|user|buyer|household|kund|shopper|subscriber", re.IGNORECASE
)
_DATE = re.compile(r"date|day|time|when|datum", re.IGNORECASE)
_AMOUNT = re.compile(
    r"amount|total|revenue|sales|spen[dt]|value|price|paid|turnover|betrag|umsatz|monetary", re.IGNORECASE
)
_CATEGORY = re.compile(r"categor|department|group|section|class|type|range|kategorie|gruppe", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a table of purchases offers: its columns that can be dates or amounts, and the best guess at all four."""

    names: tuple[str, ...]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]
    guess: TransactionColumns | None


def look_for_purchases(purchases: object, sheet: str | None = None) -> Purchases:
    """Say which columns of a file or dataframe could make it a table of purchases.

    ``guess`` is None where it looks like one row per customer: no date, no amount, or no customer that comes twice.
    """
    with _opened(purchases, sheet) as relation:
        frame = _first_rows(relation)
    readings = read_columns(frame)
    dates = tuple(name for name, reading in readings.items() if reading.format.kind == "date")
    amounts = tuple(
        name
        for name, reading in readings.items()
        if reading.format.kind in ("number", "number as text") and name not in dates
    )
    return Purchases(tuple(frame.columns), dates, amounts, _guess(frame, dates, amounts))


def from_transactions(
    purchases: object,
    columns: TransactionColumns | None = None,
    *,
    sheet: str | None = None,
    as_of: dt.date | None = None,
    title: str = "",
) -> CustomerTable:
    """Make a table of customers of a table of purchases, with one row per customer in the order of their identifiers.

    Parameters
    ----------
    purchases
        The path of a file, or a dataframe, with one row per purchase.
    columns
        Which column is which; guessed when not given.
    sheet
        Which sheet of an Excel file.
    as_of
        The day from which recency and tenure are counted back; the day of the last purchase by default.
    title
        What to call the table; the file's name by default.

    Returns
    -------
    CustomerTable
        With ``recency_days`` (since the last purchase), ``frequency`` (purchases), ``monetary_value`` (sum of all
        amounts, less refunds), ``average_basket`` (of purchases), ``tenure_days`` (since the first purchase) and the
        share of each category in the amount. Amounts count to four decimals; those of zero or less are no purchases.

    Raises
    ------
    DataError
        The table cannot be read, or holds no purchases.
    SettingError
        There is no such column, or it holds no dates or amounts.

    """
    path = Path(purchases) if isinstance(purchases, str | os.PathLike) else None
    title = title or (title_of(path) if path else "Customers")
    return as_customers(aggregate_purchases(purchases, columns, sheet=sheet, as_of=as_of), title)


def aggregate_purchases(
    purchases: object,
    columns: TransactionColumns | None = None,
    *,
    sheet: str | None = None,
    as_of: dt.date | None = None,
) -> SourceTable:
    """Make one row per customer, as ``from_transactions`` does, and leave it at that: plain columns."""
    with _opened(purchases, sheet) as relation:
        frame = _first_rows(relation)
        columns = columns or _guessed_columns(frame)
        readings = _checked(columns, frame)
        table, remarks = _aggregate(relation, columns, readings, as_of)
    return SourceTable(nw.from_native(table, eager_only=True), remarks)


def as_customers(aggregated: SourceTable, title: str) -> CustomerTable:
    """Understand what ``aggregate_purchases`` made as customers."""
    identifier = aggregated.frame.columns[0]
    return CustomerTable.read(
        aggregated, title=title, units=_UNITS, money=["monetary_value"], roles={identifier: "identifier"}
    )


_UNITS = {"recency_days": "days since the last purchase", "tenure_days": "days since the first purchase"}


@contextmanager
def _opened(purchases: object, sheet: str | None) -> Iterator[duckdb.DuckDBPyRelation]:
    if isinstance(purchases, str | os.PathLike):
        with scan(Path(purchases), sheet) as relation:
            yield relation
        return
    frame = purchases.frame if isinstance(purchases, CustomerTable) else as_frame(purchases)
    with connect() as connection:
        yield connection.from_arrow(frame.to_arrow())


def _first_rows(relation: duckdb.DuckDBPyRelation) -> nw.DataFrame[Any]:
    rows = relation.limit(_ROWS_TO_RECOGNISE_BY).to_arrow_table()
    # DuckDB takes over texts as they are in a file, broken ones too.
    rows.validate(full=True)
    frame: nw.DataFrame[Any] = nw.from_native(rows, eager_only=True)
    if not len(frame):
        msg = "The table has no purchases, only column names. Add one row per purchase."
        raise DataError(msg)
    return frame


def _guess(frame: nw.DataFrame[Any], dates: tuple[str, ...], amounts: tuple[str, ...]) -> TransactionColumns | None:
    customer = next((name for name in frame.columns if _CUSTOMER.search(name) and _repeats(frame[name])), None)
    amount = next((name for name in amounts if _AMOUNT.search(name) and name != customer), None)
    if customer is None or amount is None or not dates:
        return None
    date = next((name for name in dates if _DATE.search(name)), dates[0])
    others = (name for name in frame.columns if name not in (customer, amount, date))
    category = next((name for name in others if _CATEGORY.search(name) and _repeats(frame[name])), None)
    return TransactionColumns(customer, date, amount, category)


def _repeats(series: nw.Series[Any]) -> bool:
    return 1 < series.n_unique() < len(series)


def _guessed_columns(frame: nw.DataFrame[Any]) -> TransactionColumns:
    readings = read_columns(frame)
    dates = tuple(name for name, reading in readings.items() if reading.format.kind == "date")
    amounts = tuple(name for name, reading in readings.items() if reading.format.kind in ("number", "number as text"))
    guess = _guess(frame, dates, amounts)
    if guess is None:
        msg = (
            "One row per purchase was expected, with customers who appear more than once, a date and an amount, but "
            f"these were not found among {listed(frame.columns)}. Say which column is which."
        )
        raise DataError(msg)
    return guess


def _checked(columns: TransactionColumns, frame: nw.DataFrame[Any]) -> dict[str, Reading]:
    wanted = [columns.customer, columns.date, columns.amount, *([columns.category] if columns.category else [])]
    for name in wanted:
        if name not in frame.columns:
            msg = f"There is no column called {quote(name)}. Choose from {listed(frame.columns)}."
            raise SettingError(msg)
    if len(set(wanted)) < len(wanted):
        msg = f"Customer, date, amount and category must be different columns, but got {listed(wanted)}."
        raise SettingError(msg)
    readings = read_columns(frame)
    if readings[columns.date].format.kind != "date":
        msg = f"{quote(columns.date)} holds no dates. Choose the column that says when a purchase was made."
        raise SettingError(msg)
    if readings[columns.amount].format.kind not in ("number", "number as text"):
        msg = f"{quote(columns.amount)} holds no numbers. Choose the column that says what a purchase cost."
        raise SettingError(msg)
    return readings


def _aggregate(
    relation: duckdb.DuckDBPyRelation,
    columns: TransactionColumns,
    readings: dict[str, Reading],
    as_of: dt.date | None,
) -> tuple[pa.Table, tuple[str, ...]]:
    """Let DuckDB make one row per customer; return that and what was left out."""
    baskets = _baskets(relation, columns, readings)
    with connect() as connection:
        connection.register("baskets", baskets)
        total, unusable, latest = _row(
            connection, "SELECT sum(rows), sum(rows) FILTER (NOT usable), max(last_day) FILTER (usable) FROM baskets"
        )
        if latest is None or (unusable or 0) > _MOST_UNREADABLE * total:
            msg = (
                f"{int(unusable or 0):,} of {count(int(total), 'row')} have no readable customer, date or amount in "
                f"{listed([columns.customer, columns.date, columns.amount])}. Choose other columns."
            )
            raise DataError(msg)
        if not isinstance(latest, dt.date):
            # A broken file that lies about its dates: DuckDB gives as a text what Python's calendar does not have.
            msg = f"Dates from the years 1 to 9999 were expected, but {quote(columns.date)} holds others. Correct them."
            raise DataError(msg)
        day = as_of or latest
        table = _customers(connection, columns, day)
        refunds_alone = _row(connection, _REFUNDS_ALONE)[0]
    remarks = [f"Made from {count(int(total), 'purchase')}, as of {day.day} {day:%B %Y}."]
    if unusable:
        remarks.append(f"{count(int(unusable), 'row')} left out: no readable customer, date or amount.")
    if refunds_alone:
        remarks.append(f"{count(refunds_alone, 'customer')} left out: only refunds.")
    return table, tuple(remarks)


def _baskets(relation: duckdb.DuckDBPyRelation, columns: TransactionColumns, readings: dict[str, Reading]) -> pa.Table:
    """Sum up what each customer bought of each category: the only step that looks at every purchase."""
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    category = f"CAST({_name(columns.category)} AS VARCHAR)" if columns.category else "NULL"
    typed = relation.project(
        f"CAST({_name(columns.customer)} AS VARCHAR) AS customer, "
        f"{_day(columns.date, types, readings)} AS day, "
        f"{_amount(columns.amount, types, readings)} AS amount, {category} AS category"
    )
    # Files may hold dates that are beyond Python's calendar.
    usable = (
        "customer IS NOT NULL AND trim(customer) <> '' AND amount IS NOT NULL AND day IS NOT NULL "
        "AND day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
    )
    baskets = typed.aggregate(
        f"customer, category, ({usable}) AS usable, count(*) AS rows, min(day) FILTER (amount > 0) AS first_day, "
        "max(day) FILTER (amount > 0) AS last_day, count(*) FILTER (amount > 0) AS purchases, sum(amount) AS amount, "
        "sum(amount) FILTER (amount > 0) AS bought",
        "customer, category, usable",
    ).to_arrow_table()
    baskets.validate(full=True)
    return baskets


_REFUNDS_ALONE = """
SELECT count(*) FROM (SELECT customer FROM baskets WHERE usable GROUP BY customer HAVING sum(purchases) = 0)
"""


def _customers(connection: duckdb.DuckDBPyConnection, columns: TransactionColumns, day: dt.date) -> pa.Table:
    shares, values = "", []
    if columns.category:
        largest = connection.execute(
            "SELECT category FROM baskets WHERE usable AND category IS NOT NULL GROUP BY category "
            "ORDER BY sum(bought) DESC NULLS LAST, category LIMIT ?",
            [_MOST_CATEGORIES],
        ).fetchall()
        values = [category for (category,) in largest]
        shares = "".join(
            f", coalesce(sum(bought) FILTER (category = ${parameter}), 0)::DOUBLE / sum(bought)::DOUBLE AS "
            f"{_name(f'share of {value}')}"
            for parameter, value in enumerate(values, start=2)
        )
    return connection.sql(
        f"SELECT customer AS {_name(columns.customer)}, "  # noqa: S608 - names are quoted, values are parameters
        "date_diff('day', max(last_day), $1::DATE) AS recency_days, sum(purchases)::BIGINT AS frequency, "
        "sum(amount)::DOUBLE AS monetary_value, sum(bought)::DOUBLE / sum(purchases) AS average_basket, "
        f"date_diff('day', min(first_day), $1::DATE) AS tenure_days{shares} "
        "FROM baskets WHERE usable GROUP BY customer HAVING sum(purchases) > 0 ORDER BY customer",
        params=[day, *values],
    ).to_arrow_table()


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    # All of it: a result that is not fetched to its end keeps the connection busy.
    (row,) = connection.execute(query).fetchall()
    return row


def _name(name: str) -> str:
    """Quote the name of a column for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _day(name: str, types: dict[str, str], readings: dict[str, Reading]) -> str:
    column, date_format = _name(name), readings[name].format.date_format
    # Numbers may be dates too, such as seconds since 1970.
    return day_sql(column, date_format) if types[name] == "VARCHAR" or date_format else f"CAST({column} AS DATE)"


def _amount(name: str, types: dict[str, str], readings: dict[str, Reading]) -> str:
    """Return an exact decimal: sums of floating point numbers would depend on which thread met which row first."""
    column, exact = _name(name), "DECIMAL(18, 4)"
    if types[name] != "VARCHAR":
        return f"TRY_CAST({column} AS {exact})"
    return number_sql(column, readings[name].format.decimal, exact)
