"""Amounts and days of purchases, which DuckDB reads, are those that the same texts are read as in a table."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg import TransactionColumns, from_transactions
from custseg.tables.reading import read_columns

COLUMNS = TransactionColumns("customer", "day", "amount")
# So large that whoever is refunded is a customer all the same.
EACH = "100000000"
AMOUNTS: dict[str, list[str | None]] = {
    "Swiss francs": ["Fr. 12.50", "Fr. 7", "CHF 1'234.05", "3.5 Fr."],
    "a point and groups": ["1,234.50", "2,234", "-1", "\u22123.25", "+4"],
    "a comma and groups": ["1.234,50", "2.234", "0,05", "-1,5"],
    "blanks between": ["1 234,50 €", "2\u202f234 €", "3\u00a0000", " 5 "],
    "exponents": ["1,5e3", "2e-2", "1,25E+2"],
    "exponents with a point": ["1.5e3", "2E-2", "1e+2"],
    "dollars": ["$1", "USD3", "-$5", "$-6", "2"],
    "euros": ["€ 2.5", "3.5 EUR", "-€4"],
    "pounds": ["-£5", "£-6", "1.25 GBP"],
    "kronor": ["12 kr", "1.5 kr"],
    "zlotys": ["7 zł", "0.5 zł"],
    "korunas": ["9.5 Kč", "11 Kč"],
    "percent": ["5%", "7.5 %"],
    "bare points": [".5", "5.", "0.125"],
    "gaps": ["1.5", "", " ", "n/a", "-", "--", "?", "NULL", None, "2"],
    "line breaks": ["5\n", "\r7.5", "2\v", "\f3\r\n"],
    "below one": ["0.05", "0.5e1", "0.25"],
    "below one, with a comma": ["0,05", "0,5e1"],
    "thousands": ["1.234", "12.500", "7"],
    "more digits than money has": ["0.12345", "2.99999"],
}
DAYS: dict[str, list[str | None]] = {
    "ISO": ["2026-01-31", "2026-02-02", " 2026-02-03 "],
    "German": ["31.01.2026", "2.2.2026"],
    "British": ["31/01/2026", "02/02/2026"],
    "American": ["01/31/2026", "02/02/2026"],
    "dashes": ["31-01-2026", "02-02-2026"],
    "slashes": ["2026/01/31", "2026/02/02"],
    "times": ["2026-01-31 23:59", "2026-02-02 00:00"],
    "seconds": ["2026-01-31T23:59:59", "2026-02-02T00:00:00"],
    "fractions of a second": ["2026-01-31 23:59:59.123", "2026-02-02 00:00:00.999999"],
    "UTC": ["2026-01-31T23:59:59.123Z", "2026-02-02T00:00:00.000Z"],
    "time zones": ["2026-01-02T00:30:00+01:00", "2026-01-31T23:30:00-02:00", "2026-01-15T12:00:00Z"],
    "German with times": ["31.01.2026 23:59", "02.02.2026 07:30"],
    "gaps": ["2026-01-31", "", "n/a", "-", None, "2026-02-02"],
}


def through_purchases(amounts: list[str | None]) -> list[float]:
    """Return what each amount (none is 0) counts as in purchases; NaN for one that is left out."""
    customers = [f"c{number:02}" for number in range(len(amounts))]
    columns = {
        "customer": [*customers, *customers, "one more"],
        "day": ["2026-01-01"] * (2 * len(customers)) + ["2025-12-31"],
        "amount": [*amounts, *[EACH] * (len(customers) + 1)],
    }
    table = from_transactions(pa.table(columns), COLUMNS)
    assert list(table.identifiers) == [*customers, "one more"]
    values = [round(value - float(EACH), 4) for value in table.to_pandas()["monetary_value"][:-1]]
    return [value or np.nan for value in values]


def through_a_table(amounts: list[str | None]) -> list[float]:
    frame = nw.from_native(pa.table({"v": [*amounts, EACH]}), eager_only=True)
    return [round(value, 4) for value in read_columns(frame)["v"].floats[:-1].tolist()]


@pytest.mark.parametrize("what", AMOUNTS)
def test_an_amount_is_the_same_number_in_purchases_and_in_a_table(what: str) -> None:
    np.testing.assert_allclose(through_purchases(AMOUNTS[what]), through_a_table(AMOUNTS[what]), rtol=0, atol=1.1e-4)


@pytest.mark.parametrize(
    "amount",
    [
        "012",
        "1_000",
        "0x1F",
        "12 34",
        "(5)",
        "1.2.3",
        "5 apples",
        "1e",
        "٣",
        "--5",
        "5,5,5",
        "TRUE",
        "1_0.5",
        "00.5",
        "0._5",
    ],
)
def test_what_is_no_number_in_a_table_is_left_out_of_purchases(amount: str) -> None:
    frame = nw.from_native(pl.DataFrame({"v": ["1.5", "2.5", "3.5", "4.5", amount]}))
    assert read_columns(frame)["v"].first_invalid == (amount, 5)
    # It comes after the rows by which the column is recognised.
    rows = 50_001
    purchases = pa.table({
        "customer": ["a", "b"] * (rows // 2) + ["c", "c", "c"],
        "day": ["2026-01-01"] * (rows + 2),
        "amount": ["1.5"] * rows + [amount, "2.5"],
    })  # fmt: skip
    table = from_transactions(purchases, COLUMNS)
    last = table.to_pandas().iloc[-1]
    assert (last["frequency"], last["monetary_value"]) == (2, 4)
    assert table.remarks[1] == "1 row left out: no readable date or amount."


@given(
    st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=1, max_size=9),
    st.sampled_from([",.", ".,", " ,", "’.", ".", ","]),
    st.sampled_from(["{}", "{} €", "CHF {}", "{}%", " {}\t"]),
)
@settings(max_examples=30)
def test_any_amount_is_the_same_number_however_it_is_written(cents: list[int], signs: str, form: str) -> None:
    written = str.maketrans(",.", signs) if len(signs) == 2 else {ord(","): "", ord("."): signs}
    amounts: list[str | None] = [form.format(f"{amount / 100:,.2f}".translate(written)) for amount in cents]
    np.testing.assert_array_equal(through_purchases(amounts), np.array(cents) / 100)
    np.testing.assert_array_equal(through_a_table(amounts), np.array(cents) / 100)


@pytest.mark.parametrize("what", DAYS)
def test_a_day_is_the_same_in_purchases_and_in_a_table(what: str) -> None:
    days = DAYS[what]
    readable = [day for day in days if day and day[0] not in "n-"]
    customers = [f"c{number:02}" for number in range(len(readable))]
    # Everybody comes twice, and the last purchase counts.
    columns: dict[str, list[Any]] = {"customer": customers * 2, "day": readable * 2, "amount": [1, 2] * len(readable)}
    gaps = [day for day in days if day not in readable]
    for name, filling in (("customer", "nobody"), ("day", None), ("amount", 1)):
        columns[name] = [*columns[name], *(gaps if name == "day" else [filling] * len(gaps))]
    found = from_transactions(pa.table(columns), COLUMNS).to_pandas()["recency_days"]
    frame = nw.from_native(pa.table({"v": days}), eager_only=True)
    expected = read_columns(frame)["v"].floats
    np.testing.assert_array_equal(found, expected[~np.isnan(expected)])
