"""Purchases in an engine, added up there: customers come out who stay there, unless they are few."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import SettingError
from custseg.language import say
from custseg.tables.engine.engine_frame import EngineFrame
from custseg.tables.engine.kept_there import keep_there, reopened
from custseg.tables.purchases import aggregation, lazy_customers, remarks
from custseg.tables.purchases.lazy_lines import lazy_lines
from custseg.tables.purchases.source_lines import recognised, recognised_lines
from custseg.tables.purchases.source_rows import ROWS_TO_RECOGNISE_BY, check_some
from custseg.tables.sources import SourceTable
from custseg.tables.sources.database import Workspace
from custseg.tables.table import open_source
from custseg.tables.whole_numbers import as_text

if TYPE_CHECKING:
    import datetime as dt

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.extras import Extras


def aggregate_in_engine(
    engine: EngineFrame, columns: TransactionColumns | None, as_of: dt.date | None, extras: Extras, most: int
) -> SourceTable:
    """Make one row per customer where the purchases are; more customers than ``most`` stay there.

    Raises DataError and SettingError as ``from_transactions`` does.
    """
    in_duckdb = engine.name == "DuckDB"
    return (_in_duckdb if in_duckdb else _through_narwhals)(engine, columns, as_of, extras, most)


def _in_duckdb(
    engine: EngineFrame, columns: TransactionColumns | None, as_of: dt.date | None, extras: Extras, most: int
) -> SourceTable:
    """Add them up as those of a file, in a database of our own: theirs may be for reading alone."""
    workspace = Workspace()
    connection = workspace.connection()
    with engine.alone():
        lines = recognised_lines(engine.frame.to_native(), columns, as_of, connection)
        aggregation.sum_up_orders(lines)
        tally = remarks.take_stock(lines)
        day = (as_of or aggregation.last_day(lines)) if lines.columns.date else None
        aggregation.make_customers(lines, day, extras.like).create("customers_to_keep")
        said = remarks.remarks_of(tally, lines.columns, day)
        kept = EngineFrame.opened(lambda: workspace.connection().table("customers_to_keep"))
        _check(kept, extras, most)
        days = extras.days_of(lines)
    return _opened(kept, extras, most, said, days)


def _through_narwhals(
    engine: EngineFrame, columns: TransactionColumns | None, as_of: dt.date | None, extras: Extras, most: int
) -> SourceTable:
    if extras.lifecycle is True:
        msg = say(
            "After how many days customers have lapsed is found from all purchases, and these are in "
            "{name}. Say it, as in lifecycle=Lifecycle(30, 180).",
            name=engine.name,
        )
        raise SettingError(msg)
    first = engine.with_names(engine.collect(engine.frame.head(ROWS_TO_RECOGNISE_BY)))
    check_some(first)
    columns, amount, _ = recognised(first, columns, as_of)
    with engine.alone():
        lines = lazy_lines(engine, columns, amount, as_of)
        lazy, titles = lazy_customers.lazy_customers(lines, extras.like)
        open_kept = keep_there(engine, lazy)
        customers = open_kept()
        tally = lazy_customers.take_stock(lines, customers)
        day = (as_of or lazy_customers.last_day(lines, customers)) if columns.date else None
        finish = partial(_measured, lines, titles, day)
        kept = reopened(open_kept, finish)
    _check(kept, extras, most)
    days = extras.given_days(columns)
    return _opened(kept, extras, most, remarks.remarks_of(tally, columns, day), days)


def _measured(lines: Any, titles: list[str], day: dt.date | None, customers: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    return lazy_customers.as_measures(lines, customers, titles, day)


def _check(kept: EngineFrame, extras: Extras, most: int) -> None:
    """Raise DataError where nobody bought anything, and SettingError for what needs customers in memory."""
    if not kept.count():
        raise aggregation.nobody_bought()
    if extras and kept.count() > most:
        msg = say(
            "Scores and the lifecycle need all customers in memory, and {customers:,} stay in {name}. Leave "
            "them out, or raise most_in_memory.",
            customers=kept.count(),
            name=kept.name,
        )
        raise SettingError(msg)


def _opened(
    kept: EngineFrame, extras: Extras, most: int, said: tuple[str, ...], days: tuple[Any, str] | None
) -> SourceTable:
    """Return the customers, in memory where they are few, with what was understood of their purchases."""
    opened = open_source(kept, most_in_memory=most)
    if opened.elsewhere is not None:
        return replace(opened, notes=(*said, *opened.notes))
    customers, more = extras.added_to(_in_order(opened.frame).to_arrow(), days)
    return SourceTable(nw.from_native(customers, eager_only=True), (*said, *more))


def _in_order(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Return customers in the order of their identifiers, which are texts."""
    name = frame.columns[0]
    texts = [as_text(cell) for cell in frame[name].to_list()]
    # What pandas numbers its rows by is no column.
    arrow: nw.DataFrame[Any] = nw.from_native(frame.to_arrow().select(frame.columns), eager_only=True)
    return arrow.with_columns(nw.new_series(name, texts, nw.String, backend="pyarrow")).sort(name)
