"""Tables that competitions and courses hand out: one sale a customer, a user's purchases, premiums, telephone bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CONSTANT, CustomersLookAlike, PurchasesLookAlike
from tests.look_alikes.values import amounts, codes, days, gaps, pick, whole

if TYPE_CHECKING:
    from numpy.random import Generator


def policy_offers(generator: Generator) -> pd.DataFrame:
    """Policyholders who were offered a second policy: the channel of the sale is a code with “sales” in its name."""
    rows = 400
    return pd.DataFrame(
        {
            "id": range(1, rows + 1),
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Age": codes(generator, rows, 85, 20),
            "Driving_License": [1] * (rows - 3) + [0] * 3,
            "Region_Code": codes(generator, rows, 70).astype(float),
            "Previously_Insured": codes(generator, rows, 1),
            "Vehicle_Age": pick(generator, rows, ("< 1 Year", "1-2 Year", "> 2 Years")),
            "Vehicle_Damage": pick(generator, rows, ("Yes", "No")),
            "Annual_Premium": np.where(generator.random(rows) < 0.17, 2_630, whole(generator, rows, 30_000, 0.4)),
            "Policy_Sales_Channel": codes(generator, rows, 160, 1).astype(float),
            "Vintage": codes(generator, rows, 299, 10),
            "Response": (generator.random(rows) < 0.12).astype(int),
        }
    )


def telephone_bills(generator: Generator) -> pd.DataFrame:
    """Subscribers with all that they were charged: what they paid in all is less what they got back."""
    rows = 300
    months, charge = codes(generator, rows, 72, 1), generator.uniform(18, 118, rows).round(2)
    total = np.round(months * charge * generator.uniform(0.97, 1.03, rows), 2)
    refunds = np.where(generator.random(rows) < 0.2, generator.uniform(1, 49, rows).round(2), 0.0)
    data = np.where(generator.random(rows) < 0.2, 10.0 * codes(generator, rows, 14, 1), 0.0)
    calls = amounts(generator, rows, 700)
    return pd.DataFrame(
        {
            "Customer ID": [
                f"{number:04}-{letters}" for number, letters in enumerate(pick(generator, rows, ("QX", "LT")))
            ],
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Age": codes(generator, rows, 80, 19),
            "City": pick(generator, rows, ("Fresno", "Irvine", "Oakland")),
            "Zip Code": codes(generator, rows, 96_161, 90_001),
            "Latitude": generator.uniform(32, 42, rows).round(6),
            "Tenure in Months": months,
            "Monthly Charge": charge,
            "Total Charges": total,
            "Total Refunds": refunds,
            "Total Extra Data Charges": data,
            "Total Long Distance Charges": calls,
            "Total Revenue": np.round(total - refunds + data + calls, 2),
            "Customer Status": pick(generator, rows, ("Stayed", "Churned"), 73, 27),
        }
    )


def campaign_totals(generator: Generator) -> pd.DataFrame:
    """Customers with what they spent on each of several goods and in all, of which one moves with another."""
    rows = 300
    wines = whole(generator, rows, 150, 1.1)
    fruits, meat = 2 * wines + codes(generator, rows, 3), whole(generator, rows, 80, 1.1)
    return pd.DataFrame(
        {
            "Income": whole(generator, rows, 48_000, 0.4),
            "Recency": codes(generator, rows, 99),
            "MntWines": wines,
            "MntFruits": fruits,
            "MntMeatProducts": meat,
            "NumDealsPurchases": codes(generator, rows, 12),
            "Z_CostContact": [3] * rows,
            "Response": (generator.random(rows) < 0.15).astype(int),
            "Age": codes(generator, rows, 80, 24),
            "MntTotal": wines + fruits + meat,
        }
    )


def one_sale_each(generator: Generator) -> pd.DataFrame:
    """Sales of which each is another customer's: all that is known of a customer stands in the row."""
    rows = 300
    quantity, price = codes(generator, rows, 4, 1), np.array([25, 30, 50, 300, 500])[codes(generator, rows, 4)]
    return pd.DataFrame(
        {
            "Transaction ID": range(1, rows + 1),
            "Date": days(generator, rows, "%Y-%m-%d", "2023-01-01", "2023-12-31"),
            "Customer ID": [f"CUST{number:03}" for number in range(1, rows + 1)],
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Age": codes(generator, rows, 64, 18),
            "Product Category": pick(generator, rows, ("Beauty", "Clothing", "Electronics")),
            "Quantity": quantity,
            "Price per Unit": price,
            "Total Amount": quantity * price,
        }
    )


def friday_sales(generator: Generator) -> pd.DataFrame:
    """What users bought on one day, without a date: the amount is called a purchase, and goods are codes."""
    rows = 500
    user = codes(generator, rows, 120)
    return pd.DataFrame(
        {
            "User_ID": 1_000_001 + user,
            "Product_ID": [f"P{number:08}" for number in codes(generator, rows, 240, 60)],
            "Gender": np.where(user % 3 == 0, "F", "M"),
            "Age": np.array(["0-17", "18-25", "26-35", "36-45", "46-50", "51-55", "55+"])[user % 7],
            "Occupation": user % 21,
            "City_Category": np.array(list("ABC"))[user % 3],
            "Marital_Status": user % 2,
            "Product_Category_1": codes(generator, rows, 20, 1),
            "Product_Category_2": gaps(generator, codes(generator, rows, 18, 2), 0.3),
            "Purchase": whole(generator, rows, 8_000, 0.5),
        }
    )


def discounted_lines(generator: Generator) -> pd.DataFrame:
    """Lines of orders with what they would cost and what was paid after the discount; some were cancelled."""
    order = np.sort(codes(generator, 400, 179))
    quantity, price = codes(generator, 400, 4, 1), amounts(generator, 400, 30)
    discount = np.where(generator.random(400) < 0.5, amounts(generator, 400, 4), 0.0)
    status = np.array(pick(generator, 180, ("complete", "received", "canceled"), 6, 3, 1))
    bought = np.array(days(generator, 180, "%m/%d/%Y", "2020-10-01", "2021-09-30"))
    return pd.DataFrame(
        {
            "order_id": [f"100{number:06}" for number in order],
            "cust_id": 60_000 + order % 70,
            "sku": pick(generator, 400, ("oasis_1", "fantastic_2", "mini_3")),
            "qty_ordered": quantity,
            "price": price,
            "value": np.round(quantity * price, 2),
            "discount_amount": discount,
            "total": np.round(quantity * price - discount, 2),
            "payment_method": pick(generator, 400, ("cod", "card")),
            "order_date": bought[order],
            "status": status[order],
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="policy_offers.csv",
        make=policy_offers,
        identifier="id",
        features=("Age", "Annual_Premium", "Vintage"),
        money=("Annual_Premium",),
        categories=("Gender", "Driving_License", "Previously_Insured", "Vehicle_Age", "Vehicle_Damage"),
        outcomes=("Response",),
        ignored={"Region_Code": CODE, "Policy_Sales_Channel": CODE},
        settled=True,
    ),
    CustomersLookAlike(
        file="telephone_bills.csv",
        make=telephone_bills,
        identifier="Customer ID",
        features=(
            *("Age", "Tenure in Months", "Monthly Charge", "Total Charges", "Total Refunds"),
            *("Total Extra Data Charges", "Total Long Distance Charges", "Total Revenue"),
        ),
        # A part that is not told as spend by its name would else be left out.
        money=("Total Revenue",),
        categories=("Gender", "City"),
        outcomes=("Customer Status",),
        ignored={"Zip Code": CODE, "Latitude": ANY},
        settled=True,
    ),
    CustomersLookAlike(
        file="campaign_totals.csv",
        make=campaign_totals,
        identifier=None,
        features=("Income", "Recency", "MntWines", "MntMeatProducts", "NumDealsPurchases", "Age", "MntTotal"),
        money=("MntTotal",),
        outcomes=("Response",),
        ignored={"MntFruits": "same", "Z_CostContact": CONSTANT},
        settled=True,
    ),
    CustomersLookAlike(
        file="one_sale_each.csv",
        make=one_sale_each,
        identifier="Customer ID",
        features=("Age", "Total Amount"),
        money=("Total Amount",),
        categories=("Gender", "Product Category"),
        either={"Quantity": ("feature", "category"), "Price per Unit": ("feature", "category")},
        ignored={"Transaction ID": ANY},
        dates=("Date",),
        settled=True,
    ),
]
PURCHASES = [
    PurchasesLookAlike(
        file="friday_sales.csv",
        make=friday_sales,
        rows="orders",
        customer="User_ID",
        amount="Purchase",
        paid=lambda frame: frame["Purchase"],
    ),
    PurchasesLookAlike(
        file="discounted_lines.csv",
        make=discounted_lines,
        rows="order lines",
        customer="cust_id",
        order="order_id",
        date="order_date",
        amount="total",
        returns=None,
        paid=lambda frame: frame["total"].where(frame["status"] != "canceled"),
    ),
]
