"""An amount of several columns means what it says, however they are called, and is the same in SQL and in NumPy."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg import SettingError, TransactionColumns
from custseg.tables.purchases.amount import parse_amount
from custseg.tables.purchases.transactions import aggregate_purchases
from custseg.tables.reading import read_columns

if TYPE_CHECKING:
    from collections.abc import Callable

# Names that look like formulas, and one within another.
NAMES = ["Total", "Refunded Amount", "Total - Net", "Net", "a * b", "a", "b", "(1 - b)", 'so "called"', "it's", "x + "]


def computed(frame: pd.DataFrame, text: str) -> list[float]:
    """Return the amount of each row (none is 0) as purchases count it."""
    rows = frame.assign(customer=[f"c{row}" for row in range(len(frame))])
    # So large that whoever returns something is a customer all the same.
    each = frame.assign(**dict.fromkeys(frame.columns, 0.0), customer=rows["customer"], large=1e6)
    both = pd.concat([rows.assign(large=0.0), each], ignore_index=True)
    columns = TransactionColumns("customer", None, f"large + {text}")
    found = aggregate_purchases(both, columns).frame.to_pandas().set_index("customer")["monetary_value"]
    return [round(found[customer] - 1e6, 4) for customer in rows["customer"]]


@pytest.mark.parametrize(
    ("text", "columns", "by_hand"),
    [
        ("Total", {"Total"}, lambda row: row["Total"]),
        ("Total - Net", {"Total - Net"}, lambda row: row["Total - Net"]),
        ("Total - Refunded Amount", {"Total", "Refunded Amount"}, lambda row: row["Total"] - row["Refunded Amount"]),
        ("Total - Net - Net", {"Total - Net", "Net"}, lambda row: row["Total - Net"] - row["Net"]),
        ("a * b", {"a * b"}, lambda row: row["a * b"]),
        ("a * b * a", {"a * b", "a"}, lambda row: row["a * b"] * row["a"]),
        ("b * a", {"a", "b"}, lambda row: row["a"] * row["b"]),
        ("(1 - b)", {"(1 - b)"}, lambda row: row["(1 - b)"]),
        ("a * (1 - Net)", {"a", "Net"}, lambda row: row["a"] * (1 - row["Net"])),
        (
            'so "called" + it\'s * a',
            {'so "called"', "it's", "a"},
            lambda row: row['so "called"'] + row["it's"] * row["a"],
        ),
        ("x +  * Net", {"x + ", "Net"}, lambda row: row["x + "] * row["Net"]),
        (
            "a - b * (1 - a) * Net + Net",
            {"a", "b", "Net"},
            lambda row: row["a"] - row["b"] * (1 - row["a"]) * row["Net"] + row["Net"],
        ),
    ],
)
def test_an_amount_is_computed_as_it_reads(
    text: str, columns: set[str], by_hand: Callable[[pd.Series[float]], float]
) -> None:
    generator = np.random.default_rng(5)
    frame = pd.DataFrame(generator.integers(-500, 500, (4, len(NAMES))) / 100, columns=NAMES)
    amount = parse_amount(text, NAMES)
    assert set(amount.columns) == columns
    expected = [by_hand(row) for _, row in frame.iterrows()]
    readings = read_columns(nw.from_native(frame, eager_only=True))
    np.testing.assert_allclose(amount.values(readings), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(computed(frame, text), expected, rtol=0, atol=1.1e-4)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Sum", "There is no column called “Sum”. Choose from “Total”"),
        ("a*b", r"“a\*b” is not understood, at “\*b”. Join columns by “ \+ ”"),
        ("a * ", "is not understood, since it breaks off"),
        ("a * Sum", "is not understood, at “Sum”"),
        ("a / b", "is not understood, at “ / b”|There is no column called “a / b”"),
        ("a; DROP TABLE lines", "There is no column called “a; DROP TABLE lines”"),
        ("(2 - a)", r"is not understood, at “\(2 - a\)”"),
        ("", "There is no column called “”"),
        ("a + " * 40 + "a", "is not understood"),
    ],
)
def test_what_is_no_amount_is_refused_with_where_it_breaks(text: str, complaint: str) -> None:
    with pytest.raises(SettingError, match=complaint):
        parse_amount(text, NAMES)


def test_what_is_advised_for_an_amount_works() -> None:
    assert parse_amount("Price * (1 - Discount)", ["Price", "Discount"]).columns == ("Price", "Discount")


def test_a_sign_can_be_turned_and_an_empty_cell_stays_unknown() -> None:
    frame = pd.DataFrame({"customer": list("abc"), "payment": ["-12.50", "", "-3"]})
    found = aggregate_purchases(frame, TransactionColumns("customer", None, "- payment"))
    assert found.frame.to_pandas().set_index("customer")["monetary_value"].to_dict() == {"a": 12.5, "c": 3}
    assert found.notes[1] == "1 row left out: no readable amount."
    amount = parse_amount("- payment", frame.columns)
    readings = read_columns(nw.from_native(frame, eager_only=True))
    np.testing.assert_array_equal(amount.values(readings), [12.5, np.nan, 3])


def test_what_is_below_zero_counts_as_nothing_and_an_empty_cell_stays_unknown() -> None:
    frame = pd.DataFrame({"customer": list("abcd"), "payment": ["-12.50", "", "-3", "900"]})
    found = aggregate_purchases(frame, TransactionColumns("customer", None, "max(- payment, 0)"))
    assert found.frame.to_pandas().set_index("customer")["monetary_value"].to_dict() == {"a": 12.5, "c": 3}
    assert found.notes[1:] == (
        "Only one direction counts: 1 row of the other, or of 0, left out.",
        "1 row left out: no readable amount.",
        "1 customer left out: no amount that counts.",
    )
    assert parse_amount("max(Total - Net, 0)", ["Total", "Net"]).columns == ("Total", "Net")
    assert not parse_amount("max(a, 0)", ["max(a, 0)", "a"]).above_zero
    amount = parse_amount("max(- payment, 0)", frame.columns)
    readings = read_columns(nw.from_native(frame, eager_only=True))
    np.testing.assert_array_equal(amount.values(readings), [12.5, np.nan, 3, 0])


def test_an_empty_refund_is_none_and_an_empty_price_is_unknown() -> None:
    frame = pd.DataFrame({
        "customer": list("abcd"),
        "total": ["10", "10", "n/a", "10"],
        "refund": ["2.5", "", "1", "seven"],
    })  # fmt: skip
    found = aggregate_purchases(frame.head(3), TransactionColumns("customer", None, "total - refund"))
    assert found.frame.to_pandas().set_index("customer")["monetary_value"].to_dict() == {"a": 7.5, "b": 10}
    assert found.notes[1] == "1 row left out: no readable amount."
    amount = parse_amount("total - refund", frame.columns)
    np.testing.assert_array_equal(
        amount.values(read_columns(nw.from_native(frame.head(3), eager_only=True))), [7.5, 10, np.nan]
    )


@given(
    st.lists(st.tuples(st.integers(-999, 9999), st.integers(0, 10**7), st.integers(0, 100)), min_size=1, max_size=30)
)
@settings(max_examples=25)
def test_sums_of_products_are_exact_to_the_cent(rows: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["quantity", "price", "discount"])
    frame["customer"] = "one"
    exact = sum((Decimal(q) * Decimal(p) / 100 * (1 - Decimal(d) / 100) for q, p, d in rows), Decimal(0))
    frame[["price", "discount"]] /= 100
    # With a first purchase that nobody can return all of.
    first = pd.DataFrame({"quantity": [1], "price": [1e12], "discount": [0.0], "customer": ["one"]})
    columns = TransactionColumns("customer", None, "quantity * price * (1 - discount)")
    found = aggregate_purchases(pd.concat([first, frame]), columns).frame.to_pandas()["monetary_value"][0]
    assert abs(Decimal(found) - Decimal(10) ** 12 - exact) < Decimal("0.001")


def test_an_amount_too_large_for_money_is_left_out_and_not_the_end() -> None:
    frame = pd.DataFrame({"customer": list("aabb"), "q": [1.0, 2, 1e13, 1], "p": [5.0, 5, 1e13, 7]})
    found = aggregate_purchases(frame, TransactionColumns("customer", None, "q * p"))
    assert found.frame.to_pandas()["monetary_value"].tolist() == [15, 7]
    assert found.notes[1] == "1 row left out: no readable amount."
