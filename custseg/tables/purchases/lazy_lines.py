"""The lines of purchases that stay in an engine, each with what it counts as: what ``lines`` is to files, in Narwhals.

Amounts are whole numbers of a ten-thousandth, held as floating point numbers, so that their sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import say
from custseg.tables.engine.lazy_columns import row_by_row
from custseg.tables.engine.value_expressions import day_number
from custseg.tables.purchases.lines import (
    LATER,
    NO_CUSTOMER,
    NOT_BOUGHT,
    OTHER_CURRENCY,
    UNREADABLE,
    USED,
    attribute,
    refuse_several,
)
from custseg.tables.text_cells import MISSING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.engine.lazy_columns import Change
    from custseg.tables.purchase_columns import TransactionColumns
    from custseg.tables.purchases.amount import Amount, Factor, Term

    Lazy = nw.LazyFrame[Any]

UNITS = 10_000.0
# A decimal of 18 digits holds less.
_TOO_MUCH = 1e18
# What the column ``state`` holds are places here.
STATES = (USED, NO_CUSTOMER, NOT_BOUGHT, OTHER_CURRENCY, UNREADABLE, LATER)
NO_CATEGORY = "custseg: no category"
BOUGHT = "bought"


@dataclass(frozen=True, eq=False)
class LazyLines:
    """The lines of a table of purchases in an engine.

    ``lines`` has ``state``, ``customer``, ``amount`` in units of a ten-thousandth, the same in ``bought`` where it is
    above 0, and, where the table has them, ``number``, ``day`` (of the calendar, from 1), ``category`` and attributes.
    """

    engine: EngineFrame
    columns: TransactionColumns
    amount: Amount | None
    lines: Lazy

    @property
    def used(self) -> Lazy:
        """The lines that count."""
        return self.lines.filter(nw.col("state") == 0)

    def rows(self, asked: Lazy) -> list[tuple[Any, ...]]:
        """Return the rows of an answer."""
        return [tuple(row) for row in self.engine.collect(asked).iter_rows()]


def lazy_lines(
    engine: EngineFrame, columns: TransactionColumns, amount: Amount | None, as_of: dt.date | None
) -> LazyLines:
    """Say how the lines are read.

    Raises
    ------
    DataError
        Amounts are in several currencies, or what a line leaves empty stands in others of its order.
    SettingError
        A column is of a type that the engine is not asked to read.

    """
    typed = _typed(_Cells(engine), columns, amount)
    changes: list[Change] = [("select", tuple(expression.alias(name) for name, expression in typed.items()))]
    changes += _costs(amount) if amount else []
    if columns.return_mark:
        changes += _without_mark(columns.return_mark)
    if columns.status and columns.returned:
        changes.append(("with_columns", (_turned(_is_one_of("status", columns.returned)).alias("amount"),)))
    once = amount is not None and bool(columns.order) and not columns.once_an_order
    read = _count_once(engine, row_by_row(engine.frame, changes)) if once else None
    amounts = nw.col("amount")
    told = ("with_columns", (_state(columns, as_of).alias("state"), where(amounts > 0, amounts).alias(BOUGHT)))
    read = row_by_row(engine.frame, [*changes, told]) if read is None else row_by_row(read, [told])
    lines = LazyLines(engine, columns, amount, read)
    _check_currencies(lines)
    _check_complete(lines)
    return lines


def where(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    """Return a value where a condition holds, and null elsewhere."""
    found: nw.Expr = nw.when(condition).then(value)
    return found


@dataclass(frozen=True)
class _Cells:
    """The columns of a table in an engine as purchases have them. SettingError for a type that is not so."""

    engine: EngineFrame

    def key(self, name: str) -> nw.Expr:
        """Return what tells customers or orders apart: a text, or a number as it is."""
        cells, dtype = self.engine.cells(name), self.engine.schema[name]
        if not (dtype in (nw.String, nw.Categorical) or isinstance(dtype, nw.Enum)):
            return cells
        text = cells.str.strip_chars()
        return where(~text.str.to_lowercase().is_in(list(MISSING)), text)

    def text(self, name: str) -> nw.Expr:
        """Return a text without blanks around it, null where it is empty."""
        cells, dtype = self.engine.cells(name), self.engine.schema[name]
        if dtype.is_float():
            raise self._not_read(name, "texts")
        text = cells.cast(nw.String).str.strip_chars()
        return where(text != "", text)

    def day(self, name: str) -> nw.Expr:
        """Return a day as a number of the calendar."""
        dtype = self.engine.schema[name]
        if dtype not in (nw.Date, nw.Datetime):
            raise self._not_read(name, "days")
        return day_number(self.engine.column(name), dtype)

    def number(self, name: str) -> nw.Expr:
        """Return a number in units of a ten-thousandth, not yet rounded, null where there is none."""
        dtype = self.engine.schema[name]
        if not dtype.is_numeric():
            raise self._not_read(name, "numbers")
        cells = self.engine.column(name)
        number = cells if dtype == nw.Float64 else cells.cast(nw.Float64)
        number = where(~number.is_nan(), number) if dtype.is_float() else number
        return number * UNITS

    def _not_read(self, name: str, what: str) -> SettingError:
        return SettingError(
            say(
                "{name} holds {schema}, which {engine} is not asked to read as {what}. Convert the column to "
                "{what} in {engine} first.",
                name=quote(name),
                schema=quote(str(self.engine.schema[name])),
                engine=self.engine.name,
                what=what,
            )
        )


def _typed(cells: _Cells, columns: TransactionColumns, amount: Amount | None) -> dict[str, nw.Expr]:
    """Return each column that a line has."""
    # Of no column, so that it is as long as the others.
    one = where(~cells.engine.column(columns.customer).is_null(), nw.lit(UNITS)).fill_null(UNITS)
    typed = {"customer": cells.key(columns.customer)}
    if amount:
        typed |= {_number(amount, name): cells.number(name) for name in amount.columns}
    else:
        typed["amount"] = one
    if columns.order:
        typed["number"] = cells.key(columns.order)
    if columns.order and amount:
        typed["no_amount"] = reduce(and_, (cells.number(name).is_null() for name in amount.columns))
    if columns.date:
        typed["day"] = cells.day(columns.date)
    if columns.category:
        typed["category"] = cells.text(columns.category).fill_null(NO_CATEGORY)
    typed |= {attribute(place): cells.text(name) for place, name in enumerate(columns.attributes)}
    if columns.status:
        typed["status"] = cells.text(columns.status).str.to_lowercase()
    if columns.currency:
        typed["currency"] = cells.text(columns.currency).str.to_uppercase()
    return typed


def _number(amount: Amount, column: str) -> str:
    """Return what the number of a column that an amount is made of is called here."""
    return f"number{amount.columns.index(column)}"


def _costs(amount: Amount) -> list[Change]:
    """Return the changes that find out what a purchase cost: what ``Amount.sql`` is to files.

    What is needed more than once is a column, since an engine would write it out at each place.
    """

    def number(column: str) -> nw.Expr:
        return nw.col(_number(amount, column))

    first, *others = amount.terms
    total = -_product(first, number) if first.taken_off else _product(first, number)
    for term in others:
        product = _product(term, number)
        if term.taken_off:
            empty = reduce(or_, (number(factor.column).is_null() for factor in term.factors))
            total = total - nw.when(empty).then(nw.lit(0.0)).otherwise(product)
        else:
            total = total + product
    changes = _rounded([_number(amount, column) for column in amount.columns])
    changes += [("with_columns", (total.alias("amount"),)), *([] if amount.is_column else _rounded(["amount"]))]
    if amount.above_zero:
        below = nw.when(nw.col("amount") < 0).then(nw.lit(0.0)).otherwise(nw.col("amount"))
        changes.append(("with_columns", (below.alias("amount"),)))
    return changes


def _rounded(names: list[str]) -> list[Change]:
    """Return the changes that make columns the nearest whole numbers, a half away from 0, in which engines differ.

    What a decimal of 18 digits does not hold is null.
    """
    known = [(nw.col(name), nw.col(name).abs()) for name in names]
    # To Ibis a floor is a whole number, and PostgreSQL adds those up as decimals.
    up = [(away + 0.5).floor().cast(nw.Float64) for _, away in known]
    signed = [
        nw.when((number < 0) & (away < _TOO_MUCH)).then(-rounded).when(away < _TOO_MUCH).then(rounded).alias(name)
        for name, (number, away), rounded in zip(names, known, up, strict=True)
    ]
    return [("with_columns", tuple(signed))]


def _product(term: Term, number: Callable[[str], nw.Expr]) -> nw.Expr:
    factors = [_factor(factor, number) for factor in term.factors]
    return reduce(lambda product, factor: product * factor / UNITS, factors)


def _factor(factor: Factor, number: Callable[[str], nw.Expr]) -> nw.Expr:
    return UNITS - number(factor.column) if factor.rest else number(factor.column)


def _without_mark(mark: str) -> list[Change]:
    """Take back an order whose number the mark of a cancellation stands before."""
    number = nw.col("number")
    marked = number.str.starts_with(mark).fill_null(value=False)
    cut: nw.Expr = nw.when(nw.col("marked")).then(number.str.slice(len(mark))).otherwise(number)
    turned = _turned(nw.col("marked")).alias("amount")
    return [("with_columns", (marked.alias("marked"),)), ("with_columns", (turned, cut.alias("number")))]


def _count_once(engine: EngineFrame, lines: Lazy) -> Lazy | None:
    """Let a line without an amount cost nothing where another of its order has one: the total, said once.

    None where no line is without an amount.
    """
    nothing = nw.col("amount").is_null() & nw.col("no_amount")
    if not engine.count_of(lines.filter(nothing)):
        return None
    told = lines.filter(~nw.col("amount").is_null() & ~nw.col("number").is_null()).group_by("number")
    joined = lines.join(told.agg(nw.len().alias("told")), on="number", how="left")
    counted: nw.Expr = nw.when(nothing & ~nw.col("told").is_null()).then(nw.lit(0.0)).otherwise(nw.col("amount"))
    return joined.with_columns(counted.alias("amount"))


def _turned(returned: nw.Expr) -> nw.Expr:
    """Return amounts, those that were given back as what is taken off."""
    amount = nw.col("amount")
    turned: nw.Expr = nw.when(returned).then(-amount.abs()).otherwise(amount)
    return turned


def _is_one_of(name: str, texts: Iterable[str]) -> nw.Expr:
    return nw.col(name).is_in([text.strip().lower() for text in texts]).fill_null(value=False)


def _state(columns: TransactionColumns, as_of: dt.date | None) -> nw.Expr:
    """Return what a line counts as; the first of these that holds."""
    cases: list[tuple[nw.Expr, str]] = []
    if columns.status and columns.not_bought:
        cases.append((_is_one_of("status", columns.not_bought), NOT_BOUGHT))
    if columns.currency and columns.currency_is:
        other = nw.col("currency") != columns.currency_is.strip().upper()
        cases.append((other.fill_null(value=True), OTHER_CURRENCY))
    needed = ["amount", *(["number"] if columns.order else []), *(["day"] if columns.date else [])]
    cases.append((reduce(or_, (nw.col(name).is_null() for name in needed)), UNREADABLE))
    if columns.date and as_of:
        cases.append((nw.col("day") > as_of.toordinal(), LATER))
    cases.append((nw.col("customer").is_null(), NO_CUSTOMER))
    state: nw.Expr = nw.lit(STATES.index(USED))
    for condition, name in reversed(cases):
        state = nw.when(condition).then(nw.lit(STATES.index(name))).otherwise(state)
    return state


def _check_currencies(lines: LazyLines) -> None:
    column = lines.columns.currency
    if column and not lines.columns.currency_is:
        told = lines.lines.filter((nw.col("state") <= 1) & ~nw.col("currency").is_null())
        found = lines.rows(told.group_by("currency").agg(nw.len().alias("rows")))
        refuse_several(sorted(found, key=lambda row: (-row[1], row[0])), column)


def _check_complete(lines: LazyLines) -> None:
    """Raise DataError where some lines of an order leave empty what its other lines say."""
    columns = lines.columns
    said = {"customer": columns.customer, "day": columns.date, "status": columns.status, "currency": columns.currency}
    if columns.once_an_order:
        said["amount"] = columns.amount
    names = [name for name, column in said.items() if column]
    if not columns.order:
        return
    keys = ["number", "marked"] if columns.return_mark else ["number"]
    known = [nw.when(nw.col(name).is_null()).then(nw.lit(0)).otherwise(nw.lit(1)).alias(name) for name in names]
    orders = lines.lines.filter(~nw.col("number").is_null()).select(*keys, *known).group_by(*keys)
    counted = orders.agg(nw.len().alias("rows"), *(nw.col(name).sum() for name in names))
    partly = (and_(nw.col(name) > 0, nw.col(name) < nw.col("rows")) for name in names)
    flags = [
        nw.when(one).then(nw.lit(1)).otherwise(nw.lit(0)).alias(name) for name, one in zip(names, partly, strict=True)
    ]
    ((*found,),) = lines.rows(counted.with_columns(*flags).select(*(nw.col(name).sum() for name in names)))
    wrong = [str(said[name]) for name, some in zip(names, found, strict=True) if some]
    if wrong:
        msg = say(
            "Some lines of an order leave {wrong} empty where its other lines say it. Fill these cells "
            "in {engine} first, or take the purchases from a file.",
            wrong=listed(wrong),
            engine=lines.engine.name,
        )
        raise DataError(msg)
