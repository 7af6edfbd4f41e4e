"""Customers who pay by the month: telephone, energy, a gym, software, games."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CODED, COPY, CustomersLookAlike, Written
from tests.look_alikes.values import COUNTRIES, amounts, codes, counts, days, gaps, names, numbers, pick, shares, whole

if TYPE_CHECKING:
    import numpy.typing as npt
    from numpy.random import Generator

YES_NO = ("Yes", "No")
ONLINE = ("OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies")
PAYMENTS = ("Electronic check", "Mailed check", "Bank transfer (automatic)", "Credit card (automatic)")
PRICES = {"day": 0.17, "eve": 0.085, "night": 0.045, "intl": 0.27}


def telco(generator: Generator) -> pd.DataFrame:
    """Subscribers of a telephone company; who has just joined has a blank in place of a total."""
    rows = 600
    tenure = codes(generator, rows, 72)
    phone = pick(generator, rows, YES_NO, 90, 10)
    internet = pick(generator, rows, ("DSL", "Fiber optic", "No"), 34, 44, 22)
    monthly = np.round(generator.uniform(18, 119, rows), 2)
    total = np.round(monthly * tenure * generator.normal(1, 0.02, rows), 2)
    lines = pick(generator, rows, YES_NO)
    extras = {
        name: [
            "No internet service" if net == "No" else extra
            for net, extra in zip(internet, pick(generator, rows, YES_NO), strict=True)
        ]
        for name in ONLINE
    }
    return pd.DataFrame(
        {
            "customerID": [f"{number}-{name[:5].upper():X<5}" for number, name in
                           zip(numbers(generator, rows, 1000), names(generator, rows), strict=True)],
            "gender": pick(generator, rows, ("Female", "Male")),
            "SeniorCitizen": (generator.random(rows) < 0.16).astype(int),
            "Partner": pick(generator, rows, YES_NO),
            "Dependents": pick(generator, rows, YES_NO, 30, 70),
            "tenure": tenure,
            "PhoneService": phone,
            "MultipleLines": np.where(np.array(phone) == "No", "No phone service", lines),
            "InternetService": internet,
            **extras,
            "Contract": pick(generator, rows, ("Month-to-month", "One year", "Two year"), 55, 21, 24),
            "PaperlessBilling": pick(generator, rows, YES_NO),
            "PaymentMethod": pick(generator, rows, PAYMENTS),
            "MonthlyCharges": monthly,
            "TotalCharges": [" " if months == 0 else str(paid) for months, paid in zip(tenure, total, strict=True)],
            "Churn": pick(generator, rows, YES_NO, 27, 73),
        }
    )  # fmt: skip


def telecom_usage(generator: Generator) -> pd.DataFrame:
    """Minutes, calls and charges at four times; each charge is its minutes at a fixed price."""
    rows = 500
    usage: dict[str, npt.NDArray[np.generic]] = {}
    for time, price in PRICES.items():
        mean, calls = (10, 4) if time == "intl" else (190, 100)
        minutes = np.round(mean * generator.gamma(14, 1 / 14, rows), 1)
        usage |= {
            f"Total {time} minutes": minutes,
            f"Total {time} calls": counts(generator, rows, calls),
            f"Total {time} charge": np.round(minutes * price, 2),
        }
    voice_mail = generator.random(rows) < 0.28
    return pd.DataFrame(
        {
            "State": pick(generator, rows, [f"{first}{last}" for first in "ACKMNW" for last in "ADTVY"]),
            "Account length": codes(generator, rows, 225, 1),
            "Area code": generator.choice((408, 415, 510), rows),
            "International plan": pick(generator, rows, YES_NO, 10, 90),
            "Voice mail plan": np.where(voice_mail, "Yes", "No"),
            "Number vmail messages": np.where(voice_mail, codes(generator, rows, 50, 4), 0),
            **usage,
            "Customer service calls": counts(generator, rows, 1.6),
            "Churn": np.where(generator.random(rows) < 0.145, "True", "False"),
        }
    )


def energy_meters(generator: Generator) -> pd.DataFrame:
    """Households with a meter: what they used, what they were billed, what they still owe."""
    rows = 300
    tariffs = pick(generator, rows, ("Flex", "Fixed 12", "Green"))
    used = whole(generator, rows, 3100, 0.5)
    price = np.array([{"Flex": 0.24, "Fixed 12": 0.33, "Green": 0.42}[tariff] for tariff in tariffs])
    return pd.DataFrame(
        {
            "meter_id": [f"DE00012345{number:08}" for number in numbers(generator, rows, 4_200_117)],
            "tariff": tariffs,
            "postcode": [f"{code:05}" for code in codes(generator, rows, 99_998, 1_067)],
            "contract_start": days(generator, rows, "%d.%m.%Y", "2014-01-02", "2022-12-01"),
            "annual_kwh": used,
            "night_share_percent": np.round(100 * shares(generator, rows), 1),
            "peak_kw": np.round(generator.gamma(6, 0.9, rows), 2),
            "has_solar": pick(generator, rows, ("yes", "no"), 15, 85),
            "payment_method": pick(generator, rows, ("direct debit", "transfer"), 80, 20),
            "annual_bill_eur": np.round(used * price + generator.normal(140, 30, rows), 2),
            "arrears_eur": np.round(amounts(generator, rows, 60) * (generator.random(rows) < 0.3), 2),
            "service_calls": counts(generator, rows, 1.8),
        }
    )


def gym_members(generator: Generator) -> pd.DataFrame:
    """Members of a gym: visits, what they paid, whether they cancelled."""
    rows = 250
    return pd.DataFrame(
        {
            "member_id": [f"M{number}" for number in numbers(generator, rows, 2001)],
            "first_name": names(generator, rows),
            "joined": days(generator, rows, "%m/%d/%Y", "2018-01-13"),
            "membership": pick(generator, rows, ("Basic", "Plus", "Off-peak")),
            "visits_last_90_days": counts(generator, rows, 14),
            "classes_booked": counts(generator, rows, 6),
            "minutes_per_visit": np.round(generator.normal(68, 14, rows), 1),
            "total_paid": amounts(generator, rows, 520, 0.6),
            "personal_training_spend": np.round(amounts(generator, rows, 180) * (generator.random(rows) < 0.4), 2),
            "cancelled": pick(generator, rows, ("yes", "no"), 20, 80),
        }
    )


def software_accounts(generator: Generator) -> pd.DataFrame:
    """Accounts of a software service: recurring revenue by the month, and the same by the year."""
    rows = 300
    seats = counts(generator, rows, 18, 1)
    revenue = np.round(seats * generator.choice((9.0, 19.0, 29.0), rows) * generator.uniform(0.8, 1, rows), 2)
    return pd.DataFrame(
        {
            "account_id": keys(rows),
            "company": [f"{name} Ltd" for name in names(generator, rows)],
            "industry": pick(generator, rows, ("Health", "Retail", "Education", "Media")),
            "plan": pick(generator, rows, ("Starter", "Team", "Enterprise")),
            "seats": seats,
            "active_users": np.minimum(seats, counts(generator, rows, 11)),
            "mrr_usd": revenue,
            "arr_usd": np.round(revenue * 12, 2),
            "signup_date": days(generator, rows),
            "last_login_at": days(generator, rows, "%Y-%m-%dT%H:%M:%SZ", "2023-10-01", "2024-01-20"),
            "support_tickets_90d": counts(generator, rows, 3),
            "nps_score": gaps(generator, [float(score) for score in codes(generator, rows, 10)], 0.3),
            "churned": np.where(generator.random(rows) < 0.12, "true", "false"),
        }
    )


def keys(rows: int) -> list[str]:
    """Return numbers of accounts as text."""
    return [f"acct_{7 * row + 1301:06}" for row in range(rows)]


def game_players(generator: Generator) -> pd.DataFrame:
    """Players of a free game, most of whom never pay."""
    rows = 500
    pays = generator.random(rows) < 0.35
    bought = np.where(pays, counts(generator, rows, 5, 1), 0)
    return pd.DataFrame(
        {
            "player_id": numbers(generator, rows, 88_000_113),
            "install_date": days(generator, rows, "%Y-%m-%d", "2023-01-15"),
            "platform": pick(generator, rows, ("ios", "android")),
            "country": pick(generator, rows, COUNTRIES),
            "sessions": counts(generator, rows, 45, 1),
            "total_playtime_minutes": whole(generator, rows, 900, 1.1),
            "levels_completed": counts(generator, rows, 30),
            "ads_watched": counts(generator, rows, 22),
            "purchases_count": bought,
            "total_spend_usd": np.round(bought * amounts(generator, rows, 4.99, 0.5), 2),
            "days_since_last_session": codes(generator, rows, 120),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="WA_Fn-UseC_-Telco-Customer-Churn.csv",
        make=telco,
        written=Written(line_end="\r\n"),
        identifier="customerID",
        features=("tenure", "MonthlyCharges", "TotalCharges"),
        # The total is tenure times the month's charges: together they would count the same money twice.
        money=("TotalCharges",),
        money_or=("MonthlyCharges",),
        categories=("gender", "SeniorCitizen", "Partner", "Dependents", "PhoneService", "MultipleLines",
                    "InternetService", *ONLINE, "Contract", "PaperlessBilling", "PaymentMethod"),
        outcomes=("Churn",),
    ),
    CustomersLookAlike(
        file="churn-bigml-80.csv",
        make=telecom_usage,
        identifier=None,
        features=("Account length", "Number vmail messages",
                  *(f"Total {time} {what}" for time in PRICES for what in ("calls", "charge")),
                  "Customer service calls"),
        money=tuple(f"Total {time} charge" for time in PRICES),
        categories=("State", "International plan", "Voice mail plan"),
        outcomes=("Churn",),
        # Of a near-copy the money stays: what was paid says more than the minutes at its fixed price.
        ignored={f"Total {time} minutes": COPY for time in PRICES},
        either={"Area code": CODED},
    ),
    CustomersLookAlike(
        file="meters_2023.csv",
        make=energy_meters,
        written=Written(separator=";", decimal=","),
        identifier="meter_id",
        features=("annual_kwh", "night_share_percent", "peak_kw", "annual_bill_eur", "arrears_eur", "service_calls"),
        money=("annual_bill_eur",),
        categories=("tariff", "has_solar", "payment_method"),
        ignored={"postcode": CODE},
        dates=("contract_start",),
    ),
    CustomersLookAlike(
        file="gym_members.csv",
        make=gym_members,
        identifier="member_id",
        features=("visits_last_90_days", "classes_booked", "minutes_per_visit", "total_paid",
                  "personal_training_spend"),
        money=("total_paid", "personal_training_spend"),
        categories=("membership",),
        outcomes=("cancelled",),
        ignored={"first_name": ANY},
        dates=("joined",),
    ),
    CustomersLookAlike(
        file="accounts.csv",
        make=software_accounts,
        identifier="account_id",
        features=("seats", "active_users", "mrr_usd", "support_tickets_90d", "nps_score"),
        money=("mrr_usd",),
        categories=("industry", "plan"),
        outcomes=("churned",),
        ignored={"company": ANY, "arr_usd": COPY},
        dates=("signup_date", "last_login_at"),
    ),
    CustomersLookAlike(
        file="players.csv",
        make=game_players,
        identifier="player_id",
        features=("sessions", "total_playtime_minutes", "levels_completed", "ads_watched", "purchases_count",
                  "total_spend_usd", "days_since_last_session"),
        money=("total_spend_usd",),
        categories=("platform", "country"),
        dates=("install_date",),
    ),
]  # fmt: skip
