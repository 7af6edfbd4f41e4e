"""The rows of a table of purchases in DuckDB, each with what it counts as: used, or left out and why."""

# ruff: noqa: S608 - the names in these queries are ours, and what comes from a file is quoted by cells.py

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.sql_quoting import text_literal
from custseg.wording import count

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    import duckdb

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.amount import Amount
    from custseg.tables.purchases.cells import Cells

USED, NO_CUSTOMER, NOT_BOUGHT, OTHER_CURRENCY = "used", "no customer", "not bought", "other currency"
UNREADABLE, LATER = "unreadable", "later"
# Files may hold dates that are beyond Python's calendar.
_CALENDAR = "day BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
_MOST_CURRENCIES = 6
_ROWS_AT_A_TIME = 100_000


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a table of purchases, which were read once and are kept in DuckDB.

    The view ``lines`` has one row a line: its ``state``, ``customer``, ``amount`` and, where the table has them,
    ``number`` (the order's), ``day`` and ``category``.
    """

    relation: duckdb.DuckDBPyRelation
    columns: TransactionColumns
    amount: Amount | None = None

    def query(self, sql: str) -> duckdb.DuckDBPyRelation:
        """Ask the database that holds the lines."""
        # None for what makes a table alone.
        return cast("duckdb.DuckDBPyRelation", self.relation.query("source_rows", sql))

    def make(self, sql: str) -> None:
        """Have the database make a table or a view."""
        self.relation.query("source_rows", sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of an answer: all of them, since what is not fetched keeps the connection busy."""
        rows: list[tuple[Any, ...]] = self.query(sql).fetchall()
        return rows


def attribute(place: int) -> str:
    """Return what a line calls the customers' attribute at that place."""
    return f"attribute{place}"


def read_lines(
    relation: duckdb.DuckDBPyRelation,
    columns: TransactionColumns,
    amount: Amount | None,
    cells: Cells,
    as_of: dt.date | None,
    workspace: duckdb.DuckDBPyConnection | None = None,
) -> Lines:
    """Read each row of a table of purchases: the only step that looks at the file. Raises DataError for currencies.

    Lines are kept in the database of the relation, or in a ``workspace``, to which they go some at a time.
    """
    typed = _typed(columns, amount, cells)
    rows = relation.project(_selected(typed))
    if columns.return_mark:
        # On top of the other, so that the number of an order is read once.
        rows = rows.project(_selected(dict.fromkeys(typed) | _marked(columns.return_mark)))
        typed["marked"] = "marked"
    if columns.status and columns.returned:
        rows = rows.project(_selected(dict.fromkeys(typed) | {"amount": _taken_off(columns.returned)}))
    if workspace is None:
        rows.create("typed_lines")
    else:
        workspace.from_arrow(rows.to_arrow_reader(_ROWS_AT_A_TIME)).create("typed_lines")
        relation = workspace.table("typed_lines")
    lines = Lines(relation, columns, amount)
    source = _fill(lines, list(typed)) if columns.order else "typed_lines"
    if columns.order and amount and not columns.once_an_order:
        source = _count_once(lines, source, list(typed))
    lines.make(f"CREATE VIEW lines AS SELECT *, {_state(columns, as_of)} AS state FROM {source}")
    if columns.currency and not columns.currency_is:
        _refuse_several_currencies(lines, columns.currency)
    return lines


def _typed(columns: TransactionColumns, amount: Amount | None, cells: Cells) -> dict[str, str]:
    """Return the SQL of each column that a line has."""
    typed = {
        "customer": cells.identifier(columns.customer),
        "amount": amount.sql(cells.number, cells.empty) if amount else "CAST(1 AS DECIMAL(18, 4))",
    }
    if columns.order:
        typed["number"] = cells.identifier(columns.order)
        typed["no_amount"] = " AND ".join(map(cells.empty, amount.columns)) if amount else "false"
    if columns.date:
        typed["day"] = cells.day(columns.date)
    if columns.category:
        typed["category"] = cells.text(columns.category)
    typed |= {attribute(place): cells.text(name) for place, name in enumerate(columns.attributes)}
    if columns.status:
        typed["status"] = f"lower({cells.text(columns.status)})"
    if columns.currency:
        typed["currency"] = f"upper({cells.text(columns.currency)})"
    return typed


def _selected(columns: Mapping[str, str | None]) -> str:
    return ", ".join(f"{sql or name} AS {name}" for name, sql in columns.items())


def _marked(mark: str) -> dict[str, str]:
    """Return the SQL of what the mark of a cancellation makes of its amount, of its number and of what it is.

    What the mark alone sets apart from an order takes that order back.
    """
    marked = f"starts_with(number, {text_literal(mark)})"
    return {
        "amount": f"CASE WHEN {marked} THEN -abs(amount) ELSE amount END",
        "number": f"CASE WHEN {marked} THEN substr(number, {len(mark) + 1}) ELSE number END",
        "marked": marked,
    }


def _taken_off(returned: Iterable[str]) -> str:
    """Return the SQL of an amount that is taken off where the status says that it was given back."""
    return f"CASE WHEN status IN ({_values(returned)}) THEN -abs(amount) ELSE amount END"


def _values(texts: Iterable[str]) -> str:
    return ", ".join(f"lower(trim({text_literal(text)}))" for text in texts)


def _fill(lines: Lines, names: list[str]) -> str:
    """Have other lines of its order say what a line leaves empty; return where the lines are then.

    A cancellation that names nobody is not known to be of who made the order of that number, so it is left out.
    """
    of_an_order = {"customer", "day", "status", "currency"} | ({"amount"} if lines.columns.once_an_order else set())
    said = [name for name in names if name in of_an_order]
    (some_empty,) = lines.rows(f"SELECT {', '.join(f'count(*) > count({name})' for name in said)} FROM typed_lines")
    said = [name for name, empty in zip(said, some_empty, strict=True) if empty]
    order = "number, marked" if "marked" in names else "number"
    if not said:
        return "typed_lines"
    # Where the lines of an order differ, none tells another what to say.
    agreed = ", ".join(f"CASE WHEN min({name}) = max({name}) THEN min({name}) END AS {name}" for name in said)
    partly = " OR ".join(f"count({name}) BETWEEN 1 AND count(*) - 1" for name in said)
    lines.make(
        f"CREATE TABLE said_of_orders AS SELECT {order}, {agreed} FROM typed_lines "
        f"WHERE number IS NOT NULL GROUP BY {order} HAVING {partly}"
    )
    filled = [f"coalesce(line.{name}, said.{name}) AS {name}" if name in said else f"line.{name}" for name in names]
    lines.make(
        f"CREATE VIEW filled_lines AS SELECT {', '.join(filled)} "
        f"FROM typed_lines AS line LEFT JOIN said_of_orders AS said USING ({order})"
    )
    return "filled_lines"


def _count_once(lines: Lines, source: str, names: list[str]) -> str:
    """Let a line without an amount cost nothing where another of its order has one: the total, said once."""
    (some,) = lines.rows(f"SELECT bool_or(amount IS NULL AND no_amount) FROM {source}")
    if not some[0]:
        return source
    lines.make(f"CREATE TABLE orders_with_amount AS SELECT DISTINCT number FROM {source} WHERE amount IS NOT NULL")
    told = "number IN (SELECT number FROM orders_with_amount)"
    counted = f"CASE WHEN amount IS NULL AND no_amount AND {told} THEN 0 ELSE amount END AS amount"
    others = ", ".join(counted if name == "amount" else name for name in names)
    lines.make(f"CREATE VIEW counted_lines AS SELECT {others} FROM {source}")
    return "counted_lines"


def _state(columns: TransactionColumns, as_of: dt.date | None) -> str:
    """Return the SQL of what a line counts as."""
    cases = []
    if columns.status and columns.not_bought:
        cases.append(f"WHEN status IN ({_values(columns.not_bought)}) THEN '{NOT_BOUGHT}'")
    if columns.currency and columns.currency_is:
        wanted = f"upper(trim({text_literal(columns.currency_is)}))"
        cases.append(f"WHEN currency IS DISTINCT FROM {wanted} THEN '{OTHER_CURRENCY}'")
    needed = ["amount IS NOT NULL", *(["number IS NOT NULL"] if columns.order else [])]
    needed += [f"day IS NOT NULL AND {_CALENDAR}"] if columns.date else []
    cases.append(f"WHEN NOT ({' AND '.join(needed)}) THEN '{UNREADABLE}'")
    if columns.date and as_of:
        cases.append(f"WHEN day > DATE '{as_of.isoformat()}' THEN '{LATER}'")
    return f"CASE {' '.join(cases)} WHEN customer IS NULL THEN '{NO_CUSTOMER}' ELSE '{USED}' END"


def _refuse_several_currencies(lines: Lines, column: str) -> None:
    found = lines.rows(
        f"SELECT currency, count(*) FROM lines WHERE state IN ('{USED}', '{NO_CUSTOMER}') AND currency IS NOT NULL "
        f"GROUP BY currency ORDER BY count(*) DESC, currency LIMIT {_MOST_CURRENCIES}"
    )
    refuse_several(found, column)


def refuse_several(found: list[tuple[Any, ...]], column: str) -> None:
    """Raise DataError where several currencies were found, each with its rows, the most frequent first."""
    if len(found) > 1:
        named = ", ".join(f"{quote(currency)} ({count(rows, 'row')})" for currency, rows in found)
        msg = say(
            "Amounts in one currency were expected, but {column} names several: {named}. Choose one with "
            "TransactionColumns(..., currency_is={found!r}), which leaves the others out, or convert all "
            "amounts to one currency first.",
            column=quote(column),
            named=named,
            found=found[0][0],
        )
        raise DataError(msg)
