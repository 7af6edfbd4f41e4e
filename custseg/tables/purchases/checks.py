"""Whether the columns that are named can be what they are said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.tables.number_text import currency_in
from custseg.tables.purchases.amount import Amount, parse_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.reading import Reading


def checked_amount(columns: TransactionColumns, readings: Mapping[str, Reading]) -> Amount | None:
    """Return what a purchase cost; None where the table does not say.

    Raises
    ------
    SettingError
        There is no such column, or it can't be what it is said to be.

    """
    amount = None if columns.amount is None else parse_amount(columns.amount, readings)
    _check_names(columns, amount, list(readings))
    _check_needs(columns)
    if columns.date and readings[columns.date].format.kind != "date":
        msg = say(
            "{column} holds no dates. Choose the column that says when a purchase was made.", column=quote(columns.date)
        )
        raise SettingError(msg)
    for name in amount.columns if amount else ():
        if readings[name].format.kind not in ("number", "number as text"):
            msg = say("{name} holds no numbers. Choose the column that says what a purchase cost.", name=quote(name))
            raise SettingError(msg)
    return amount


def check_one_currency(frame: nw.DataFrame[Any], amount: Amount, readings: Mapping[str, Reading]) -> None:
    """Raise DataError where the first amounts are written with the signs of several currencies."""
    for name in amount.columns:
        if readings[name].format.kind == "number as text":
            signs = sorted({currency_in(text) for text in frame[name].to_list() if text} - {""})
            if len({_CURRENCIES.get(sign, sign) for sign in signs}) > 1:
                msg = say(
                    "Amounts in one currency were expected, but {name} has some in {signs}. Convert all amounts "
                    "to one currency, or keep the rows of one.",
                    name=quote(name),
                    signs=listed(signs),
                )
                raise DataError(msg)


# Signs that mean the same.
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "Fr.": "CHF"}


def _check_names(columns: TransactionColumns, amount: Amount | None, names: list[str]) -> None:
    different = [columns.customer, columns.date, *(amount.columns if amount else ()), columns.category, columns.order]
    wanted = [name for name in different if name]
    for name in (*wanted, columns.currency, columns.status, *columns.attributes):
        if name and name not in names:
            msg = say("There is no column called {name}. Choose from {names}.", name=quote(name), names=listed(names))
            raise SettingError(msg)
    if len(set(wanted)) < len(wanted):
        msg = say(
            "Customer, date, amount, category and order must be different columns, but got {wanted}.",
            wanted=listed(wanted),
        )
        raise SettingError(msg)


def _check_needs(columns: TransactionColumns) -> None:
    """Refuse what has no meaning without a column that is not given."""
    needs = [
        ("return_mark", bool(columns.return_mark), "order", columns.order),
        ("once_an_order", columns.once_an_order, "order", columns.order),
        ("currency_is", bool(columns.currency_is), "currency", columns.currency),
        ("not_bought", bool(columns.not_bought), "status", columns.status),
        ("returned", bool(columns.returned), "status", columns.status),
    ]
    for name, given, needed, column in needs:
        if given and not column:
            msg = say(
                "{name} says something of {needed}, but no column is. Give {needed}, the name of a column, too.",
                name=name,
                needed=needed,
            )
            raise SettingError(msg)
    if columns.once_an_order and columns.amount is None:
        msg = say("once_an_order says something of amount, but there is none. Give amount, or leave once_an_order out.")
        raise SettingError(msg)
