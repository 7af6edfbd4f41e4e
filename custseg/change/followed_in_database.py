"""Customers of whom some stay in an engine, at two times: matched in a database of our own, on disk.

Two engines cannot be asked one question. So each customer's identifier, segment and features go by once, some at a
time, into a file in the folder for temporary files, which is gone once nobody looks at it. No more of them are in
memory than that database may take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.change.customer_matching import customer_names, nobody_again, table_in_words
from custseg.change.followed import Changed, Flows
from custseg.errors import DataError, quote
from custseg.language import say
from custseg.tables.customers import segment_numbers
from custseg.tables.engine.batches import ROWS_AT_A_TIME, batches
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.expressions import SEGMENT
from custseg.tables.in_memory import in_memory
from custseg.tables.sources.database import Workspace
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.customers import Customers
    from custseg.tables.table import CustomerTable

_BEFORE, _NOW = "before", "now"


@dataclass(frozen=True, eq=False)
class FollowedInDatabase:
    """Customers at two times; in the database are the ``flows`` and, of each who changed, what ``Changed`` holds."""

    workspace: Workspace
    k: int
    features: int
    with_spend: bool

    @classmethod
    def of(cls, before: Segmentation, table: CustomerTable, money: tuple[str, ...]) -> FollowedInDatabase:
        """Match customers by their identifier.

        Raises DataError where that can't be done or an engine fails, and SettingError where segments can't be found in
        an engine.
        """
        workspace, names = Workspace(), tuple(dict.fromkeys([*before.features, *money]))
        values = [f"value{place}" for place in range(len(names))]
        times = ((_BEFORE, before.table, "earlier"), (_NOW, table, "later"))
        for time, own, which in times:
            labelled = before.assignment if own is before.table else before.label(own.customers, SEGMENT)
            _fill(workspace, time, values, _rows(labelled, own, names, which))
            _check(workspace, time, own, which)
        spend = " + ".join(f"coalesce({{time}}.value{names.index(name)}, 0)" for name in money) or "0"
        _match(workspace, spend, values[: len(before.features)])
        found = cls(workspace, before.k, len(before.features), bool(money))
        if not found.flows().customers[:-1, :-1].any():
            examples = (_example(workspace, where) for where in ("before IS NOT NULL", "now IS NOT NULL"))
            raise nobody_again(before.table.identifier, table.identifier, *examples)
        return found

    def flows(self) -> Flows:
        """Return how many went where."""
        rows = self.workspace.connection().execute("SELECT * FROM flows").fetchall()
        arrays = [np.zeros((self.k + 2, self.k + 2), dtype) for dtype in (np.intp, float, float)]
        for before, now, *amounts in rows:
            for array, amount in zip(arrays, amounts, strict=True):
                array[self._place(before), self._place(now)] = amount
        return Flows(arrays[0], *(arrays[1:] if self.with_spend else (None, None)))

    def _place(self, label: int | None) -> int:
        """Return the row or column of a label: segments, then those in none, and last those who are not there."""
        return self.k + 1 if label is None else (label - 1) % (self.k + 1)

    def moved(self, most: int | None = None) -> Changed:
        """Return those in another segment now, or in none, or no longer in none."""
        return self._changed("before IS NOT NULL AND now IS NOT NULL", most)

    def left(self, most: int | None = None) -> Changed:
        """Return those who are no longer there."""
        return self._changed("now IS NULL", most)

    def came(self, most: int | None = None) -> Changed:
        """Return those who were not there before."""
        return self._changed("before IS NULL", most)

    def _changed(self, who: str, most: int | None) -> Changed:
        asked = f"SELECT * FROM changed WHERE {who} ORDER BY customer"  # noqa: S608 - a condition of ours
        found: Any = self.workspace.connection().sql(asked if most is None else f"{asked} LIMIT {most:d}").df()
        before, now = (found[time].fillna(0).to_numpy(dtype=np.intp) for time in (_BEFORE, _NOW))
        values = found.iloc[:, 3:].to_numpy(dtype=np.float64)
        return Changed(
            found["customer"].to_numpy(object), before, now, values[:, : self.features], values[:, self.features :]
        )


def _rows(customers: Customers, table: CustomerTable, names: tuple[str, ...], which: str) -> Iterator[pa.Table]:
    """Yield the identifier, the code of the segment, and these features of customers, some at a time."""
    if isinstance(customers, EngineCustomers):
        for rows in batches(customers.engine, customers.numbers(SEGMENT, names)):
            yield rows.to_arrow()
        return
    import pyarrow as pa

    identifiers, codes = customer_names(table, which), in_memory(customers).labels[SEGMENT].codes
    for start in range(0, len(table), ROWS_AT_A_TIME):
        some = slice(start, start + ROWS_AT_A_TIME)
        columns = [identifiers[some], codes[some], *table.matrix(names, some).T]
        arrays = [pa.array(column, from_pandas=True) for column in columns]
        yield pa.table(arrays, names=["customer", "segment", *(f"value{place}" for place in range(len(names)))])


def _fill(workspace: Workspace, time: str, values: list[str], parts: Iterator[pa.Table]) -> None:
    connection = workspace.connection()
    columns = ", ".join(f"{value} DOUBLE" for value in values)
    connection.execute(f"CREATE TABLE {time} (customer VARCHAR, segment UTINYINT, {columns})")
    for part in parts:
        numbers = segment_numbers(part["segment"].to_numpy().astype(np.uint8))
        place = part.column_names.index("segment")
        connection.register("part", part.set_column(place, "segment", [numbers.astype(np.uint8)]))
        connection.execute(f"INSERT INTO {time} SELECT * FROM part")  # noqa: S608 - a name of ours
        connection.unregister("part")


def _check(workspace: Workspace, time: str, table: CustomerTable, which: str) -> None:
    """Raise DataError where a customer has no identifier, or two have the same."""
    connection, column = workspace.connection(), quote(str(table.identifier))
    blank = f"SELECT count(*) FROM {time} WHERE customer IS NULL OR customer = ''"  # noqa: S608 - a name of ours
    ((without,),) = connection.execute(blank).fetchall()
    if without:
        msg = say(
            "Every customer needs an identifier, but {column} is empty in {without} of {table}. "
            "Fill it in, or leave these customers out.",
            column=column,
            without=count(without, "row"),
            table=table_in_words(which),
        )
        raise DataError(msg)
    again = f"SELECT customer FROM {time} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1"  # noqa: S608 - likewise
    for (customer,) in connection.execute(again).fetchall():
        msg = say(
            "Each customer was expected once, but {customer} is in {column} of {table} more "
            "than once. Keep one row per customer.",
            customer=quote(customer),
            column=column,
            table=table_in_words(which),
        )
        raise DataError(msg)


def _match(workspace: Workspace, spend: str, values: list[str]) -> None:
    """Leave in the database how many went where, and who changed."""
    connection, both = workspace.connection(), "before FULL JOIN now USING (customer)"
    spent, spends = (spend.format(time=time) for time in (_BEFORE, _NOW))
    connection.execute(
        "CREATE TABLE flows AS SELECT before.segment AS before, now.segment AS now, count(*) AS customers, "  # noqa: S608
        f"sum({spent}) AS spent, sum({spends}) AS spends FROM {both} GROUP BY ALL"
    )
    columns = ", ".join(f"{time}.{value} AS {time}_{value}" for time in (_BEFORE, _NOW) for value in values)
    connection.execute(
        f"CREATE TABLE changed AS SELECT customer, before.segment AS before, now.segment AS now, {columns} "  # noqa: S608
        f"FROM {both} WHERE before.segment IS DISTINCT FROM now.segment"
    )
    connection.execute("DROP TABLE before; DROP TABLE now")


def _example(workspace: Workspace, where: str) -> str:
    ((name,),) = workspace.connection().execute(f"SELECT min(customer) FROM changed WHERE {where}").fetchall()  # noqa: S608
    return str(name)
