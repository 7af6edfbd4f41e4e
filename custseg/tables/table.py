"""Customers in: read a table, check it, and know what each of its columns is for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import numpy as np

from custseg.errors import DataError, SettingError, listed, quote
from custseg.language import day, mark, say
from custseg.sampling import sample_rows
from custseg.settings import MOST_IN_MEMORY
from custseg.tables.column_format import ColumnFormat, to_numbers
from custseg.tables.column_roles import ROLES, Column, Role
from custseg.tables.customers import SAMPLE_SIZE
from custseg.tables.data_package import Descriptor, describe
from custseg.tables.engine import placed_in_engine as placed_in_engine  # noqa: PLC0414 - it says how these are placed
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.expressions import Count, Known, Total
from custseg.tables.identifiers import FrameIdentifiers
from custseg.tables.in_memory import InMemoryCustomers
from custseg.tables.kept import Kept
from custseg.tables.labels import relabelled
from custseg.tables.level_labels import with_level_labels
from custseg.tables.levels import FrameLevels, Levels, positions_among
from custseg.tables.ordinal import check_order
from custseg.tables.outcome_words import MOST_OUTCOMES, are_yes_and_no, fold, known_levels
from custseg.tables.reading import MOST_CATEGORIES, Reading, as_matrix, lay_side_by_side, read_as, read_columns
from custseg.tables.schema import ColumnsByRole
from custseg.tables.shared_numbers import give_back_memory, share_numbers
from custseg.tables.skewness import skewed_features
from custseg.tables.sources import SourceTable, read_file
from custseg.tables.sources.column_names import check_names
from custseg.tables.sources.connection import is_connection, only_table
from custseg.tables.sources.engines import is_address, open_engine, title_of
from custseg.tables.understanding import ROWS_IN_WORDS
from custseg.tables.understanding.answers import Answers
from custseg.tables.understanding.columns import find_meaning
from custseg.tables.written_values import with_quantity
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.tables.customers import Customers
    from custseg.tables.engine.engine_frame import EngineFrame
    from custseg.tables.expressions import Aggregate, Value
    from custseg.tables.understanding import Doubt
    from custseg.tables.understanding.columns import TableMeaning

_CHOSEN = mark("chosen by you")
# Of each number of segments that people try, what is found in a few steps.
_MOST_ASSESSED = 64
# Of each number of segments, as one moves the slider to and fro.
_MOST_FOUND_BY_RUNS = 12


_ROLE_OF = {
    "category": mark("Category: {columns} ({reason})."),
    "outcome": mark("Outcome: {columns} ({reason})."),
    "ignored": mark("Ignored: {columns} ({reason})."),
    "feature": mark("Feature: {columns} ({reason})."),
}


@dataclass(frozen=True, eq=False)
class CustomerTable(ColumnsByRole):
    """Customers, one a row, and the role of each column.

    Make one with ``CustomerTable.read``. Customers may stay in an engine: what only customers in memory have, such as a
    list of their identifiers, then raises DataError.

    Attributes
    ----------
    frame
        What the user gave, seen through Narwhals and not copied; of customers in an engine some of them, drawn at
        random (``part``).
    columns
        Each column with its role, the reason for it, and its unit.
    title, source
        What the table is called, and where it comes from; the latter may be empty.
    remarks
        How a file was understood, in sentences.
    readings
        What was found in each column, shared by all tables of the same customers, whatever the roles of their columns.
        A column that is not in it is read when it is first asked for, as its format says.
    original
        The dataframe itself, by which two tables know that they were made of the same one.
    doubts
        What a person should confirm.
    elsewhere, total
        Of customers who stay in an engine: their table, and how many they are; else None and 0.

    """

    frame: nw.DataFrame[Any] = field(repr=False)
    columns: tuple[Column, ...]
    title: str
    source: str = ""
    remarks: tuple[str, ...] = ()
    readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    original: object = field(default=None, repr=False)
    doubts: tuple[Doubt, ...] = field(default=(), repr=False)
    elsewhere: EngineFrame | None = field(default=None, repr=False)
    total: int = 0

    @classmethod
    def read(
        cls,
        customers: object,
        *,
        sheet: str | None = None,
        title: str = "",
        rows: Literal["customers"] | None = None,
        missing: Mapping[str, Sequence[float | str]] | None = None,
        units: Mapping[str, str] | None = None,
        money: Iterable[str] | None = None,
        roles: Mapping[str, Role] | None = None,
        labels: Mapping[str, str] | None = None,
        levels: Mapping[str, Mapping[Any, str]] | None = None,
        open_questions: bool = False,
        orders: Mapping[str, Iterable[str]] | None = None,
        most_in_memory: int = MOST_IN_MEMORY,
    ) -> CustomerTable:
        """Take a file (CSV, Parquet, Excel, JSON Lines), any dataframe that Narwhals reads, or a table in an engine.

        The latter are a connection to DuckDB, what Narwhals reads lazily (of Polars, DuckDB, Dask, Spark, Ibis), a
        folder of Parquet files, or an address (see ``custseg.tables.sources.engines``).

        Parameters
        ----------
        customers
            The table. A ``datapackage.json`` beside a file may give titles and units (``custseg.tables.data_package``).
            Also a ``SourceTable``: a file that was read already.
        sheet
            Which sheet of an Excel file; the first that holds anything by default.
        title
            What to call the table; the file's name by default.
        rows
            ``"customers"`` where each row is one, though it may look like purchases (see ``from_transactions``).
        missing
            Numbers, or days, that stand for no value, such as ``{"last_contact": [-1]}``.
        units
            The unit of each feature that has one, such as ``{"Fresh": "EUR a year"}``.
        money
            The features that are spend; when not given, those whose names and values say so.
        roles
            The role of each column that is not to have the one it would be given.
        labels
            What to call columns whose names do not say it well, such as ``{"MntWines": "wine"}``.
        levels
            What codes stand for, such as ``{"Channel": {1: "Horeca", 2: "Retail"}}``.
        open_questions
            Whether a table is taken though questions are open that matter; they are then its ``doubts``.
        orders
            The levels of columns that have an order, from the least to the most, such as ``{"size": ["S", "M",
            "L"]}``. As a feature, such a column counts 1 for the least, 2 for the next, and so on.
        most_in_memory
            Of more customers than this, those in an engine or in Parquet files stay where they are.

        Raises
        ------
        DataError
            The table cannot be read or used, holds purchases, or leaves a question open that would change what is
            money or what a row is; the message says why, where, and what to do.
        SettingError
            An argument names a column that is not there, or that can't be what is asked for.

        """
        if isinstance(customers, CustomerTable):
            return customers
        named = customers if isinstance(customers, str | os.PathLike) else None
        opened, descriptor = open_source(customers, sheet, most_in_memory), _described(named)
        title = title or descriptor.title or ("Customers" if named is None else title_of(named))
        _check_any(opened.frame)
        said = Answers(rows, missing or {}, None if money is None else tuple(money))
        meaning = find_meaning(opened.frame, read_columns(opened.frame), descriptor.fields, said.missing)
        if not open_questions:
            _check_rows(meaning, rows)
        if named is not None:
            opened = _in_memory_once(opened, meaning)
            give_back_memory()
        # Who leaves questions open asks them, and says what was answered.
        remarks = opened.notes if open_questions else (*opened.notes, *said.sentences(meaning.rows))
        table = cls(
            opened.frame, meaning.columns, title, descriptor.source, remarks, meaning.readings,
            _original(customers, opened.frame), said.left_open(meaning.doubts),
        )  # fmt: skip
        if opened.elsewhere is not None:
            table = in_engine(table, opened.elsewhere)
        table = table.change(
            roles=roles or {}, money=said.money_among(table.features), units=units or {}, labels=labels or {},
            orders=orders or {}, levels={**_described_levels(descriptor, meaning.columns), **(levels or {})},
        )  # fmt: skip
        _check_usable(table)
        lay_side_by_side(meaning.readings, table.features)
        return table

    def change(
        self,
        *,
        roles: Mapping[str, Role] | None = None,
        money: Mapping[str, bool] | None = None,
        units: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        levels: Mapping[str, Mapping[Any, str]] | None = None,
        orders: Mapping[str, Iterable[str]] | None = None,
    ) -> CustomerTable:
        """Return the same customers with columns of other roles, orders or words, or other features that are money.

        ``labels`` are what to call columns (an empty text: what custseg would), ``levels`` what their codes stand for.

        Raises
        ------
        SettingError
            A column is not there, can't have that role, or is called as another one, or none that can be segmented on
            would be left.

        """
        if orders or labels or levels:
            said = self._said(labels or {}, levels or {}, orders or {})
            return said.change(roles=roles, money=money, units=units)
        columns = {column.name: column for column in self.columns}
        _check_there((*(roles or {}), *(money or {}), *(units or {})), columns)
        for name, unit in (units or {}).items():
            columns[name] = with_quantity(replace(columns[name], unit=unit), self.reading(name))
        for name, role in (roles or {}).items():
            if role == "identifier" and self.identifier not in (None, name):
                columns[str(self.identifier)] = replace(
                    columns[str(self.identifier)], role="ignored", reason=say("another column is the identifier")
                )
            if role == "outcome" != columns[name].role:
                self._check_outcome(name)
            columns[name] = _with_role(self.reading(name), columns[name], role)
        for name, counts in (money or {}).items():
            columns[name] = replace(columns[name], money=counts and columns[name].role == "feature")
        if not (roles or money or units):
            return self
        if self.features and not any(column.role == "feature" for column in columns.values()):
            msg = say("Segmenting needs at least one feature. Make another column a feature first.")
            raise SettingError(msg)
        return self._of_the_same_frame(replace(self, columns=tuple(columns.values())))

    def _of_the_same_frame(self, other: CustomerTable) -> CustomerTable:
        """Let another table have what was found of the cells: it is the same whatever their columns are for."""
        other.__dict__.update(_frame_levels=self._frame_levels, _frame_identifiers=self._frame_identifiers)
        return other

    def _check_outcome(self, name: str) -> None:
        """Raise SettingError where a column can't say what became of customers, since its levels are not a few."""
        kind, levels = self.reading(name).format.kind, self._few_levels(name)
        different = {fold(level, yes_or_no=are_yes_and_no(levels)) for level in levels}
        if kind in ("date", "other"):
            why = say("it holds dates") if kind == "date" else say("it holds neither numbers nor texts")
        elif self.reading(name).distinct > MOST_CATEGORIES or len(different) > MOST_OUTCOMES:
            why = say("it has more than {most} different values", most=MOST_OUTCOMES)
        elif len(different) < 2:
            why = say("its values do not differ") if different else say("no row has a value")
        else:
            return
        msg = say(
            "{name} cannot be an outcome, since {why}. An outcome is one of 2 to {most} levels, "
            "such as yes and no: add a column of these to the table, or leave this one as it is.",
            name=quote(name),
            why=why,
            most=MOST_OUTCOMES,
        )
        raise SettingError(msg)

    def _few_levels(self, name: str) -> list[str]:
        """Return the levels of a column that say something; none where there are too many to be worth writing."""
        return known_levels(self.levels(name).texts) if self.reading(name).distinct <= MOST_CATEGORIES else []

    def _said(
        self,
        labels: Mapping[str, str],
        levels: Mapping[str, Mapping[Any, str]],
        orders: Mapping[str, Iterable[str]],
    ) -> CustomerTable:
        """Return the same customers with other words for columns and codes, and levels of some columns in an order."""
        columns = {column.name: column for column in self.columns}
        _check_there((*labels, *levels, *orders), columns)
        for name, called in levels.items():
            columns[name] = with_level_labels(columns[name], called, self._codes(name))
        for name, order in orders.items():
            columns[name] = self._ordered(columns[name], order)
        said = relabelled(tuple(columns.values()), labels)
        return self._of_the_same_frame(replace(self, columns=said, readings=dict(self.readings)))

    def _ordered(self, column: Column, order: Iterable[str]) -> Column:
        """Return a column with its levels, or their labels, in an order."""
        codes = {label: code for code, label in column.level_labels}
        named = order if isinstance(order, str) else [codes.get(level, level) for level in order]
        levels = check_order(column.name, named, self._codes(column.name))
        ordered = replace(column, format=ColumnFormat("ordinal", levels=levels), order=levels, money=False)
        return replace(ordered, role="category", reason=say(_CHOSEN)) if column.role == "ignored" else ordered

    def __len__(self) -> int:
        """Return the number of customers."""
        return self.total if self.elsewhere else len(self.frame)

    @cached_property
    def part(self) -> CustomerTable:
        """The customers that are in memory: all of them, or those that were drawn at random of a table in an engine."""
        return self if self.elsewhere is None else replace(self, elsewhere=None, total=0)

    def some(self, most: int, seed: int) -> CustomerTable:
        """Return up to that many customers, drawn at random, in memory."""
        part = self.part
        rows = sample_rows(len(part), most, np.random.default_rng(seed)) if len(part) > most else None
        return part if rows is None else part.sample(rows)

    def _check_in_memory(self, what: str) -> None:
        if self.elsewhere is not None:
            msg = say(
                "{what} of {customers:,} customers were asked for, but these stay in {name}. Ask for totals, a "
                "sample or a page of them (table.customers), or for some of them in memory (table.part).",
                what=say(what),
                customers=len(self),
                name=self.elsewhere.name,
            )
            raise DataError(msg)

    @property
    def identifiers(self) -> npt.NDArray[np.object_]:
        """One text a customer: its identifier, or its row number (from 1) where it has none."""
        self._check_in_memory(mark("The identifiers"))
        return self._frame_identifiers.of(self.identifier)

    @cached_property
    def fingerprint(self) -> str:
        """What only the same features of the same customers, in the same order, have (SHA-256, in hexadecimal)."""
        digest = sha256("\n".join(sorted(self.features)).encode())
        if self.elsewhere is not None:
            # Sums stand for what isn't read.
            wanted: list[Aggregate] = [Count(), *map(Known, self.features), *map(Total, self.features)]
            sums = self.customers.aggregate(wanted)
            digest.update(repr([float(sums[one]) for one in wanted]).encode())
            return digest.hexdigest()
        for name in sorted(self.features):
            # Without a copy, which is a column's memory once more.
            digest.update(np.ascontiguousarray(self.matrix([name])[:, 0]).data)
        return digest.hexdigest()

    def identifiers_of(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.object_]:
        """Return the identifiers of the customers in some rows (from 0), without those of all others."""
        return self._frame_identifiers.of_rows(self.identifier, rows)

    @cached_property
    def customers(self) -> Customers:
        """The customers as every stage after this one asks for them."""
        if self.elsewhere is None:
            return InMemoryCustomers(self)
        everybody = EngineCustomers(self.elsewhere, self.columns, self.identifier, table=self)
        everybody.hold(self.frame)
        return everybody

    def levels(self, name: str) -> Levels:
        """Return the different values of any column as texts, and which each customer has; found once for a frame."""
        return self._frame_levels.of(self.column(name))

    @cached_property
    def skewed(self) -> tuple[str, ...]:
        """The features that evening out is for."""
        return skewed_features(self.part.matrix(self.features), self.features)

    @cached_property
    def kept(self) -> Kept:
        """What later stages have found of these customers with their columns as they are."""
        return Kept()

    @cached_property
    def assessed(self) -> Kept:
        """What was found of segments of these customers, for all runs and sessions that show the same."""
        return Kept(_MOST_ASSESSED)

    @cached_property
    def found_by_runs(self) -> Kept:
        """What runs found of these customers, for whoever asks for the same run."""
        return Kept(_MOST_FOUND_BY_RUNS)

    @cached_property
    def _frame_levels(self) -> FrameLevels:
        return FrameLevels(self.frame)

    @cached_property
    def _frame_identifiers(self) -> FrameIdentifiers:
        return FrameIdentifiers(self.frame)

    def _codes(self, name: str) -> list[str]:
        """Return the levels of a column without their labels."""
        found = self._frame_levels.of(replace(self.column(name), level_labels=()))
        return [text for text in found.texts if text is not None]

    def reading(self, name: str) -> Reading:
        """Return what is in a column. Raises DataError where a later table has cells there that do not fit."""
        column_format = self.column(name).format
        known = self.readings.get(name)
        if known is None or (column_format.kind == "ordinal" and known.format != column_format):
            self.readings[name] = read_as(self.frame[name], column_format)
        return self.readings[name]

    def matrix(
        self, wanted: Iterable[Value], rows: slice | npt.NDArray[np.intp] | None = None
    ) -> npt.NDArray[np.float64]:
        """Return customers x features as float64 (read-only), NaN where a value is missing, for any features.

        A category may be among them, as the level that each customer has (``LevelOf``). Of features that lie side by
        side, as those of a file do, it is no copy. Where roles have changed it is one, which nobody keeps: ask for some
        ``rows`` (from 0) at a time.

        Raises
        ------
        DataError
            A number is infinite.

        """
        self._check_in_memory(mark("The values"))
        wanted, some = tuple(wanted), slice(None) if rows is None else rows
        _check_finite(self, [value for value in wanted if isinstance(value, str)])
        if not wanted:
            return np.empty((len(self), 0))[some]
        columns = [self._numbers(value, some) for value in wanted]
        values = as_matrix(columns)
        if values is None:
            values = np.array(columns).T
        values.setflags(write=False)
        return values

    def _numbers(self, value: Value, rows: slice | npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        if isinstance(value, str):
            return self.reading(value).floats[rows]
        return positions_among(self.levels(value.column), value, rows)

    def to_pandas(self) -> pd.DataFrame:
        """Return the customers as they came, as a pandas DataFrame of its own."""
        self._check_in_memory(mark("The rows"))
        if self.frame.implementation is not nw.Implementation.PYARROW:
            return self.frame.to_pandas().copy()
        # Else a gap would turn whole numbers, such as identifiers, into floating point ones.
        frame: pd.DataFrame = self.frame.to_arrow().to_pandas(integer_object_nulls=True)
        return frame

    def sample(self, rows: npt.NDArray[np.intp]) -> CustomerTable:
        """Return the customers in those rows (from 0), each column as it is understood here."""
        self._check_in_memory(mark("The rows"))
        read = {name: reading.take(rows) for name, reading in self.readings.items() if reading.numbers is not None}
        return replace(self, frame=self.frame[rows.tolist()], readings=read)

    def has_the_customers_of(self, other: CustomerTable) -> bool:
        """Whether both hold the same customers in the same order, whatever their columns are for."""
        return self.frame is other.frame

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was understood of the table and what was set aside, one sentence each, as plain text."""
        sentences = [
            say(
                "{customers}, {features} to segment on.",
                customers=count(len(self), "customer"),
                features=count(len(self.features), "feature"),
            )
        ]
        sentences += self.remarks
        if self.identifier is not None:
            sentences.append(say("Identifier: {column}.", column=quote(self.identifier)))
        alike: dict[tuple[str, str], list[str]] = {}
        for column in self.columns:
            if column.role in ("category", "outcome", "ignored") or (
                column.format.kind != "number" and column.role != "identifier"
            ):
                alike.setdefault((column.role, column.reason), []).append(column.name)
        for (role, reason), names in alike.items():
            said = reason if len(names) == 1 else reason.replace(say("its name"), say("their names"))
            sentences.append(say(_ROLE_OF[role], columns=listed(names), reason=said))
        spend = self.money(self.features)
        if spend:
            sentences.append(say("Counted as spend: {columns}.", columns=listed(spend)))
        gaps = [name for name in self.features if self.reading(name).missing]
        if gaps:
            sentences.append(say("Some values are missing in {columns}.", columns=listed(gaps)))
        return tuple(sentences)


def unique_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name for a new column: as wanted, or with a number where a column has that name."""
    names = {str(name) for name in taken}
    return next(
        name for name in (wanted, *(f"{wanted}_{number}" for number in range(2, len(names) + 3))) if name not in names
    )


def open_source(customers: Any, sheet: str | None = None, most_in_memory: int = MOST_IN_MEMORY) -> SourceTable:
    """Open a file, or take what was read, or a dataframe, as it is. Raises DataError where it is none of these."""
    if isinstance(customers, SourceTable):
        return customers
    if isinstance(customers, CustomerTable):
        return SourceTable(customers.frame, elsewhere=customers.elsewhere)
    engine = open_engine(only_table(customers) if is_connection(customers) else customers, most_in_memory)
    if engine is not None:
        return _some_of(engine, most_in_memory)
    if isinstance(customers, str | os.PathLike):
        return read_file(Path(customers), sheet)
    return SourceTable(as_frame(customers))


def _some_of(engine: EngineFrame, most_in_memory: int) -> SourceTable:
    """Bring a table of an engine into memory; of one that is too large, a sample."""
    check_names(engine.columns)
    total = engine.count()
    if total <= most_in_memory:
        return SourceTable(engine.collect(engine.frame))
    some = engine.sample(SAMPLE_SIZE, seed=0)
    note = say(
        "{customers} stay in {engine}; what columns mean was found from {some:,} of them, drawn at random.",
        customers=count(total, "customer"),
        engine=engine.name,
        some=len(some),
    )
    return SourceTable(some, (note,), engine)


def _in_memory_once(opened: SourceTable, meaning: TableMeaning) -> SourceTable:
    """Return what a file holds, whose rows are nobody else's, without a second copy of its numbers."""
    features = [column.name for column in meaning.columns if column.role == "feature"]
    return replace(opened, frame=share_numbers(opened.frame, meaning.readings, features))


def in_engine(table: CustomerTable, engine: EngineFrame) -> CustomerTable:
    """Return a table of some customers as that of all in an engine. Raises DataError where a row is no customer."""
    identifier, total = table.identifier, engine.count()
    if identifier is not None:
        different = engine.different(identifier)
        if different < total:
            msg = say(
                "One row per customer was expected, but {identifier} repeats: {total:,} rows have "
                "{different:,} different ones. Add up the rows of each customer in {engine} first, or use "
                "custseg.from_transactions if they are purchases.",
                identifier=quote(identifier),
                total=total,
                different=different,
                engine=engine.name,
            )
            raise DataError(msg)
    columns = tuple(_as_in_engine(column, engine) for column in table.columns)
    return replace(table, columns=columns, elsewhere=engine, total=total)


def _as_in_engine(column: Column, engine: EngineFrame) -> Column:
    """Return a column, ignored where its engine has no numbers in it, since cells are written as texts."""
    kind = engine.schema[column.name]
    fits = kind.is_numeric() or kind == nw.Boolean or kind.is_temporal() or column.format.kind == "ordinal"
    if column.role != "feature" or fits:
        return column
    why = say("its numbers are texts in {engine}; convert it there", engine=engine.name)
    return replace(column, role="ignored", reason=why, money=False)


def _check_there(asked: Iterable[str], columns: Mapping[str, Column]) -> None:
    for name in asked:
        if name not in columns:
            msg = say(
                "There is no column called {name}. Choose from {names}.", name=quote(name), names=listed(list(columns))
            )
            raise SettingError(msg)


def _check_finite(table: CustomerTable, names: Iterable[str]) -> None:
    for name in names:
        if table.reading(name).infinite:
            raise _infinite(name, np.isinf(table.reading(name).floats), lambda: table.identifiers)


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
        msg = say(
            "Columns called {wanted} were expected, but got none called {absent}.", wanted=wanted, absent=listed(absent)
        )
        raise DataError(msg)
    # Column by column in memory, since most of what follows looks at one column at a time.
    values = np.empty((len(frame), len(columns)), dtype=np.float64, order="F")
    for position, column in enumerate(columns):
        values[:, position] = to_numbers(frame[column.name], column.format)
        infinite = np.isinf(values[:, position])
        if infinite.any():
            raise _infinite(column.name, infinite, identifiers)
    return values


def read_values(frame: nw.DataFrame[Any], schema: ColumnsByRole, wanted: Iterable[Value]) -> npt.NDArray[np.float64]:
    """Return rows x what is wanted of a later table, read as the columns of an earlier one.

    Raises DataError as ``read_matrix`` does.
    """
    wanted = tuple(wanted)
    names = [value if isinstance(value, str) else value.column for value in wanted]
    if any(name not in frame.columns for name in names) or names == list(wanted):
        return read_matrix(frame, [schema.column(name) for name in names])
    values, levels = np.empty((len(frame), len(wanted)), order="F"), FrameLevels(frame)
    for position, (value, name) in enumerate(zip(wanted, names, strict=True)):
        column = schema.column(name)
        if isinstance(value, str):
            values[:, position] = read_matrix(frame, [column])[:, 0]
        else:
            values[:, position] = positions_among(levels.of(column), value)
    return values


def _infinite(
    name: str, infinite: npt.NDArray[np.bool_], identifiers: Callable[[], npt.NDArray[np.object_]] | None
) -> DataError:
    row = int(infinite.argmax())
    customer = "" if identifiers is None else say(" (customer {customer})", customer=quote(identifiers()[row]))
    return DataError(
        say(
            "Every number must be finite, but {name} has an infinite value in row {row}{customer}; "
            "{cells} in all. Correct these cells, or leave them empty.",
            name=quote(name),
            row=row + 1,
            customer=customer,
            cells=count(int(infinite.sum()), "such cell"),
        )
    )


def as_frame(customers: Any) -> nw.DataFrame[Any]:
    """Take any dataframe that Narwhals reads, or a connection to DuckDB. Raises DataError for all else."""
    if is_connection(customers):
        customers = only_table(customers)
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
        if frame.implementation.is_pandas():
            # Shares its memory until someone writes to the original, which then gets a copy (from pandas 3 on).
            frame = nw.from_native(frame.to_native().copy(deep=False))
    except TypeError as problem:
        msg = say(
            "Customers must be a dataframe or the path of a file (CSV, Parquet, Excel or JSON Lines), "
            "but got {name}. Pass a dataframe with one row per customer.",
            name=quote(type(customers).__name__),
        )
        raise DataError(msg) from problem
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def _described(named: str | os.PathLike[str] | None) -> Descriptor:
    """Return what stands beside a file about it."""
    return Descriptor() if named is None or is_address(named) else describe(Path(named))


def _check_any(frame: nw.DataFrame[Any]) -> None:
    if not len(frame):
        msg = say("The table has no customers, only column names. Add one row per customer.")
        raise DataError(msg)


def _original(customers: object, frame: nw.DataFrame[Any]) -> object:
    """Return the dataframe that somebody gave, or that was made of what they gave."""
    return nw.to_native(customers if frame.implementation.is_pandas() else frame, pass_through=True)


def _described_levels(descriptor: Descriptor, columns: tuple[Column, ...]) -> dict[str, Mapping[Any, str]]:
    there = {column.name for column in columns}
    return {name: note.levels for name, note in descriptor.fields.items() if note.levels and name in there}


def _with_role(reading: Reading, column: Column, role: str) -> Column:
    """Give a column the role that a person chose, where that is possible."""
    if role not in ROLES:
        msg = say("There is no role {role}. Choose from {roles}.", role=quote(role), roles=listed(ROLES))
        raise SettingError(msg)
    if role == column.role:
        return column
    if role != "feature":
        return replace(column, role=role, reason=say(_CHOSEN), money=False)
    if not column.format.countable:
        msg = say(
            "{column} cannot be a feature, since it holds no numbers. Make it a category, or ignore it.",
            column=quote(column.name),
        )
        raise SettingError(msg)
    if not reading.known or reading.constant:
        msg = say(
            "{column} cannot be a feature, since its values do not differ. Leave it as it is.",
            column=quote(column.name),
        )
        raise SettingError(msg)
    latest = column.format.latest
    if column.format.kind == "date" and latest is not None:
        column = replace(column, unit=say("days before {day}", day=day(latest)))
    column = with_quantity(column, reading)
    return replace(column, role="feature", reason=say(_CHOSEN), money=False)


def _check_rows(meaning: TableMeaning, rows: str | None) -> None:
    """Refuse purchases, and questions whose answers would change what is money or what a row is."""
    if rows not in (None, "customers"):
        msg = say(
            "A row of a customer table is a customer, but got rows={rows!r}. Use from_transactions for purchases.",
            rows=rows,
        )
        raise SettingError(msg)
    if rows is None and meaning.rows.rows != "customers":
        msg = say(
            "One row per customer was expected, but the rows seem to be {rows}: {why}. Make "
            "customers of them with custseg.from_transactions (the command's --purchases, a server's "
            'CUSTSEG_ROWS=purchases), or say rows="customers" if each row is one after all.',
            rows=say(ROWS_IN_WORDS[meaning.rows.rows]),
            why=meaning.rows.reasons["rows"],
        )
        raise DataError(msg)
    for doubt in meaning.doubts:
        if doubt.matters and not (doubt.argument == "rows" and rows):
            msg = say("{sentence} Answer with {answers}.", sentence=doubt.sentence, answers=doubt.answers)
            raise DataError(msg)


def _check_usable(table: CustomerTable) -> None:
    if not table.features:
        msg = say(
            "Segmenting needs at least one column of numbers that differ between customers, but there is "
            "none among {columns}. Add such a column.",
            columns=listed([column.name for column in table.columns]),
        )
        raise DataError(msg)
    _check_finite(table, table.features)
