"""How the numbers of a column are written: years, ages, counts, shares and money, for people."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable
from custseg.tables.column_roles import Column, Quantity
from custseg.tables.written_values import list_decimals, numeral_format, written


def column(quantity: Quantity = "", unit: str = "", label: str = "") -> Column:
    return Column("x", "feature", "numbers", unit=unit, quantity=quantity, label=label)


@pytest.mark.parametrize(
    ("of", "value", "text"),
    [
        (column("year"), 1965.0, "1965"),
        (column("year"), 1965.4, "1965"),
        (column("whole"), 19.0, "19"),
        (column("whole"), 12000.0, "12,000"),
        (column("whole"), 38.854, "38.9"),
        (column("whole"), 5.25, "5.3"),
        (column("whole"), 0.25, "0.25"),
        (column("share"), 0.2274, "22.7%"),
        (column(), 12.345, "12.3"),
        (column(), math.nan, "-"),
        (column("year"), math.nan, "-"),
    ],
)
def test_a_number_is_written_as_people_write_it(of: Column, value: float, text: str) -> None:
    assert written(of, value) == text


@pytest.mark.parametrize(
    ("unit", "label", "text"),
    [
        ("EUR a year", "", "12,000 EUR a year"), ("€", "", "€12,000"), ("k$", "", "12,000 k$"), ("%", "", "12,000%"),
        ("days", "days since the last purchase", "12,000"), ("", "", "12,000"),
    ],
)  # fmt: skip
def test_a_unit_is_written_where_it_is_asked_for(unit: str, label: str, text: str) -> None:
    assert written(column("whole", unit, label), 12000, unit=True) == text
    assert written(column("whole", unit, label), 12000) == "12,000"


def test_a_refund_keeps_its_sign_before_the_currency() -> None:
    assert written(column("whole", "€"), -12, unit=True) == "-€12"


@pytest.mark.parametrize(
    ("name", "values", "quantity"),
    [
        ("opening_year", [1957, 1965, 1982, 1990], "year"),
        ("founded", [1957.0, np.nan, 1982, 1990], "year"),
        ("years", [1, 5, 9, 30], "whole"),
        ("Income", [1957, 1965, 1982, 1990], "whole"),
        ("orders", [1.0, np.nan, 3, 8], "whole"),
        ("basket", [1.5, 2, 3, 8], ""),
    ],
)
def test_what_numbers_are_is_read_off_name_and_values(name: str, values: list[float], quantity: str) -> None:
    table = CustomerTable.read(pd.DataFrame({name: values, "v": [0.5, 1.5, 2.5, 9]}))
    assert table.column(name).quantity == quantity


def test_a_share_is_a_percentage_where_its_unit_says_so() -> None:
    frame = pd.DataFrame({"toys": [0.1, 0.5, 0.9], "v": [1.5, 2, 9]})
    table = CustomerTable.read(frame, units={"toys": "share of revenue"})
    assert written(table.column("toys"), 0.5) == "50.0%"
    assert CustomerTable.read(frame).column("toys").quantity == ""


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_lose_no_digit(value: int) -> None:
    assert int(written(column("whole"), float(value)).replace(",", "")) == value


@pytest.mark.parametrize(("quantity", "form"), [("year", "0"), ("whole", "0,0"), ("share", "0,0.0%"), ("", "0,0.00")])
def test_a_list_has_the_decimals_that_its_column_has(quantity: Quantity, form: str) -> None:
    of = column(quantity)
    assert numeral_format(of, list_decimals(of, 12.5)) == form
