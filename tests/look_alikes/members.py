"""Customers of insurers, lenders, airlines, streaming, charities and utilities, as public data sets list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CODED, CONSTANT, FEW_VALUES, CustomersLookAlike
from tests.look_alikes.values import (
    COUNTRIES,
    amounts,
    codes,
    counts,
    days,
    emails,
    full_names,
    gaps,
    numbers,
    pick,
    whole,
)

if TYPE_CHECKING:
    from numpy.random import Generator

DEVICES = ("Smartphone", "Laptop", "Smart TV", "Tablet")


def policyholders(generator: Generator) -> pd.DataFrame:
    """Drivers with an insurance: what they pay is the premium, what they are paid back is not spend."""
    rows = 300
    claims = codes(generator, rows, 4)
    return pd.DataFrame(
        {
            "policy_number": numbers(generator, rows, 521_585),
            "age": codes(generator, rows, 80, 18),
            "vehicle_value": whole(generator, rows, 14_000, 0.6),
            "policy_annual_premium": amounts(generator, rows, 1_250, 0.3),
            "policy_deductable": [int(level) for level in pick(generator, rows, ("500", "1000", "2000"))],
            "sum_insured": 1_000 * codes(generator, rows, 90, 10),
            "number_of_claims": claims,
            "total_claim_amount": np.where(claims > 0, amounts(generator, rows, 5_200), 0),
            "fraud_reported": pick(generator, rows, ("Y", "N"), 20, 80),
        }
    )


def loan_applicants(generator: Generator) -> pd.DataFrame:
    """Applicants for a loan: nothing here is spent with the bank."""
    rows = 300
    income, loan = whole(generator, rows, 55_000, 0.5), 25 * codes(generator, rows, 1_400, 20)
    return pd.DataFrame(
        {
            "person_age": codes(generator, rows, 70, 20),
            "person_income": income,
            "person_home_ownership": pick(generator, rows, ("RENT", "MORTGAGE", "OWN")),
            "person_emp_length": gaps(generator, np.round(generator.gamma(2, 2.5, rows)), 0.03),
            "loan_intent": pick(generator, rows, ("EDUCATION", "MEDICAL", "VENTURE", "PERSONAL")),
            "loan_grade": pick(generator, rows, "ABCDEFG"),
            "loan_amnt": loan,
            "loan_int_rate": np.round(generator.normal(11, 3, rows).clip(5), 2),
            "loan_status": (generator.random(rows) < 0.2).astype(int),
            "loan_percent_income": np.round(loan / income, 2),
            "cb_person_default_on_file": pick(generator, rows, ("Y", "N"), 18, 82),
            "cb_person_cred_hist_length": codes(generator, rows, 28, 2),
        }
    )


def streaming_users(generator: Generator) -> pd.DataFrame:
    """Subscribers of a streaming service: what they pay a month takes six whole values, and is money all the same."""
    rows = 250
    return pd.DataFrame(
        {
            "User ID": range(1, rows + 1),
            "Subscription Type": pick(generator, rows, ("Basic", "Standard", "Premium")),
            "Monthly Revenue": codes(generator, rows, 15, 10),
            "Join Date": days(generator, rows, "%d-%m-%y", "2021-09-05", "2023-05-01"),
            "Last Payment Date": days(generator, rows, "%d-%m-%y", "2023-06-01", "2023-07-15"),
            "Country": pick(generator, rows, COUNTRIES),
            "Age": codes(generator, rows, 51, 26),
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Device": pick(generator, rows, DEVICES),
            "Plan Duration": ["1 Month"] * rows,
        }
    )


def donors(generator: Generator) -> pd.DataFrame:
    """Donors: the first, the last and the largest gift are part of what was given in all."""
    rows = 220
    gifts, last = counts(generator, rows, 12, 1), whole(generator, rows, 60)
    lifetime = gifts * whole(generator, rows, 55)
    return pd.DataFrame(
        {
            "Constituent ID": numbers(generator, rows, 30_115),
            "Name": full_names(generator, rows),
            "Lifetime Giving": lifetime,
            "Number of Gifts": gifts,
            "First Gift Amount": whole(generator, rows, 40),
            "Last Gift Amount": last,
            "Largest Gift Amount": np.maximum(last, whole(generator, rows, 150)),
            "Last Gift Date": days(generator, rows, "%m/%d/%Y"),
            "Pledge Balance": np.where(generator.random(rows) < 0.3, whole(generator, rows, 300), 0),
            "Volunteer": pick(generator, rows, ("Yes", "No"), 20, 80),
        }
    )


def water_meters(generator: Generator) -> pd.DataFrame:
    """Customers of a water company: the bill is money, arrears and cubic metres are not."""
    rows = 200
    used = whole(generator, rows, 120, 0.5)
    return pd.DataFrame(
        {
            "account_no": numbers(generator, rows, 70_021),
            "meter_no": [f"M{number}" for number in numbers(generator, rows, 812_000)],
            "tariff": codes(generator, rows, 4, 1),
            "household_size": codes(generator, rows, 6, 1),
            "consumption_m3": used,
            "annual_bill_gbp": np.round(2.1 * used + 40 + generator.normal(0, 25, rows), 2),
            "arrears_gbp": np.where(generator.random(rows) < 0.2, amounts(generator, rows, 90), 0),
            "direct_debit": pick(generator, rows, ("Y", "N"), 70, 30),
        }
    )


def shop_churn(generator: Generator) -> pd.DataFrame:
    """Customers of an online shop: hours, a rise in percent and what is paid back, but nothing that they spend."""
    rows = 300
    return pd.DataFrame(
        {
            "CustomerID": range(50_001, 50_001 + rows),
            "Churn": (generator.random(rows) < 0.17).astype(int),
            "Tenure": gaps(generator, codes(generator, rows, 31), 0.05),
            "PreferredLoginDevice": pick(generator, rows, ("Mobile Phone", "Phone", "Computer")),
            "CityTier": codes(generator, rows, 3, 1),
            "WarehouseToHome": codes(generator, rows, 36, 5),
            "Gender": pick(generator, rows, ("Female", "Male")),
            "HourSpendOnApp": codes(generator, rows, 5),
            "NumberOfDeviceRegistered": codes(generator, rows, 6, 1),
            "PreferedOrderCat": pick(generator, rows, ("Laptop & Accessory", "Mobile", "Fashion", "Grocery")),
            "SatisfactionScore": codes(generator, rows, 5, 1),
            "NumberOfAddress": codes(generator, rows, 22, 1),
            "Complain": (generator.random(rows) < 0.28).astype(int),
            "OrderAmountHikeFromlastYear": codes(generator, rows, 26, 11),
            "CouponUsed": codes(generator, rows, 16),
            "OrderCount": codes(generator, rows, 16, 1),
            "DaySinceLastOrder": codes(generator, rows, 30),
            "CashbackAmount": amounts(generator, rows, 175, 0.25),
        }
    )


def airline_loyalty(generator: Generator) -> pd.DataFrame:
    """Members of an airline's scheme: the name of a card is no number, and a month is no measure."""
    rows = 250
    left = generator.random(rows) < 0.12
    return pd.DataFrame(
        {
            "Loyalty Number": numbers(generator, rows, 100_018),
            "Country": ["Canada"] * rows,
            "Province": pick(generator, rows, ("Ontario", "Quebec", "Alberta")),
            "Postal Code": [f"M{code}Z 4K{code % 10}" for code in codes(generator, rows, 9)],
            "Gender": pick(generator, rows, ("Female", "Male")),
            "Salary": gaps(generator, whole(generator, rows, 75_000, 0.4), 0.25),
            "Loyalty Card": pick(generator, rows, ("Star", "Nova", "Aurora")),
            "CLV": amounts(generator, rows, 6_200, 0.7),
            "Enrollment Type": pick(generator, rows, ("Standard", "2018 Promotion"), 94, 6),
            "Enrollment Year": codes(generator, rows, 2018, 2012),
            "Enrollment Month": codes(generator, rows, 12, 1),
            "Cancellation Year": np.where(left, 2018.0, np.nan),
        }
    )


def shopping_trends(generator: Generator) -> pd.DataFrame:
    """One purchase of each customer: a row is a customer and a purchase at once."""
    rows = 300
    return pd.DataFrame(
        {
            "Customer ID": range(1, rows + 1),
            "Age": codes(generator, rows, 70, 18),
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Item Purchased": pick(generator, rows, ("Blouse", "Sweater", "Jeans", "Sandals")),
            "Category": pick(generator, rows, ("Clothing", "Footwear", "Accessories")),
            "Purchase Amount (USD)": codes(generator, rows, 100, 20),
            "Size": pick(generator, rows, ("S", "M", "L", "XL")),
            "Season": pick(generator, rows, ("Winter", "Spring", "Summer", "Fall")),
            "Review Rating": np.round(generator.uniform(2.5, 5, rows), 1),
            "Subscription Status": pick(generator, rows, ("Yes", "No")),
            "Promo Code Used": pick(generator, rows, ("Yes", "No")),
            "Previous Purchases": codes(generator, rows, 50, 1),
            "Frequency of Purchases": pick(generator, rows, ("Weekly", "Monthly", "Annually")),
        }
    )


def car_buyers(generator: Generator) -> pd.DataFrame:
    """Buyers of cars: an address is what tells them apart, and debt and worth are no spend."""
    rows = 200
    return pd.DataFrame(
        {
            "customer name": full_names(generator, rows),
            "customer e-mail": emails(generator, rows),
            "country": pick(generator, rows, COUNTRIES),
            "gender": codes(generator, rows, 1),
            "age": np.round(generator.normal(46, 8, rows), 4),
            "annual Salary": np.round(generator.normal(62_000, 11_000, rows), 2),
            "credit card debt": np.round(generator.normal(9_600, 3_000, rows).clip(100), 3),
            "net worth": np.round(generator.normal(431_000, 170_000, rows).clip(20_000), 1),
            "car purchase amount": np.round(generator.normal(44_000, 10_000, rows).clip(9_000), 3),
        }
    )


def mobile_churn(generator: Generator) -> pd.DataFrame:
    """Customers of a mobile network: an amount in ten steps, groups and tariffs as numbers."""
    rows = 300
    return pd.DataFrame(
        {
            "Call  Failure": counts(generator, rows, 12),
            "Complains": (generator.random(rows) < 0.08).astype(int),
            "Subscription  Length": codes(generator, rows, 47, 3),
            "Charge  Amount": codes(generator, rows, 9),
            "Seconds of Use": whole(generator, rows, 3_400, 0.9),
            "Frequency of SMS": counts(generator, rows, 70),
            "Distinct Called Numbers": counts(generator, rows, 23),
            "Age Group": codes(generator, rows, 5, 1),
            "Tariff Plan": codes(generator, rows, 2, 1),
            "Status": codes(generator, rows, 2, 1),
            "Customer Value": amounts(generator, rows, 300, 1.0),
            "Churn": (generator.random(rows) < 0.16).astype(int),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="insurance_claims.csv",
        make=policyholders,
        identifier="policy_number",
        features=("age", "vehicle_value", "policy_annual_premium", "sum_insured", "total_claim_amount"),
        money=("policy_annual_premium",),
        either={"policy_deductable": FEW_VALUES, "number_of_claims": FEW_VALUES,
                "fraud_reported": ("category", "outcome")},
    ),
    CustomersLookAlike(
        file="credit_risk_dataset.csv",
        make=loan_applicants,
        identifier=None,
        features=("person_age", "person_income", "person_emp_length", "loan_amnt", "loan_int_rate",
                  "loan_percent_income", "cb_person_cred_hist_length"),
        categories=("person_home_ownership", "loan_intent", "loan_grade"),
        either={"loan_status": ("category", "outcome"), "cb_person_default_on_file": ("category", "outcome")},
    ),
    CustomersLookAlike(
        file="Netflix Userbase.csv",
        make=streaming_users,
        identifier="User ID",
        features=("Monthly Revenue", "Age"),
        money=("Monthly Revenue",),
        categories=("Subscription Type", "Country", "Gender", "Device"),
        ignored={"Plan Duration": CONSTANT},
        dates=("Join Date", "Last Payment Date"),
    ),
    CustomersLookAlike(
        file="constituents.csv",
        make=donors,
        identifier="Constituent ID",
        features=("Lifetime Giving", "Number of Gifts", "First Gift Amount", "Last Gift Amount",
                  "Largest Gift Amount", "Pledge Balance"),
        money=("Lifetime Giving",),
        categories=("Volunteer",),
        ignored={"Name": ANY},
        dates=("Last Gift Date",),
    ),
    CustomersLookAlike(
        file="water_accounts.csv",
        make=water_meters,
        identifier="account_no",
        features=("consumption_m3", "annual_bill_gbp", "arrears_gbp"),
        money=("annual_bill_gbp",),
        categories=("direct_debit",),
        ignored={"meter_no": ANY},
        either={"tariff": CODED, "household_size": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="E Commerce Dataset.csv",
        make=shop_churn,
        identifier="CustomerID",
        features=("Tenure", "WarehouseToHome", "NumberOfAddress", "OrderAmountHikeFromlastYear", "CouponUsed",
                  "OrderCount", "DaySinceLastOrder", "CashbackAmount"),
        categories=("PreferredLoginDevice", "Gender", "PreferedOrderCat", "Complain"),
        outcomes=("Churn",),
        either={"CityTier": FEW_VALUES, "HourSpendOnApp": FEW_VALUES, "NumberOfDeviceRegistered": FEW_VALUES,
                "SatisfactionScore": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="Customer Loyalty History.csv",
        make=airline_loyalty,
        identifier="Loyalty Number",
        features=("Salary", "CLV"),
        money=("CLV",),
        categories=("Province", "Gender", "Loyalty Card", "Enrollment Type"),
        ignored={"Country": CONSTANT, "Postal Code": CODE, "Enrollment Month": "(?i)date|month",
                 "Cancellation Year": ANY},
        either={"Enrollment Year": ("feature", "category", "ignored")},
    ),
    CustomersLookAlike(
        file="shopping_trends.csv",
        make=shopping_trends,
        identifier="Customer ID",
        features=("Age", "Purchase Amount (USD)", "Review Rating", "Previous Purchases"),
        money=("Purchase Amount (USD)",),
        categories=("Gender", "Item Purchased", "Category", "Size", "Season", "Promo Code Used",
                    "Frequency of Purchases"),
        either={"Subscription Status": ("category", "outcome")},
    ),
    CustomersLookAlike(
        file="Car_Purchasing_Data.csv",
        make=car_buyers,
        identifier="customer e-mail",
        features=("age", "annual Salary", "credit card debt", "net worth", "car purchase amount"),
        money=("car purchase amount",),
        categories=("country", "gender"),
        ignored={"customer name": ANY},
    ),
    CustomersLookAlike(
        file="Customer Churn.csv",
        make=mobile_churn,
        identifier=None,
        features=("Call  Failure", "Subscription  Length", "Seconds of Use", "Frequency of SMS",
                  "Distinct Called Numbers", "Customer Value"),
        # The network's own score of what a customer is worth: nobody can tell from the table that it is one.
        money=("Customer Value",),
        money_or=(),
        categories=("Complains", "Tariff Plan", "Status"),
        outcomes=("Churn",),
        either={"Charge  Amount": FEW_VALUES, "Age Group": FEW_VALUES},
    ),
]  # fmt: skip
