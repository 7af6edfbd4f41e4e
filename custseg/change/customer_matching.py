"""Customers of an earlier table found again in a later one, by their identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.errors import DataError, listed, quote
from custseg.language import mark_in, say, say_in
from custseg.tables.column_roles import Column
from custseg.tables.reading import read_columns
from custseg.tables.table import CustomerTable, open_source
from custseg.tables.understanding.customer_roles import identifier_of
from custseg.tables.whole_numbers import as_text

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation


_TABLES = {
    "earlier": mark_in("of a table", "the earlier table"),
    "later": mark_in("of a table", "the later table"),
    "new": mark_in("of a table", "the new table"),
}


def read_with_same_schema(before: Segmentation, customers_now: object) -> CustomerTable:
    """Read numbers, dates and words of a later table as they were read before, whatever it would look like alone."""
    opened = open_source(customers_now)
    frame, engine = opened.frame, opened.elsewhere
    if not len(frame):
        msg = say("The later table has column names, but no customers. Give it one row per customer.")
        raise DataError(msg)
    compared = (*before.features, *before.categories)
    absent = [name for name in compared if name not in frame.columns]
    if absent:
        msg = say(
            "The segments compare {compared}, but the later table has no column called {absent}. Add what "
            "is missing, or give it its earlier name.",
            compared=listed(compared),
            absent=listed(absent),
        )
        raise DataError(msg)
    identifier = _identifier(before.table, compared, customers_now, frame)
    others = [column for column in before.table.columns if column.role != "identifier" and column.name in frame.columns]
    others = [column for column in others if column.name != identifier.name]
    title = customers_now.title if isinstance(customers_now, CustomerTable) else before.table.title
    # Of customers who stay in an engine the frame holds some.
    return CustomerTable(frame, (identifier, *others), title, elsewhere=engine, total=engine.count() if engine else 0)


def _identifier(
    before: CustomerTable, compared: tuple[str, ...], customers_now: object, frame: nw.DataFrame[Any]
) -> Column:
    """Return the column that tells customers apart: as before, else as the later table has it."""
    if before.identifier is None:
        msg = say(
            "Customers are matched by their identifier, but the table that was segmented has none. Read "
            "it with CustomerTable.read(customers, roles={column: “identifier”}), and segment it again."
        )
        raise DataError(msg)
    if before.identifier in frame.columns:
        return before.column(before.identifier)
    if isinstance(customers_now, CustomerTable):
        name = customers_now.identifier
    else:
        name = identifier_of(frame, read_columns(frame))
    if name is None or name in compared:
        msg = say(
            "Customers are matched by their identifier, {identifier}, but the later table has only "
            "{columns}. Add that column.",
            identifier=quote(before.identifier),
            columns=listed(frame.columns),
        )
        raise DataError(msg)
    return Column(name, "identifier", say("a different value in every row"))


def match_customers(before: CustomerTable, now: CustomerTable) -> npt.NDArray[np.intp]:
    """Return the row that each customer now had before; -1 for one that was not there."""
    names_before, names_now = customer_names(before, "earlier"), customer_names(now, "later")
    rows = names_before.get_indexer(names_now)
    if (rows < 0).all():
        raise nobody_again(before.identifier, now.identifier, names_before[0], names_now[0])
    return np.asarray(rows, dtype=np.intp)


def nobody_again(column_before: str | None, column_now: str | None, before: str, now: str) -> DataError:
    """Return what to say where two tables have no customer in common, with the columns and one customer of each."""
    return DataError(
        say(
            "The same customers were expected, but none of those in {column_now} now, such as {now}, was "
            "in {column_before} before, such as {before}. Give both tables the same identifiers.",
            column_now=quote(column_now),
            now=quote(now),
            column_before=quote(column_before),
            before=quote(before),
        )
    )


def customer_names(table: CustomerTable, which: str) -> pd.Index[str]:
    """Return the identifier of each customer as a text; there may be no gap, and none twice."""
    import pandas as pd

    column = str(table.identifier)
    series = table.frame[column]
    plain = series.dtype.is_integer() and not series.null_count()
    names = pd.Index(list(map(str if plain else _name, series.to_list())), dtype=object)
    blank = np.flatnonzero(names == "")
    if len(blank):
        msg = say(
            "Every customer needs an identifier, but {column} is empty in row {row} of {table}. "
            "Fill it in, or leave this customer out.",
            column=quote(column),
            row=blank[0] + 1,
            table=table_in_words(which),
        )
        raise DataError(msg)
    if not names.is_unique:
        again = int(names.duplicated().argmax())
        first = int((names == names[again]).argmax())
        msg = say(
            "Each customer was expected once, but {customer} is in {column} of {table} in row {first} "
            "and in row {again}. Keep one row per customer.",
            customer=quote(names[again]),
            column=quote(column),
            table=table_in_words(which),
            first=first + 1,
            again=again + 1,
        )
        raise DataError(msg)
    return names


def table_in_words(which: str) -> str:
    """Say which table something is in: the earlier, the later or the new one."""
    return say_in("of a table", _TABLES[which])


def _name(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    # The same number may be a whole one in one table, and a floating point one in another.
    return as_text(cell)
