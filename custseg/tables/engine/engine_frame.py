"""A table in an engine, seen through a Narwhals lazy frame, and the one place where anything runs there."""

from __future__ import annotations

import warnings
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import RLock, local
from typing import TYPE_CHECKING, Any, cast

import narwhals as nw
import numpy as np

from custseg.errors import DataError, quote
from custseg.language import say
from custseg.sampling import sample_rows
from custseg.tables.engine.failures import failure
from custseg.tables.sources.column_names import check_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_ENGINES = {
    nw.Implementation.POLARS: "Polars",
    nw.Implementation.DUCKDB: "DuckDB",
    nw.Implementation.DASK: "Dask",
    nw.Implementation.PYSPARK: "Spark",
    nw.Implementation.PYSPARK_CONNECT: "Spark",
    nw.Implementation.SQLFRAME: "SQLFrame",
    nw.Implementation.IBIS: "Ibis",
}
# The packages whose errors are an engine's.
_PACKAGES = {"_duckdb", "dask", "distributed", "duckdb", "ibis", "narwhals", "polars", "psycopg", "py4j", "pyspark"}
# Engines that are spoken to through Ibis, as it calls them; "Ibis" stands for all others.
_THROUGH_IBIS = {"postgres": "PostgreSQL"}
# What an engine draws at random may be fewer than asked for; so it is asked for a few more, and these are cut.
_STANDARD_DEVIATIONS = 6
_ROW = "custseg row"


@dataclass(frozen=True, eq=False)
class EngineFrame:
    """A lazy frame and the name of its engine.

    Attributes
    ----------
    given
        The lazy frame as it was given; who asks takes ``frame``.
    name
        What people call the engine: "DuckDB", "Polars", "Dask", "Spark", "PostgreSQL", "Ibis".
    columns
        The names of the columns as the table has them, in its order.

    """

    given: nw.LazyFrame[Any] = field(repr=False)
    name: str
    columns: tuple[str, ...]
    # A connection to DuckDB, or to a database through Ibis, answers one question at a time.
    _one_at_a_time: RLock = field(default_factory=RLock, repr=False)
    _open: Callable[[], Any] | None = field(default=None, repr=False)
    _threads: local = field(default_factory=local, repr=False)

    @classmethod
    def opened(cls, open_table: Callable[[], Any]) -> EngineFrame:
        """Take what opens a table on a connection of its own: each thread has one, and waits for no other.

        Raises DataError as ``of`` does.
        """
        return replace(cls.of(open_table()), _open=open_table)

    @property
    def frame(self) -> nw.LazyFrame[Any]:
        """The lazy frame, for the thread that asks.

        Where an engine could not quote the name of a column, it has another one there (``column``).
        """
        if self._open is None:
            return self.given
        if not hasattr(self._threads, "frame"):
            self._threads.frame = seen(self._open())
        return cast("nw.LazyFrame[Any]", self._threads.frame)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the connection from when a question is put together until it is answered.

        Some engines look at their tables while a question is put together: what fails there is a DataError too.
        """
        shared = self._open is None and (self.name == "DuckDB" or self.given.implementation.is_ibis())
        with self._one_at_a_time if shared else nullcontext():
            try:
                yield
            except Exception as problem:
                if type(problem).__module__.partition(".")[0] not in _PACKAGES:
                    raise
                # What they say may hold a secret, which no log should have either.
                raise failure(self.name, problem) from None

    @classmethod
    def of(cls, native: Any) -> EngineFrame:
        """Take a relation of DuckDB, a lazy frame of Polars, a frame of Dask or Spark, or a table of Ibis.

        Raises
        ------
        DataError
            It is none of these, its engine cannot say which columns it has, or two of them have one name.

        """
        try:
            frame = seen(native)
        except TypeError as problem:
            raise _not_lazy(native) from problem
        if not isinstance(frame, nw.LazyFrame):
            raise _not_lazy(native)
        name = _name_of(frame)
        try:
            if name == "Spark":
                names = tuple(map(str, frame.to_native().columns))
                check_names(names)
                return cls(seen(frame.to_native().toDF(*_held_by_spark(names))), name, names)
            names = tuple(frame.collect_schema())
        except DataError:
            raise
        except Exception as problem:  # noqa: BLE001 - each engine has errors of its own
            raise failure(name, problem) from None
        return cls(frame, name, names)

    @cached_property
    def _held(self) -> Mapping[str, str]:
        held = self.frame.collect_schema()
        return dict(zip(self.columns, held, strict=True))

    @cached_property
    def schema(self) -> Mapping[str, nw.dtypes.DType]:
        """The type of each column."""
        return dict(zip(self.columns, self.frame.collect_schema().values(), strict=True))

    def column(self, name: str) -> nw.Expr:
        """Return a column, under whatever name the engine has it."""
        return nw.col(self._held[name])

    def cells(self, name: str) -> nw.Expr:
        """Return the cells of a column so that equal ones are found: a category as text, and no value as null."""
        dtype, cells = self.schema[name], self.column(name)
        if dtype.is_float():
            return nw.when(~cells.is_nan()).then(cells)
        return cells.cast(nw.String) if dtype == nw.Categorical or isinstance(dtype, nw.Enum) else cells

    def count(self) -> int:
        """Return how many rows there are; asked once."""
        return self._count

    @cached_property
    def _count(self) -> int:
        return self.count_of(self.frame)

    def collect(self, lazy: nw.LazyFrame[Any]) -> nw.DataFrame[Any]:
        """Run what was asked, and return the answer in memory. Nothing runs anywhere else.

        Raises
        ------
        DataError
            The engine failed; the message names it and the cause.

        """
        try:
            with self.alone():
                return lazy.collect(engine="streaming") if self.name == "Polars" else lazy.collect()
        except DataError:
            raise
        except Exception as problem:  # noqa: BLE001 - each engine has errors of its own
            # What they say may hold a secret, which no log should have either.
            raise failure(self.name, problem) from None

    def count_of(self, lazy: nw.LazyFrame[Any]) -> int:
        """Return how many rows an answer has."""
        return int(self.collect(lazy.select(nw.len().alias("customers")))["customers"].item())

    def different(self, name: str) -> int:
        """Return how many different cells a column has, of which no value is one."""
        if self.frame.implementation.is_ibis():
            # Narwhals asks for the sum of a count and a truth value, which PostgreSQL refuses.
            return self.count_of(self.frame.group_by(self._held[name]).agg(nw.len().alias("customers")))
        with self.alone():
            counted = self.frame.select(self.column(name).n_unique().alias("different"))
            return int(self.collect(counted)["different"].item())

    def sample(self, most: int, seed: int = 0, lazy: nw.LazyFrame[Any] | None = None, of: int = 0) -> nw.DataFrame[Any]:
        """Return ``most`` rows at random, of all or of what was asked (``of`` rows); all where there are no more.

        They are in the engine's order. Of the same rows in the same order the same seed gives the same ones: that is
        promised of Polars, and of DuckDB unless it was told not to preserve the order of rows. Dask and Spark draw
        within each partition, so that it takes the same partitions too; what Ibis draws hangs on the engine behind it.
        """
        asked = self.frame if lazy is None else lazy
        count = self.count() if lazy is None else of or self.count_of(lazy)
        if count <= most:
            return self.with_names(self.collect(asked))
        with self.alone():
            return self.with_names(self._cut(self._draw(asked, count, most, seed), most, seed))

    def with_names(self, frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
        """Return rows in memory with the names of the columns as the table has them."""
        changed = {held: name for name, held in self._held.items() if held != name and held in frame.columns}
        return frame.rename(changed) if changed else frame

    def sql(self, lazy: nw.LazyFrame[Any], dialect: str = "") -> str | None:
        """Return the statement that would run, laid out for reading; None where the engine knows no SQL.

        Ibis also writes it in the ``dialect`` of another engine, such as ``"snowflake"``.
        """
        native = lazy.to_native()
        if self.name == "DuckDB":
            return _laid_out(str(native.sql_query()), "duckdb")
        if lazy.implementation.is_ibis():
            import ibis

            dialect = dialect or str(native.get_backend().name)
            return _laid_out(str(ibis.to_sql(native, dialect=dialect)), dialect)
        return None

    def _draw(self, asked: nw.LazyFrame[Any], count: int, most: int, seed: int) -> nw.DataFrame[Any]:
        """Return a few more than ``most`` rows at random."""
        native: Any = asked.to_native()
        share = min(1.0, (most + _STANDARD_DEVIATIONS * most**0.5) / count)
        if self.name == "Polars":
            import polars as pl

            rows = sample_rows(count, most, np.random.default_rng(seed))
            drawn = pl.LazyFrame({_ROW: rows.astype(np.uint32 if count < 2**32 else np.uint64)})
            native = native.with_row_index(_ROW).join(drawn, on=_ROW, how="semi", maintain_order="left").drop(_ROW)
        elif self.name == "DuckDB":
            # The order of rows hangs on no thread; what comes of a generator in each thread would.
            numbered = native.project(f'*, row_number() OVER () AS "{_ROW}"')
            drawn = numbered.filter(f'hash("{_ROW}", {int(seed)}::UBIGINT) < {int(share * 2**64)}::UHUGEINT')
            native = drawn.order(f'"{_ROW}"').project(f'* EXCLUDE "{_ROW}"')
        elif self.name == "Dask":
            native = native.sample(frac=share, random_state=seed)
        elif asked.implementation.is_ibis():
            native = _drawn_by_ibis(native, share, seed)
        else:
            native = native.sample(fraction=share, seed=seed)
        return self.collect(seen(native))

    def _cut(self, drawn: nw.DataFrame[Any], most: int, seed: int) -> nw.DataFrame[Any]:
        if len(drawn) <= most:
            return drawn
        cut: nw.DataFrame[Any] = drawn[sample_rows(len(drawn), most, np.random.default_rng(seed)).tolist()]
        return cut


def seen(native: Any) -> Any:
    """Return a frame as Narwhals sees it."""
    say_nothing_of_dask()
    return nw.from_native(native)


def say_nothing_of_dask() -> None:
    """Narwhals announces a package for Dask that cannot be had yet.

    For good, since what is ignored for a while in one thread may come back, or stay, in another.
    """
    warnings.filterwarnings("ignore", "Dask support is moving", FutureWarning)


def _name_of(frame: nw.LazyFrame[Any]) -> str:
    name = _ENGINES.get(frame.implementation, str(frame.implementation.value))
    if not frame.implementation.is_ibis():
        return name
    return _THROUGH_IBIS.get(str(frame.to_native().get_backend().name), name)


def _drawn_by_ibis(native: Any, share: float, seed: int) -> Any:
    """Return a share of rows at random. Few engines take a seed, and those often for a table as it lies there alone."""
    import ibis

    drawn = native.sample(share, seed=seed)
    try:
        ibis.to_sql(drawn)
    except ibis.common.exceptions.UnsupportedOperationError:
        return native.sample(share)
    return drawn


def _held_by_spark(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that Spark takes: it reads dots and backticks as its own, and upper case as lower case."""
    twice = Counter(name.casefold() for name in names)
    fits = [twice[name.casefold()] == 1 and not set(name) & set(".`") for name in names]
    return tuple(
        name if fit else f"custseg column {place}" for place, (name, fit) in enumerate(zip(names, fits, strict=True))
    )


def _laid_out(statement: str, dialect: str) -> str:
    import sqlglot

    return str(sqlglot.transpile(statement, read=dialect, write=dialect, pretty=True)[0])


def _not_lazy(native: object) -> DataError:
    return DataError(
        say(
            "A table in an engine was expected: a relation of DuckDB, a lazy frame of Polars, a frame of "
            "Dask or Spark, or a table of Ibis, but got {name}. A dataframe in memory needs no engine.",
            name=quote(type(native).__name__),
        )
    )
