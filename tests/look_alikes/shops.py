"""Customers as shop systems, payment services and mailing tools export them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CODED, CONSTANT, CustomersLookAlike, Written
from tests.look_alikes.values import (
    CITIES,
    COUNTRIES,
    amounts,
    codes,
    counts,
    days,
    emails,
    full_names,
    gaps,
    keys,
    names,
    numbers,
    phones,
    pick,
    shares,
    streets,
)

if TYPE_CHECKING:
    from numpy.random import Generator

MOMENT = "%Y-%m-%d %H:%M:%S"


def shopify_customers(generator: Generator) -> pd.DataFrame:
    """Customers of a Shopify shop; spreadsheets keep the long number whole for the apostrophe before it."""
    rows = 300
    return pd.DataFrame(
        {
            "Customer ID": [f"'{number}" for number in numbers(generator, rows, 6_123_456_789_000)],
            "First Name": names(generator, rows),
            "Last Name": names(generator, rows),
            "Email": emails(generator, rows),
            "Accepts Email Marketing": pick(generator, rows, ("yes", "no")),
            "Default Address Company": None,
            "Default Address Address1": streets(generator, rows),
            "Default Address Address2": None,
            "Default Address City": pick(generator, rows, CITIES),
            "Default Address Province Code": pick(generator, rows, ("ENG", "SCT", "WLS")),
            "Default Address Country Code": pick(generator, rows, COUNTRIES),
            "Default Address Zip": [f"'{code}" for code in codes(generator, rows, 99_998, 10_001)],
            "Default Address Phone": phones(generator, rows),
            "Phone": gaps(generator, [f"'+{phone}" for phone in phones(generator, rows)], 0.4),
            "Accepts SMS Marketing": pick(generator, rows, ("yes", "no"), 20, 80),
            "Total Spent": amounts(generator, rows, 120),
            "Total Orders": counts(generator, rows, 5, 1),
            "Note": None,
            "Tax Exempt": "no",
            "Tags": gaps(generator, pick(generator, rows, ("VIP", "newsletter", "wholesale")), 0.3),
        }
    )


def woocommerce_customers(generator: Generator) -> pd.DataFrame:
    """Customers from WooCommerce's analytics; guests have no user name, and two people share a name."""
    rows = 250
    people, orders = full_names(generator, rows), counts(generator, rows, 4, 1)
    spend = np.round(orders * amounts(generator, rows, 45, 0.6), 2)
    return pd.DataFrame(
        {
            "Name": [*people[:-1], people[0]],
            "Username": gaps(generator, [f"{name.split()[0].lower()}{row}" for row, name in enumerate(people)], 0.2),
            "Last active": days(generator, rows, MOMENT, "2023-06-01"),
            "Sign up": days(generator, rows, MOMENT, "2020-01-15", "2023-05-20"),
            "Email": emails(generator, rows),
            "Orders": orders,
            "Total spend": spend,
            "AOV": np.round(spend / orders, 2),
            "Country / Region": pick(generator, rows, COUNTRIES),
            "City": pick(generator, rows, CITIES),
            "Region": pick(generator, rows, ("North", "South", "West")),
            "Postal code": codes(generator, rows, 99_998, 10_001),
        }
    )


def stripe_customers(generator: Generator) -> pd.DataFrame:
    """Customers of Stripe: what they paid, what was paid back, and much about their card."""
    rows = 250
    spend, payments = amounts(generator, rows, 300), counts(generator, rows, 9, 1)
    return pd.DataFrame(
        {
            "id": keys(generator, rows, "cus_", 14),
            "Description": None,
            "Email": emails(generator, rows),
            "Name": full_names(generator, rows),
            "Created (UTC)": days(generator, rows, "%Y-%m-%d %H:%M"),
            "Delinquent": pick(generator, rows, ("true", "false"), 6, 94),
            "Card ID": keys(generator, rows, "card_"),
            "Card Last4": [f"{code:04}" for code in codes(generator, rows, 9999)],
            "Card Brand": pick(generator, rows, ("Visa", "MasterCard", "American Express")),
            "Card Funding": pick(generator, rows, ("credit", "debit")),
            "Card Exp Month": codes(generator, rows, 12, 1),
            "Card Exp Year": codes(generator, rows, 2030, 2024),
            "Card Issue Country": pick(generator, rows, COUNTRIES),
            "Status": None,
            "Cancel At Period End": None,
            "Account Balance": np.round(-amounts(generator, rows, 12) * (generator.random(rows) < 0.3), 2),
            "Currency": "eur",
            "Total Spend": spend,
            "Payment Count": payments,
            "Average Order": np.round(spend / payments, 2),
            "Refunded Volume": np.round(spend * shares(generator, rows) * (generator.random(rows) < 0.3), 2),
            "Dispute Losses": np.round(amounts(generator, rows, 30) * (generator.random(rows) < 0.1), 2),
        }
    )


def klaviyo_profiles(generator: Generator) -> pd.DataFrame:
    """Profiles of a mailing tool, with its own guess at what each will buy."""
    rows = 300
    orders = counts(generator, rows, 4, 1)
    historic = np.round(orders * amounts(generator, rows, 38, 0.6), 2)
    predicted = amounts(generator, rows, 40, 1.0)
    return pd.DataFrame(
        {
            "Email": emails(generator, rows),
            "Klaviyo ID": [key.upper() for key in keys(generator, rows, "01G", 23)],
            "First Name": names(generator, rows),
            "Last Name": names(generator, rows),
            "Organization": None,
            "Phone Number": [f"+{phone}" for phone in phones(generator, rows)],
            "City": pick(generator, rows, CITIES),
            "Country": pick(generator, rows, COUNTRIES),
            "Zip Code": codes(generator, rows, 99_998, 10_001),
            "Email Marketing Consent": pick(generator, rows, ("SUBSCRIBED", "NEVER_SUBSCRIBED")),
            "Profile Created On": days(generator, rows, MOMENT, "2020-01-15", "2022-12-10"),
            "Date Added": days(generator, rows, MOMENT, "2022-12-12"),
            "Historic Customer Lifetime Value": historic,
            "Predicted Customer Lifetime Value": predicted,
            "Total Customer Lifetime Value": np.round(historic + predicted, 2),
            "Historic Number Of Orders": orders,
            "Predicted Number Of Orders": np.round(generator.gamma(1.5, 0.5, rows), 2),
            "Average Days Between Orders": np.round(generator.gamma(3, 25, rows), 1),
            "Average Order Value": np.round(historic / orders, 2),
            "Churn Risk Prediction": np.round(generator.beta(2, 1, rows), 2),
            "Expected Date Of Next Order": days(generator, rows, "%Y-%m-%d", "2024-01-10", "2024-11-30"),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="customers_export.csv",
        make=shopify_customers,
        identifier="Customer ID",
        features=("Total Spent", "Total Orders"),
        money=("Total Spent",),
        categories=("Accepts Email Marketing", "Default Address City", "Default Address Province Code",
                    "Default Address Country Code", "Accepts SMS Marketing", "Tags"),
        ignored={"First Name": ANY, "Last Name": ANY, "Email": ANY, "Default Address Company": ANY,
                 "Default Address Address1": ANY, "Default Address Address2": ANY, "Default Address Zip": CODE,
                 "Default Address Phone": CODE, "Phone": CODE, "Note": ANY, "Tax Exempt": CONSTANT},
    ),
    CustomersLookAlike(
        file="wc-customers-report-export.csv",
        make=woocommerce_customers,
        written=Written(quoted=True),
        identifier="Email",
        features=("Orders", "Total spend", "AOV"),
        money=("Total spend",),
        categories=("Country / Region", "City", "Region"),
        ignored={"Name": ANY, "Username": ANY, "Postal code": CODE},
        dates=("Last active", "Sign up"),
    ),
    CustomersLookAlike(
        file="unified_customers.csv",
        make=stripe_customers,
        identifier="id",
        features=("Account Balance", "Total Spend", "Payment Count", "Average Order", "Refunded Volume",
                  "Dispute Losses"),
        # What was paid back and what a dispute cost is no spend.
        money=("Total Spend",),
        categories=("Card Brand", "Card Funding", "Card Issue Country"),
        ignored={"Description": ANY, "Email": ANY, "Name": ANY, "Card ID": ANY, "Card Last4": ANY, "Status": ANY,
                 "Cancel At Period End": ANY, "Currency": CONSTANT},
        dates=("Created (UTC)",),
        either={"Delinquent": ("category", "outcome"), "Card Exp Month": CODED, "Card Exp Year": CODED},
    ),
    CustomersLookAlike(
        file="klaviyo_profiles.csv",
        make=klaviyo_profiles,
        identifier="Klaviyo ID",
        features=("Historic Customer Lifetime Value", "Predicted Customer Lifetime Value", "Historic Number Of Orders",
                  "Predicted Number Of Orders", "Average Days Between Orders", "Average Order Value",
                  "Churn Risk Prediction"),
        # What is predicted has not been paid, and the total is the sum of both.
        money=("Historic Customer Lifetime Value",),
        categories=("City", "Country", "Email Marketing Consent"),
        ignored={"Email": ANY, "First Name": ANY, "Last Name": ANY, "Organization": ANY, "Phone Number": CODE,
                 "Zip Code": CODE},
        dates=("Profile Created On", "Date Added", "Expected Date Of Next Order"),
        either={"Total Customer Lifetime Value": ("feature", "ignored")},
    ),
]  # fmt: skip
