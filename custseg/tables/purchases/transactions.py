"""From a file or dataframe of purchases to a table of customers, and what would follow from other columns."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import quote
from custseg.language import mark, say
from custseg.settings import MOST_IN_MEMORY
from custseg.tables.purchases.aggregation import (
    LINES_OF_ORDER,
    MONETARY,
    RECENCY,
    TENURE,
    customers_of,
    last_day,
    sum_up_orders,
)
from custseg.tables.purchases.extras import Extras
from custseg.tables.purchases.in_engine import aggregate_in_engine
from custseg.tables.purchases.labels import LABELS, labels_of
from custseg.tables.purchases.lifecycle import LIFECYCLE, Lifecycle
from custseg.tables.purchases.remarks import remarks_of, take_stock
from custseg.tables.purchases.rfm import SCORES, SEGMENT
from custseg.tables.purchases.source_lines import recognised_lines
from custseg.tables.purchases.source_rows import opened
from custseg.tables.sources import SourceTable
from custseg.tables.sources.connection import is_connection, only_table
from custseg.tables.sources.engines import open_engine, title_of
from custseg.tables.table import CustomerTable
from custseg.tables.understanding import Preview

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from custseg.tables.column_roles import Role
    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.rfm import Cuts

_CATEGORIES = {
    **dict.fromkeys(SCORES, mark("a score of {name}, the highest is the best")),
    SEGMENT: mark("the name of the scores together"),
    LIFECYCLE: mark("by the days since the first and the last purchase"),
}
# Of days the label says what they are counted from.
_UNITS = {RECENCY: LABELS[RECENCY], TENURE: LABELS[TENURE], LINES_OF_ORDER: mark("lines")}


def from_transactions(
    purchases: Any,
    columns: TransactionColumns | None = None,
    *,
    sheet: str | None = None,
    as_of: dt.date | None = None,
    scores: bool = False,
    cuts: Cuts = 5,
    lifecycle: bool | Lifecycle = False,
    like: Sequence[str] | None = None,
    title: str = "",
    most_in_memory: int = MOST_IN_MEMORY,
) -> CustomerTable:
    """Make a table of customers of a table of purchases, with one row per customer in the order of their identifiers.

    An order counts as a purchase where its amount is above zero after what was returned within it; so does a row, where
    orders have no number. A cancellation with a number of its own lowers what its customer spent and leaves the number
    of orders as it was, since nothing says which order it takes back; where its number is that of an order after
    ``return_mark``, it takes back that one. Who only returned is left out.

    Parameters
    ----------
    purchases
        The path of a file, or a dataframe, with one row an order or a line of an order. Also a table in an engine, as
        ``CustomerTable.read`` takes it, or a Parquet file of more lines than ``most_in_memory``: these are added up
        there, and so many customers or more stay there.
    columns
        Which column is which; guessed when not given.
    sheet
        Which sheet of an Excel file.
    as_of
        The day from which recency and tenure are counted back, and after which no row counts; the day of the last
        purchase by default.
    scores
        Whether to add ``r_score``, ``f_score``, ``m_score`` (categories, since as features each measure would weigh
        twice) and the category ``rfm_segment``, as ``rfm_scores`` makes them.
    cuts
        How many scores there are, or the quantiles between them; see ``rfm_scores``.
    lifecycle
        Whether to add the category ``lifecycle`` (new, active or lapsed), by the median and the ninth decile of the
        days between purchases, or by the days of a ``Lifecycle``.
    like
        The columns of an earlier table that this function made, such as the ``features`` of its segments: there is then
        a share of the same categories, so that customers of now can be compared with those of then.
    title
        What to call the table; the file's name by default.
    most_in_memory
        How many customers of an engine come into memory.

    Returns
    -------
    CustomerTable
        With ``recency_days`` (since the last purchase), ``frequency`` (purchases), ``monetary_value`` (sum of all
        amounts, less returns), ``average_basket`` (of a purchase), ``tenure_days`` (since the first purchase), and the
        share of each category in what was bought, before returns. Of more than twelve categories, such as products,
        the number that a customer bought is ``products``, and those of the twelve largest that make up 2% or more of
        what was bought have a share. Without dates there is neither recency nor tenure; without amounts nothing
        is money, and ``lines_per_order`` is the basket. Amounts count to four decimals.

    Raises
    ------
    DataError
        The table cannot be read, holds no purchases, or amounts in several currencies.
    SettingError
        There is no such column, or it holds no dates or amounts.

    """
    named = purchases if isinstance(purchases, str | os.PathLike) else None
    title = title or (title_of(named) if named is not None else "Customers")
    extras = Extras(scores=scores, cuts=cuts, lifecycle=lifecycle, like=like)
    engine = open_engine(only_table(purchases) if is_connection(purchases) else purchases, most_in_memory)
    if engine is not None:
        return as_customers(aggregate_in_engine(engine, columns, as_of, extras, most_in_memory), title)
    return as_customers(_aggregate(purchases, columns, sheet, as_of, extras), title)


def aggregate_purchases(
    purchases: object,
    columns: TransactionColumns | None = None,
    *,
    sheet: str | None = None,
    as_of: dt.date | None = None,
    scores: bool = False,
    cuts: Cuts = 5,
    lifecycle: bool | Lifecycle = False,
    like: Sequence[str] | None = None,
) -> SourceTable:
    """Make one row per customer in memory, as ``from_transactions`` does, and leave it at that: plain columns."""
    extras = Extras(scores=scores, cuts=cuts, lifecycle=lifecycle, like=like)
    return _aggregate(purchases, columns, sheet, as_of, extras)


def _aggregate(
    purchases: object, columns: TransactionColumns | None, sheet: str | None, as_of: dt.date | None, extras: Extras
) -> SourceTable:
    with opened(purchases, sheet) as relation:
        lines = recognised_lines(relation, columns, as_of)
        sum_up_orders(lines)
        tally = take_stock(lines)
        day = (as_of or last_day(lines)) if lines.columns.date else None
        customers = customers_of(lines, day, extras.like)
        days = extras.days_of(lines)
    customers, said = extras.added_to(customers, days)
    remarks = (*remarks_of(tally, lines.columns, day), *said)
    return SourceTable(nw.from_native(customers, eager_only=True), remarks)


def as_customers(aggregated: SourceTable, title: str) -> CustomerTable:
    """Understand what ``aggregate_purchases`` made as customers."""
    identifier, *measures = aggregated.frame.columns
    roles: dict[str, Role] = {name: "category" for name in _CATEGORIES if name in measures}
    table = CustomerTable.read(
        aggregated,
        title=title,
        open_questions=True,
        units={name: say(unit) for name, unit in _UNITS.items() if name in measures},
        roles={**roles, identifier: "identifier"},
        labels=labels_of(measures),
    )
    if MONETARY in table.features:
        table = table.change(money={name: name == MONETARY for name in table.features})
    known = {
        name: say(reason, name=quote(SCORES.get(name, ""))) for name, reason in _CATEGORIES.items() if name in roles
    }
    columns = tuple(
        replace(column, reason=known[column.name]) if column.name in known else column for column in table.columns
    )
    return replace(table, columns=columns)


def preview_purchases(purchases: object, columns: TransactionColumns, sheet: str | None = None) -> Preview:
    """Say how many customers follow from these columns, and what they spend in all and on average.

    Raises DataError and SettingError as ``from_transactions`` does.
    """
    found = aggregate_purchases(purchases, replace(columns, category=None, attributes=()), sheet=sheet).frame
    if MONETARY not in found.columns[1:]:
        return Preview(len(found), None, None)
    total = float(found[MONETARY].sum())
    return Preview(len(found), total, total / len(found))
