"""Customers who are told apart in odd ways: hashes, addresses, several numbers, numbers with a decimal point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, COPY, FEW_VALUES, CustomersLookAlike
from tests.look_alikes.values import amounts, codes, counts, days, emails, gaps, keys, numbers, pick, shares, whole

if TYPE_CHECKING:
    from numpy.random import Generator


def merged(generator: Generator) -> pd.DataFrame:
    """Customers of two systems: a hash, two numbers, the same spend in two currencies."""
    rows = 220
    spend = amounts(generator, rows, 260)
    return pd.DataFrame(
        {
            "email_sha256": keys(generator, rows, "", 64),
            "crm_customer_id": numbers(generator, rows, 40_100),
            "loyalty_no": gaps(generator, [str(number) for number in numbers(generator, rows, 900_000_100)], 0.2),
            "first_order_epoch": [int(1_500_000_000 + second) for second in codes(generator, rows, 190_000_000)],
            "orders_12m": counts(generator, rows, 6, 1),
            "spend_eur_12m": spend,
            "spend_usd_12m": np.round(1.0823 * spend, 2),
            "return_rate": shares(generator, rows, 3),
            "is_vip": (generator.random(rows) < 0.1).astype(int),
        }
    )


def addresses(generator: Generator) -> pd.DataFrame:
    """Buyers of whom only an address is known."""
    rows = 150
    return pd.DataFrame(
        {
            "buyer_email": emails(generator, rows),
            "orders": counts(generator, rows, 12, 1),
            "net_spend": amounts(generator, rows, 180),
            "refunds": np.where(generator.random(rows) < 0.3, amounts(generator, rows, 30), 0.0),
            "refund_rate": np.round(0.3 * shares(generator, rows), 3),
            "accepts_marketing": pick(generator, rows, ("TRUE", "FALSE")),
        }
    )


def float_numbers(generator: Generator) -> pd.DataFrame:
    """Numbers of customers as pandas leaves them where one is missing: “12347.0”."""
    rows = 200
    return pd.DataFrame(
        {
            "CustomerID": pd.Series(gaps(generator, numbers(generator, rows, 12_346), 0.02), dtype=float),
            "AvgBasket": amounts(generator, rows, 40),
            "TotalSpent": amounts(generator, rows, 700),
            "Orders": counts(generator, rows, 14, 1),
        }
    )  # fmt: skip


def browsers(generator: Generator) -> pd.DataFrame:
    """Users of Google Analytics: a client's number is two numbers with a point between."""
    rows = 260
    revenue = np.where(generator.random(rows) < 0.4, amounts(generator, rows, 80), 0)
    first = codes(generator, rows, 2_000_000_000, 100_000_000)
    return pd.DataFrame(
        {
            "Client ID": [f"{left}.{right}" for left, right in zip(first, numbers(generator, rows, 1_690_000_000),
                                                                    strict=True)],
            "Sessions": counts(generator, rows, 14, 1),
            "Avg. Session Duration": whole(generator, rows, 130),
            "Bounce Rate": shares(generator, rows, 4),
            "Revenue": revenue,
            "Transactions": counts(generator, rows, 12),
            "Goal Conversion Rate": shares(generator, rows, 4),
        }
    )  # fmt: skip


def profiles(generator: Generator) -> pd.DataFrame:
    """Members of a coffee shop's scheme: a hash, and days written as one number."""
    rows = 240
    return pd.DataFrame(
        {
            "gender": pick(generator, rows, ("F", "M", "O"), 42, 56, 2),
            "age": codes(generator, rows, 95, 18),
            "id": keys(generator, rows, "", 32),
            "became_member_on": [int(day) for day in days(generator, rows, "%Y%m%d", "2013-08-01", "2018-07-20")],
            "income": 1_000 * codes(generator, rows, 120, 30),
        }
    )


def answers(generator: Generator) -> pd.DataFrame:
    """A survey: questions as names of columns."""
    rows = 130
    return pd.DataFrame(
        {
            "Timestamp": days(generator, rows, "%m/%d/%Y %H:%M:%S", "2023-09-01", "2023-09-30"),
            "What is your customer number?": numbers(generator, rows, 5_003),
            "How old are you?": codes(generator, rows, 81, 18),
            "How much did you spend with us in the last 12 months (in EUR)?": whole(generator, rows, 240),
            "How likely are you to recommend us to a friend? (0-10)": codes(generator, rows, 10),
            "How satisfied are you with our delivery? (1-5)": codes(generator, rows, 5, 1),
            "Which channel do you use most?": pick(generator, rows, ("App", "Shop", "Website")),
            "Any other comments?": gaps(generator, [f"Comment {row} of mine" for row in range(rows)], 0.4),
        }
    )


def units(generator: Generator) -> pd.DataFrame:
    """Blanks around names, and units in brackets."""
    rows = 140
    return pd.DataFrame(
        {
            " Customer ID ": numbers(generator, rows, 201),
            "Spend [EUR]": amounts(generator, rows, 420),
            "Avg. basket (EUR)": amounts(generator, rows, 35, 0.4),
            "Consumption (kWh)": whole(generator, rows, 3_200, 0.5),
            "Distance to store [km]": amounts(generator, rows, 6),
            "Discount (%)": np.round(30 * shares(generator, rows), 1),
            "Visits / month": np.round(generator.gamma(2, 2, rows), 1),
        }
    )


def wide(generator: Generator) -> pd.DataFrame:
    """Sixty columns: spend and visits of many months, and flags."""
    rows = 160
    months = [f"2022_{month:02}" for month in range(1, 13)]
    return pd.DataFrame(
        {
            "cust_id": numbers(generator, rows, 600_001),
            **{f"spend_{month}": amounts(generator, rows, 60) for month in months},
            **{f"visits_{month}": counts(generator, rows, 12) for month in months},
            **{f"flag_{number:02}": (generator.random(rows) < 0.3).astype(int) for number in range(1, 36)},
        }
    )


MONTHS = [f"2022_{month:02}" for month in range(1, 13)]
QUESTIONS = ("How old are you?", "How much did you spend with us in the last 12 months (in EUR)?")
LOOK_ALIKES = [
    CustomersLookAlike(
        file="merged_customers.csv",
        make=merged,
        identifier="crm_customer_id",
        features=("orders_12m", "spend_eur_12m", "return_rate"),
        money=("spend_eur_12m",),
        categories=("is_vip",),
        ignored={"email_sha256": ANY, "loyalty_no": ANY, "spend_usd_12m": COPY},
        dates=("first_order_epoch",),
    ),
    CustomersLookAlike(
        file="buyers_by_email.csv",
        make=addresses,
        identifier="buyer_email",
        features=("orders", "net_spend", "refunds", "refund_rate"),
        money=("net_spend",),
        categories=("accepts_marketing",),
    ),
    CustomersLookAlike(
        file="float_numbers.csv",
        make=float_numbers,
        identifier="CustomerID",
        features=("AvgBasket", "TotalSpent", "Orders"),
        money=("TotalSpent",),
    ),
    CustomersLookAlike(
        file="analytics_users.csv",
        make=browsers,
        identifier="Client ID",
        features=("Sessions", "Avg. Session Duration", "Bounce Rate", "Revenue", "Transactions",
                  "Goal Conversion Rate"),
        money=("Revenue",),
    ),
    CustomersLookAlike(
        file="profile.csv",
        make=profiles,
        identifier="id",
        features=("age", "income"),
        categories=("gender",),
        dates=("became_member_on",),
    ),
    CustomersLookAlike(
        file="survey_answers.csv",
        make=answers,
        identifier="What is your customer number?",
        features=QUESTIONS,
        money=QUESTIONS[1:],
        categories=("Which channel do you use most?",),
        dates=("Timestamp",),
        ignored={"Any other comments?": ANY},
        either={"How likely are you to recommend us to a friend? (0-10)": FEW_VALUES,
                "How satisfied are you with our delivery? (1-5)": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="units_in_brackets.csv",
        make=units,
        identifier=" Customer ID ",
        features=("Spend [EUR]", "Avg. basket (EUR)", "Consumption (kWh)", "Distance to store [km]", "Discount (%)",
                  "Visits / month"),
        money=("Spend [EUR]",),
    ),
    CustomersLookAlike(
        file="sixty_columns.csv",
        make=wide,
        identifier="cust_id",
        features=tuple(f"{what}_{month}" for what in ("spend", "visits") for month in MONTHS),
        money=tuple(f"spend_{month}" for month in MONTHS),
        categories=tuple(f"flag_{number:02}" for number in range(1, 36)),
    ),
]  # fmt: skip
