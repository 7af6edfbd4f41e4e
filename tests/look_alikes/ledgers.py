"""Tills, payments, donations, stays, usage by month and events: what happened, a row each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.baskets import groups, of_each, order_lines, whole_orders
from tests.look_alikes.look_alike import PurchasesLookAlike
from tests.look_alikes.values import amounts, codes, counts, keys, names, numbers, pick

if TYPE_CHECKING:
    from numpy.random import Generator


def till(generator: Generator) -> pd.DataFrame:
    """Lines of a till that calls pieces and prices by other names."""
    lines = order_lines(generator, customers=50, orders=140)
    return pd.DataFrame(
        {
            "Txn No": of_each(numbers(generator, 140, 88_001), lines["order"]),
            "Txn Timestamp": lines["moment"].dt.strftime("%Y-%m-%dT%H:%M:%S"),
            "Loyalty No": of_each(numbers(generator, 50, 630_000), lines["customer"]),
            "Dept": groups(lines),
            "Units sold": lines["quantity"],
            "Unit retail": lines["price"],
            "Ext. retail": (lines["quantity"] * lines["price"]).round(2),
        }
    )


def grocer(generator: Generator) -> pd.DataFrame:
    """Lines of baskets of households, with days counted from the first."""
    lines = order_lines(generator, customers=50, orders=140)
    paid = (lines["quantity"] * lines["price"]).round(2)
    return pd.DataFrame(
        {
            "household_key": of_each(numbers(generator, 50, 1), lines["customer"]),
            "BASKET_ID": of_each(numbers(generator, 140, 26_984_851_472), lines["order"]),
            "DAY": (lines["moment"] - lines["moment"].min()).dt.days + 1,
            "PRODUCT_ID": 800_000 + 13 * lines["product"],
            "QUANTITY": lines["quantity"],
            "SALES_VALUE": paid,
            "STORE_ID": codes(generator, len(lines), 400, 300),
            "RETAIL_DISC": -np.round(paid * (generator.random(len(lines)) < 0.3) * 0.2, 2),
            "TRANS_TIME": lines["moment"].dt.strftime("%H%M").astype(int),
            "WEEK_NO": (lines["moment"] - lines["moment"].min()).dt.days // 7 + 1,
        }
    )


def monthly_bills(generator: Generator, customers: int = 40, months: int = 6) -> pd.DataFrame:
    """One row a customer and month: what was used and what was billed."""
    who = numbers(generator, customers, 9_001)
    rows = customers * months
    return pd.DataFrame(
        {
            "customer_id": np.repeat(who, months),
            "month": np.tile([f"2023-{month:02}-01" for month in range(1, months + 1)], customers),
            "plan": np.repeat(pick(generator, customers, ("S", "M", "L")), months),
            "data_gb": np.round(generator.gamma(2, 4, rows), 2),
            "call_minutes": counts(generator, rows, 160),
            "bill_amount": amounts(generator, rows, 32, 0.4),
        }
    )


def monthly_usage(generator: Generator) -> pd.DataFrame:
    """One row a customer and month, and nothing that was paid: no row is a purchase."""
    return monthly_bills(generator).drop(columns="bill_amount")


def gifts(generator: Generator) -> pd.DataFrame:
    """Gifts to a charity."""
    orders = whole_orders(generator)
    return pd.DataFrame(
        {
            "Gift ID": numbers(generator, len(orders), 400_001),
            "Constituent ID": of_each(numbers(generator, 60, 30_100), orders["customer"]),
            "Gift Date": orders["moment"].dt.strftime("%m/%d/%Y"),
            "Gift Amount": orders["total"],
            "Campaign": pick(generator, len(orders), ("Spring", "Gala", "Appeal")),
            "Payment Type": pick(generator, len(orders), ("Check", "Card")),
        }
    )


def card_payments(generator: Generator) -> pd.DataFrame:
    """Payments by card: people, places and days of birth beside them."""
    orders = whole_orders(generator, customers=40, orders=200)
    cards = [4_000_000_000_000_000 + 7_919 * number for number in numbers(generator, 40, 100)]
    births = [f"19{year}-03-11" for year in codes(generator, 40, 99, 40)]
    first, last = names(generator, 40), names(generator, 40)
    rows = len(orders)
    return pd.DataFrame(
        {
            "trans_date_trans_time": orders["moment"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "cc_num": of_each(cards, orders["customer"]),
            "merchant": [f"fraud_{name}" for name in names(generator, rows)],
            "category": pick(generator, rows, ("grocery_pos", "gas_transport", "home", "kids_pets")),
            "amt": orders["total"],
            "first": of_each(first, orders["customer"]),
            "last": of_each(last, orders["customer"]),
            "zip": codes(generator, rows, 99_000, 10_000),
            "lat": np.round(generator.normal(40, 4, rows), 4),
            "long": np.round(generator.normal(-90, 9, rows), 4),
            "city_pop": codes(generator, rows, 90_000, 300),
            "dob": of_each(births, orders["customer"]),
            "trans_num": keys(generator, rows, "", 32),
            "unix_time": orders["moment"].astype("datetime64[s]").astype("int64"),
            "is_fraud": (generator.random(rows) < 0.02).astype(int),
        }
    )


def bank_payments(generator: Generator) -> pd.DataFrame:
    """Payments from bank accounts, with the balance after each and days of birth."""
    orders = whole_orders(generator, customers=50, orders=180)
    rows = len(orders)
    born = (codes(generator, 50, 28, 1), codes(generator, 50, 12, 1), codes(generator, 50, 99, 60))
    births = [f"{day}/{month}/{year}" for day, month, year in zip(*born, strict=True)]
    return pd.DataFrame(
        {
            "TransactionID": [f"T{number}" for number in range(1, rows + 1)],
            "CustomerID": of_each([f"C{number}" for number in numbers(generator, 50, 5_841_053)], orders["customer"]),
            "CustomerDOB": of_each(births, orders["customer"]),
            "CustGender": pick(generator, rows, ("M", "F")),
            "CustLocation": pick(generator, rows, ("MUMBAI", "DELHI", "PUNE")),
            "CustAccountBalance": amounts(generator, rows, 17_000, 1.2),
            "TransactionDate": orders["moment"].dt.strftime("%d/%m/%y"),
            "TransactionTime": orders["moment"].dt.strftime("%H%M%S").astype(int),
            "TransactionAmount (INR)": orders["total"],
        }
    )


def invoices(generator: Generator) -> pd.DataFrame:
    """Invoices of an accounting program: what was billed, and what of it is open."""
    orders = whole_orders(generator)
    due = orders["moment"] + pd.Timedelta(days=30)
    return pd.DataFrame(
        {
            "Invoice No": [f"INV-{number}" for number in numbers(generator, len(orders), 1_001)],
            "Customer": of_each([f"{name} Ltd" for name in names(generator, 60)], orders["customer"]),
            "Invoice Date": orders["moment"].dt.strftime("%d/%m/%Y"),
            "Due Date": due.dt.strftime("%d/%m/%Y"),
            "Terms": pick(generator, len(orders), ("Net 30", "Net 15")),
            "Amount": orders["total"],
            "Open Balance": np.where(generator.random(len(orders)) < 0.2, orders["total"], 0),
        }
    )


def stays(generator: Generator) -> pd.DataFrame:
    """Stays in a hotel: the total is the room and all else."""
    orders = whole_orders(generator)
    other = np.round(0.3 * orders["total"], 2)
    return pd.DataFrame(
        {
            "Confirmation No": numbers(generator, len(orders), 771_000),
            "Guest ID": of_each(numbers(generator, 60, 50_002), orders["customer"]),
            "Arrival Date": orders["moment"].dt.strftime("%Y-%m-%d"),
            "Departure Date": (orders["moment"] + pd.Timedelta(days=2)).dt.strftime("%Y-%m-%d"),
            "Nights": orders["items"],
            "Room Revenue": orders["total"],
            "Other Revenue": other,
            "Total Revenue": (orders["total"] + other).round(2),
        }
    )


def shop_events(generator: Generator) -> pd.DataFrame:
    """What visitors did with goods: only a purchase brings the price."""
    lines = order_lines(generator, customers=60, orders=260, most=4)
    return pd.DataFrame(
        {
            "event_time": lines["moment"].dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "event_type": pick(generator, len(lines), ("view", "cart", "remove_from_cart", "purchase"), 55, 15, 8, 22),
            "product_id": 5_000_000 + lines["product"],
            "category_code": groups(lines),
            "brand": pick(generator, len(lines), ("runail", "irisk", "masura")),
            "price": lines["price"],
            "user_id": of_each(numbers(generator, 60, 463_240_011), lines["customer"]),
            "user_session": of_each(keys(generator, 260, "", 32), lines["order"]),
        }
    )


def till_returns(generator: Generator) -> pd.DataFrame:
    """Sales and refunds of a till: the kind of a row tells a refund, no sign does."""
    orders = whole_orders(generator)
    return pd.DataFrame(
        {
            "Receipt number": numbers(generator, len(orders), 1_001),
            "Date": orders["moment"].dt.strftime("%Y-%m-%d %H:%M"),
            "Receipt type": pick(generator, len(orders), ("Sale", "Refund"), 92, 8),
            "Customer ID": of_each(numbers(generator, 60, 201), orders["customer"]),
            "Total collected": orders["total"],
        }
    )


LOOK_ALIKES = [
    PurchasesLookAlike(
        file="till_lines.csv",
        make=till,
        rows="order lines",
        customer="Loyalty No",
        order="Txn No",
        date="Txn Timestamp",
        amount="Ext. retail",
        paid=lambda frame: frame["Ext. retail"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="transaction_data.csv",
        make=grocer,
        rows="order lines",
        customer="household_key",
        order="BASKET_ID",
        amount="SALES_VALUE",
        paid=lambda frame: frame["SALES_VALUE"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="monthly_bills.csv",
        make=monthly_bills,
        rows="orders",
        customer="customer_id",
        date="month",
        amount="bill_amount",
        paid=lambda frame: frame["bill_amount"],
        asks=("(?i)month|period|same days",),
    ),
    PurchasesLookAlike(
        file="monthly_usage.csv",
        make=monthly_usage,
        rows="orders",
        customer="customer_id",
        date="month",
        amount=None,
        asks=("(?i)month|period|same days",),
    ),
    PurchasesLookAlike(
        file="gifts.csv",
        make=gifts,
        rows="orders",
        identifier="Gift ID",
        customer="Constituent ID",
        also={"order": "Gift ID"},
        date="Gift Date",
        amount="Gift Amount",
        paid=lambda frame: frame["Gift Amount"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="fraudTrain.csv",
        make=card_payments,
        rows="orders",
        identifier="trans_num",
        customer="cc_num",
        order="trans_num",
        date="trans_date_trans_time",
        amount="amt",
        paid=lambda frame: frame["amt"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="bank_transactions.csv",
        make=bank_payments,
        rows="orders",
        identifier="TransactionID",
        customer="CustomerID",
        order="TransactionID",
        date="TransactionDate",
        amount="TransactionAmount (INR)",
        paid=lambda frame: frame["TransactionAmount (INR)"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="invoice_list.csv",
        make=invoices,
        rows="orders",
        identifier="Invoice No",
        customer="Customer",
        order="Invoice No",
        date="Invoice Date",
        amount="Amount",
        paid=lambda frame: frame["Amount"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="reservations.csv",
        make=stays,
        rows="orders",
        identifier="Confirmation No",
        customer="Guest ID",
        also={"order": "Confirmation No"},
        date="Arrival Date",
        amount="Total Revenue",
        paid=lambda frame: frame["Total Revenue"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="2019-Oct.csv",
        make=shop_events,
        rows="orders",
        customer="user_id",
        date="event_time",
        amount="price",
        # A session is no order, but its purchases could be summed up by it.
        also={"order": "user_session", "rows": "order lines"},
        paid=lambda frame: frame["price"].where(frame["event_type"] == "purchase"),
    ),
    PurchasesLookAlike(
        file="receipts.csv",
        make=till_returns,
        rows="orders",
        identifier="Receipt number",
        customer="Customer ID",
        order="Receipt number",
        date="Date",
        returns="Refund",
        amount="Total collected",
        paid=lambda frame: frame["Total collected"] * np.where(frame["Receipt type"] == "Refund", -1, 1),
        settled=True,
    ),
]
