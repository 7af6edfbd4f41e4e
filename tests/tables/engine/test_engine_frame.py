"""A table in an engine: what is taken for one, how columns are read there, and how a failure is told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from custseg import CustomerTable, DataError, Recipe, SettingError, segment
from custseg.clustering.engines import pushed_down
from custseg.tables.column_format import ColumnFormat
from custseg.tables.column_roles import Column
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.engine.engine_frame import EngineFrame
from custseg.tables.engine.failures import failure, without_secrets
from custseg.tables.expressions import Known, Largest, Least, Passing, Total
from custseg.tables.shapes import InBox, OnFeatures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENGINES: dict[str, Callable[[Path], Any]] = {
    "DuckDB": lambda path: duckdb.connect().read_parquet(str(path)),
    "Polars": pl.scan_parquet,
}
WAYS = pytest.mark.parametrize("engine", ENGINES)


@WAYS
def test_dates_years_ranks_and_truths_are_the_numbers_that_they_are_in_memory(engine: str, tmp_path: Path) -> None:
    days = [dt.datetime(1899, 12, 31), dt.datetime(2000, 2, 29, 23), dt.datetime(2024, 12, 31), None]  # noqa: DTZ001
    frame = pd.DataFrame(
        {
            "joined": np.array(days, dtype="datetime64[us]"),
            "born": [1980, 1900, 2001, 1965],
            "size": ["small", " Large", None, "medium"],
            "answered": ["yes", "No", "n/a", "YES"],
            "visits": [-1, 0, 3, 7],
            "member": [True, False, True, True],
        }
    )
    latest = dt.date(2025, 1, 1)
    formats = {
        "joined": ColumnFormat("date", latest=latest, gaps=("2024-12-31",)),
        "born": ColumnFormat("birth year", latest=latest, gaps=(1900.0,)),
        "size": ColumnFormat("ordinal", levels=("small", "medium", "Large")),
        "answered": ColumnFormat("truth"),
        "visits": ColumnFormat("number", gaps=(-1.0,)),
        "member": ColumnFormat("truth"),
    }
    frame.to_parquet(tmp_path / "t.parquet")
    columns = tuple(Column(name, "feature", "", form) for name, form in formats.items())
    customers = EngineCustomers(EngineFrame.of(ENGINES[engine](tmp_path / "t.parquet")), columns, None)
    in_memory = customers.sample(10)
    for name in formats:
        known = in_memory.column(name)[~np.isnan(in_memory.column(name))]
        found = customers.aggregate([Known(name), Total(name), Least(name), Largest(name)])
        numbers = [float(found[one(name)]) for one in (Known, Total, Least, Largest)]
        assert numbers == [len(known), known.sum(), known.min(), known.max()], name


def test_numbers_written_as_text_are_to_be_converted_in_the_engine() -> None:
    frame = EngineFrame.of(pl.LazyFrame({"spend": ["1,5", "2,5"], "visits": [1, 2]}))
    columns = (Column("spend", "feature", "", ColumnFormat("number as text", decimal=",")),)
    customers = EngineCustomers(frame, columns, None)
    with pytest.raises(SettingError, match="Convert the column to numbers in Polars"):
        customers.aggregate([Total("spend")])
    assert customers.sample(5).column("spend").tolist() == [1.5, 2.5]


def test_what_needs_all_customers_in_memory_says_what_to_choose_instead() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(size=(200, 3)), columns=list("abc"))
    frame.iloc[:9, 0] = np.nan
    table = CustomerTable.read(frame)
    customers = EngineCustomers(EngineFrame.of(pl.from_pandas(frame).lazy()), table.columns, None)
    for recipe, instead in (
        (Recipe(missing="nearest"), "median"),
        (Recipe(method="mixture"), "K-Means"),
        (Recipe(trim=0.02), "exceptional"),
    ):
        result = segment(table, k=2, seed=0, recipe=recipe)
        with pytest.raises(SettingError, match=instead):
            pushed_down.fit(customers, result.preparation, 2, 0)


def test_a_fit_that_is_given_up_ends_before_the_next_step() -> None:
    from concurrent.futures import CancelledError

    frame = pd.DataFrame(np.random.default_rng(0).lognormal(size=(200, 3)), columns=list("abc"))
    table = CustomerTable.read(frame)
    customers = EngineCustomers(EngineFrame.of(pl.from_pandas(frame).lazy()), table.columns, None)
    told: list[pushed_down.Progress] = []
    with pytest.raises(CancelledError):
        pushed_down.fit(customers, segment(table, k=2).preparation, 2, 0, progress=told.append, cancelled=lambda: True)
    assert told == []


@pytest.mark.parametrize("given", [3, pd.DataFrame({"a": [1]}), "a.parquet"])
def test_what_is_in_no_engine_is_refused(given: object) -> None:
    with pytest.raises(DataError, match="A table in an engine was expected"):
        EngineFrame.of(given)


@WAYS
def test_files_that_go_away_are_said_to_be_gone_and_the_engine_is_named(engine: str, tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1.0, 2.0]}).to_parquet(path)
    frame = EngineFrame.of(ENGINES[engine](path))
    path.unlink()
    with pytest.raises(DataError, match=rf"^{engine} could not answer: the files of the table are no longer there"):
        frame.collect(frame.frame)


def test_a_table_without_an_identifier_says_so_where_one_is_looked_for() -> None:
    from custseg.tables.expressions import Identified

    customers = EngineCustomers(EngineFrame.of(pl.LazyFrame({"a": [1.0]})), (Column("a", "feature", ""),), None)
    with pytest.raises(SettingError, match="role identifier"):
        customers.page(Identified(("x",)))


@pytest.mark.parametrize(
    "text",
    [
        "cannot open postgresql://me:hunter2@host/db",
        "password=hunter2 refused",
        'AWS_SECRET_ACCESS_KEY: "hunter2"',
        "403 for https://store/t.parquet?X-Amz-Signature=hunter2",
        "Authorization: Bearer hunter2",
        "CREATE SECRET (TYPE s3, KEY_ID 'a', SECRET 'hunter2')",
    ],
)
def test_no_sentence_holds_a_secret(text: str) -> None:
    assert "hunter2" not in without_secrets(text)
    assert "hunter2" not in str(failure("Spark", RuntimeError(text)))


def test_the_statement_can_be_read() -> None:
    frame = EngineFrame.of(duckdb.connect().sql('SELECT 1.5 AS "we""ird", 2 AS b'))
    statement = frame.sql(frame.frame.select(frame.column('we"ird')))
    assert statement is not None
    assert '\nSELECT\n  "we""ird" AS "we""ird"\n' in statement
    assert EngineFrame.of(pl.LazyFrame({"a": [1]})).sql(EngineFrame.of(pl.LazyFrame({"a": [1]})).frame) is None


def test_a_lasso_of_hundreds_of_edges_is_answered() -> None:
    generator = np.random.default_rng(1)
    frame = pd.DataFrame(generator.normal(size=(300, 2)), columns=["a", "b"])
    angles = np.linspace(0, 2 * np.pi, 300)
    from custseg.tables.shapes import InPolygon

    corners = tuple(zip((np.cos(angles) * 1.5).tolist(), np.sin(angles).tolist(), strict=True))
    columns = (Column("a", "feature", ""), Column("b", "feature", ""))
    for native in (duckdb.from_df(frame), pl.from_pandas(frame).lazy()):
        customers = EngineCustomers(EngineFrame.of(native), columns, None)
        lasso = InPolygon(OnFeatures(("a", "b")), corners)
        assert customers.page(Passing(lasso)).of == int(lasso.holds(frame.to_numpy()).sum())
        nobody = InPolygon(OnFeatures(("a", "b")), ((0, 0), (1, 0)))
        assert customers.page(Passing(nobody)).of == 0
        assert customers.page(Passing(InBox(OnFeatures(("a", "b")), (9, 9), (8, 8)))).of == 0
