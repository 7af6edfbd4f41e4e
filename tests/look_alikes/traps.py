"""Small tables of customers, each with one trap that many real exports share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import CODED, COPY, FEW_VALUES, ROW_NUMBER, CustomersLookAlike, Written
from tests.look_alikes.values import amounts, codes, counts, days, numbers, pick, shares

if TYPE_CHECKING:
    from numpy.random import Generator

REPEATS = "(?i)repeat|twice|more than once|duplicate"
SURVEY = {
    "region": ("North", "South", "East", "West"),
    "housing": ("Flat", "House", "Shared"),
    "employment": ("Employed", "Self-employed", "Student", "Retired"),
    "transport": ("Car", "Bus", "Bike", "On foot"),
    "device": ("Phone", "Laptop", "Tablet"),
    "browser": ("Chrome", "Safari", "Firefox", "Edge"),
    "favourite_channel": ("Shop", "Web", "App"),
    "payment": ("Card", "Cash", "Invoice"),
    "newsletter": ("yes", "no"),
    "pets": ("yes", "no"),
    "garden": ("yes", "no"),
    "vegetarian": ("yes", "no"),
}
FREQUENCY = ("never", "rarely", "sometimes", "often", "always")
QUESTIONS = ("q1_price", "q2_service", "q3_range", "q4_staff")


def spend_and_visits(generator: Generator, rows: int) -> dict[str, object]:
    """Make the three columns that each of these tables begins with, after its identifier."""
    return {
        "spend": amounts(generator, rows, 240),
        "visits": counts(generator, rows, 9, 1),
        "discount_share": shares(generator, rows, 3),
    }


def customers(generator: Generator, rows: int) -> dict[str, object]:
    """Make an identifier and these three columns."""
    return {"customer": [f"K{number}" for number in numbers(generator, rows, 1001)]} | spend_and_visits(generator, rows)


def unnamed_index(generator: Generator) -> pd.DataFrame:
    """The index of a frame, saved as a first column without a name, beside the customers' own numbers."""
    return pd.DataFrame({"column 1": range(120)} | customers(generator, 120))


def repeated_numbers(generator: Generator) -> pd.DataFrame:
    """Numbers of customers, three of which come twice."""
    number = numbers(generator, 240, 30_017)
    number[100:103] = number[20:23]
    return pd.DataFrame({"customer_no": number} | spend_and_visits(generator, 240))


def epochs(generator: Generator) -> pd.DataFrame:
    """Moments as seconds and milliseconds since 1970."""
    seconds = 1_600_000_000 + generator.integers(0, 90_000_000, 150)
    return pd.DataFrame(
        customers(generator, 150)
        | {"created_at": seconds, "last_seen_ms": 1000 * (seconds + generator.integers(0, 9_000_000, 150))}
    )


def sentinels(generator: Generator) -> pd.DataFrame:
    """Numbers and a day that stand for what is not known."""
    never, unknown = generator.random(200) < 0.15, generator.random(200) < 0.1
    return pd.DataFrame(
        customers(generator, 200)
        | {
            "age": np.where(unknown, -1, codes(generator, 200, 82, 18)),
            "days_since_last_order": np.where(never, 999, codes(generator, 200, 330)),
            "last_order_date": np.where(never, "1900-01-01", days(generator, 200)),
        }
    )


def two_currencies(generator: Generator) -> pd.DataFrame:
    """The same amount in two currencies, at a fixed rate."""
    frame = pd.DataFrame(customers(generator, 150)).rename(columns={"spend": "spend_eur"})
    frame["spend_usd"] = np.round(frame["spend_eur"] * 1.0842, 2)
    return frame


def scales(generator: Generator) -> pd.DataFrame:
    """Words that have an order, and answers from 1 to 5."""
    return pd.DataFrame(
        customers(generator, 180)
        | {
            "size": pick(generator, 180, ("small", "medium", "large")),
            "priority": pick(generator, 180, ("Low", "Medium", "High")),
            "eats_out": pick(generator, 180, FREQUENCY),
            **{question: codes(generator, 180, 5, 1) for question in QUESTIONS},
        }
    )


def mostly_categories(generator: Generator) -> pd.DataFrame:
    """Twelve answers of a survey and only two numbers."""
    return pd.DataFrame(
        {"respondent_id": numbers(generator, 320, 7001)}
        | {question: pick(generator, 320, answers) for question, answers in SURVEY.items()}
        | {"age": codes(generator, 320, 79, 18), "monthly_spend": amounts(generator, 320, 130)}
    )


def total_of_all(generator: Generator) -> pd.DataFrame:
    """Spend by department, and a last column that is the sum of the others."""
    parts = {name: amounts(generator, 220, 150) for name in ("groceries", "clothing", "electronics")}
    return pd.DataFrame(
        {"customer_id": numbers(generator, 220, 501), "visits": counts(generator, 220, 12, 1)}
        | parts
        | {"total": np.round(sum(parts.values()), 2)}
    )


def one_refund(generator: Generator) -> pd.DataFrame:
    """Sales, of which one customer gave back a little more than they bought."""
    sales = amounts(generator, 160, 310)
    sales[37] = -12.0
    return pd.DataFrame(
        {
            "client_id": numbers(generator, 160, 90_001),
            "sales": sales,
            "invoices": counts(generator, 160, 6, 1),
            "branch": codes(generator, 160, 14, 1) * 10,
            "country_code": codes(generator, 160, 3, 1),
        }
    )


USUAL = ("spend", "visits", "discount_share")
LOOK_ALIKES = [
    CustomersLookAlike(
        file="unnamed_index.csv",
        make=unnamed_index,
        written=Written(unnamed=("column 1",)),
        identifier="customer",
        features=USUAL,
        money=("spend",),
        ignored={"column 1": ROW_NUMBER},
    ),
    CustomersLookAlike(
        file="repeated_numbers.csv",
        make=repeated_numbers,
        # Still the customer's number and nothing to compare by, but it must be said that it repeats.
        identifier="customer_no",
        features=USUAL,
        money=("spend",),
        said={"customer_no": REPEATS},
    ),
    CustomersLookAlike(
        file="epochs.csv",
        make=epochs,
        identifier="customer",
        features=USUAL,
        money=("spend",),
        dates=("created_at", "last_seen_ms"),
    ),
    CustomersLookAlike(
        file="sentinels.csv",
        make=sentinels,
        identifier="customer",
        features=(*USUAL, "age", "days_since_last_order"),
        money=("spend",),
        dates=("last_order_date",),
        asks=("999", r"[-−]1\b", "1900"),
    ),
    CustomersLookAlike(
        file="two_currencies.csv",
        make=two_currencies,
        identifier="customer",
        features=("spend_eur", "visits", "discount_share"),
        money=("spend_eur",),
        ignored={"spend_usd": COPY},
    ),
    CustomersLookAlike(
        file="scales.csv",
        make=scales,
        identifier="customer",
        features=USUAL,
        money=("spend",),
        either=dict.fromkeys(("size", "priority", "eats_out", *QUESTIONS), FEW_VALUES),
    ),
    CustomersLookAlike(
        file="survey.csv",
        make=mostly_categories,
        identifier="respondent_id",
        features=("age", "monthly_spend"),
        money=("monthly_spend",),
        categories=tuple(SURVEY),
    ),
    CustomersLookAlike(
        file="departments_and_total.csv",
        make=total_of_all,
        identifier="customer_id",
        features=("visits", "groceries", "clothing", "electronics"),
        money=("groceries", "clothing", "electronics"),
        money_or=("total",),
        either={"total": ("feature", "ignored")},
    ),
    CustomersLookAlike(
        file="one_refund.csv",
        make=one_refund,
        identifier="client_id",
        features=("sales", "invoices"),
        money=("sales",),
        either={"branch": CODED, "country_code": CODED},
    ),
]
