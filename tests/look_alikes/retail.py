"""Customers of shops, as teaching repositories and loyalty schemes hand them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import CODE, CODED, CONSTANT, FEW_VALUES, CustomersLookAlike, Written
from tests.look_alikes.values import amounts, codes, counts, days, gaps, numbers, pick, shares, whole

if TYPE_CHECKING:
    from numpy.random import Generator

GOODS = ("Fresh", "Milk", "Grocery", "Frozen", "Detergents_Paper", "Delicassen")
MONEY = {"MntWines": 170, "MntFruits": 9, "MntMeatProducts": 70, "MntFishProducts": 12, "MntSweetProducts": 8,
         "MntGoldProds": 25}  # fmt: skip
COUPLES = ("Married", "Together", "Single", "Divorced", "Widow")
CHANNELS = (
    "NumDealsPurchases",
    "NumWebPurchases",
    "NumCatalogPurchases",
    "NumStorePurchases",
    "NumWebVisitsMonth",
)
CAMPAIGNS = ("AcceptedCmp3", "AcceptedCmp4", "AcceptedCmp5", "AcceptedCmp1", "AcceptedCmp2")
PAGES = ("Administrative", "Informational", "ProductRelated")


def wholesale(generator: Generator) -> pd.DataFrame:
    """Clients of a wholesaler: what they spent in a year, by kind of goods."""
    rows = 440
    return pd.DataFrame(
        {"Channel": codes(generator, rows, 2, 1), "Region": codes(generator, rows, 3, 1)}
        | {
            name: whole(generator, rows, typical, 1.0)
            for name, typical in zip(GOODS, range(8000, 2000, -1000), strict=True)
        }
    )


def marketing_campaign(generator: Generator) -> pd.DataFrame:
    """Customers of a grocer: their household, two years of purchases, which campaigns they accepted."""
    rows = 600
    return pd.DataFrame(
        {
            "ID": generator.permutation(11_191)[:rows],
            "Year_Birth": codes(generator, rows, 1996, 1943),
            "Education": pick(generator, rows, ("Graduation", "PhD", "Master", "Basic", "2n Cycle"), 50, 22, 16, 3, 9),
            "Marital_Status": pick(generator, rows, COUPLES, 39, 26, 21, 10, 4),
            "Income": gaps(generator, whole(generator, rows, 51_000, 0.4).astype(float), 0.02),
            "Kidhome": generator.choice(3, rows, p=(0.57, 0.4, 0.03)),
            "Teenhome": generator.choice(3, rows, p=(0.52, 0.45, 0.03)),
            "Dt_Customer": days(generator, rows, "%d-%m-%Y", "2012-07-30", "2014-06-29"),
            "Recency": codes(generator, rows, 99),
        }
        | {name: whole(generator, rows, typical, 1.2) for name, typical in MONEY.items()}
        | {name: counts(generator, rows, mean) for name, mean in zip(CHANNELS, (2.3, 4.1, 2.7, 5.8, 5.3), strict=True)}
        | {name: (generator.random(rows) < 0.08).astype(int) for name in (*CAMPAIGNS, "Complain")}
        | {"Z_CostContact": 3, "Z_Revenue": 11, "Response": (generator.random(rows) < 0.15).astype(int)}
    )  # fmt: skip


def mall(generator: Generator) -> pd.DataFrame:
    """Customers of a mall with two scores."""
    rows = 200
    return pd.DataFrame(
        {
            "CustomerID": range(1, rows + 1),
            "Gender": pick(generator, rows, ("Male", "Female"), 44, 56),
            "Age": codes(generator, rows, 70, 18),
            "Annual Income (k$)": np.sort(codes(generator, rows, 137, 15)),
            "Spending Score (1-100)": codes(generator, rows, 99, 1),
        }
    )


def online_shoppers(generator: Generator) -> pd.DataFrame:
    """Visits to an online shop, from Google Analytics, and whether they ended in a purchase."""
    rows = 600
    pages = {}
    for name, mean in zip(PAGES, (2.3, 0.8, 31), strict=True):
        pages[name] = counts(generator, rows, mean)
        pages[f"{name}_Duration"] = np.round(pages[name] * generator.gamma(2, 20, rows), 8)
    buys = generator.random(rows) < 0.15
    months = ("Feb", "Mar", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return pd.DataFrame(
        pages
        | {
            "BounceRates": shares(generator, rows, 9) / 5,
            "ExitRates": shares(generator, rows, 9) / 5,
            "PageValues": np.round(np.where(buys, generator.gamma(2, 14, rows), 0), 8),
            "SpecialDay": generator.choice((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), rows, p=(0.9, 0.02, 0.02, 0.02, 0.02, 0.02)),
            "Month": pick(generator, rows, months),
            "OperatingSystems": codes(generator, rows, 8, 1),
            "Browser": codes(generator, rows, 13, 1),
            "Region": codes(generator, rows, 9, 1),
            "TrafficType": codes(generator, rows, 20, 1),
            "VisitorType": pick(generator, rows, ("Returning_Visitor", "New_Visitor", "Other"), 85, 14, 1),
            "Weekend": np.where(generator.random(rows) < 0.23, "TRUE", "FALSE"),
            "Revenue": np.where(buys, "TRUE", "FALSE"),
        }
    )


def loyalty_cards(generator: Generator) -> pd.DataFrame:
    """Holders of a supermarket's loyalty card, a year of spend by department and in all."""
    rows = 400
    parts = {name: amounts(generator, rows, typical) for name, typical in
             (("spend_fresh", 600), ("spend_grocery", 450), ("spend_non_food", 120))}  # fmt: skip
    return pd.DataFrame(
        {
            "card_number": numbers(generator, rows, 9_826_131_000_452_000),
            "join_date": days(generator, rows, "%d/%m/%Y", "2012-01-02", "2022-11-30"),
            "birth_year": codes(generator, rows, 2003, 1938),
            "sex": pick(generator, rows, ("F", "M")),
            "postcode": codes(generator, rows, 9990, 1010),
            "home_store": pick(generator, rows, ("Northgate", "Harbour", "Old Town", "Airport")),
            "visits_12m": counts(generator, rows, 38, 1),
        }
        | parts
        | {
            "spend_12m": np.round(sum(parts.values()), 2),
            "share_promotion": shares(generator, rows, 3),
            "points_balance": whole(generator, rows, 900),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="Wholesale customers data.csv",
        make=wholesale,
        identifier=None,
        features=GOODS,
        money=GOODS,
        categories=("Channel", "Region"),
        settled=True,
    ),
    CustomersLookAlike(
        file="marketing_campaign.csv",
        make=marketing_campaign,
        written=Written(separator="\t"),
        identifier="ID",
        # The year of birth becomes an age, under the column's own name.
        features=("Year_Birth", "Income", "Recency", *MONEY, *CHANNELS),
        money=tuple(MONEY),
        categories=("Marital_Status", "Complain"),
        outcomes=(*CAMPAIGNS, "Response"),
        ignored={"Z_CostContact": CONSTANT, "Z_Revenue": CONSTANT},
        dates=("Dt_Customer",),
        either={"Kidhome": FEW_VALUES, "Teenhome": FEW_VALUES, "Education": FEW_VALUES},
        settled=True,
    ),
    CustomersLookAlike(
        file="Mall_Customers.csv",
        make=mall,
        written=Written(line_end="\r\n"),
        identifier="CustomerID",
        features=("Age", "Annual Income (k$)", "Spending Score (1-100)"),
        categories=("Gender",),
    ),
    CustomersLookAlike(
        file="online_shoppers_intention.csv",
        make=online_shoppers,
        identifier=None,
        # A page's value is what visits that see it bring on average: nobody pays it.
        features=(*(column for page in PAGES for column in (page, f"{page}_Duration")),
                  "BounceRates", "ExitRates", "PageValues"),
        categories=("Month", "VisitorType", "Weekend"),
        outcomes=("Revenue",),
        either={"SpecialDay": FEW_VALUES, "OperatingSystems": CODED, "Browser": CODED, "Region": CODED,
                "TrafficType": CODED},
    ),
    CustomersLookAlike(
        file="loyalty_cards_2023.csv",
        make=loyalty_cards,
        # The numbers of the cards are beyond the whole numbers that a floating point number tells apart.
        identifier="card_number",
        features=("birth_year", "visits_12m", "spend_fresh", "spend_grocery", "spend_non_food", "share_promotion",
                  "points_balance"),
        money=("spend_fresh", "spend_grocery", "spend_non_food"),
        money_or=("spend_12m",),
        categories=("sex", "home_store"),
        ignored={"postcode": CODE},
        dates=("join_date",),
        # The sum of the others adds nothing to them, but does no harm that it must be left out for.
        either={"spend_12m": ("feature", "ignored")},
    ),
]  # fmt: skip
