"""Customers in: read a table, check it, and know what each of its columns is for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.errors import DataError, SettingError, listed, quote
from custseg.tables.cell_parsing import Reading, all_finite, read_kinds, to_numbers
from custseg.tables.column_roles import ROLES, Column, Role, find_identifier, guess_money, infer_role
from custseg.tables.data_package import Descriptor, FieldNote, describe
from custseg.tables.in_memory import InMemoryCustomers
from custseg.tables.sources import SourceTable, read_file
from custseg.tables.sources.column_names import check_names
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt
    import pandas as pd

_ROWS_TO_JUDGE_BY = 10_000
_CHOSEN = "chosen by you"


@dataclass(frozen=True)
class CustomerTable:
    """Customers, one a row, and the role of each column.

    Make one with ``CustomerTable.read``. ``frame`` is what the user gave, seen through Narwhals and not copied;
    ``remarks`` say how its file was understood.
    """

    frame: nw.DataFrame[Any] = field(repr=False)
    columns: tuple[Column, ...]
    title: str
    source: str = ""
    remarks: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        customers: object,
        *,
        sheet: str | None = None,
        title: str = "",
        units: Mapping[str, str] | None = None,
        money: Iterable[str] | None = None,
        roles: Mapping[str, Role] | None = None,
    ) -> CustomerTable:
        """Take the path of a file (CSV, Parquet, Excel, JSON lines), or any dataframe that Narwhals reads.

        Parameters
        ----------
        customers
            The table. A ``datapackage.json`` beside a file may give titles and units (``custseg.tables.data_package``).
        sheet
            Which sheet of an Excel file; the first that holds anything by default.
        title
            What to call the table; the file's name by default.
        units
            The unit of each feature that has one, such as ``{"Fresh": "EUR a year"}``.
        money
            The features that are spend. Guessed from names and values when not given.
        roles
            The role of each column that is not to have the one it would be given.

        Raises
        ------
        DataError
            The table cannot be read or used; the message says why, where, and what to do.
        SettingError
            ``units``, ``money`` or ``roles`` name a column that is not there, or that can't be what is asked for.

        """
        if isinstance(customers, CustomerTable):
            return customers
        path = Path(customers) if isinstance(customers, str | os.PathLike) else None
        opened = open_source(customers, sheet)
        descriptor = describe(path) if path else Descriptor()
        title = title or descriptor.title or (Path(path.name.removesuffix(".gz")).stem if path else "Customers")
        columns = _columns(opened.frame, descriptor.fields)
        table = cls(opened.frame, columns, title, descriptor.source, opened.notes)
        chosen_money = {} if money is None else {name: name in set(money) for name in {*money, *table.features}}
        table = table.change(roles=roles or {}, money=chosen_money, units=units or {})
        _check_usable(table)
        _check_finite(table)
        return table

    def change(
        self,
        *,
        roles: Mapping[str, Role] | None = None,
        money: Mapping[str, bool] | None = None,
        units: Mapping[str, str] | None = None,
    ) -> CustomerTable:
        """Return the same customers with other roles of columns, or other features that count as money.

        Raises
        ------
        SettingError
            A column is not there, can't have that role, or none that can be segmented on would be left.

        """
        columns = {column.name: column for column in self.columns}
        for name in (*(roles or {}), *(money or {}), *(units or {})):
            if name not in columns:
                msg = f"There is no column called {quote(name)}. Choose from {listed(list(columns))}."
                raise SettingError(msg)
        for name, unit in (units or {}).items():
            columns[name] = replace(columns[name], unit=unit)
        for name, role in (roles or {}).items():
            if role == "identifier" and self.identifier not in (None, name):
                columns[str(self.identifier)] = replace(
                    columns[str(self.identifier)], role="ignored", reason="another column is the identifier"
                )
            columns[name] = _with_role(self.frame[name], columns[name], role)
        for name, counts in (money or {}).items():
            columns[name] = replace(columns[name], money=counts and columns[name].role == "feature")
        if not (roles or money or units):
            return self
        if self.features and not any(column.role == "feature" for column in columns.values()):
            msg = "Segmenting needs at least one feature. Make another column a feature first."
            raise SettingError(msg)
        return replace(self, columns=tuple(columns.values()))

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.frame)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that customers can be segmented on, in the table's order."""
        return tuple(column.name for column in self.columns if column.role == "feature")

    @property
    def identifier(self) -> str | None:
        """Name of the column that tells customers apart, if the table has one."""
        return next((column.name for column in self.columns if column.role == "identifier"), None)

    @cached_property
    def identifiers(self) -> npt.NDArray[np.object_]:
        """One text a customer: its identifier, or its row number (from 1) where it has none."""
        if self.identifier is None:
            return np.array([str(row) for row in range(1, len(self) + 1)], dtype=object)
        names = self.frame[self.identifier]
        missing = names.is_null().to_list()
        cells = zip(names.to_list(), missing, strict=True)
        texts = [f"row {row}" if gap else str(cell) for row, (cell, gap) in enumerate(cells, start=1)]
        return np.array(texts, dtype=object)

    def identifiers_of(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
        """Return the identifiers of the customers in some rows (from 0)."""
        if "identifiers" in self.__dict__ or self.identifier is None:
            return self.identifiers[rows] if self.identifier else (rows + 1).astype(str).astype(object)
        some = self.frame[self.identifier][rows.tolist()]
        cells = zip(some.to_list(), some.is_null().to_list(), rows.tolist(), strict=True)
        return np.array([f"row {row + 1}" if gap else str(cell) for cell, gap, row in cells], dtype=object)

    @cached_property
    def customers(self) -> InMemoryCustomers:
        """The customers as every stage after this one asks for them."""
        return InMemoryCustomers(self)

    def money(self, features: Iterable[str]) -> tuple[str, ...]:
        """Those of the features that count as spend."""
        spend = {column.name for column in self.columns if column.money}
        return tuple(name for name in features if name in spend)

    def unit(self, name: str) -> str:
        """Return the unit of a column, or an empty text where none is known."""
        return next((column.unit for column in self.columns if column.name == name), "")

    def matrix(self, features: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return customers x features as float64 (read-only), NaN where a value is missing, for any features."""
        positions = [self.features.index(name) for name in features]
        if positions == list(range(len(self.features))):
            return self._values
        values = np.take(self._values, positions, axis=1)
        values.setflags(write=False)
        return values

    @cached_property
    def _values(self) -> npt.NDArray[np.float64]:
        values = read_matrix(self.frame, [self.column(name) for name in self.features], lambda: self.identifiers)
        values.setflags(write=False)
        return values

    def to_pandas(self) -> pd.DataFrame:
        """Return the customers as they came, as a pandas DataFrame of its own."""
        if self.frame.implementation is not nw.Implementation.PYARROW:
            return self.frame.to_pandas().copy()
        # Else a gap would turn whole numbers, such as identifiers, into floating point ones.
        frame: pd.DataFrame = self.frame.to_arrow().to_pandas(integer_object_nulls=True)
        return frame

    def sample(self, rows: npt.NDArray[np.intp]) -> CustomerTable:
        """Return the customers in those rows (from 0), each column as it is understood here."""
        return replace(self, frame=self.frame[rows.tolist()])

    def has_the_customers_of(self, other: CustomerTable) -> bool:
        """Whether both hold the same customers in the same order, whatever their columns are for."""
        return self.frame is other.frame

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was understood of the table and what was set aside, one sentence each, as plain text."""
        sentences = [f"{count(len(self), 'customer')}, {count(len(self.features), 'feature')} to segment on."]
        sentences += self.remarks
        if self.identifier is not None:
            sentences.append(f"Identifier: {quote(self.identifier)}.")
        sentences += [
            f"{column.role.capitalize()}: {quote(column.name)} ({column.reason})."
            for column in self.columns
            if column.role in ("category", "ignored") or column.reading.kind != "number"
            if column.role != "identifier"
        ]
        spend = self.money(self.features)
        if spend:
            sentences.append(f"Counted as spend: {listed(spend)}.")
        gaps = [name for name in self.features if np.isnan(self.matrix([name])).any()]
        if gaps:
            sentences.append(f"Some values are missing in {listed(gaps)}.")
        return tuple(sentences)


def unique_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name for a new column: as wanted, or with a number where a column has that name."""
    names = {str(name) for name in taken}
    return next(
        name for name in (wanted, *(f"{wanted}_{number}" for number in range(2, len(names) + 3))) if name not in names
    )


def open_source(customers: object, sheet: str | None = None) -> SourceTable:
    """Open a file, or take a dataframe as it is. Raises DataError where it is neither."""
    if isinstance(customers, CustomerTable):
        return SourceTable(customers.frame)
    if isinstance(customers, str | os.PathLike):
        return read_file(Path(customers), sheet)
    return SourceTable(as_frame(customers))


def _check_finite(table: CustomerTable) -> None:
    """Look for infinite values; this takes a fraction of making numbers of all cells, as a run does."""
    for name in table.features:
        series = table.frame[name]
        if series.dtype.is_integer() or all_finite(series):
            continue
        if np.isinf(to_numbers(series, table.column(name).reading)).any():
            # It says where.
            table.matrix([name])


def read_matrix(
    frame: nw.DataFrame[Any],
    columns: Iterable[Column],
    identifiers: Callable[[], npt.NDArray[np.object_]] | None = None,
) -> npt.NDArray[np.float64]:
    """Return rows x columns as float64, NaN where a value is missing. ``identifiers`` name the customers in errors.

    Raises DataError where a column is not in the frame, holds what is no number, or holds an infinite one.
    """
    columns = list(columns)
    absent = [column.name for column in columns if column.name not in frame.columns]
    if absent:
        wanted = listed([column.name for column in columns])
        msg = f"Columns called {wanted} were expected, but {listed(absent)} is not there."
        raise DataError(msg)
    # Column by column in memory, since most of what follows looks at one column at a time.
    values = np.empty((len(frame), len(columns)), dtype=np.float64, order="F")
    for position, column in enumerate(columns):
        values[:, position] = to_numbers(frame[column.name], column.reading)
        infinite = np.isinf(values[:, position])
        if infinite.any():
            raise _infinite(column.name, infinite, identifiers)
    return values


def _infinite(
    name: str, infinite: npt.NDArray[np.bool_], identifiers: Callable[[], npt.NDArray[np.object_]] | None
) -> DataError:
    row = int(infinite.argmax())
    customer = "" if identifiers is None else f" (customer {quote(identifiers()[row])})"
    return DataError(
        f"Every number must be finite, but {quote(name)} has an infinite value in row {row + 1}{customer}; "
        f"{count(int(infinite.sum()), 'such cell')} in all. Correct these cells, or leave them empty."
    )


def as_frame(customers: Any) -> nw.DataFrame[Any]:
    """Take any dataframe that Narwhals reads. Raises DataError for all else, and where names are repeated."""
    try:
        # An Arrow table calls its columns something else, and a lazy frame of Polars warns when asked for them.
        columns = customers.collect_schema() if hasattr(customers, "collect_schema") else None
        given = list(columns or getattr(customers, "column_names", None) or getattr(customers, "columns", []))
        names = [str(name) for name in given]
        check_names(names)
        if any(not isinstance(name, str) for name in given):
            # Narwhals works on names that are texts; pandas also takes numbers as names.
            customers = customers.set_axis(names, axis=1)
        frame = nw.from_native(customers)
    except TypeError as problem:
        msg = (
            "Customers must be a dataframe or the path of a file (CSV, Parquet, Excel or JSON lines), but "
            f"{quote(type(customers).__name__)} came. Pass a dataframe with one row a customer."
        )
        raise DataError(msg) from problem
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _columns(frame: nw.DataFrame[Any], described: Mapping[str, FieldNote]) -> tuple[Column, ...]:
    if not len(frame):
        msg = "The table has no customers, only column names. Add one row a customer."
        raise DataError(msg)
    readings = read_kinds(frame)
    identifier = find_identifier(frame, readings)
    columns: list[Column] = []
    for name in frame.columns:
        role: Role = "identifier"
        reason = "a different value in every row"
        if name != identifier:
            features = sum(column.role == "feature" for column in columns)
            role, reason = infer_role(frame[name], readings[name], features=features)
        note = described.get(name, FieldNote())
        column = Column(
            name, role, reason, readings[name], note.unit or readings[name].currency, description=note.description
        )
        columns.append(replace(column, money=_is_money(frame[name], column, note)))
    if not any(column.role == "feature" for column in columns):
        # Better a few codes to go by than nothing.
        columns = [_promoted(column) for column in columns]
    return tuple(columns)


def _promoted(column: Column) -> Column:
    if column.role != "category" or column.reading.kind not in ("number", "number as text"):
        return column
    return replace(column, role="feature", reason=f"{column.reason}, but there are no other numbers")


def _is_money(series: nw.Series[Any], column: Column, note: FieldNote) -> bool:
    if column.role != "feature" or column.reading.kind in ("truth", "date"):
        return False
    if note.money is not None:
        return note.money
    if column.reading.currency:
        return True
    values = to_numbers(series.head(_ROWS_TO_JUDGE_BY), column.reading)
    return guess_money(column.name, values[np.isfinite(values)])


def _with_role(series: nw.Series[Any], column: Column, role: str) -> Column:
    """Give a column the role that a person chose, where that is possible."""
    if role not in ROLES:
        msg = f"There is no role {quote(role)}. Choose from {listed(ROLES)}."
        raise SettingError(msg)
    if role == column.role:
        return column
    if role != "feature":
        return replace(column, role=role, reason=_CHOSEN, money=False)
    if not column.reading.countable:
        msg = f"{quote(column.name)} cannot be a feature, since it holds no numbers. Make it a category, or ignore it."
        raise SettingError(msg)
    values = to_numbers(series, column.reading)
    known = values[~np.isnan(values)]
    if not len(known) or known.min() == known.max():
        msg = f"{quote(column.name)} cannot be a feature, since its values do not differ. Leave it as it is."
        raise SettingError(msg)
    if column.reading.kind == "date":
        column = replace(column, unit=f"days before {_day(column.reading)}")
    return replace(column, role="feature", reason=_CHOSEN, money=False)


def _day(reading: Reading) -> str:
    return "" if reading.latest is None else f"{reading.latest.day} {reading.latest:%B %Y}"


def _check_usable(table: CustomerTable) -> None:
    if not table.features:
        msg = (
            "Segmenting needs at least one column of numbers that differ between customers, but there is none among "
            f"{listed([column.name for column in table.columns])}. Add such a column."
        )
        raise DataError(msg)
