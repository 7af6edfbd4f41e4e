"""Dates as people and programs write them: one day each, in a table and in DuckDB's SQL."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, TransactionColumns, from_transactions
from custseg.tables.column_format import to_numbers
from custseg.tables.date_format import other_order
from custseg.tables.date_order import settle_order
from custseg.tables.date_text import day_sql
from custseg.tables.reading import Reading, read_columns

if TYPE_CHECKING:
    from pathlib import Path

# Each column holds 4 September 2012 and 17 December 2010.
WRITTEN = {
    "%d-%b-%y": ["4-Sep-12", "17-Dec-10"],
    "%d-%b-%Y": ["04-SEP-2012", "17-dec-2010"],
    "%m/%d/%y %H:%M": ["9/4/12 8:26", "12/17/10 23:59"],
    "%d/%m/%y": ["4/9/12", "17/12/10"],
    "%d.%m.%y": ["4.9.12", "17.12.10"],
    "%d-%m-%y": ["04-09-12", "17-12-10"],
    "%m-%d-%Y": ["09-04-2012", "12-17-2010"],
    "%Y.%m.%d": ["2012.09.04", "2010.12.17"],
    "%b %d, %Y": ["Sep 4, 2012", "December 17, 2010"],
    "%d %b %Y": ["04 Sept. 2012", "17 Dec 2010"],
    "%d. %b %Y": ["4. September 2012", "17. Dezember 2010"],
    "%d %b %Y %H:%M": ["4 septembre 2012 08:00", "17 décembre 2010 09:00"],
    "%m/%d/%Y %I:%M %p": ["9/4/2012 11:05 PM", "12/17/2010 12:00 am"],
    "%Y-%m-%dT%H:%M:%S%z": ["2012-09-04T10:00:00Z", "2010-12-17T10:00:00Z"],
    "%Y-%m-%d %H:%M:%S %z": ["2012-09-04 10:00:00 +0100", "2010-12-17 00:30:00 -0200"],
    "%Y-%m-%d %H:%M:%S%z": ["2012-09-04 10:00:00+00:00", "2010-12-17 10:00:00+01:00"],
    "%d/%b/%Y": ["04/Sep/2012", "17/Dec/2010"],
    "%Y%m%d": ["20120904", "20101217"],
    "%s": ["1346745600", "1292577000"],
    "%Q": ["1346745600123", "1292577000456"],
}
DAYS = np.array(["2012-09-04", "2010-12-17"], dtype="datetime64[D]")


def read(cells: list[Any], name: str = "date") -> Reading:
    return read_columns(nw.from_native(pa.table({name: cells}), eager_only=True))[name]


def days_of(reading: Reading) -> list[str]:
    latest = reading.format.latest
    assert latest is not None
    return [str(latest - dt.timedelta(days=before)) for before in reading.floats.tolist()]


def days_in_sql(cells: list[Any], date_format: str) -> Any:
    with duckdb.connect() as connection:
        relation = connection.from_arrow(pa.table({"a day": cells}))
        return relation.project(day_sql('"a day"', date_format) + " AS day").to_arrow_table()["day"].to_pylist()


@pytest.mark.parametrize("date_format", WRITTEN)
def test_a_way_to_write_dates_is_read_alike_in_a_table_and_in_sql(date_format: str) -> None:
    cells = WRITTEN[date_format]
    reading = read(cells)
    assert (reading.format.kind, reading.format.date_format) == ("date", date_format)
    assert days_of(reading) == DAYS.astype(str).tolist()
    assert days_in_sql(cells, date_format) == DAYS.tolist()
    assert not reading.date_order_unclear


@pytest.mark.parametrize("late", [("17/01/2011", "%d/%m/%Y"), ("01/17/2011", "%m/%d/%Y")])
def test_a_day_above_twelve_late_in_a_column_decides_whether_day_or_month_comes_first(late: tuple[str, str]) -> None:
    reading = read(["01/02/2011", "03/02/2011"] * 300 + [late[0]])
    assert (reading.format.date_format, reading.date_order_unclear) == (late[1], False)


def test_where_nothing_decides_the_day_comes_first_and_the_order_is_unclear() -> None:
    for cells in (["1/2/2011", "3/4/2011"], ["1/2/11 8:26", "3/4/11 9:26"], ["01-02-2011", "03-04-2011"]):
        reading = read(cells)
        assert days_of(reading) == ["2011-02-01", "2011-04-03"]
        assert reading.date_order_unclear
        other = other_order(reading.format.date_format)
        assert days_in_sql(cells, other) == [dt.date(2011, 1, 2), dt.date(2011, 3, 4)]


def test_with_dots_or_where_both_orders_are_the_same_day_nothing_is_unclear() -> None:
    assert not read(["1.2.2011", "3.4.2011"]).date_order_unclear
    assert not read(["1/1/2011", "2/2/2011"]).date_order_unclear


def test_another_column_of_dates_tells_the_order() -> None:
    frame = pl.DataFrame({"ordered": ["1/2/2011", "3/4/2011"], "shipped": ["1/31/2011", "3/4/2011"]})
    readings = read_columns(nw.from_native(frame, eager_only=True))
    assert readings["ordered"].format.date_format == "%m/%d/%Y"
    assert not readings["ordered"].date_order_unclear


def test_both_orders_in_one_column_are_named_with_their_rows() -> None:
    cells = [*["01/02/2011", "03/02/2011"] * 150, "17/01/2011", "01/18/2011", "05/06/2011"]
    table = CustomerTable.read(pl.DataFrame({"when": cells, "v": [row * 7 % 311 for row in range(len(cells))]}))
    assert table.column("when").reason == (
        "dates with the day first (“17/01/2011” in row 301) and with the month first (“01/18/2011” in row 302); "
        "write all in one order"
    )
    # What it says works.
    mended = [*cells[:301], "18/01/2011", *cells[302:]]
    assert read(mended).format.date_format == "%d/%m/%Y"


def test_one_cell_that_is_no_date_is_named_and_emptying_it_works() -> None:
    cells: list[str | None] = [f"2024-01-{day:02}" for day in range(1, 29)]
    cells[7] = "soon"
    assert read(cells).date_trouble == "not only dates: “soon” in row 8; correct or empty such cells"
    cells[7] = None
    assert read(cells).format.kind == "date"
    cells[7] = "unknown"
    assert (read(cells).format.kind, read(cells).missing) == ("date", 1)


def test_nobody_is_born_in_the_future() -> None:
    written = ["12/31/57", "1/2/68", "3/4/05"]
    assert days_of(read(written, "Date of birth")) == ["1957-12-31", "1968-01-02", "2005-03-04"]
    assert days_of(read(written, "contract until")) == ["2057-12-31", "2068-01-02", "2005-03-04"]


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_numbers_that_are_moments_are_dates(kind: Any) -> None:
    moments = [1346745600 + 86_400 * day for day in range(40)]
    columns = {
        "created_at": moments,
        "milliseconds": [moment * 1000 for moment in moments],
        "signup_time": [*moments[:38], 0, None],
        "day": [20240101 + day for day in range(28)] + [20240201 + day for day in range(12)],
        "customer_id": [700_000_000 + 7919 * row for row in range(40)],
        "phone": [1_700_000_000 + 79_190 * row for row in range(40)],
        "revenue": [2_000_000_000 * (row % 7) for row in range(40)],
    }
    readings = read_columns(nw.from_native(kind(columns), eager_only=True))
    assert {name: reading.epoch_unit for name, reading in readings.items() if reading.format.kind == "date"} == {
        "created_at": "s", "milliseconds": "ms", "signup_time": "s", "day": None,
    }  # fmt: skip
    assert readings["created_at"].floats[0] == 39
    assert readings["signup_time"].missing == 2
    later = nw.from_native(kind({"v": [moments[0], moments[39]]}), eager_only=True)
    assert to_numbers(later["v"], readings["created_at"].format).tolist() == [39, 0]


def test_in_sql_what_is_no_date_of_that_format_is_null() -> None:
    assert days_in_sql(["4/9/2012", "4/9/12", "x"], "%d/%m/%Y") == [dt.date(2012, 9, 4), None, None]
    assert days_in_sql([1346745600, 0, -1, 10**15], "%s") == [dt.date(2012, 9, 4), None, None, None]
    assert days_in_sql([20120904, 2012904, 20120931], "%Y%m%d") == [dt.date(2012, 9, 4), None, None]


@given(st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), min_size=2, max_size=9), st.sampled_from(
    ["%d-%b-%y", "%d/%m/%y %H:%M", "%m/%d/%Y", "%b %d, %Y", "%d. %b %Y", "%Y-%m-%dT%H:%M:%S", "%d.%m.%y"]))  # fmt: skip
def test_any_day_is_read_back_as_it_was_written_or_said_to_be_unclear(days: list[dt.date], date_format: str) -> None:
    cells = [day.strftime(date_format) for day in days]
    reading = read(cells, "contract until")
    expected = [str(day) for day in days]
    swapped = other_order(date_format)
    if not reading.date_order_unclear:
        assert days_of(reading) == expected
    else:
        assert {reading.format.date_format, other_order(reading.format.date_format)} == {date_format, swapped}
    assert days_in_sql(cells, date_format) == days


def test_in_purchases_too_a_day_above_twelve_late_decides() -> None:
    undecided = ["01/02/2011", "03/02/2011"] * 300
    with duckdb.connect() as connection:
        for cells, expected in (
            ([*undecided, "01/17/2011"], ("%m/%d/%Y", False)),
            ([*undecided, "17/01/2011"], ("%d/%m/%Y", False)),
            (undecided, ("%d/%m/%Y", True)),
        ):
            assert settle_order(connection.from_arrow(pa.table({"d": cells})), '"d"', "%d/%m/%Y") == expected
        dotted = connection.from_arrow(pa.table({"d": ["1.2.2011"]}))
        assert settle_order(dotted, '"d"', "%d.%m.%Y") == ("%d.%m.%Y", False)


def test_purchases_may_be_dated_by_moments() -> None:
    columns = {"customer_id": ["a", "b", "a"], "created_at": [1346745600, 1346832000, 1346918400], "amount": [1, 2, 3]}
    found = from_transactions(pa.table(columns), TransactionColumns("customer_id", "created_at", "amount"))
    assert found.to_pandas()["recency_days"].tolist() == [0, 1]


def test_purchases_are_dated_as_their_last_row_tells(tmp_path: Path) -> None:
    rows = 60_000
    lines = [f"c{row % 7},0{row % 9 + 1}/02/2011,{row % 11 + 1}" for row in range(rows)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["customer_id,order_date,amount", *lines, "c1,02/28/2011,5"]), encoding="utf-8")
    found = from_transactions(path, TransactionColumns("customer_id", "order_date", "amount"))
    assert found.remarks[0].endswith("as of 2 September 2011.")
