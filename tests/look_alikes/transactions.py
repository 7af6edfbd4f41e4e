"""Purchases as teaching repositories, supermarkets and banks hand them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.baskets import groups, of_each, order_lines, titles, whole_orders
from tests.look_alikes.look_alike import Aligned, PurchasesLookAlike, Written
from tests.look_alikes.values import CITIES, amounts, full_names, keys, numbers, pick

if TYPE_CHECKING:
    from numpy.random import Generator

STATES = ("SP", "RJ", "MG", "RS", "PR")
OLIST_DATES = {
    "order_purchase_timestamp": 0,
    "order_approved_at": 1,
    "order_delivered_carrier_date": 50,
    "order_delivered_customer_date": 240,
    "order_estimated_delivery_date": 500,
}


def cdnow(generator: Generator) -> pd.DataFrame:
    """A customer, a day, a number of discs and what they cost in all; some were free."""
    orders = whole_orders(generator, customers=90, orders=260).sort_values(["customer", "moment"])
    free = (generator.random(len(orders)) < 0.02) & orders.duplicated("customer").to_numpy()
    return pd.DataFrame(
        {
            "column 1": [f"{customer:05}" for customer in 1 + 3 * orders["customer"]],
            "column 2": (orders["moment"] - pd.Timedelta(days=9133)).dt.strftime("%Y%m%d"),
            "column 3": orders["items"],
            "column 4": [f"{total:.2f}" for total in orders["total"].mask(free, 0.0)],
        }
    )


def retail_transactions(generator: Generator) -> pd.DataFrame:
    """Three columns: who, when, how much, with months as words and years of two digits."""
    orders = whole_orders(generator, customers=80, orders=400).sample(frac=1, random_state=5)
    return pd.DataFrame(
        {
            "customer_id": [f"CS{1112 + 7 * customer}" for customer in orders["customer"]],
            "trans_date": orders["moment"].dt.strftime("%d-%b-%y"),
            "tran_amount": np.ceil(orders["total"]).astype(int),
        }
    )


def olist_orders(generator: Generator) -> pd.DataFrame:
    """Orders of a marketplace joined to customers and payments; ``customer_id`` is another one for each order."""
    orders = whole_orders(generator, customers=110, orders=220)
    people = keys(generator, 110, length=32)
    first = ~orders.duplicated("customer")
    status = np.where(first | (generator.random(len(orders)) < 0.9), "delivered", "canceled")
    moments = {
        name: (orders["moment"] + pd.Timedelta(hours=hours)).dt.strftime("%Y-%m-%d %H:%M:%S")
        for name, hours in OLIST_DATES.items()
    }
    for name in ("order_delivered_carrier_date", "order_delivered_customer_date"):
        moments[name] = moments[name].mask(status == "canceled")
    return pd.DataFrame(
        {
            "order_id": keys(generator, len(orders), length=32),
            "customer_id": keys(generator, len(orders), length=32),
            "order_status": status,
            **moments,
            "customer_unique_id": of_each(people, orders["customer"]),
            "customer_zip_code_prefix": [f"{1_001 + 87 * (customer % 40):05}" for customer in orders["customer"]],
            "customer_city": of_each(pick(generator, 110, CITIES), orders["customer"]),
            "customer_state": of_each(pick(generator, 110, STATES), orders["customer"]),
            "payment_value": orders["total"],
        }
    )


def olist_items(generator: Generator) -> pd.DataFrame:
    """Items of these orders, one row a piece: its price is what was paid for it, and freight goes to the carrier."""
    lines = order_lines(generator, customers=90, orders=180, most=3)
    first = lines["order"] == lines.groupby("customer")["order"].transform("min")
    delivered = pd.Series(generator.random(180) < 0.92)[lines["order"]].to_numpy() | first
    return pd.DataFrame(
        {
            "order_id": of_each(keys(generator, 180, length=32), lines["order"]),
            "order_item_id": lines["line"],
            "product_id": of_each(keys(generator, 22, length=32), lines["product"]),
            "seller_id": of_each(keys(generator, 22, length=32), lines["product"]),
            "shipping_limit_date": (lines["moment"] + pd.Timedelta(days=6)).dt.strftime("%Y-%m-%d %H:%M:%S"),
            "price": lines["price"],
            "freight_value": amounts(generator, len(lines), 16, 0.4),
            "customer_unique_id": of_each(keys(generator, 90, length=32), lines["customer"]),
            "customer_city": of_each(pick(generator, 90, CITIES), lines["customer"]),
            "customer_state": of_each(pick(generator, 90, STATES), lines["customer"]),
            "order_status": np.where(delivered, "delivered", "canceled"),
            "order_purchase_timestamp": lines["moment"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "product_category_name": groups(lines),
        }
    )


def instacart(generator: Generator) -> pd.DataFrame:
    """Products of orders without a price or a date: only the days since the order before."""
    lines = order_lines(generator, customers=60, orders=240)
    orders = lines.drop_duplicates("order").set_index("order")
    number = orders.groupby("customer").cumcount() + 1
    since = orders.groupby("customer")["moment"].diff().dt.days.clip(upper=30)
    return pd.DataFrame(
        {
            "order_id": of_each([int(key) for key in generator.permutation(3_000_000)[:240]], lines["order"]),
            "product_id": 24_852 + lines["product"],
            "add_to_cart_order": lines["line"],
            "reordered": (generator.random(len(lines)) < 0.6).astype(int),
            "user_id": of_each(numbers(generator, 60, 1), lines["customer"]),
            "order_number": lines["order"].map(number),
            "order_dow": lines["moment"].dt.day_of_week,
            "order_hour_of_day": lines["moment"].dt.hour,
            "days_since_prior_order": lines["order"].map(since),
            "product_name": titles(lines),
            "department": groups(lines),
        }
    )


def supermarket(generator: Generator) -> pd.DataFrame:
    """Baskets at a till, one row each, of holders of a loyalty card and of some who showed none."""
    orders = whole_orders(generator, customers=70, orders=300)
    card = pd.Series(of_each([str(card) for card in numbers(generator, 70, 2_600_000_121_000)], orders["customer"]))
    without = orders.duplicated("customer") & (generator.random(300) < 0.15)
    return pd.DataFrame(
        {
            "Receipt No": 70_000_001 + orders["order"],
            "Store": pick(generator, 300, ("Northgate", "Harbour", "Old Town")),
            "Till": 1 + orders["order"] % 6,
            "Date": orders["moment"].dt.strftime("%d.%m.%Y"),
            "Time": orders["moment"].dt.strftime("%H:%M"),
            "Loyalty Card": card.mask(without),
            "Items": orders["items"],
            "Basket total": orders["total"],
            "Payment": pick(generator, 300, ("Card", "Cash")),
        }
    )


def bank_statements(generator: Generator) -> pd.DataFrame:
    """Bookings on the accounts of several people: wages come in, and what they pay goes out with a minus."""
    bookings = whole_orders(generator, customers=30, orders=400)
    wage = np.array(bookings.duplicated("customer") & (generator.random(400) < 0.12))
    amount = np.where(wage, amounts(generator, 400, 2400, 0.2), -bookings["total"])
    paid_for = pick(generator, 400, ("Card payment", "Direct debit", "Standing order"))
    holder = bookings["customer"] * 5 // 6
    return pd.DataFrame(
        {
            "Account number": [
                f"DE{20 + account}50010517{5_407_324_900 + account}" for account in bookings["customer"]
            ],
            "Account holder": of_each(full_names(generator, 30), holder),
            "Booking date": bookings["moment"].dt.strftime("%d.%m.%Y"),
            "Value date": (bookings["moment"] + pd.Timedelta(days=1)).dt.strftime("%d.%m.%Y"),
            "Booking text": np.where(wage, "Salary", paid_for),
            "Counterparty": full_names(generator, 400),
            "Amount": np.round(amount, 2),
            "Currency": "EUR",
            "Balance after booking": np.round(pd.Series(amount).groupby(bookings["customer"]).cumsum() + 1800, 2),
        }
    )


LOOK_ALIKES = [
    PurchasesLookAlike(
        file="CDNOW_master.txt",
        make=cdnow,
        written=Aligned(widths=(6, 8, 2, 7)),
        rows="orders",
        customer="column 1",
        date="column 2",
        # The fourth is what the discs cost in all: the price of one would not grow with their number.
        amount="column 4",
        paid=lambda frame: frame["column 4"].astype(float),
        settled=True,
    ),
    PurchasesLookAlike(
        file="Retail_Data_Transactions.csv",
        make=retail_transactions,
        written=Written(line_end="\r\n"),
        rows="orders",
        customer="customer_id",
        date="trans_date",
        amount="tran_amount",
        paid=lambda frame: frame["tran_amount"],
    ),
    PurchasesLookAlike(
        file="olist_orders_customers_payments.csv",
        make=olist_orders,
        rows="orders",
        identifier="order_id",
        customer="customer_unique_id",
        order="order_id",
        date="order_purchase_timestamp",
        amount="payment_value",
        paid=lambda frame: frame["payment_value"].where(frame["order_status"] == "delivered"),
        settled=True,
    ),
    PurchasesLookAlike(
        file="olist_order_items_customers.csv",
        make=olist_items,
        rows="order lines",
        customer="customer_unique_id",
        order="order_id",
        date="order_purchase_timestamp",
        amount="price",
        paid=lambda frame: frame["price"].where(frame["order_status"] == "delivered"),
        settled=True,
    ),
    PurchasesLookAlike(
        file="instacart_order_products.csv",
        make=instacart,
        rows="order lines",
        customer="user_id",
        order="order_id",
        amount=None,
        settled=True,
    ),
    PurchasesLookAlike(
        file="loyalty_baskets.csv",
        make=supermarket,
        rows="orders",
        identifier="Receipt No",
        customer="Loyalty Card",
        order="Receipt No",
        date="Date",
        amount="Basket total",
        paid=lambda frame: frame["Basket total"],
    ),
    PurchasesLookAlike(
        file="account_statements.csv",
        make=bank_statements,
        written=Written(separator=";", decimal=","),
        rows="orders",
        # People are compared, and some of them hold two accounts; accounts could be compared as well.
        customer="Account holder",
        also={"customer": "Account number"},
        date="Booking date",
        # A sum of both signs is no spend: whether what goes out counts, a person has to say.
        amount="Amount",
        asks=(r"(?i)negative|minus|sign|goes out|outgoing|below (0|zero)",),
    ),
]
