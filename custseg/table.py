"""Customers in: read a table, check it, and know what each of its columns is for."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.descriptor import Descriptor, FieldNote, describe
from custseg.errors import DataError, listed, quote
from custseg.roles import Column, guess_money, infer_role
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True)
class CustomerTable:
    """Customers, one a row, and the role of each column.

    Make one with ``CustomerTable.read``. ``frame`` is what the user gave, seen through Narwhals and not copied.
    """

    frame: nw.DataFrame[Any] = field(repr=False)
    columns: tuple[Column, ...]
    title: str
    source: str = ""

    @classmethod
    def read(
        cls,
        customers: object,
        *,
        title: str = "",
        units: Mapping[str, str] | None = None,
        money: Iterable[str] | None = None,
    ) -> CustomerTable:
        """Take a path to a CSV file or an in-memory dataframe (pandas, or any other that Narwhals reads eagerly).

        Parameters
        ----------
        customers
            The table. A ``datapackage.json`` beside a file may give titles and units (see ``custseg.descriptor``).
        title
            What to call the table; the file's name by default.
        units
            The unit of each feature that has one, such as ``{"Fresh": "EUR a year"}``.
        money
            The features that are spend. Guessed from names and values when not given.

        Raises
        ------
        DataError
            The table cannot be read or used; the message says why, where, and what to do.

        """
        if isinstance(customers, CustomerTable):
            return customers
        path = Path(customers) if isinstance(customers, str | os.PathLike) else None
        frame = open_frame(customers)
        descriptor = describe(path) if path else Descriptor()
        title = title or descriptor.title or (path.stem if path else "Customers")
        columns = _columns(frame, descriptor.fields, units or {}, None if money is None else tuple(money))
        table = cls(frame=frame, columns=columns, title=title, source=descriptor.source)
        table.matrix(table.features)
        return table

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.frame)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the numeric columns that customers can be segmented on, in the table's order."""
        return tuple(column.name for column in self.columns if column.role == "feature")

    @property
    def identifier(self) -> str | None:
        """Name of the column that tells customers apart, if the table has one."""
        return next((column.name for column in self.columns if column.role == "identifier"), None)

    @cached_property
    def identifiers(self) -> npt.NDArray[np.object_]:
        """One text a customer: its identifier, or its row number (from 1) in a table without one."""
        if self.identifier is None:
            return np.array([str(row) for row in range(1, len(self) + 1)], dtype=object)
        return np.array([str(value) for value in self.frame[self.identifier].to_list()], dtype=object)

    def money(self, features: Iterable[str]) -> tuple[str, ...]:
        """Those of the features that count as spend."""
        spend = {column.name for column in self.columns if column.money}
        return tuple(name for name in features if name in spend)

    def unit(self, name: str) -> str:
        """Return the unit of a column, or an empty text where none is known."""
        return next((column.unit for column in self.columns if column.name == name), "")

    def matrix(self, features: Iterable[str]) -> npt.NDArray[np.float64]:
        """Return customers x features as float64 (read-only), for any of the table's features."""
        positions = [self.features.index(name) for name in features]
        if positions == list(range(len(self.features))):
            return self._values
        return np.take(self._values, positions, axis=1)

    @cached_property
    def _values(self) -> npt.NDArray[np.float64]:
        values = read_matrix(self.frame, self.features, self.identifiers)
        values.setflags(write=False)
        return values

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was understood of the table and what was set aside, one sentence each, as plain text."""
        sentences = [f"{count(len(self), 'customer')}, {count(len(self.features), 'feature')} to segment on."]
        if self.identifier is not None:
            sentences.append(f"Identifier: {quote(self.identifier)}.")
        sentences += [
            f"{column.role.capitalize()}: {quote(column.name)} ({column.reason})."
            for column in self.columns
            if column.role in ("category", "ignored")
        ]
        spend = self.money(self.features)
        if spend:
            sentences.append(f"Counted as spend: {listed(spend)}.")
        return tuple(sentences)


def open_frame(customers: object) -> nw.DataFrame[Any]:
    """Open a CSV file, or take a dataframe as it is. Raises DataError where it is neither."""
    if isinstance(customers, CustomerTable):
        return customers.frame
    if isinstance(customers, str | os.PathLike):
        return nw.from_native(_read_csv(Path(customers)), eager_only=True)
    return _as_frame(customers)


def read_matrix(
    frame: nw.DataFrame[Any], features: tuple[str, ...], identifiers: npt.NDArray[np.object_] | None = None
) -> npt.NDArray[np.float64]:
    """Return rows x features as float64, or raise DataError naming the column or the first cell that is no number."""
    unfit = [name for name in features if name not in frame.columns or not frame[name].dtype.is_numeric()]
    if unfit:
        msg = f"Columns of numbers called {listed(features)} were expected, but {listed(unfit)} did not come as such."
        raise DataError(msg)
    values = np.column_stack([_numbers(frame[name]) for name in features])
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        row, position = bad[0]
        found = "an infinite value" if np.isinf(values[row, position]) else "no number"
        customer = "" if identifiers is None else f" (customer {quote(identifiers[row])})"
        msg = (
            f"Every feature needs a number for every customer, but {quote(features[position])} has {found} in row "
            f"{row + 1}{customer}; {count(len(bad), 'such cell')} in all. "
            "Fill these cells, or leave out the rows or the column."
        )
        raise DataError(msg)
    return values


def _numbers(series: nw.Series[Any]) -> npt.NDArray[np.float64]:
    return np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    name = quote(path.name)
    try:
        return _parse_csv(path)
    except pd.errors.EmptyDataError as problem:
        msg = f"{name} is empty. A CSV file with a header line and one line a customer was expected."
        raise DataError(msg) from problem
    except UnicodeDecodeError as problem:
        msg = f"{name} is not UTF-8 text (byte {problem.start:,}). Save it as CSV in UTF-8 and try again."
        raise DataError(msg) from problem
    except pd.errors.ParserError as problem:
        where = str(problem).removeprefix("Error tokenizing data. C error: ").strip()
        msg = f"{name} cannot be read as a CSV table: {quote(where)}. Each line needs as many values as the header."
        raise DataError(msg) from problem
    except OSError as problem:
        msg = f"{name} cannot be opened: {problem.strerror or type(problem).__name__}."
        raise DataError(msg) from problem


def _parse_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    if not path.is_file():
        msg = f"There is no file {quote(path.name)} to read customers from. Check the path, or choose another file."
        raise DataError(msg)
    # The first line of customers is read along and must not be longer than the header: read later, its surplus would
    # be taken for row names, and every value for the wrong column.
    header = pd.read_csv(path, header=None, nrows=2, dtype=str, encoding="utf-8-sig").iloc[0]
    repeated = [name for name, times in Counter(header.dropna()).items() if times > 1]
    if repeated:
        raise _repeated_names(repeated)
    # Without low_memory pandas judges a column as a whole, not piece by piece with a warning where they differ.
    frame = pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    gaps = [
        place
        for place, (_, column) in enumerate(frame.items())
        if not pd.api.types.is_numeric_dtype(column) and column.isna().any()
    ]
    if gaps:
        # Among texts only an empty cell is missing: "NA" may be Namibia, and "None" a surname.
        frame[frame.columns[gaps]] = pd.read_csv(
            path, usecols=gaps, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig"
        )
    return frame


def _as_frame(customers: object) -> nw.DataFrame[Any]:
    names = [str(name) for name in getattr(customers, "columns", [])]
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise _repeated_names(repeated)
    try:
        if any(not isinstance(name, str) for name in getattr(customers, "columns", [])):
            # Narwhals works on names that are texts; pandas also takes numbers as names.
            customers = customers.set_axis(names, axis=1)  # type: ignore[attr-defined]
        return nw.from_native(customers, eager_only=True)
    except TypeError as problem:
        msg = (
            f"Customers must be a dataframe or the path of a CSV file, but {quote(type(customers).__name__)} came. "
            "Pass a pandas dataframe with one row a customer."
        )
        raise DataError(msg) from problem


def _repeated_names(repeated: list[str]) -> DataError:
    return DataError(f"Each column needs a name of its own, but {listed(repeated)} came more than once. Rename them.")


def _columns(
    frame: nw.DataFrame[Any],
    described: Mapping[str, FieldNote],
    units: Mapping[str, str],
    money: tuple[str, ...] | None,
) -> tuple[Column, ...]:
    if not len(frame):
        msg = "The table has no customers, only column names. Add one row a customer."
        raise DataError(msg)
    columns: list[Column] = []
    for name in frame.columns:
        note = described.get(name, FieldNote())
        taken = any(column.role == "identifier" for column in columns)
        role, reason = infer_role(frame[name], identifier_taken=taken)
        is_money = role == "feature" and _is_money(frame[name], note, money)
        unit = units.get(name, note.unit)
        columns.append(Column(name, role, reason, unit, is_money, note.description))
    if not any(column.role == "feature" for column in columns):
        msg = (
            "Segmenting needs at least one column of numbers that differ between customers, but there is none among "
            f"{listed([column.name for column in columns])}. Add such a column."
        )
        raise DataError(msg)
    return tuple(columns)


def _is_money(series: nw.Series[Any], note: FieldNote, money: tuple[str, ...] | None) -> bool:
    if money is not None:
        return series.name in money
    if note.money is not None:
        return note.money
    values = _numbers(series)
    return guess_money(series.name, values[np.isfinite(values)])
