"""Guests of hotels and members of airlines: rates are prices, and miles are no money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, FEW_VALUES, CustomersLookAlike
from tests.look_alikes.values import amounts, codes, counts, days, gaps, keys, numbers, pick, whole

if TYPE_CHECKING:
    from numpy.random import Generator

REQUESTS = ("SRHighFloor", "SRAwayFromElevator", "SRQuietRoom")


def hotel_guests(generator: Generator) -> pd.DataFrame:
    """Guests of a hotel: nights times the average daily rate is what their room cost."""
    rows = 300
    nights = counts(generator, rows, 6, 1)
    rate = amounts(generator, rows, 110, 0.3)
    return pd.DataFrame(
        {
            "guest_id": [f"G{number}" for number in numbers(generator, rows, 50_010)],
            "country": pick(generator, rows, ("PRT", "GBR", "FRA", "ESP", "DEU")),
            "market_segment": pick(generator, rows, ("Online TA", "Direct", "Corporate", "Groups")),
            "stays": np.minimum(nights, counts(generator, rows, 5, 1)),
            "nights": nights,
            "adr": rate,
            "room_revenue": np.round(nights * rate, 2),
            "food_and_beverage_spend": amounts(generator, rows, 85, 1.0),
            "cancellations": counts(generator, rows, 1.5),
            "last_checkout": days(generator, rows, "%d-%b-%Y", "2022-01-07"),
            "loyalty_member": pick(generator, rows, ("yes", "no"), 30, 70),
        }
    )


def lisbon_hotel(generator: Generator) -> pd.DataFrame:
    """Customers of a hotel in Lisbon; who never stayed has -1 days since."""
    rows = 400
    stayed = generator.random(rows) < 0.8
    nights = np.where(stayed, counts(generator, rows, 4, 1), 0)
    since = codes(generator, rows, 900)
    return pd.DataFrame(
        {
            "ID": range(1, rows + 1),
            "Nationality": pick(generator, rows, ("FRA", "DEU", "PRT", "GBR", "ESP", "USA")),
            "Age": gaps(generator, codes(generator, rows, 88, 18).astype(float), 0.05),
            "DaysSinceCreation": codes(generator, rows, 1095, 36),
            "NameHash": [f"0x{key.upper()}" for key in keys(generator, rows, length=64)],
            "DocIDHash": [f"0x{key.upper()}" for key in keys(generator, rows, length=64)],
            "AverageLeadTime": np.where(stayed, codes(generator, rows, 320), 0),
            "LodgingRevenue": np.where(stayed, np.round(nights * amounts(generator, rows, 85, 0.4), 2), 0.0),
            "OtherRevenue": np.where(stayed, amounts(generator, rows, 45), 0.0),
            "BookingsCanceled": counts(generator, rows, 0.1),
            "BookingsCheckedIn": np.where(stayed, counts(generator, rows, 0.4, 1), 0),
            "PersonsNights": nights * codes(generator, rows, 3, 1),
            "RoomNights": nights,
            "DaysSinceLastStay": np.where(stayed, since, -1),
            "DaysSinceFirstStay": np.where(stayed, since + codes(generator, rows, 1900), -1),
            "DistributionChannel": pick(generator, rows, ("Travel Agent/Operator", "Direct", "Corporate"), 80, 15, 5),
            "MarketSegment": pick(generator, rows, ("Other", "Travel Agent/Operator", "Direct", "Groups")),
            **{name: (generator.random(rows) < 0.1).astype(int) for name in REQUESTS},
        }
    )


def frequent_flyers(generator: Generator) -> pd.DataFrame:
    """Members of an airline's scheme: miles, not money, and codes from 1 to 5 for miles by card."""
    rows = 450
    flown = generator.random(rows) < 0.6
    return pd.DataFrame(
        {
            "ID#": numbers(generator, rows, 1),
            "Balance": whole(generator, rows, 43_000, 1.0),
            "Qual_miles": np.where(generator.random(rows) < 0.1, whole(generator, rows, 1800), 0),
            "cc1_miles": codes(generator, rows, 5, 1),
            "cc2_miles": codes(generator, rows, 3, 1),
            "cc3_miles": codes(generator, rows, 5, 1),
            "Bonus_miles": whole(generator, rows, 7_200, 1.2),
            "Bonus_trans": counts(generator, rows, 11),
            "Flight_miles_12mo": np.where(flown, whole(generator, rows, 900, 1.0), 0),
            "Flight_trans_12": np.where(flown, counts(generator, rows, 3, 1), 0),
            "Days_since_enroll": codes(generator, rows, 8296, 2),
            "Award?": (generator.random(rows) < 0.37).astype(int),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="hotel_guests.csv",
        make=hotel_guests,
        identifier="guest_id",
        features=("stays", "nights", "adr", "room_revenue", "food_and_beverage_spend", "cancellations"),
        money=("room_revenue", "food_and_beverage_spend"),
        categories=("country", "market_segment", "loyalty_member"),
        dates=("last_checkout",),
    ),
    CustomersLookAlike(
        file="HotelCustomersDataset.csv",
        make=lisbon_hotel,
        identifier="ID",
        features=("Age", "DaysSinceCreation", "AverageLeadTime", "LodgingRevenue", "OtherRevenue", "PersonsNights",
                  "RoomNights", "DaysSinceLastStay", "DaysSinceFirstStay"),
        money=("LodgingRevenue", "OtherRevenue"),
        categories=("Nationality", "DistributionChannel", "MarketSegment", *REQUESTS),
        ignored={"NameHash": ANY, "DocIDHash": ANY},
        either={"BookingsCanceled": FEW_VALUES, "BookingsCheckedIn": FEW_VALUES},
        asks=(r"(?i)days ?since.*[-−]1\b|[-−]1\b.*days ?since",),
    ),
    CustomersLookAlike(
        file="EastWestAirlinesCluster.csv",
        make=frequent_flyers,
        identifier="ID#",
        features=("Balance", "Qual_miles", "Bonus_miles", "Bonus_trans", "Flight_miles_12mo", "Flight_trans_12",
                  "Days_since_enroll"),
        # A free flight is what became of the miles, or a trait among others.
        either={"cc1_miles": FEW_VALUES, "cc2_miles": FEW_VALUES, "cc3_miles": FEW_VALUES,
                "Award?": ("category", "outcome")},
    ),
]  # fmt: skip
