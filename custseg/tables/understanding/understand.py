"""Understand a table before anything is done with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.tables.labels import labels_for
from custseg.tables.purchases.aggregation import MONETARY, measure_names
from custseg.tables.purchases.amount import parse_amount
from custseg.tables.purchases.source_rows import first_rows, opened
from custseg.tables.purchases.transactions import preview_purchases
from custseg.tables.reading import read_columns
from custseg.tables.sources import read_once
from custseg.tables.spend import spend_of_each
from custseg.tables.table import CustomerTable
from custseg.tables.understanding import Doubt, Preview, Rows, Understanding
from custseg.tables.understanding.facts import find_facts
from custseg.tables.understanding.rows import columns_if_purchases, find_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from custseg.tables.column_roles import Role
    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.understanding.facts import Facts
    from custseg.tables.understanding.rows import RowMeaning


def understand(
    source: object,
    *,
    sheet: str | None = None,
    rows: Rows | None = None,
    columns: TransactionColumns | None = None,
    missing: Mapping[str, Sequence[float | str]] | None = None,
    money: Iterable[str] | None = None,
    roles: Mapping[str, Role] | None = None,
) -> Understanding:
    """Say what a table means: what a row is, who the customer is, what is money, and what a person should confirm.

    Nothing is refused here because a question is open: the questions are the ``doubts``. ``CustomerTable.read`` and
    ``from_transactions`` rest on the same decisions, and refuse a table where one of those that matter is not answered.

    Parameters
    ----------
    source
        The path of a file, a dataframe, or a DuckDB relation or connection.
    sheet
        Which sheet of an Excel file.
    rows
        What a row is, where it is not what it seems to be.
    columns
        Which column of a table of purchases is which, where it is not what it seems to be.
    missing, money, roles
        As for ``CustomerTable.read``.

    Raises
    ------
    DataError
        The source cannot be read as a table.
    SettingError
        An answer names a column that is not there, or that can't be what is asked for.

    """
    held = read_once(Path(source), sheet) if isinstance(source, str | os.PathLike) else source
    facts, found = look_at_rows(held, sheet)
    if rows is not None and rows not in get_args(Rows):
        msg = say("A row is one of {choices}, but got {rows}.", choices=listed(get_args(Rows)), rows=quote(rows))
        raise SettingError(msg)
    if (rows or found.rows) != "customers" or columns is not None:
        return of_purchases(held, sheet, facts, found, rows=rows, columns=columns)
    table = CustomerTable.read(source, sheet=sheet, open_questions=True, missing=missing, money=money, roles=roles)
    return of_customers(table, found, doubts=() if rows else found.doubts)


def look_at_rows(source: object, sheet: str | None = None) -> tuple[Facts, RowMeaning]:
    """Look at the first rows, and say what a row is. Raises DataError where the source is no table."""
    with opened(source, sheet) as relation:
        frame = first_rows(relation)
    facts = find_facts(frame, read_columns(frame))
    return facts, find_rows(facts)


def of_customers(table: CustomerTable, found: RowMeaning, doubts: tuple[Doubt, ...] = ()) -> Understanding:
    """Say what a table of customers means, as its columns are now."""
    dates = [column.name for column in table.columns if column.format.kind == "date"]
    reasons = {column.name: column.reason for column in table.columns}
    return Understanding(
        rows="customers",
        identifier=table.identifier,
        customer=table.identifier,
        order=None,
        date=None,
        amount=None,
        returns="",
        features=table.features,
        money=table.money(table.features),
        categories=table.categories,
        outcomes=table.outcomes,
        ignored={column.name: column.reason for column in table.columns if column.role == "ignored"},
        labels={column.name: table.label(column.name) for column in table.columns},
        reasons={
            **reasons,
            "rows": found.reasons["rows"],
            "date": say("other dates: {dates}", dates=listed(dates)) if dates else "",
        },
        doubts=(*doubts, *table.doubts),
        preview=_spend_of(table),
        columns=table.columns,
        event=found.event,
    )


def _spend_of(table: CustomerTable) -> Preview:
    money = table.money(table.features)
    if not money:
        return Preview(len(table), None, None)
    spent = spend_of_each(np.column_stack([table.reading(name).floats for name in money]))
    known = spent[np.isfinite(spent)]
    return Preview(len(table), float(known.sum()), float(known.mean()) if len(known) else None)


def of_purchases(
    source: object,
    sheet: str | None,
    facts: Facts,
    found: RowMeaning,
    *,
    rows: Rows | None = None,
    columns: TransactionColumns | None = None,
) -> Understanding:
    """Say what a table of purchases means, and what customers follow from it."""
    columns = columns or found.columns or columns_if_purchases(facts)
    doubts = (*(() if columns else (_nobody_bought(facts),)), *_several_currencies(facts, columns))
    try:
        preview = preview_purchases(source, columns, sheet) if columns and not doubts else None
    except DataError as problem:
        doubts, preview = (*doubts, Doubt(str(problem), "columns", matters=True)), None
    customer = facts.get(columns.customer) if columns else None
    return Understanding(
        rows=rows or (found.rows if found.rows != "customers" else "orders"),
        identifier=found.key,
        customer=columns.customer if columns else None,
        order=columns.order if columns else None,
        date=columns.date if columns else None,
        amount=columns.amount if columns else None,
        returns=_returns_in_words(facts, columns, found.doubts),
        features=measure_names(columns) if columns else (),
        money=(MONETARY,) if columns and columns.amount else (),
        categories=columns.attributes if columns else (),
        outcomes=(),
        ignored=_ignored(facts, found, columns),
        labels=labels_for(facts),
        reasons=found.reasons,
        doubts=(*(() if rows else found.doubts), *doubts),
        preview=preview or Preview(customer.distinct if customer else 0, None, None),
        purchases=columns,
    )


def _nobody_bought(facts: Facts) -> Doubt:
    sentence = say(
        "No column among {columns} says who bought. Choose one, or add a customer to each row.",
        columns=listed(list(facts)),
    )
    return Doubt(sentence, "columns", matters=True)


def _several_currencies(facts: Facts, columns: TransactionColumns | None) -> tuple[Doubt, ...]:
    if columns is None or columns.currency is None or columns.currency_is or columns.amount is None:
        return ()
    found = facts[columns.currency].different_cells
    if len(found) < 2:
        return ()
    sentence = say(
        "Amounts are in several currencies ({found} in {currency}), which can't be added up. Which of them counts?",
        found=listed(found),
        currency=quote(columns.currency),
    )
    choices = tuple((repr(currency), say("only amounts in {currency} count", currency=currency)) for currency in found)
    return (Doubt(sentence, "currency_is", choices, matters=True),)


def _returns_in_words(facts: Facts, columns: TransactionColumns | None, doubts: tuple[Doubt, ...]) -> str:
    if columns is None:
        return ""
    told = []
    if columns.return_mark:
        told.append(
            say(
                "{column} begins with {letter}",
                column=quote(columns.order or ""),
                letter=quote(columns.return_mark),
            )
        )
    told += [
        say("{column} is {value}", column=quote(columns.status or ""), value=quote(value)) for value in columns.returned
    ]
    asked = any(doubt.argument == "amount" for doubt in doubts)
    told += [] if asked else [say("{column} is below 0", column=quote(name)) for name in _signed(facts, columns)]
    refunded = columns.amount.rpartition(" - ")[2] if columns.amount else ""
    if refunded in facts and refunded != columns.amount:
        told.append(say("{column} is taken off", column=quote(refunded)))
    return "; ".join(told)


def _signed(facts: Facts, columns: TransactionColumns) -> list[str]:
    """Return the columns of the amount that are below 0 somewhere."""
    parts = _amount_columns(facts, columns)
    return [name for name in parts if facts[name].numeric and bool((facts[name].finite < 0).any())]


def _amount_columns(facts: Facts, columns: TransactionColumns) -> tuple[str, ...]:
    return parse_amount(columns.amount, facts).columns if columns.amount else ()


def _ignored(facts: Facts, found: RowMeaning, columns: TransactionColumns | None) -> dict[str, str]:
    """Return the columns that play no part in making customers, and why."""
    used = {found.key}
    if columns is not None:
        used |= {
            *columns.attributes,
            columns.customer,
            columns.date,
            columns.order,
            columns.category,
            columns.currency,
            columns.status,
        }
        used |= set(_amount_columns(facts, columns))
    return {name: say("plays no part in who bought what, when and for how much") for name in facts if name not in used}
