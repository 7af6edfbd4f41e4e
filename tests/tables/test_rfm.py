"""From purchases to customers: which columns are recognised, and that every number is what pandas recomputes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from custseg import (
    CustomerTable,
    DataError,
    SettingError,
    TransactionColumns,
    from_transactions,
    segment,
    understand,
)

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = TransactionColumns("customer", "day", "amount", "category")


def purchases(rows: int = 400) -> pd.DataFrame:
    generator = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "receipt": range(rows),
            "customer": [f"C{number:02}" for number in generator.integers(0, 40, rows)],
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(generator.integers(0, 90, rows), unit="D"),
            "amount": generator.lognormal(3, 1, rows).round(2),
            "category": generator.choice(["fresh", "drinks", 'it\'s "other"'], rows),
        }
    )


def recomputed(frame: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    bought = frame[frame["amount"] > 0]
    by_customer = bought.groupby("customer")
    customers = pd.DataFrame(
        {
            "recency_days": (as_of - by_customer["day"].max()).dt.days,
            "frequency": by_customer.size(),
            "monetary_value": frame.groupby("customer")["amount"].sum(),
            "average_basket": by_customer["amount"].mean(),
            "tenure_days": (as_of - by_customer["day"].min()).dt.days,
        }
    ).loc[sorted(set(bought["customer"]))]
    shares = bought.pivot_table(index="customer", columns="category", values="amount", aggfunc="sum", fill_value=0)
    return customers.join(shares.div(shares.sum(axis=1), axis=0).add_prefix("share of "))


def as_frame(table: CustomerTable) -> pd.DataFrame:
    return table.to_pandas().set_index("customer")


def test_each_number_is_what_pandas_computes() -> None:
    frame = purchases()
    customers = as_frame(from_transactions(frame, COLUMNS))
    expected = recomputed(frame, frame["day"].max())
    pd.testing.assert_frame_equal(customers[expected.columns], expected, check_dtype=False, check_names=False)
    assert set(customers.columns) == set(expected.columns)


def test_columns_are_recognised_and_a_file_gives_the_same_as_a_frame(tmp_path: Path) -> None:
    frame = purchases()
    assert understand(frame).purchases == replace(COLUMNS, order="receipt")
    expected = as_frame(from_transactions(frame))
    csv, parquet, german = (tmp_path / name for name in ("a.csv", "b.parquet", "c.csv"))
    frame.to_csv(csv, index=False)
    frame.to_parquet(parquet)
    frame.assign(
        day=frame["day"].dt.strftime("%d.%m.%Y"), amount=frame["amount"].map(lambda v: f"{v:.2f} €".replace(".", ","))
    ).to_csv(german, index=False, sep=";")
    for source in (csv, parquet, german, pl.from_pandas(frame)):
        pd.testing.assert_frame_equal(as_frame(from_transactions(source)), expected)


def test_one_row_a_customer_is_not_taken_for_purchases(table_path: Path) -> None:
    assert understand(table_path).rows == "customers"
    assert understand(purchases().drop(columns="receipt").drop_duplicates("customer")).rows == "customers"


def test_the_table_says_what_it_was_made_of_and_can_be_segmented() -> None:
    table = from_transactions(purchases(), COLUMNS, title="Shop")
    assert (table.title, table.identifier, table.money(table.features)) == ("Shop", "customer", ("monetary_value",))
    assert table.remarks == ("Made from 400 purchases, 1 January 2026 to 31 March 2026; recency as of 31 March 2026.",)
    assert table.unit("recency_days") == "days since the last purchase"
    assert segment(table, k=3, seed=1).sizes.sum() == 40


def test_refunds_lower_the_value_and_are_no_purchases() -> None:
    frame = pd.DataFrame(
        {
            "customer": ["a", "a", "a", "b", "b", "c"],
            "day": pd.to_datetime(["2026-01-01", "2026-01-05", "2026-01-09", "2026-01-02", "2026-01-03", "2026-01-04"]),
            "amount": [10.0, 20.0, -5.0, 7.0, 1.0, -3.0],
        }
    )
    table = from_transactions(frame)
    customers = as_frame(table)
    facts = customers[["recency_days", "frequency", "monetary_value", "average_basket"]]
    assert facts.to_numpy()[0].tolist() == [0, 2, 25, 15]
    assert list(customers.index) == ["a", "b"]
    assert table.remarks[1:] == (
        "Returns: 2 rows, 8.00 in all, taken off what their customers spent.",
        "1 customer left out: only returns, -3.00 in all.",
    )


def test_rows_without_customer_date_or_amount_are_counted() -> None:
    frame = purchases().astype({"customer": object})
    frame.loc[0, "customer"] = None
    frame.loc[1, "day"] = pd.NaT
    frame.loc[2, "amount"] = np.nan
    table = from_transactions(frame, COLUMNS)
    assert table.remarks[1].startswith("1 row left out: no customer, ")
    assert table.remarks[2] == "2 rows left out: no readable date or amount."
    assert table.to_pandas()["frequency"].sum() == 397


def test_days_are_counted_back_from_the_day_that_is_asked_for() -> None:
    later = as_frame(from_transactions(purchases(), as_of=dt.date(2026, 4, 30)))
    usual = as_frame(from_transactions(purchases()))
    assert list(later["recency_days"] - usual["recency_days"]) == [30] * len(usual)


def test_names_and_texts_are_quoted_in_the_database() -> None:
    hostile = 'a"; DROP TABLE baskets; --'
    frame = purchases().rename(columns={"customer": hostile, "category": "it's; --"})
    columns = TransactionColumns(hostile, "day", "amount", "it's; --")
    table = from_transactions(frame, columns)
    assert table.identifier == hostile
    assert 'share of it\'s "other"' in table.features


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (TransactionColumns("nobody", "day", "amount"), "There is no column called “nobody”."),
        (TransactionColumns("customer", "amount", "day"), "“amount” holds no dates."),
        (TransactionColumns("customer", "day", "category"), "“category” holds no numbers."),
        (TransactionColumns("customer", "day", "amount", "day"), "must be different columns"),
    ],
)
def test_columns_that_cannot_be_what_they_are_said_to_be_are_refused(
    columns: TransactionColumns, sentence: str
) -> None:
    with pytest.raises(SettingError, match=sentence):
        from_transactions(purchases(), columns)


def test_a_table_that_holds_no_purchases_is_refused(table_path: Path) -> None:
    with pytest.raises(DataError, match="One row per purchase was expected"):
        from_transactions(table_path)
    with pytest.raises(DataError, match="no purchases, only column names"):
        from_transactions(purchases().head(0))
    with pytest.raises(DataError, match="399 of 400 rows have no readable date or amount"):
        from_transactions(purchases().assign(amount=[5.0] + [np.nan] * 399), COLUMNS)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(-500, 5000)), min_size=2))
def test_any_purchases_add_up(rows: list[tuple[str, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    frame["day"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(frame["day"], unit="D")
    frame["amount"] /= 100
    buyers = set(frame.loc[frame["amount"] > 0, "customer"])
    try:
        customers = as_frame(from_transactions(frame, TransactionColumns("customer", "day", "amount")))
    except DataError:
        # Nobody bought anything, or all did the same.
        reject()
    assert set(customers.index) == buyers
    spent = frame.groupby("customer")["amount"].sum()
    np.testing.assert_allclose(customers["monetary_value"], spent[sorted(buyers)], atol=1e-9)
    assert (customers["recency_days"] <= customers["tenure_days"]).all()
