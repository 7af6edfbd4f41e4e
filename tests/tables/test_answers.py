"""What a person answers changes what a table means, and is said of it; what matters and is open is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pandas as pd
import pytest

from custseg import (
    CustomerTable,
    DataError,
    SegmentationModel,
    SettingError,
    TransactionColumns,
    from_transactions,
    understand,
)
from custseg.tables.understanding.in_words import facts_of
from tests.look_alikes import PURCHASES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = pd.DataFrame(
    {
        "customer_id": [f"c{n // 2 % 20}" for n in range(120)],
        "order_id": [f"o{n // 2}" for n in range(120)],
        "amount": np.arange(120) * 1.5 + 1,
    }
)


def visits() -> pd.DataFrame:
    """A customer's number that repeats, with nothing beside it that says what a row is."""
    return pd.DataFrame({"member_id": [f"m{n % 20}" for n in range(60)], "rating": np.arange(60) * 7 % 13})


def with_sentinels(column: str) -> pd.DataFrame:
    values = np.where(np.arange(60) % 5 == 0, -1, np.arange(60) * 37 % 101 + 20)
    return pd.DataFrame({"client_id": [f"c{n}" for n in range(60)], column: values, "visits": np.arange(60) % 9})


def test_purchases_are_no_customers_until_somebody_says_so() -> None:
    with pytest.raises(DataError, match=r"the rows seem to be order lines: .* Make customers of them"):
        CustomerTable.read(LINES)
    table = CustomerTable.read(LINES, rows="customers")
    assert len(table) == 120
    assert [remark for remark in table.remarks if "as you said" in remark] == [
        "Each row counts as a customer, as you said, though “order_id” has 2.0 rows on average."
    ]
    assert len(from_transactions(LINES)) == 20


def test_a_row_that_may_be_either_is_asked_about() -> None:
    understood = understand(visits())
    (doubt,) = [doubt for doubt in understood.doubts if doubt.matters]
    assert (doubt.argument, [value for value, _ in doubt.choices]) == ("rows", ["'customers'", "'orders'"])
    with pytest.raises(DataError, match=r"Answer with rows='customers', or rows='orders'"):
        CustomerTable.read(visits())
    assert not any(doubt.matters for doubt in understand(visits(), rows="customers").doubts)
    assert len(CustomerTable.read(visits(), rows="customers")) == 60


def bookings(who: str) -> pd.DataFrame:
    random = np.random.default_rng(0)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 99, 300), unit="D")
    return pd.DataFrame(
        {
            who: random.integers(10_000, 10_040, 300),
            "Booking date": days,
            "Amount": random.lognormal(3, 1, 300).round(2),
            "Income": random.integers(2, 9, 300) * 10_000,
            "Year": random.integers(1990, 2020, 300),
        }
    )


def test_numbers_that_may_tell_who_bought_are_asked_about() -> None:
    understood = understand(bookings("Party"))
    (doubt,) = [doubt for doubt in understood.doubts if doubt.matters]
    assert doubt.sentence.startswith("No column is named as a customer, but “Party” has 40 different numbers, with 7.5")
    with pytest.raises(DataError, match=r"Answer with rows='customers', or rows='orders'"):
        CustomerTable.read(bookings("Party"))
    assert len(CustomerTable.read(bookings("Party"), rows="customers")) == 300
    with pytest.raises(DataError, match=r"It could be TransactionColumns\(customer='Party'") as refused:
        from_transactions(bookings("Party"))
    said = str(refused.value).partition("It could be ")[2].rstrip(".")
    assert len(from_transactions(bookings("Party"), eval(said, {"TransactionColumns": TransactionColumns}))) == 40  # noqa: S307 - our own words
    purchases = understand(bookings("Party"), rows="orders")
    assert (purchases.customer, purchases.preview.customers) == ("Party", 40)
    assert not any(doubt.matters for doubt in understand(bookings("Party").drop(columns="Party")).doubts)


def test_bookings_of_nobody_are_not_called_customers() -> None:
    """As in the table of hotel bookings of Antonio, de Almeida and Nunes (2019)."""
    random = np.random.default_rng(1)
    stays = pd.DataFrame(
        {
            "hotel": random.choice(["City Hotel", "Resort Hotel"], 300),
            "is_canceled": random.integers(0, 2, 300),
            "lead_time": random.integers(0, 400, 300),
            "booking_changes": random.integers(0, 4, 300),
            "adr": random.lognormal(4.5, 0.4, 300).round(2),
            "reservation_status": random.choice(["Canceled", "Check-Out", "No-Show"], 300),
            "reservation_status_date": pd.Timestamp("2016-01-01") + pd.to_timedelta(random.integers(0, 500, 300), "D"),
        }
    )
    understood = understand(stays)
    (doubt,) = [doubt for doubt in understood.doubts if doubt.argument == "rows"]
    assert "each row seems to be a reservation, not a customer" in doubt.sentence
    assert dict(facts_of(understood))["Each row is"].startswith("A reservation, which counts as a customer of its own")
    assert doubt.sentence in CustomerTable.read(stays).remarks
    assert doubt.sentence not in CustomerTable.read(stays, rows="customers").remarks
    guests = stays.assign(guest_id=[f"G{row}" for row in range(300)])
    assert not [doubt for doubt in understand(guests).doubts if doubt.argument == "rows"]


@pytest.mark.parametrize("who", ["Account holder", "Kontoinhaber"])
def test_who_holds_an_account_is_the_customer_also_as_a_number(who: str) -> None:
    assert understand(bookings(who)).customer == who
    assert len(from_transactions(bookings(who))) == 40


def test_a_sentinel_in_money_must_be_answered_and_elsewhere_may_be() -> None:
    with pytest.raises(DataError, match=r"“spend” is -1 in 12 rows \(20%\)"):
        CustomerTable.read(with_sentinels("spend"))
    assert CustomerTable.read(with_sentinels("days_since_visit")).doubts[0].matters is False
    table = CustomerTable.read(with_sentinels("spend"), missing={"spend": [-1]})
    assert table.reading("spend").missing == 12
    assert table.reading("spend").least == 22
    assert "In “spend” -1 counts as no value, as you said." in table.remarks
    kept = CustomerTable.read(with_sentinels("spend"), missing={"spend": []})
    assert kept.reading("spend").missing == 0
    assert "All values of “spend” count, as you said." in kept.remarks


def test_the_advice_of_an_error_works_when_it_is_followed() -> None:
    with pytest.raises(DataError) as refused:
        CustomerTable.read(with_sentinels("spend"))
    answers = str(refused.value).partition("Answer with missing=")[2].rstrip(".").split(", or missing=")
    assert len(answers) == 2
    for answer in answers:
        assert len(CustomerTable.read(with_sentinels("spend"), missing=eval(answer))) == 60  # noqa: S307 - our own words


(STATEMENTS,) = (look_alike for look_alike in PURCHASES if look_alike.file == "account_statements.csv")


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        ("Amount", lambda amount: amount),
        ("- Amount", lambda amount: -amount),
        ("max(- Amount, 0)", lambda amount: (-amount).clip(lower=0)),
        ("max(Amount, 0)", lambda amount: amount.clip(lower=0)),
    ],
)
def test_of_a_bank_statement_a_person_says_what_is_spent(
    answer: str, counts: Callable[[pd.Series[float]], pd.Series[float]], tmp_path: Path
) -> None:
    path, frame = STATEMENTS.write(tmp_path), STATEMENTS.frame()
    with pytest.raises(DataError, match=r"is below 0, which is more than returns would be.*amount='- Amount'"):
        from_transactions(path)
    understood = understand(path)
    (doubt,) = [doubt for doubt in understood.doubts if doubt.matters]
    assert repr(answer) in dict(doubt.choices)
    assert understood.purchases is not None
    customers = from_transactions(path, replace(understood.purchases, amount=answer))
    counted = counts(frame["Amount"])
    # Who has no amount above 0 has bought nothing.
    expected = counted.groupby(frame["Account holder"]).sum()[(counted > 0).groupby(frame["Account holder"]).any()]
    spent = customers.to_pandas().set_index("Account holder")["monetary_value"]
    pd.testing.assert_series_equal(spent.sort_index(), expected, check_names=False, check_index_type=False)
    purchases = (counted > 0).groupby(frame["Account holder"]).sum()[expected.index]
    np.testing.assert_array_equal(
        customers.to_pandas().set_index("Account holder")["frequency"].sort_index(), purchases
    )


def test_what_does_not_count_of_a_bank_statement_is_said(tmp_path: Path) -> None:
    path, frame = STATEMENTS.write(tmp_path), STATEMENTS.frame()
    understood = understand(path)
    assert understood.purchases is not None
    customers = from_transactions(path, replace(understood.purchases, amount="max(Amount, 0)"))
    rows, holders = (frame["Amount"] <= 0).sum(), (frame.groupby("Account holder")["Amount"].max() <= 0).sum()
    assert f"Only one direction counts: {rows} rows of the other, or of 0, left out." in customers.remarks
    assert f"{holders} customers left out: no amount that counts." in customers.remarks


def test_money_that_was_named_is_said() -> None:
    table = CustomerTable.read(with_sentinels("points"), money=["points"], missing={"points": [-1]})
    assert "Spend is “points”, as you said." in table.remarks
    assert understand(with_sentinels("points"), money=["points"]).money == ("points",)


def test_a_birth_year_is_an_age_at_the_latest_day_of_the_table() -> None:
    frame = pd.DataFrame(
        {
            "id": [f"p{n}" for n in range(40)],
            "Year_Birth": 1950 + np.arange(40),
            "joined": pd.Timestamp("2014-06-29") - pd.to_timedelta(np.arange(40), unit="D"),
        }
    )
    table = CustomerTable.read(frame)
    np.testing.assert_array_equal(table.matrix(["Year_Birth"])[:, 0], 2014 - frame["Year_Birth"])
    assert table.label("Year_Birth") == "age"


def test_a_connection_with_one_table_is_a_table() -> None:
    with duckdb.connect() as connection:
        with pytest.raises(DataError, match="with one table was expected, but got none"):
            understand(connection)
        connection.register("frame", with_sentinels("points"))
        connection.execute("CREATE TABLE clients AS SELECT * FROM frame")
        assert understand(connection).customer == "client_id"
        assert len(CustomerTable.read(connection)) == 60
        connection.execute("CREATE TABLE others AS SELECT 1 AS one")
        with pytest.raises(DataError, match=r"several \(“clients”, “others”\).*connection.table"):
            understand(connection)


def test_an_answer_about_what_is_not_there_is_refused() -> None:
    with pytest.raises(SettingError, match="A row is one of “customers”, “orders”, “order lines”, but got “people”"):
        understand(LINES, rows="people")  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="There is no column called “nothing”"):
        CustomerTable.read(with_sentinels("spend"), missing={"nothing": [-1]})
    with pytest.raises(SettingError, match="“client_id” holds no numbers"):
        CustomerTable.read(with_sentinels("spend"), missing={"client_id": [-1]})


def test_what_was_answered_is_said_in_the_file_of_segments(tmp_path: Path) -> None:
    path = STATEMENTS.write(tmp_path)
    understood = understand(path)
    assert understood.purchases is not None
    customers = from_transactions(path, replace(understood.purchases, amount="max(- Amount, 0)"))
    model = SegmentationModel(customers, k=2, seed=0)
    model.run_clustering()
    model.save(tmp_path / "segments.csv", "segments")
    told = pd.read_csv(tmp_path / "segments.csv")["about_this_data"]
    assert len(set(told)) == 1
    assert "Only one direction counts" in told[0]
