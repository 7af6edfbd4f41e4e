"""From order lines to customers: orders, returns, currencies and failed orders, against what pandas recomputes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg import DataError, SettingError, TransactionColumns, from_transactions, understand
from custseg.tables.purchases.transactions import aggregate_purchases, preview_purchases

LINES = TransactionColumns("customer", "day", "quantity * price", order="number", return_mark="C")
_FIRST = dt.date(2025, 3, 1)


def customers(frame: pd.DataFrame, columns: TransactionColumns, **options: Any) -> pd.DataFrame:
    found = aggregate_purchases(frame, columns, **options).frame.to_pandas()
    return found.set_index(found.columns[0])


def of(found: pd.DataFrame, customer: str, names: list[str]) -> list[float]:
    return [found.to_dict("index")[customer][name] for name in names]


def notes(frame: pd.DataFrame, columns: TransactionColumns, **options: Any) -> tuple[str, ...]:
    return aggregate_purchases(frame, columns, **options).notes


def recomputed(lines: pd.DataFrame) -> pd.DataFrame:
    """Sum up in whole cents what was not left empty, each order without the mark that makes it a return."""
    known = lines.dropna(subset=["customer"]).copy()
    cents = (known["price"] * 100).round().astype(int) * known["quantity"]
    known["cents"] = cents.where(~known["number"].str.startswith("C"), -cents.abs())
    known["number"] = known["number"].str.removeprefix("C")
    known["bought"] = known["day"].where(known["cents"] > 0)
    orders = known.groupby(["customer", "number"]).agg(cents=("cents", "sum"), day=("bought", "min")).reset_index()
    counted = orders[orders["cents"] > 0].groupby("customer")
    last = orders.loc[orders["cents"] > 0, "day"].max()
    return pd.DataFrame(
        {
            "recency_days": (last - counted["day"].max()).dt.days,
            "frequency": counted.size(),
            "monetary_value": orders.groupby("customer")["cents"].sum() / 100,
            "average_basket": counted["cents"].sum() / counted.size() / 100,
            "tenure_days": (last - counted["day"].min()).dt.days,
        }
    ).loc[sorted(set(orders.loc[orders["cents"] > 0, "customer"]))]


_LINE = st.tuples(
    st.sampled_from(["ann", "bob", "cem", None]),
    st.sampled_from(["1", "2", "3", "4", "C1", "C2", "C9"]),
    st.integers(0, 300),
    st.integers(-3, 12),
    st.integers(0, 100_000),
)


@given(st.lists(_LINE, min_size=1, max_size=40))
@settings(max_examples=40)
def test_any_order_lines_give_what_pandas_gives_to_the_cent(rows: list[tuple[str | None, str, int, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["customer", "number", "day", "quantity", "price"])
    # An order has one customer, but for one that nobody is named in.
    frame["number"] += "-" + frame["customer"].fillna("nobody")
    frame["day"] = pd.Timestamp(_FIRST) + pd.to_timedelta(frame["day"], unit="D")
    frame["price"] /= 100
    expected = recomputed(frame)
    if expected.empty:
        with pytest.raises(DataError, match="no row has a customer and an amount above zero"):
            customers(frame, LINES)
        return
    found = customers(frame, LINES)
    assert (found["monetary_value"] * 100).round(6).tolist() == (expected["monetary_value"] * 100).round(6).tolist()
    pd.testing.assert_frame_equal(found, expected[found.columns], check_dtype=False, check_names=False)
    preview = preview_purchases(frame, LINES)
    assert preview.customers == len(expected)
    assert preview.total == pytest.approx(expected["monetary_value"].sum(), abs=1e-6)
    assert preview.mean == pytest.approx(expected["monetary_value"].mean(), abs=1e-6)


SHOP = pd.DataFrame(
    [
        # Ann: one piece of an order came back under a number of its own, and another order as a whole.
        ("ann", "1", "2026-01-01", 2, 10.0, "tea"),
        ("ann", "1", "2026-01-01", 1, 5.0, "soap"),
        ("ann", "C7", "2026-01-20", -1, 10.0, "tea"),
        ("ann", "2", "2026-01-10", 1, 99.0, "tea"),
        ("ann", "C2", "2026-01-12", -1, 99.0, "tea"),
        # Bob: a mark without a sign.
        ("bob", "3", "2026-01-05", 4, 2.5, "soap"),
        ("bob", "C8", "2026-01-06", 1, 2.5, "soap"),
        # Cem returned what he bought before; nobody is known for the last.
        ("cem", "C9", "2026-01-07", -1, 3.0, "tea"),
        (None, "4", "2026-01-08", 1, 25.0, "tea"),
    ],
    columns=["customer", "number", "day", "quantity", "price", "category"],
)


def test_an_order_counts_once_and_what_came_back_is_taken_off() -> None:
    found = customers(SHOP, LINES)
    assert found.to_dict("index")["ann"] == {
        "recency_days": 4,
        "frequency": 1,
        "monetary_value": 15,
        "average_basket": 25,
        "tenure_days": 4,
    }
    assert of(found, "bob", ["frequency", "monetary_value", "average_basket"]) == [1, 7.5, 10]
    assert list(found.index) == ["ann", "bob"]


def test_it_is_said_what_customers_were_made_of_and_what_was_left_out() -> None:
    assert notes(SHOP, LINES) == (
        "Made from 2 orders in 8 rows, 1 January 2026 to 20 January 2026; recency as of 5 January 2026.",
        "Returns: 4 rows, 114.50 in all, taken off what their customers spent.",
        # 25 of 15 + 7.5 - 3 + 25.
        "1 row left out: no customer, 56% of the total.",
        "1 customer left out: only returns, -3.00 in all.",
    )


def test_a_cancellation_without_a_customer_is_nobody_s_though_an_order_has_its_number() -> None:
    lines = pd.DataFrame(
        [
            ("ann", "1", "2026-01-10", 2, 10.0),
            ("bob", "2", "2026-01-11", 1, 4.0),
            (None, "2", "2026-01-11", 1, 3.0),
            # Of nobody knows whom, and of bob, who is named in the line before.
            (None, "C1", "2026-01-12", -1, 99.0),
            ("bob", "C2", "2026-01-12", -1, 1.0),
            (None, "C2", "2026-01-12", -1, 2.0),
        ],
        columns=["customer", "number", "day", "quantity", "price"],
    )
    assert customers(lines, LINES)["monetary_value"].to_dict() == {"ann": 20.0, "bob": 4.0}
    assert any("1 row" in note and "customer" in note for note in notes(lines, LINES))


def test_without_a_mark_the_sign_tells() -> None:
    found = customers(SHOP, TransactionColumns("customer", "day", "quantity * price", order="number"))
    # Under another number nothing says that order 2 was taken back.
    assert of(found, "ann", ["frequency", "monetary_value"]) == [2, 15]
    assert of(found, "bob", ["frequency", "monetary_value"]) == [2, 12.5]


def test_rows_after_the_day_that_is_asked_for_do_not_count() -> None:
    found = customers(SHOP, LINES, as_of=dt.date(2026, 1, 11))
    assert of(found, "ann", ["recency_days", "frequency", "monetary_value"]) == [1, 2, 124]
    assert "2 rows left out: after the day that recency is counted from." in notes(
        SHOP, LINES, as_of=dt.date(2026, 1, 11)
    )


def test_without_dates_there_is_no_recency() -> None:
    columns = TransactionColumns("customer", None, "quantity * price", order="number")
    assert list(customers(SHOP, columns)) == ["frequency", "monetary_value", "average_basket"]
    assert notes(SHOP, columns)[0] == "Made from 4 orders in 8 rows, without their dates, so recency is not known."
    with pytest.raises(SettingError, match="as_of is a day to count back from"):
        customers(SHOP, columns, as_of=dt.date(2026, 1, 1))


def test_without_amounts_nothing_is_money() -> None:
    columns = TransactionColumns("customer", "day", None, "category", order="number", return_mark="C")
    found = customers(SHOP, columns)
    # A line of tea, then one of soap; what was returned in the same order is taken off.
    assert found.to_dict("index")["ann"] == {
        "recency_days": 4,
        "frequency": 1,
        "lines_per_order": 2,
        "tenure_days": 4,
        "share of tea": 2 / 3,
        "share of soap": 1 / 3,
    }
    more = pd.concat([SHOP, SHOP.head(1).assign(customer="dan", number="11", day="2026-01-02")])
    table = from_transactions(more, columns)
    assert table.money(table.features) == ()
    preview = preview_purchases(SHOP, columns)
    assert (preview.customers, preview.total, preview.mean) == (2, None, None)


def repeated() -> pd.DataFrame:
    """Return lines that repeat the total of their order, or say it once, as exports of shops do."""
    return pd.DataFrame(
        [
            ("1", "ann", 40.0, 0.0, "EUR", "paid", "tea"),
            ("1", "ann", None, None, None, None, "soap"),
            ("1", None, None, None, None, None, "tea"),
            ("2", "bob", 10.0, 4.0, "EUR", "paid", "tea"),
            ("2", "bob", 10.0, 4.0, "EUR", "paid", "tea"),
            ("3", "bob", 70.0, 0.0, "EUR", "Voided", "tea"),
            ("3", "bob", None, None, None, None, "soap"),
            ("4", "bob", 5.0, 0.0, "EUR", "paid", "soap"),
        ],
        columns=["name", "email", "total", "refund", "currency", "status", "item"],
    )


ONCE = TransactionColumns(
    "email",
    None,
    "total - refund",
    "item",
    order="name",
    once_an_order=True,
    currency="currency",
    status="status",
    not_bought=("voided",),
)


def test_the_amount_of_an_order_counts_once_and_its_first_line_speaks_for_the_others() -> None:
    found = customers(repeated(), ONCE)
    assert found["monetary_value"].to_dict() == {"ann": 40, "bob": 11}
    assert found["frequency"].to_dict() == {"ann": 1, "bob": 2}
    # Of rows: an order's amount can't be divided.
    assert found["share of tea"].to_dict() == {"ann": 2 / 3, "bob": 2 / 3}
    assert notes(repeated(), ONCE)[1:] == (
        "Shares of “item” are of rows, since amounts are those of whole orders.",
        "2 rows left out: “status” is “voided”.",
    )


def test_an_order_whose_rows_disagree_is_told() -> None:
    frame = repeated()
    frame.loc[4, "total"] = 12.0
    assert customers(frame, ONCE)["monetary_value"].to_dict() == {"ann": 40, "bob": 13}
    assert (
        "In 1 order the rows give different amounts, although each should repeat the order's; the largest counts."
        in (notes(frame, ONCE))
    )


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(1, 9), st.integers(1, 10**6)), min_size=1),
    st.sampled_from(["on each line", "on the first line"]),
)
@settings(max_examples=15)
def test_repeated_amounts_add_up_as_one_row_an_order(rows: list[tuple[int, int, int, int]], where: str) -> None:
    orders = pd.DataFrame(rows, columns=["customer", "order", "lines", "cents"]).drop_duplicates(["customer", "order"])
    orders = orders.assign(order=orders["customer"].astype(str) + "/" + orders["order"].astype(str))
    orders["customer"] = "c" + orders["customer"].astype(str)
    lines = orders.loc[orders.index.repeat(orders["lines"])].copy()
    lines["amount"] = lines["cents"] / 100
    if where == "on the first line":
        lines.loc[lines.duplicated("order"), "amount"] = np.nan
    found = customers(lines, TransactionColumns("customer", None, "amount", order="order", once_an_order=True))
    spent = orders.groupby("customer")["cents"].sum()
    assert (found["monetary_value"] * 100).round(6).to_dict() == spent.to_dict()
    assert found["frequency"].to_dict() == orders.groupby("customer").size().to_dict()


def mixed() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer": ["a", "a", "b", "b", "c"],
            "amount": [1.0, 2, 3, 4, 5],
            "currency": ["EUR", "usd ", "eur", "EUR", "USD"],
            "status": ["ok", "ok", "ok", "failed", "ok"],
        }
    )


def test_several_currencies_are_refused_by_name_and_one_can_be_chosen_as_advised() -> None:
    columns = TransactionColumns("customer", None, "amount", currency="currency")
    with pytest.raises(DataError, match=r"names several: “EUR” \(3 rows\), “USD” \(2 rows\).*currency_is='EUR'"):
        customers(mixed(), columns)
    chosen = TransactionColumns("customer", None, "amount", currency="currency", currency_is="EUR")
    assert customers(mixed(), chosen)["monetary_value"].to_dict() == {"a": 1, "b": 7}
    assert notes(mixed(), chosen)[1:] == ("2 rows left out: “currency” is not “EUR”.",)


def test_several_currencies_within_the_amounts_are_refused_by_their_signs() -> None:
    frame = pd.DataFrame({"customer": list("aabb"), "amount": ["$1.50", "€ 2.50", "USD 3.50", "4.50"]})
    columns = TransactionColumns("customer", None, "amount")
    with pytest.raises(DataError, match="“amount” has some in “\\$”, “USD”, “€”"):
        customers(frame, columns)
    assert customers(frame.drop(index=1), columns)["monetary_value"].to_dict() == {"a": 1.5, "b": 8}


def test_what_was_not_bought_neither_counts_nor_brings_its_currency() -> None:
    frame = mixed().assign(status=["ok", "Failed", "ok", "ok", "FAILED"])
    columns = TransactionColumns(
        "customer", None, "amount", currency="currency", status="status", not_bought=("failed",)
    )
    assert customers(frame, columns)["monetary_value"].to_dict() == {"a": 1, "b": 7}
    assert notes(frame, columns)[1:] == ("2 rows left out: “status” is “failed”.",)


def test_of_many_products_the_number_is_a_feature_and_the_large_ones_have_a_share() -> None:
    generator = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "customer": generator.choice(list("abcdef"), 600),
            "product": [f"p{number}" for number in generator.integers(0, 200, 600)],
            "amount": generator.integers(1, 900, 600) / 100,
        }
    )
    frame.loc[:99, "product"] = "bestseller"
    found = customers(frame, TransactionColumns("customer", None, "amount", "product"))
    assert found["products"].to_dict() == frame.groupby("customer")["product"].nunique().to_dict()
    assert [name for name in map(str, found) if name.startswith("share of ")] == ["share of bestseller"]
    best = frame[frame["product"] == "bestseller"].groupby("customer")["amount"].sum()
    np.testing.assert_allclose(found["share of bestseller"], best / frame.groupby("customer")["amount"].sum())


def test_later_purchases_have_the_shares_of_earlier_ones_so_that_both_can_be_compared() -> None:
    generator = np.random.default_rng(3)
    columns = TransactionColumns("customer", None, "amount", "product")

    def month(bestseller: str, products: int) -> pd.DataFrame:
        product = np.array([f"p{number}" for number in generator.integers(0, products, 600)], dtype=object)
        product[:100] = bestseller
        who = generator.choice(list("abcdef"), 600)
        return pd.DataFrame({"customer": who, "product": product, "amount": generator.integers(1, 900, 600) / 100})

    earlier = customers(month("lantern", 200), columns)
    assert [*earlier][-2:] == ["products", "share of lantern"]
    for later in (month("teapot", 200), month("teapot", 5)):
        found = customers(later, columns, like=[*earlier])
        assert [*found] == [*earlier]
        spent = later.groupby("customer")["amount"].sum()
        lanterns = later[later["product"] == "lantern"].groupby("customer")["amount"].sum()
        np.testing.assert_allclose(found["share of lantern"], lanterns.reindex(spent.index, fill_value=0) / spent)
        assert found["products"].to_dict() == later.groupby("customer")["product"].nunique().to_dict()
    assert [*customers(later, columns, like=["frequency"])] == ["frequency", "monetary_value", "average_basket"]


def test_a_moment_with_a_time_zone_is_a_day_in_utc() -> None:
    moments = ["2026-01-01T23:30:00-02:00", "2026-01-05T00:30:00+02:00", "2026-01-06T12:00:00+00:00"]
    frame = pd.DataFrame({"customer": list("abc"), "day": pd.to_datetime(moments, utc=True), "amount": [1.0, 2, 3]})
    found = customers(frame, TransactionColumns("customer", "day", "amount"))
    assert found["recency_days"].tolist() == [4, 2, 0]


def test_numbers_of_customers_keep_their_form() -> None:
    frame = pd.DataFrame({"customer": [12347.0, 12347, np.nan, 12350], "amount": [1.0, 2, 3, 4]})
    columns = TransactionColumns("customer", None, "amount")
    assert list(customers(frame, columns).index) == ["12347", "12350"]
    assert list(customers(frame.astype({"customer": str}), columns).index) == ["12347", "12350"]


@pytest.mark.parametrize("nobody", ["", " ", "nan", "NULL", "n/a", None])
def test_a_gap_is_not_a_customer(nobody: str | None) -> None:
    frame = pd.DataFrame({"customer": ["a", nobody, "b"], "amount": [1.0, 2, 3]})
    assert list(customers(frame, TransactionColumns("customer", None, "amount")).index) == ["a", "b"]


def test_texts_of_settings_and_cells_mean_themselves_in_the_database() -> None:
    evil = "'; DROP TABLE typed_lines; --"
    frame = SHOP.assign(category=evil, status=["ok"] * 7 + [evil] * 2, number=SHOP["number"].str.replace("C", evil))
    columns = TransactionColumns(
        "customer",
        "day",
        "quantity * price",
        "category",
        order="number",
        return_mark=evil,
        status="status",
        not_bought=(evil,),
    )
    found = customers(frame, columns)
    assert found[f"share of {evil}"].to_dict() == {"ann": 1, "bob": 1}
    assert found["monetary_value"].to_dict() == {"ann": 15, "bob": 7.5}


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [
        ({"return_mark": "C"}, "return_mark says something of order, but no column is"),
        ({"once_an_order": True}, "once_an_order says something of order"),
        ({"currency_is": "EUR"}, "currency_is says something of currency"),
        ({"not_bought": ("failed",)}, "not_bought says something of status"),
        ({"currency": "money"}, "There is no column called “money”"),
        ({"order": "customer"}, "must be different columns"),
    ],
)
def test_a_setting_without_its_column_is_refused(columns: dict[str, Any], complaint: str) -> None:
    with pytest.raises(SettingError, match=complaint):
        customers(SHOP, TransactionColumns("customer", "day", "price", **columns))


def test_what_each_row_says_of_a_customer_is_a_category_of_the_customer() -> None:
    lines = pd.DataFrame(
        {
            "customer_id": [f"c{n % 10}" for n in range(80)],
            "order_id": [f"o{n}" for n in range(80)],
            "amount": [1.5 + n for n in range(80)],
            "country": [("Spain", "Peru")[n % 2] if n != 40 else "Chile" for n in range(80)],
            "payment": [("card", "cash", "cheque")[n % 3] for n in range(80)],
        }
    )
    columns = understand(lines).purchases
    assert columns is not None
    # One row in eighty differs; how they pay changes from order to order.
    assert columns.attributes == ()
    same = lines.assign(country=[("Spain", "Peru")[n % 2] for n in range(80)])
    assert understand(same).categories == ("country",)
    table = from_transactions(same)
    assert table.categories == ("country",)
    assert table.to_pandas()["country"].tolist() == ["Spain", "Peru"] * 5
    moved = from_transactions(lines, TransactionColumns("customer_id", None, "amount", attributes=("country",)))
    assert moved.to_pandas()["country"].isna().tolist() == [True, *[False] * 9]
