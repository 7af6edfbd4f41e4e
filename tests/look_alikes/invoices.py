"""Lines of invoices and orders, as merchandise systems write them: quantity, price, cancellations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.baskets import groups, of_each, order_lines, titles
from tests.look_alikes.look_alike import PurchasesLookAlike, Written
from tests.look_alikes.values import CITIES, full_names, gaps, numbers, pick

if TYPE_CHECKING:
    from numpy.random import Generator

SHIP_MODES = ("Standard Class", "Second Class", "First Class")
COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE")


def online_retail(generator: Generator) -> pd.DataFrame:
    """Lines of invoices: cancellations begin with C, some have no customer, some cost nothing, two only gave back."""
    lines = order_lines(generator, customers=62, orders=180)
    first = lines["order"] == lines.groupby("customer")["order"].transform("min")
    gave_back_only = lines["customer"] >= 60
    given_back = gave_back_only | (lines["line"] == 2) & (generator.random(len(lines)) < 0.15)
    cancelled = lines[given_back].assign(quantity=-lines["quantity"], moment=lines["moment"] + pd.Timedelta(days=3))
    lines["price"] = lines["price"].mask(lines["line"].eq(3) & (generator.random(len(lines)) < 0.05), 0.0)
    nobody = ~first & (lines["order"] % 7 == 3)
    kept = pd.concat([lines.assign(nobody=nobody)[~gave_back_only], cancelled.assign(nobody=nobody[given_back])])
    kept = kept.sort_values("moment", ignore_index=True)
    customer = pd.Series(of_each(numbers(generator, 62, 12_346), kept["customer"]), dtype=float)
    back = kept["quantity"] < 0
    # Invoices and cancellations are numbered in one sequence.
    number = 536_365 + kept.assign(back=back).groupby(["order", "back"], sort=False).ngroup()
    return pd.DataFrame(
        {
            "InvoiceNo": np.where(back, "C", "") + number.astype(str),
            "StockCode": [f"{22_000 + product}{'A' if product % 5 == 0 else ''}" for product in kept["product"]],
            "Description": [title.upper() + (" £1" if title == "Mug set" else "") for title in titles(kept)],
            "Quantity": kept["quantity"],
            "InvoiceDate": [f"{at.month}/{at.day}/{at.year} {at.hour}:{at:%M}" for at in kept["moment"]],
            "UnitPrice": kept["price"],
            "CustomerID": customer.mask(kept["nobody"]),
            "Country": of_each(pick(generator, 62, COUNTRIES, 90, 4, 3, 3), kept["customer"]),
        }
    )


def online_retail_ii(generator: Generator) -> pd.DataFrame:
    """The same shop in the second edition: other names, and dates as databases write them."""
    frame = online_retail(generator)
    moments = pd.to_datetime(frame["InvoiceDate"], format="%m/%d/%Y %H:%M")
    frame["InvoiceDate"] = moments.dt.strftime("%Y-%m-%d %H:%M:%S")
    return frame.rename(columns={"InvoiceNo": "Invoice", "UnitPrice": "Price", "CustomerID": "Customer ID"})


def superstore(generator: Generator) -> pd.DataFrame:
    """Lines of orders with a key of their own; sales are those of the line, after its discount."""
    lines = order_lines(generator, customers=70, orders=200)
    people = full_names(generator, 70)
    initials = [f"{name[0]}{name.split()[1][0]}-{10_015 + 15 * place}" for place, name in enumerate(people)]
    discount = generator.choice((0.0, 0.2, 0.7), len(lines), p=(0.6, 0.35, 0.05))
    sales = np.round(lines["quantity"] * lines["price"] * (1 - discount), 4)
    group = groups(lines)
    city = of_each(pick(generator, 70, CITIES), lines["customer"])
    return pd.DataFrame(
        {
            "Row ID": range(1, len(lines) + 1),
            "Order ID": [f"US-{at:%Y}-{100_006 + 7 * order}" for order, at in zip(lines["order"], lines["moment"],
                                                                                 strict=True)],
            "Order Date": lines["moment"].dt.strftime("%d/%m/%y"),
            "Ship Date": (lines["moment"] + pd.Timedelta(days=4)).dt.strftime("%d/%m/%y"),
            "Ship Mode": of_each(pick(generator, 200, SHIP_MODES), lines["order"]),
            "Customer ID": of_each(initials, lines["customer"]),
            "Customer Name": of_each(people, lines["customer"]),
            "Segment": of_each(pick(generator, 70, ("Consumer", "Corporate", "Home Office")), lines["customer"]),
            "Country/Region": "United States",
            "City": city,
            "State/Province": [f"State of {name}" for name in city],
            "Postal Code": [10_024 + 31 * CITIES.index(str(name)) for name in city],
            "Region": of_each(pick(generator, 70, ("West", "East", "Central", "South")), lines["customer"]),
            "Product ID": [f"OFF-PA-{10_000_174 + product}" for product in lines["product"]],
            "Category": ["Furniture" if name == "Lighting" else "Office Supplies" for name in group],
            "Sub-Category": group,
            "Product Name": [f'{title}, 5 1/2" x 4"' for title in titles(lines)],
            "Sales": sales,
            "Quantity": lines["quantity"],
            "Discount": discount,
            "Profit": np.round(sales * generator.normal(0.12, 0.2, len(lines)), 4),
        }
    )  # fmt: skip


def northwind(generator: Generator) -> pd.DataFrame:
    """Details of orders joined to their orders and products; what a line costs stands nowhere."""
    lines = order_lines(generator, customers=40, orders=150)
    companies = [
        f"{name.split()[0][:5].upper()}" + "ABCDEFGHIJ"[place % 10]
        for place, name in enumerate(full_names(generator, 40))
    ]
    return pd.DataFrame(
        {
            "OrderID": 10_248 + lines["order"],
            "CustomerID": [f"{companies[customer]}{customer:02}" for customer in lines["customer"]],
            "EmployeeID": 1 + lines["order"] % 9,
            "OrderDate": lines["moment"].dt.strftime("%Y-%m-%d 00:00:00.000"),
            "ShipCountry": of_each(pick(generator, 40, COUNTRIES), lines["customer"]),
            "ProductID": lines["product"] + 1,
            "ProductName": titles(lines),
            "CategoryName": groups(lines),
            "UnitPrice": lines["price"],
            "Quantity": lines["quantity"],
            "Discount": generator.choice((0.0, 0.05, 0.1, 0.15, 0.25), len(lines), p=(0.6, 0.1, 0.1, 0.1, 0.1)),
        }
    )  # fmt: skip


def german_invoices(generator: Generator) -> pd.DataFrame:
    """Positions of German invoices and credit notes; the price of a line is that of a piece times the quantity."""
    lines = order_lines(generator, customers=50, orders=140)
    credit = (lines["order"] % 11 == 5) & lines["order"].isin(lines.loc[lines.duplicated("customer"), "order"])
    first = lines.groupby("customer")["order"].transform("min")
    credit &= lines["order"] != first
    quantity = lines["quantity"].where(~credit, -1)
    return pd.DataFrame(
        {
            "Belegart": np.where(credit, "Gutschrift", "Rechnung"),
            "Belegnummer": 240_001 + lines["order"],
            "Belegdatum": lines["moment"].dt.strftime("%d.%m.%Y"),
            "Pos.": lines["line"],
            "Kundennummer": of_each(numbers(generator, 50, 70_010), lines["customer"]),
            "Name": of_each([f"{name} GmbH" for name in full_names(generator, 50)], lines["customer"]),
            "Artikelnummer": [f"{4_711 + product:06}" for product in lines["product"]],
            "Bezeichnung": [f"{title} für außen" for title in titles(lines)],
            "Warengruppe": groups(lines),
            "Menge": quantity,
            "Einzelpreis": lines["price"],
            "Gesamtpreis": np.round(quantity * lines["price"], 2),
        }
    )


def repeated_totals(generator: Generator) -> pd.DataFrame:
    """Lines of orders, each of which repeats what the whole order cost."""
    lines = order_lines(generator, customers=50, orders=150)
    value = lines["quantity"] * lines["price"]
    return pd.DataFrame(
        {
            "order_id": 900_100 + lines["order"],
            "customer_id": of_each(numbers(generator, 50, 4_100), lines["customer"]),
            "order_date": lines["moment"].dt.strftime("%Y-%m-%d"),
            "order_total": np.round(value.groupby(lines["order"]).transform("sum") + 4.9, 2),
            "product": titles(lines),
            "product_group": groups(lines),
            "quantity": lines["quantity"],
        }
    )


def two_currencies(generator: Generator) -> pd.DataFrame:
    """Lines of orders from two countries, each paid in its own currency."""
    lines = order_lines(generator, customers=50, orders=150)
    currency = of_each(pick(generator, 50, ("EUR", "GBP")), lines["customer"])
    return pd.DataFrame(
        {
            "order_number": [f"B-{10_000 + order}" for order in lines["order"]],
            "ordered_on": lines["moment"].dt.strftime("%Y-%m-%d %H:%M"),
            "customer_email": [f"buyer{customer}@example.com" for customer in lines["customer"]],
            "item": titles(lines),
            "voucher": gaps(generator, ["WELCOME"] * len(lines), 0.8),
            "line_total": np.round(lines["quantity"] * lines["price"], 2),
            "currency": currency,
        }
    )


def quantity_times_price(frame: pd.DataFrame) -> pd.Series[float]:
    """Recompute the lines of either edition."""
    return frame["Quantity"] * frame["UnitPrice" if "UnitPrice" in frame else "Price"]


LOOK_ALIKES = [
    PurchasesLookAlike(
        file="Online Retail.csv",
        make=online_retail,
        written=Written(encoding="latin-1", line_end="\r\n"),
        rows="order lines",
        customer="CustomerID",
        order="InvoiceNo",
        date="InvoiceDate",
        returns="InvoiceNo.*C",
        amount="Quantity * UnitPrice",
        paid=quantity_times_price,
        settled=True,
    ),
    PurchasesLookAlike(
        file="Online Retail without dates.csv",
        make=lambda generator: online_retail(generator).drop(columns="InvoiceDate"),
        rows="order lines",
        customer="CustomerID",
        order="InvoiceNo",
        returns="InvoiceNo.*C",
        amount="Quantity * UnitPrice",
        paid=quantity_times_price,
        settled=True,
    ),
    PurchasesLookAlike(
        file="online_retail_II.csv",
        make=online_retail_ii,
        rows="order lines",
        customer="Customer ID",
        order="Invoice",
        date="InvoiceDate",
        returns="Invoice.*C",
        amount="Quantity * Price",
        paid=quantity_times_price,
        settled=True,
    ),
    PurchasesLookAlike(
        file="Sample - Superstore.csv",
        make=superstore,
        written=Written(encoding="utf-8-sig", line_end="\r\n"),
        rows="order lines",
        identifier="Row ID",
        customer="Customer ID",
        order="Order ID",
        date="Order Date",
        amount="Sales",
        paid=lambda frame: frame["Sales"],
        settled=True,
    ),
    PurchasesLookAlike(
        file="northwind_order_details.csv",
        make=northwind,
        rows="order lines",
        customer="CustomerID",
        order="OrderID",
        date="OrderDate",
        amount="Quantity * UnitPrice * (1 - Discount)",
        paid=lambda frame: frame["Quantity"] * frame["UnitPrice"] * (1 - frame["Discount"]),
    ),
    PurchasesLookAlike(
        file="Rechnungspositionen.csv",
        make=german_invoices,
        written=Written(separator=";", decimal=",", encoding="cp1252", line_end="\r\n"),
        rows="order lines",
        customer="Kundennummer",
        order="Belegnummer",
        date="Belegdatum",
        returns="Gesamtpreis|Menge|Gutschrift",
        amount="Gesamtpreis",
        paid=lambda frame: frame["Gesamtpreis"],
    ),
    PurchasesLookAlike(
        file="orders_with_repeated_totals.csv",
        make=repeated_totals,
        rows="order lines",
        customer="customer_id",
        order="order_id",
        date="order_date",
        amount="order_total",
        paid=lambda frame: frame["order_total"].mask(frame["order_id"].duplicated()),
    ),
    PurchasesLookAlike(
        file="orders_in_two_currencies.csv",
        make=two_currencies,
        rows="order lines",
        customer="customer_email",
        order="order_number",
        date="ordered_on",
        amount="line_total",
        refused="EUR.*GBP|GBP.*EUR",
    ),
]
