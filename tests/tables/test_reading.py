"""Cells become numbers: numbers written as text, truth values and dates, the same from every kind of dataframe."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, DataError
from custseg.tables.column_format import to_numbers
from custseg.tables.reading import read_columns

MAKERS = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "arrow": pa.table}
NAN = np.nan


def frame_of(cells: list[Any], kind: str = "polars", name: str = "v") -> nw.DataFrame[Any]:
    return nw.from_native(MAKERS[kind]({name: cells}), eager_only=True)


def numbers_of(cells: list[Any], kind: str = "polars") -> list[float]:
    frame = frame_of(cells, kind)
    return list(read_columns(frame)["v"].floats)


def kind_of(cells: list[Any], kind: str = "polars") -> str:
    return read_columns(frame_of(cells, kind))["v"].format.kind


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.50", "2,234"], [1234.5, 2234]),
        (["1.234,50", "2.234"], [1234.5, 2234]),
        (["1 234,50 €", "2\u202f234 €", "3\u00a0000"], [1234.5, 2234, 3000]),
        (["1'234", "2’234.5"], [1234, 2234.5]),
        (["1,234", "2,345"], [1234, 2345]),
        (["1.234", "2.345"], [1234, 2345]),
        (["0.123", "2.345"], [0.123, 2.345]),
        (["1,5", "12,25"], [1.5, 12.25]),
        (["1234567", "12"], [1234567, 12]),
        (["$1", "€ 2.5", "USD3", "4 CHF", "-£5", "£-6"], [1, 2.5, 3, 4, -5, -6]),
        (["5%", "7.5 %"], [5, 7.5]),
        (["-1", "+2", "\u22123"], [-1, 2, -3]),
        (["1e3", "2.5E-1", "1e+2"], [1000, 0.25, 100]),
        ([".5", "5.", " 6 ", "\t7"], [0.5, 5, 6, 7]),
        (["1", None, "", " ", "NA", "n/a", "NaN", "null", "None", "-", "?", "2"], [1, *[NAN] * 10, 2]),
        (["1", "inf", "-Infinity"], [1, np.inf, -np.inf]),
        (["true", "FALSE", None, "n/a", " True "], [1, 0, NAN, NAN, 1]),
        (["yes", "No", ""], [1, 0, NAN]),
        (["ja", "nein"], [1, 0]),
        ([True, False, None], [1, 0, NAN]),
        ([1, 2, None], [1, 2, NAN]),
        ([2**53 + 1, 1], [2.0**53, 1]),
        ([Decimal("1.50"), Decimal("2.25"), None], [1.5, 2.25, NAN]),
        ([dt.datetime(2024, 1, 1, 23), dt.datetime(2024, 3, 1), None], [60, 0, NAN]),  # noqa: DTZ001
        (["2024-01-31", "2024-02-02", ""], [2, 0, NAN]),
        (["31.01.2024", "2.2.2024"], [2, 0]),
        (["01/02/2024", "03/02/2024"], [2, 0]),
        (["01/31/2024", "02/02/2024"], [2, 0]),
        (["2024-01-31 23:59", "2024-02-02 00:00"], [2, 0]),
        (["2024-01-31T23:59:59.123Z", "2024-02-02T00:00:00.000Z"], [2, 0]),
    ],
)
def test_cells_are_read_as_their_writer_meant_them(cells: list[Any], expected: list[float], kind: str) -> None:
    np.testing.assert_array_equal(numbers_of(cells, kind), expected)


@pytest.mark.parametrize(
    "cells",
    [
        ["01234", "04567"],
        ["12 34", "56 78"],
        ["1,23,456", "2"],
        ["1-2", "3-4"],
        ["1.2.2024", "0.5"],
        ["5 apples", "6 apples"],
        ["(5)", "6"],
        ["NA", "n/a"],
        ["٣", "٤"],
        ["2024-02-31", "2024-02-01"],
        ["a", None],
        [None, None],
    ],
)
@pytest.mark.parametrize("kind", ["pandas", "arrow"])
def test_what_only_looks_like_a_number_or_a_date_stays_text(cells: list[Any], kind: str) -> None:
    frame = frame_of([*cells, "text"] if cells == [None, None] else cells, kind)
    reading = read_columns(frame)["v"]
    assert reading.format.kind == "text"
    assert not reading.format.countable
    assert reading.numbers is None


def test_the_other_columns_tell_whether_a_sign_stands_before_decimals_or_thousands() -> None:
    german = pl.DataFrame({"unclear": ["1.234", "2.500"], "clear": ["1,5", "2"]})
    english = pl.DataFrame({"unclear": ["1,234", "2,500"], "clear": ["1.5", "2"]})
    swiss = pl.DataFrame({"unclear": ["1,234", "2,500"], "clear": ["1,5", "2"]})
    for frame, expected in ((german, [1234, 2500]), (english, [1234, 2500]), (swiss, [1.234, 2.5])):
        table = CustomerTable.read(frame)
        np.testing.assert_array_equal(table.matrix(["unclear"])[:, 0], expected)


def test_the_example_says_how_the_first_telling_text_is_read() -> None:
    table = CustomerTable.read(pl.DataFrame({"v": ["12", "1.234,50 €", "7"]}))
    assert (
        table.column("v").reason == "numbers written as text; “1.234,50 €” is read as 1,234.5; written with a currency"
    )


def test_a_column_of_numbers_with_a_stray_text_names_it_and_its_row() -> None:
    reading = read_columns(frame_of(["1", "", *map(str, range(500)), "oops", "7"]))["v"]
    assert (reading.format.kind, reading.first_invalid) == ("text", ("oops", 503))
    assert read_columns(frame_of(["a", "b", "1"]))["v"].first_invalid is None


def test_days_are_counted_back_from_the_latest_day_of_the_first_customers() -> None:
    first = CustomerTable.read(pl.DataFrame({"d": ["2024-01-01", "2024-01-31"], "v": [1, 2]}), roles={"d": "feature"})
    assert first.matrix(["d"]).tolist() == [[30], [0]]
    assert first.unit("d") == "days before 31 January 2024"
    later = nw.from_native(pl.DataFrame({"d": ["2024-02-10"]}), eager_only=True)
    assert to_numbers(later["d"], first.column("d").format).tolist() == [-10]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    ("first", "cells", "odd"),
    [
        (["1", "2"], ["3", None, "many"], "many"),
        (["1.5 €", "2 €"], ["3 €", "", "1,5,0"], "1,5,0"),
        (["yes", "no"], ["yes", None, "maybe"], "maybe"),
    ],
)
def test_a_new_cell_that_is_no_number_is_refused_with_its_row(first: Any, cells: Any, odd: str, kind: str) -> None:
    column_format = read_columns(frame_of(first, kind))["v"].format
    with pytest.raises(DataError) as refused:
        to_numbers(frame_of(cells, kind)["v"], column_format)
    assert str(refused.value) == (
        f"A number was expected in “v”, row 3, but got “{odd}”. Correct this cell, or leave it empty where there is "
        "no value."
    )


def test_a_new_date_in_another_format_is_refused_in_a_sentence() -> None:
    column_format = read_columns(frame_of(["2024-01-31", "2024-02-01"]))["v"].format
    with pytest.raises(
        DataError, match=r"^A date was expected in “v”, row 3, but got “01\.02\.2024”\. Correct this cell"
    ):
        to_numbers(frame_of(["2024-01-31", None, "01.02.2024"])["v"], column_format)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_number_is_no_date_and_a_date_is_no_number(kind: str) -> None:
    day, number = frame_of([None, dt.datetime(2024, 1, 31)], kind), frame_of([None, 7], kind)  # noqa: DTZ001
    with pytest.raises(DataError, match=r"^A date was expected in “v”, row 2, but got “7"):
        to_numbers(number["v"], read_columns(day)["v"].format)
    with pytest.raises(DataError, match=r"^A number was expected in “v”, row 2, but "):
        to_numbers(day["v"], read_columns(number)["v"].format)


@pytest.mark.parametrize("kind", MAKERS)
def test_dates_may_come_as_texts_where_the_first_came_as_dates_and_the_other_way_round(kind: str) -> None:
    day = frame_of([dt.datetime(2024, 1, 31, 23), dt.datetime(2024, 1, 1)], kind)  # noqa: DTZ001
    text = frame_of(["31.01.2024", "", "01.01.2024"], kind)
    np.testing.assert_array_equal(to_numbers(text["v"], read_columns(day)["v"].format), [0, NAN, 30])
    np.testing.assert_array_equal(to_numbers(day["v"], read_columns(text)["v"].format), [0, 30])


@pytest.mark.parametrize("kind", MAKERS)
def test_moments_with_a_time_zone_are_days_in_utc(kind: str) -> None:
    berlin = dt.timezone(dt.timedelta(hours=1))
    cells = [dt.datetime(2024, 1, 2, 0, 30, tzinfo=berlin), None, dt.datetime(2024, 1, 31, tzinfo=dt.UTC)]
    utc = [cell and cell.astimezone(dt.UTC) for cell in cells]
    np.testing.assert_array_equal(numbers_of(utc, kind), [30, NAN, 0])
    assert numbers_of(["2024-01-02T00:30:00+01:00", "2024-01-31T00:00:00Z"], kind) == [30, 0]


@pytest.mark.parametrize("cells", [[dt.date(1, 1, 1), dt.date(9999, 12, 31)], ["0001-01-01", "9999-12-31"]])
def test_days_may_be_as_far_apart_as_the_calendar_goes(cells: list[Any]) -> None:
    assert numbers_of(cells) == [3652058, 0]


def test_new_cells_may_come_as_numbers_where_the_first_came_as_texts_and_the_other_way_round() -> None:
    text, number = (read_columns(frame_of(cells))["v"].format for cells in (["1,5", "2,5"], [1.5, 2.5]))
    assert to_numbers(frame_of([3.5])["v"], text).tolist() == [3.5]
    assert to_numbers(frame_of(["3.5"])["v"], number).tolist() == [3.5]


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20), st.sampled_from([",", ".", " ", "'", ""]))
def test_any_amount_of_money_is_read_however_it_is_written(cents: list[int], grouping: str) -> None:
    decimal = "," if grouping == "." else "."
    signs = str.maketrans(",.", f"{grouping}{decimal}") if grouping else {ord(","): ""}
    written = [f"{amount / 100:,.2f} €".translate(signs) for amount in cents]
    np.testing.assert_allclose(numbers_of(written), np.array(cents) / 100, rtol=1e-15)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_any_number_that_python_writes_is_read_back(values: list[float]) -> None:
    written = [repr(value) for value in values]
    assert kind_of(written) == "number as text"
    assert numbers_of(written) == values


@pytest.mark.parametrize("kind", MAKERS)
def test_neither_a_gap_nor_nan_nor_a_text_for_it_is_present(kind: str) -> None:
    for cells, count in (([1.5, None, NAN], 1), (["1", None, "n/a", ""], 1), (["yes", "?"], 1), (["a", "n/a"], 2)):
        frame = frame_of(cells, kind)
        assert read_columns(frame)["v"].known == count


COLUMNS = {
    "id": [f"c{row}" for row in range(40)],
    "whole": [row % 17 for row in range(40)],
    "fraction": [None if row == 3 else row / 7 for row in range(40)],
    "text": [f"{row},5 €" if row % 5 else "" for row in range(40)],
    "truth": [row % 3 == 0 for row in range(40)],
    "day": [dt.datetime(2024, 1, 1) + dt.timedelta(days=row) for row in range(40)],  # noqa: DTZ001
    "kind": ["x", "y"] * 20,
}


def test_every_kind_of_dataframe_gives_the_same_customers() -> None:
    arrow = pa.table(COLUMNS)
    connection = duckdb.connect()
    frames = [pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS), pl.LazyFrame(COLUMNS), arrow, connection.from_arrow(arrow)]
    roles = {"truth": "feature", "day": "feature"}
    tables = [CustomerTable.read(frame, roles=roles) for frame in frames]  # type: ignore[arg-type]
    expected = tables[0]
    assert expected.features == ("whole", "fraction", "text", "truth", "day")
    for table in tables[1:]:
        assert [(column.name, column.role, column.reason) for column in table.columns] == [
            (column.name, column.role, column.reason) for column in expected.columns
        ]
        np.testing.assert_array_equal(table.matrix(table.features), expected.matrix(expected.features))
        assert list(table.identifiers) == list(expected.identifiers)
        assert table.notes == expected.notes
    connection.close()


FACTS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "whole": ([3, 1, 3, None], {"missing": 1, "distinct": 2, "least": 1, "largest": 3}),
    "float": ([0.5, NAN, np.inf, 0.5], {"missing": 1, "least": 0.5, "largest": np.inf, "infinite": True}),
    "numbers as text": (["1,5", "n/a", "", "2,5"], {"missing": 2, "least": 1.5, "largest": 2.5}),
    "truth": (["yes", "no", "?", "no"], {"missing": 1, "least": 0, "largest": 1, "constant": False}),
    "date": (["2024-01-31", None, "2024-01-01", ""], {"missing": 2, "least": 0, "largest": 30}),
    "text": (["x", "n/a", None, "x"], {"missing": 1, "distinct": 2, "constant": False}),
    "the same": (["5 €", "5.00 €", "5 EUR", None], {"missing": 1, "constant": True, "currency": "€"}),
    "different": (["a", "b", "c", "d"], {"distinct": 4, "identifies": True}),
    "nothing": ([None, None, "", ""], {"known": 2, "identifies": False}),
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("what", FACTS)
def test_a_reading_tells_what_is_in_a_column(what: str, kind: str) -> None:
    cells, facts = FACTS[what]
    reading = read_columns(frame_of(cells, kind))["v"]
    assert reading.rows == 4
    assert {fact: getattr(reading, fact) for fact in facts} == facts


def test_different_cells_are_counted_to_the_end_where_that_decides_and_else_said_to_be_at_least_so_many() -> None:
    rows = 5000
    columns = {
        "id": [f"c{row * 7919 % rows}" for row in range(rows)],
        "almost": [f"c{row % (rows - 1)}" for row in range(rows)],
        "code": [row // 2500 for row in range(rows)],
        "amount": [row / 7 for row in range(rows)],
    }
    found = read_columns(nw.from_native(pl.DataFrame(columns)))
    counts = {name: (reading.distinct, reading.distinct_is_exact) for name, reading in found.items()}
    assert counts == {"id": (rows, True), "almost": (rows - 1, True), "code": (2, True), "amount": (2048, False)}
    assert [name for name, reading in found.items() if reading.identifies] == ["id"]


def test_identifiers_that_come_by_number_are_counted_as_any_others_are() -> None:
    numbered = [f"C{number}" for number in range(2500)]
    columns = {"by number": numbered, "by the alphabet": sorted(numbered), "twice": [*numbered[:-1], numbered[-2]]}
    found = read_columns(nw.from_native(pl.DataFrame(columns)))
    assert {name: reading.distinct for name, reading in found.items()} == {
        "by number": 2500, "by the alphabet": 2500, "twice": 2499,
    }  # fmt: skip


def test_what_is_needed_to_read_later_cells_is_a_value_without_the_numbers() -> None:
    first, second = (CustomerTable.read(pl.DataFrame({"v": cells})) for cells in (["1,5", "2"], ["7,5", "8"]))
    assert first.column("v").format == second.column("v").format
    assert len({first.column("v").format, second.column("v").format}) == 1


def test_a_later_table_is_read_as_its_columns_say_when_it_is_asked_for() -> None:
    columns = CustomerTable.read(pl.DataFrame({"v": ["1,5", "2"], "w": [1, 2]})).columns
    later = CustomerTable(nw.from_native(pl.DataFrame({"v": ["1.000", "7"], "w": ["3", "many"]})), columns, "Later")
    np.testing.assert_array_equal(later.matrix(["v"])[:, 0], [1000, 7])
    with pytest.raises(DataError, match=r"A number was expected in “w”, row 2, but got “many”"):
        later.matrix(["w"])
