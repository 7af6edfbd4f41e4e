"""Orders and payments as shop systems, marketplaces and payment services export them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.look_alikes.baskets import groups, of_each, order_lines, titles, whole_orders
from tests.look_alikes.look_alike import PurchasesLookAlike, Written
from tests.look_alikes.values import CITIES, emails, full_names, gaps, keys, numbers, phones, pick, streets

if TYPE_CHECKING:
    from numpy.random import Generator


def of_first(lines: pd.DataFrame, values: Any) -> pd.Series[Any]:
    """Leave all lines of an order empty but its first."""
    return pd.Series(values, lines.index, dtype=object).where(lines["line"] == 1)


def in_text(amounts: pd.Series[float], sign: str = "") -> list[str]:
    """Write amounts with commas between thousands, and a currency sign after the minus."""
    return [f"{'-' if amount < 0 else ''}{sign}{abs(amount):,.2f}" for amount in amounts]


def from_text(texts: pd.Series[str]) -> pd.Series[float]:
    """Read what is written so."""
    return texts.str.replace(r"[$,]", "", regex=True).astype(float)


def shopify_orders(generator: Generator) -> pd.DataFrame:
    """Lines of orders, of which only an order's first holds what the order cost and what became of it."""
    lines = order_lines(generator, customers=60, orders=150)
    value = (lines["quantity"] * lines["price"]).round(2).groupby(lines["order"]).transform("sum").round(2)
    total = np.round(value + 5.9 + value * 0.2, 2)
    again = lines["order"] != lines.groupby("customer")["order"].transform("min")
    drawn = np.array(pick(generator, 150, ("paid", "refunded", "partially_refunded", "voided"), 70, 10, 10, 10))
    fate = np.where(again, drawn[lines["order"]], "paid")
    refunded = np.select([fate == "refunded", fate == "partially_refunded"], [total, np.round(total / 4, 2)], 0.0)
    people, street = full_names(generator, 60), streets(generator, 60)
    buyer, city = of_each(people, lines["customer"]), of_each(pick(generator, 60, CITIES), lines["customer"])
    moment = lines["moment"].dt.strftime("%Y-%m-%d %H:%M:%S +0100")
    address = {"Name": buyer, "Address1": of_each(street, lines["customer"]), "City": city, "Country": "GB"}
    return pd.DataFrame(
        {
            "Name": [f"#{1001 + order}" for order in lines["order"]],
            "Email": of_each(emails(generator, 60), lines["customer"]),
            "Financial Status": of_first(lines, fate),
            "Paid at": of_first(lines, moment),
            "Fulfillment Status": of_first(lines, "fulfilled"),
            "Fulfilled at": of_first(lines, moment),
            "Accepts Marketing": of_first(lines, "yes"),
            "Currency": of_first(lines, "GBP"),
            "Subtotal": of_first(lines, value),
            "Shipping": of_first(lines, 5.9),
            "Taxes": of_first(lines, np.round(total - value - 5.9, 2)),
            "Total": of_first(lines, total),
            "Discount Code": None,
            "Discount Amount": of_first(lines, 0.0),
            "Shipping Method": of_first(lines, "Standard"),
            "Created at": moment,
            "Lineitem quantity": lines["quantity"],
            "Lineitem name": titles(lines),
            "Lineitem price": lines["price"],
            "Lineitem compare at price": None,
            "Lineitem sku": [f"SKU-{product:03}" for product in lines["product"]],
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled",
            **{f"Billing {part}": of_first(lines, values) for part, values in address.items()},
            **{f"Shipping {part}": of_first(lines, values) for part, values in address.items()},
            "Notes": None,
            "Cancelled at": of_first(lines, np.where(fate == "voided", moment, None)),
            "Payment Method": of_first(lines, "Shopify Payments"),
            "Payment Reference": of_first(lines, [f"c{24_601 + 13 * order}.1" for order in lines["order"]]),
            "Refunded Amount": of_first(lines, refunded),
            "Vendor": groups(lines),
            "Outstanding Balance": of_first(lines, 0.0),
            "Id": of_first(lines, [5_123_456_700_000 + 97 * order for order in lines["order"]]),
            "Tags": None,
            "Risk Level": of_first(lines, "Low"),
            "Source": of_first(lines, "web"),
            "Lineitem discount": 0.0,
            "Phone": of_first(lines, of_each(phones(generator, 60), lines["customer"])),
        }
    )  # fmt: skip


def woocommerce_orders(generator: Generator) -> pd.DataFrame:
    """Orders from WooCommerce's analytics, one row each; those that failed or were cancelled brought nothing."""
    orders = whole_orders(generator, customers=60, orders=170)
    again = orders.duplicated("customer")
    status = np.where(again, pick(generator, 170, ("completed", "processing", "cancelled", "failed"), 70, 10, 10, 10),
                      "completed")  # fmt: skip
    return pd.DataFrame(
        {
            "Date": orders["moment"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Order #": 3101 + 2 * orders["order"],
            "N. Revenue (formatted)": [f"£{total:,.2f}" for total in orders["total"]],
            "Status": status,
            "Customer": of_each(full_names(generator, 60), orders["customer"]),
            "Customer type": np.where(again, "returning", "new"),
            "Product(s)": [f"{items}× Tea towel" for items in orders["items"]],
            "Items sold": orders["items"],
            "Coupon(s)": gaps(generator, ["summer10"] * 170, 0.85),
            "N. Revenue": orders["total"],
            "Attribution": pick(generator, 170, ("Direct", "Organic: Google", "Referral")),
        }
    )


def woocommerce_lines(generator: Generator) -> pd.DataFrame:
    """Lines of orders from the plug-in for exports, which repeats what the order cost on each of them."""
    lines = order_lines(generator, customers=55, orders=150)
    value = (lines["quantity"] * lines["price"]).round(2).groupby(lines["order"]).transform("sum").round(2)
    again = lines["order"] != lines.groupby("customer")["order"].transform("min")
    drawn = np.array(pick(generator, 150, ("Completed", "Processing", "Refunded", "Cancelled"), 75, 10, 8, 7))
    status = np.where(again, drawn[lines["order"]], "Completed")
    first, last = full_names(generator, 55), full_names(generator, 55)
    return pd.DataFrame(
        {
            "Order Number": 5200 + lines["order"],
            "Order Status": status,
            "Order Date": lines["moment"].dt.strftime("%Y-%m-%d %H:%M"),
            "Customer Note": None,
            "First Name (Billing)": [first[customer].split()[0] for customer in lines["customer"]],
            "Last Name (Billing)": [last[customer].split()[0] for customer in lines["customer"]],
            "Company (Billing)": None,
            "Address 1&2 (Billing)": of_each(streets(generator, 55), lines["customer"]),
            "City (Billing)": of_each(pick(generator, 55, CITIES), lines["customer"]),
            "State Code (Billing)": None,
            "Postcode (Billing)": of_each(numbers(generator, 55, 10_115), lines["customer"]),
            "Country Code (Billing)": "DE",
            "Email (Billing)": of_each(emails(generator, 55), lines["customer"]),
            "Phone (Billing)": of_each(phones(generator, 55), lines["customer"]),
            "Payment Method Title": of_each(pick(generator, 150, ("PayPal", "Invoice")), lines["order"]),
            "Cart Discount Amount": 0,
            "Order Subtotal Amount": value,
            "Order Shipping Amount": 4.9,
            "Order Refund Amount": np.where(status == "Refunded", np.round(value + 4.9, 2), 0.0),
            "Order Total Amount": np.round(value + 4.9, 2),
            "Order Total Tax Amount": np.round((value + 4.9) * 0.16, 2),
            "SKU": [f"TT-{product:02}" for product in lines["product"]],
            "Item #": lines["line"],
            "Item Name": titles(lines),
            "Quantity (- Refund)": lines["quantity"],
            "Item Cost": lines["price"],
            "Coupon Code": None,
        }
    )


def stripe_payments(generator: Generator) -> pd.DataFrame:
    """Payments, some of which failed or were paid back in whole or in part."""
    orders = whole_orders(generator, customers=60, orders=200)
    again = orders.duplicated("customer")
    status = np.where(again, pick(generator, 200, ("Paid", "Failed", "Refunded"), 75, 15, 10), "Paid")
    part = np.where((status == "Paid") & (generator.random(200) < 0.05), np.round(orders["total"] / 3, 2), 0.0)
    refunded = np.where(status == "Refunded", orders["total"], part)
    address = pd.Series(of_each(emails(generator, 60), orders["customer"]))
    return pd.DataFrame(
        {
            "id": keys(generator, 200, "ch_"),
            "Description": [f"Invoice {1000 + order}" for order in orders["order"]],
            "Seller Message": np.where(status == "Failed", "The bank declined the payment.", "Payment complete."),
            "Created (UTC)": orders["moment"].dt.strftime("%Y-%m-%d %H:%M"),
            "Amount": orders["total"],
            "Amount Refunded": refunded,
            "Currency": "eur",
            "Converted Amount": orders["total"],
            "Converted Amount Refunded": refunded,
            "Fee": np.where(status == "Failed", 0, np.round(orders["total"] * 0.014 + 0.25, 2)),
            "Tax": 0,
            "Converted Currency": "eur",
            "Mode": "Live",
            "Status": status,
            "Statement Descriptor": "EXAMPLE SHOP",
            "Customer ID": of_each(keys(generator, 60, "cus_", 14), orders["customer"]),
            "Customer Description": None,
            "Customer Email": gaps(generator, list(address), 0.1),
            "Captured": np.where(status == "Failed", "false", "true"),
            "Card ID": of_each(keys(generator, 60, "card_"), orders["customer"]),
            "Invoice ID": None,
            "Transfer": None,
        }
    )


def paypal_activity(generator: Generator) -> pd.DataFrame:
    """An account's activity: what came in, the fee, what is left of it, and what was withdrawn to a bank."""
    orders = whole_orders(generator, customers=60, orders=190)
    withdrawn = orders.duplicated("customer") & (orders["order"] % 25 == 24)
    status = np.where(orders.duplicated("customer") & (orders["order"] % 17 == 3) & ~withdrawn, "Denied", "Completed")
    gross = orders["total"].where(~withdrawn, -1500.0)
    fee = np.where(withdrawn | (status == "Denied"), 0.0, -np.round(gross * 0.029 + 0.3, 2))
    net = gross + fee
    return pd.DataFrame(
        {
            "Date": [f"{at.month}/{at.day}/{at.year}" for at in orders["moment"]],
            "Time": orders["moment"].dt.strftime("%H:%M:%S"),
            "TimeZone": "PST",
            "Name": pd.Series(of_each(full_names(generator, 60), orders["customer"])).mask(withdrawn),
            "Type": np.where(withdrawn, "General Withdrawal", "Express Checkout Payment"),
            "Status": status,
            "Currency": "USD",
            "Gross": in_text(gross),
            "Fee": in_text(pd.Series(fee)),
            "Net": in_text(net),
            "From Email Address": pd.Series(of_each(emails(generator, 60), orders["customer"])).mask(withdrawn),
            "To Email Address": "shop@example.com",
            "Transaction ID": [key.upper() for key in keys(generator, 190, length=17)],
            "Item Title": pick(generator, 190, ("Tea towel", "Mug set", "Wall clock")),
            "Reference Txn ID": None,
            "Invoice Number": None,
            "Quantity": orders["items"],
            "Receipt ID": None,
            "Balance": in_text(net.cumsum() + 4000),
        }
    )


def amazon_orders(generator: Generator) -> pd.DataFrame:
    """A seller's report: the price of an item is that of all its pieces."""
    lines = order_lines(generator, customers=80, orders=170, most=3)
    number = [f"{113 + order % 3}-{4_500_000 + 37 * order}-{2_200_000 + order}" for order in lines["order"]]
    price = (lines["quantity"] * lines["price"]).round(2)
    moment = lines["moment"].dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return pd.DataFrame(
        {
            "order-id": number,
            "order-item-id": 10_123_456_789_000 + 77 * np.arange(len(lines)),
            "purchase-date": moment,
            "payments-date": moment,
            "buyer-email": [
                f"{key}@marketplace.example.com" for key in of_each(keys(generator, 80), lines["customer"])
            ],
            "buyer-name": of_each(full_names(generator, 80), lines["customer"]),
            "buyer-phone-number": of_each(phones(generator, 80), lines["customer"]),
            "sku": [f"TT-{product:02}" for product in lines["product"]],
            "product-name": titles(lines),
            "quantity-purchased": lines["quantity"],
            "currency": "USD",
            "item-price": price,
            "item-tax": np.round(price * 0.0725, 2),
            "shipping-price": 3.99,
            "shipping-tax": 0.0,
            "ship-service-level": of_each(pick(generator, 170, ("Standard", "Expedited")), lines["order"]),
            "recipient-name": of_each(full_names(generator, 80), lines["customer"]),
            "ship-address-1": of_each(streets(generator, 80), lines["customer"]),
            "ship-city": of_each(pick(generator, 80, CITIES), lines["customer"]),
            "ship-postal-code": of_each(numbers(generator, 80, 10_001), lines["customer"]),
            "ship-country": "US",
        }
    )


def square_items(generator: Generator) -> pd.DataFrame:
    """Items sold at a till, with refunds below zero; who paid cash and gave no name has no customer."""
    lines = order_lines(generator, customers=50, orders=190, most=3)
    again = lines["order"] != lines.groupby("customer")["order"].transform("min")
    back = again & (lines["order"] % 19 == 7)
    unknown = again & (lines["order"] % 6 == 1)
    gross = (lines["quantity"] * lines["price"]).round(2).where(~back, -lines["price"])
    discount = np.where(lines["order"] % 9 == 0, -np.round(gross * 0.1, 2), 0.0)
    sold = gross + discount
    return pd.DataFrame(
        {
            "Date": lines["moment"].dt.strftime("%m/%d/%y"),
            "Time": lines["moment"].dt.strftime("%H:%M:%S"),
            "Time Zone": "Eastern Time (US & Canada)",
            "Category": groups(lines),
            "Item": titles(lines),
            "Qty": lines["quantity"].where(~back, -1).astype(float),
            "Price Point Name": "Regular",
            "SKU": None,
            "Modifiers Applied": None,
            "Gross Sales": in_text(gross, "$"),
            "Discounts": in_text(pd.Series(discount), "$"),
            "Net Sales": in_text(sold, "$"),
            "Tax": in_text((sold * 0.08).round(2), "$"),
            "Transaction ID": of_each(keys(generator, 190), lines["order"]),
            "Payment ID": of_each(keys(generator, 190), lines["order"]),
            "Device Name": "Till 1",
            "Event Type": np.where(back, "Refund", "Payment"),
            "Location": "Main Street",
            "Customer ID": pd.Series(of_each(keys(generator, 50), lines["customer"])).mask(unknown),
            "Customer Name": pd.Series(of_each(full_names(generator, 50), lines["customer"])).mask(unknown),
            "Customer Reference ID": None,
        }
    )


def etsy_items(generator: Generator) -> pd.DataFrame:
    """Items sold by a maker of things; the total of an item is its price times the quantity."""
    lines = order_lines(generator, customers=70, orders=160, most=3)
    day = lines["moment"].dt.strftime("%m/%d/%y")
    return pd.DataFrame(
        {
            "Sale Date": day,
            "Item Name": titles(lines),
            "Buyer": [f"maker{3 * customer}fan" for customer in lines["customer"]],
            "Quantity": lines["quantity"],
            "Price": lines["price"],
            "Coupon Code": None,
            "Discount Amount": 0.0,
            "Shipping Discount": 0.0,
            "Order Shipping": of_first(lines, 4.5).fillna(0.0).astype(float),
            "Order Sales Tax": 0.0,
            "Item Total": (lines["quantity"] * lines["price"]).round(2),
            "Currency": "EUR",
            "Transaction ID": 3_300_000_001 + 41 * np.arange(len(lines)),
            "Listing ID": 1_220_000_101 + lines["product"],
            "Date Paid": day,
            "Date Shipped": (lines["moment"] + pd.Timedelta(days=2)).dt.strftime("%m/%d/%y"),
            "Ship Name": of_each(full_names(generator, 70), lines["customer"]),
            "Ship City": of_each(pick(generator, 70, CITIES), lines["customer"]),
            "Ship Zipcode": of_each(numbers(generator, 70, 20_095), lines["customer"]),
            "Ship Country": of_each(pick(generator, 70, ("Germany", "Austria", "Ireland")), lines["customer"]),
            "Order ID": 2_700_000_003 + 19 * lines["order"],
            "Variations": None,
            "Order Type": "online",
            "Payment Type": "online_cc",
            "SKU": None,
        }
    )


def paid_to_shopify(frame: pd.DataFrame) -> pd.Series[float]:
    """Take off what was refunded, and leave out what was voided."""
    kept = frame["Total"].astype(float) - frame["Refunded Amount"].astype(float)
    return kept.where(frame["Financial Status"] != "voided")


def paid_to_woocommerce(frame: pd.DataFrame) -> pd.Series[float]:
    """Count each order once, less what was refunded, and leave out what was cancelled."""
    kept = frame["Order Total Amount"] - frame["Order Refund Amount"]
    return kept.where(~frame["Order Number"].duplicated() & (frame["Order Status"] != "Cancelled"))


LOOK_ALIKES = [
    PurchasesLookAlike(
        file="orders_export_1.csv",
        make=shopify_orders,
        rows="order lines",
        customer="Email",
        order="Name",
        date="Created at",
        returns="Refunded Amount",
        amount="Total - Refunded Amount",
        paid=paid_to_shopify,
        settled=True,
    ),
    PurchasesLookAlike(
        file="woocommerce_orders.csv",
        make=woocommerce_orders,
        written=Written(quoted=True),
        rows="orders",
        identifier="Order #",
        customer="Customer",
        order="Order #",
        date="Date",
        amount="N. Revenue",
        also={"amount": "N. Revenue (formatted)"},
        paid=lambda frame: frame["N. Revenue"].where(~frame["Status"].isin(["cancelled", "failed"])),
        settled=True,
    ),
    PurchasesLookAlike(
        file="orders-2023-05-14-09-12-33.csv",
        make=woocommerce_lines,
        rows="order lines",
        customer="Email (Billing)",
        order="Order Number",
        date="Order Date",
        returns="Order Refund Amount",
        amount="Order Total Amount - Order Refund Amount",
        paid=paid_to_woocommerce,
        settled=True,
    ),
    PurchasesLookAlike(
        file="payments.csv",
        make=stripe_payments,
        rows="orders",
        identifier="id",
        customer="Customer ID",
        order="id",
        date="Created (UTC)",
        returns="Amount Refunded",
        amount="Amount - Amount Refunded",
        paid=lambda frame: (frame["Amount"] - frame["Amount Refunded"]).where(frame["Status"] != "Failed"),
        settled=True,
    ),
    PurchasesLookAlike(
        file="PayPal activity.CSV",
        make=paypal_activity,
        written=Written(encoding="utf-8-sig", quoted=True),
        rows="orders",
        identifier="Transaction ID",
        customer="From Email Address",
        order="Transaction ID",
        date="Date",
        # The fee is the seller's, so the customer paid the gross; what is withdrawn is below 0 and has no customer.
        returns=None,
        amount="Gross",
        paid=lambda frame: from_text(frame["Gross"]).where(frame["Status"] == "Completed"),
    ),
    PurchasesLookAlike(
        file="amazon_order_report.txt",
        make=amazon_orders,
        written=Written(separator="\t"),
        rows="order lines",
        identifier="order-item-id",
        customer="buyer-email",
        order="order-id",
        date="purchase-date",
        # The same piece costs as much in each order only if the price is divided by the quantity.
        amount="item-price",
        paid=lambda frame: frame["item-price"],
    ),
    PurchasesLookAlike(
        file="items-2023-01-01-2023-12-31.csv",
        make=square_items,
        rows="order lines",
        customer="Customer ID",
        order="Transaction ID",
        date="Date",
        returns="Net Sales|Qty|Refund",
        amount="Net Sales",
        paid=lambda frame: from_text(frame["Net Sales"]),
    ),
    PurchasesLookAlike(
        file="EtsySoldOrderItems2023.csv",
        make=etsy_items,
        rows="order lines",
        identifier="Transaction ID",
        customer="Buyer",
        order="Order ID",
        date="Sale Date",
        amount="Item Total",
        paid=lambda frame: frame["Item Total"],
    ),
]
