"""Customers of businesses, as accounts and reports list them: by month, with sums, with what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, COPY, FEW_VALUES, CustomersLookAlike
from tests.look_alikes.values import (
    amounts,
    codes,
    counts,
    days,
    emails,
    full_names,
    names,
    numbers,
    pick,
    shares,
    whole,
)

if TYPE_CHECKING:
    from numpy.random import Generator

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
QUARTERS = ("Sales Q1", "Sales Q2", "Sales Q3", "Sales Q4")
GOODS = ("Wine sales", "Bakery sales", "Toys sales", "Books sales")


def debtors(generator: Generator) -> pd.DataFrame:
    """Debtors of an accounting program: limits, open items and days beside sales."""
    rows = 150
    return pd.DataFrame(
        {
            "Customer": numbers(generator, rows, 100_001),
            "Name 1": [f"{name} {row} Ltd" for row, name in enumerate(names(generator, rows))],
            "City": pick(generator, rows, ("Leeds", "Cork", "Bath")),
            "Payment terms": pick(generator, rows, ("NT30", "NT60", "COD")),
            "Sales YTD": amounts(generator, rows, 9_000, 1.0),
            "Sales PY": amounts(generator, rows, 11_000, 1.0),
            "Credit limit": 500 * codes(generator, rows, 80, 1),
            "Open items": amounts(generator, rows, 1_200, 1.0),
            "Days sales outstanding": codes(generator, rows, 95, 5),
        }
    )


def by_month(generator: Generator) -> pd.DataFrame:
    """What each account bought in each month of a year, and in all."""
    rows = 120
    months = {month: amounts(generator, rows, 700, 0.8) for month in MONTHS}
    return pd.DataFrame(
        {
            "Account No": numbers(generator, rows, 7_001),
            "Channel": pick(generator, rows, ("Retail", "Hotel", "Restaurant")),
            **months,
            "Total": np.round(sum(months.values()), 2),
        }
    )


def by_quarter(generator: Generator) -> pd.DataFrame:
    """Sales of four quarters and of the year."""
    rows = 140
    quarters = {quarter: amounts(generator, rows, 2_100, 0.8) for quarter in QUARTERS}
    return pd.DataFrame(
        {
            "Customer": [f"C-{number}" for number in numbers(generator, rows, 310)],
            **quarters,
            "Sales FY": np.round(sum(quarters.values()), 2),
            "Growth %": np.round(generator.normal(4, 12, rows), 1),
        }
    )


def subtotals(generator: Generator) -> pd.DataFrame:
    """Sales of goods with two subtotals and a grand total."""
    rows = 160
    wine, bakery, toys, books = (amounts(generator, rows, 300, 0.8) for _ in GOODS)
    return pd.DataFrame(
        {
            "Customer ID": numbers(generator, rows, 8_801),
            "Wine sales": wine,
            "Bakery sales": bakery,
            "Food sales subtotal": np.round(wine + bakery, 2),
            "Toys sales": toys,
            "Books sales": books,
            "Other sales subtotal": np.round(toys + books, 2),
            "Grand total sales": np.round(wine + bakery + toys + books, 2),
        }
    )


def sales_by_customer(generator: Generator) -> pd.DataFrame:
    """A report of Shopify: gross sales less discounts and returns are net sales, with taxes and shipping the total."""
    rows = 180
    gross = amounts(generator, rows, 220, 0.9)
    discounts = -np.round(gross * shares(generator, rows) * 0.3, 2)
    returns = -np.round(gross * (generator.random(rows) < 0.15) * 0.5, 2)
    net = np.round(gross + discounts + returns, 2)
    taxes, shipping = np.round(0.19 * net, 2), np.round(4.9 * counts(generator, rows, 3, 1), 2)
    return pd.DataFrame(
        {
            "Customer name": full_names(generator, rows),
            "Customer email": emails(generator, rows),
            "Orders": counts(generator, rows, 3, 1),
            "Gross sales": gross,
            "Discounts": discounts,
            "Returns": returns,
            "Net sales": net,
            "Shipping": shipping,
            "Taxes": taxes,
            "Total sales": np.round(net + taxes + shipping, 2),
        }
    )


def ledger_by_month(generator: Generator) -> pd.DataFrame:
    """A report of QuickBooks with dollar signs: months with a year, and their total."""
    rows = 90
    months = {f"{month} 2023": amounts(generator, rows, 900, 0.7) for month in MONTHS[:6]}
    dollars = {name: [f"${amount:,.2f}" for amount in paid] for name, paid in months.items()}
    total = np.round(sum(months.values()), 2)
    return pd.DataFrame(
        {
            "Customer": [f"{name} {row} Inc" for row, name in enumerate(names(generator, rows))],
            **dollars,
            "Total": [f"${amount:,.2f}" for amount in total],
        }
    )


def few_clients(generator: Generator) -> pd.DataFrame:
    """The twelve clients of an agency."""
    rows = 12
    return pd.DataFrame(
        {
            "Client": names(generator, rows),
            "Projects": codes(generator, rows, 14, 1),
            "Hours": whole(generator, rows, 420),
            "Revenue (EUR)": whole(generator, rows, 38_000),
            "Satisfaction": codes(generator, rows, 10, 5),
        }
    )


def opportunities(generator: Generator) -> pd.DataFrame:
    """Accounts of a CRM: what may come in is no spend yet."""
    rows = 170
    return pd.DataFrame(
        {
            "Account ID": [f"001{number}AAQ" for number in numbers(generator, rows, 5_000_000)],
            "Account Name": [f"{name} {row} GmbH" for row, name in enumerate(names(generator, rows))],
            "Account Owner": pick(generator, rows, ("Ida", "Jon", "Mia")),
            "Industry": pick(generator, rows, ("Retail", "Energy", "Health")),
            "Employees": whole(generator, rows, 240, 1.1),
            "Annual Revenue": whole(generator, rows, 9_000_000, 1.2),
            "Open Pipeline": whole(generator, rows, 60_000, 1.0),
            "Closed Won Amount": whole(generator, rows, 45_000, 1.0),
            "Win Rate": np.round(generator.uniform(0.05, 0.9, rows), 3),
            "Last Activity Date": days(generator, rows),
        }
    )


def scored(generator: Generator) -> pd.DataFrame:
    """Customers who were scored before: scores, deciles and ranks follow from the three measures beside them."""
    rows = 250
    paid = amounts(generator, rows, 500, 1.0)
    frame = pd.DataFrame(
        {
            "CustomerID": numbers(generator, rows, 12_347),
            "Recency": codes(generator, rows, 373, 1),
            "Frequency": counts(generator, rows, 30, 1),
            "Monetary": paid,
        }
    )
    scores = {name: pd.qcut(frame[name].rank(method="first"), 5, labels=False) + 1 for name in frame.columns[1:]}
    frame["R_Score"], frame["F_Score"], frame["M_Score"] = (
        6 - scores["Recency"],
        scores["Frequency"],
        scores["Monetary"],
    )
    frame["Decile"] = pd.qcut(frame["Monetary"].rank(method="first"), 10, labels=False) + 1
    frame["Spend rank"] = frame["Monetary"].rank(ascending=False, method="first").astype(int)
    frame["Segment"] = pick(generator, rows, ("Champions", "At risk", "Hibernating"))
    return frame


SALES = ("Gross sales", "Net sales", "Total sales")
LOOK_ALIKES = [
    CustomersLookAlike(
        file="debtors.csv",
        make=debtors,
        identifier="Customer",
        features=("Sales YTD", "Sales PY", "Credit limit", "Open items", "Days sales outstanding"),
        money=("Sales YTD", "Sales PY"),
        categories=("City", "Payment terms"),
        ignored={"Name 1": ANY},
    ),
    CustomersLookAlike(
        file="accounts_by_month.csv",
        make=by_month,
        identifier="Account No",
        features=(*MONTHS, "Total"),
        money=("Total",),
        money_or=MONTHS,
        categories=("Channel",),
    ),
    CustomersLookAlike(
        file="sales_by_quarter.csv",
        make=by_quarter,
        identifier="Customer",
        features=(*QUARTERS, "Sales FY", "Growth %"),
        money=QUARTERS,
        money_or=("Sales FY",),
    ),
    CustomersLookAlike(
        file="sales_with_subtotals.csv",
        make=subtotals,
        identifier="Customer ID",
        features=(*GOODS, "Food sales subtotal", "Other sales subtotal", "Grand total sales"),
        money=GOODS,
        money_or=("Grand total sales",),
    ),
    CustomersLookAlike(
        file="sales_by_customer.csv",
        make=sales_by_customer,
        identifier="Customer email",
        features=("Discounts", "Returns", "Shipping"),
        money=("Net sales",),
        money_or=("Gross sales",),
        ignored={"Customer name": ANY, "Taxes": COPY},
        either={"Orders": FEW_VALUES, **dict.fromkeys(SALES, ("feature", "ignored"))},
    ),
    CustomersLookAlike(
        file="Sales by Customer Summary.csv",
        make=ledger_by_month,
        identifier="Customer",
        features=(*(f"{month} 2023" for month in MONTHS[:6]), "Total"),
        money=tuple(f"{month} 2023" for month in MONTHS[:6]),
        money_or=("Total",),
        spent=lambda frame: frame["Total"].str.replace(r"[$,]", "", regex=True).astype(float),
    ),
    CustomersLookAlike(
        file="agency_clients.csv",
        make=few_clients,
        identifier="Client",
        features=("Projects", "Hours", "Revenue (EUR)", "Satisfaction"),
        money=("Revenue (EUR)",),
    ),
    CustomersLookAlike(
        file="crm_accounts.csv",
        make=opportunities,
        identifier="Account ID",
        # What a company earns is not what it pays us.
        features=("Employees", "Annual Revenue", "Open Pipeline", "Closed Won Amount", "Win Rate"),
        money=("Closed Won Amount",),
        categories=("Account Owner", "Industry"),
        ignored={"Account Name": ANY},
        dates=("Last Activity Date",),
    ),
    CustomersLookAlike(
        file="rfm_scored.csv",
        make=scored,
        identifier="CustomerID",
        features=("Recency", "Frequency", "Monetary"),
        money=("Monetary",),
        categories=("Segment",),
        either={"R_Score": FEW_VALUES, "F_Score": FEW_VALUES, "M_Score": FEW_VALUES, "Decile": FEW_VALUES,
                "Spend rank": ("feature", "ignored")},
    ),
]  # fmt: skip
