"""Customers of banks and insurers: balances, limits and repayments are not what they pay for what they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import COPY, FEW_VALUES, ROW_NUMBER, CustomersLookAlike, Written
from tests.look_alikes.values import amounts, codes, counts, gaps, names, numbers, pick, shares, whole

if TYPE_CHECKING:
    from numpy.random import Generator

BAYES = (
    "Naive_Bayes_Classifier_Attrition_Flag_Card_Category_Contacts_Count_12_mon_Dependent_count_Education_Level_"
    "Months_Inactive_12_mon_"
)
BILLS = tuple(f"BILL_AMT{month}" for month in range(1, 7))
REPAYMENTS = tuple(f"PAY_AMT{month}" for month in range(1, 7))
DELAYS = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")


def credit_cards(generator: Generator) -> pd.DataFrame:
    """Holders of credit cards over half a year: purchases in one go and in instalments, cash, repayments."""
    rows = 500
    at_once, instalments = (amounts(generator, rows, 250, 1.3) * (generator.random(rows) < 0.6) for _ in range(2))
    cash = amounts(generator, rows, 600, 1.2) * (generator.random(rows) < 0.5)
    payments = amounts(generator, rows, 850, 1.1)
    return pd.DataFrame(
        {
            "CUST_ID": [f"C{number}" for number in numbers(generator, rows, 10_000)],
            "BALANCE": amounts(generator, rows, 870, 1.2),
            "BALANCE_FREQUENCY": 1 - shares(generator, rows),
            "PURCHASES": np.round(at_once + instalments, 2),
            "ONEOFF_PURCHASES": at_once,
            "INSTALLMENTS_PURCHASES": instalments,
            "CASH_ADVANCE": cash,
            "PURCHASES_FREQUENCY": shares(generator, rows),
            "ONEOFF_PURCHASES_FREQUENCY": shares(generator, rows),
            "PURCHASES_INSTALLMENTS_FREQUENCY": shares(generator, rows),
            "CASH_ADVANCE_FREQUENCY": shares(generator, rows),
            "CASH_ADVANCE_TRX": counts(generator, rows, 3),
            "PURCHASES_TRX": counts(generator, rows, 14),
            "CREDIT_LIMIT": 500.0 * codes(generator, rows, 24, 1),
            "PAYMENTS": payments,
            "MINIMUM_PAYMENTS": gaps(generator, amounts(generator, rows, 310), 0.03),
            "PRC_FULL_PAYMENT": shares(generator, rows) * (generator.random(rows) < 0.3),
            "TENURE": generator.choice(range(6, 13), rows, p=(0.02, 0.02, 0.02, 0.02, 0.03, 0.04, 0.85)),
        }
    )


def bank_churners(generator: Generator) -> pd.DataFrame:
    """Card holders, and whether they left, with two columns of a model's own guess at that."""
    rows = 500
    limit = amounts(generator, rows, 4500)
    revolving = np.round(limit * shares(generator, rows), 0)
    guess = generator.beta(0.3, 2, rows)
    incomes = ("Less than $40K", "$40K - $60K", "$60K - $80K", "$80K - $120K", "$120K +", "Unknown")
    schools = ("Graduate", "High School", "Unknown", "Uneducated", "College", "Post-Graduate", "Doctorate")
    return pd.DataFrame(
        {
            "CLIENTNUM": numbers(generator, rows, 708_082_083),
            "Attrition_Flag": pick(generator, rows, ("Existing Customer", "Attrited Customer"), 84, 16),
            "Customer_Age": codes(generator, rows, 70, 26),
            "Gender": pick(generator, rows, ("M", "F")),
            "Dependent_count": codes(generator, rows, 5),
            "Education_Level": pick(generator, rows, schools),
            "Marital_Status": pick(generator, rows, ("Married", "Single", "Unknown", "Divorced"), 46, 39, 7, 8),
            "Income_Category": pick(generator, rows, incomes),
            "Card_Category": pick(generator, rows, ("Blue", "Silver", "Gold", "Platinum"), 93, 5, 1, 1),
            "Months_on_book": codes(generator, rows, 56, 13),
            "Total_Relationship_Count": codes(generator, rows, 6, 1),
            "Months_Inactive_12_mon": codes(generator, rows, 6),
            "Contacts_Count_12_mon": codes(generator, rows, 6),
            "Credit_Limit": limit,
            "Total_Revolving_Bal": revolving.astype(int),
            "Avg_Open_To_Buy": np.round(limit - revolving, 2),
            "Total_Amt_Chng_Q4_Q1": np.round(generator.lognormal(-0.3, 0.3, rows), 3),
            "Total_Trans_Amt": whole(generator, rows, 3900, 0.6),
            "Total_Trans_Ct": counts(generator, rows, 55, 10),
            "Total_Ct_Chng_Q4_Q1": np.round(generator.lognormal(-0.35, 0.3, rows), 3),
            "Avg_Utilization_Ratio": np.round(revolving / limit, 3),
            f"{BAYES}1": guess,
            f"{BAYES}2": 1 - guess,
        }
    )


def churn_modelling(generator: Generator) -> pd.DataFrame:
    """Customers of a bank in three countries, and whether they left."""
    rows = 500
    return pd.DataFrame(
        {
            "RowNumber": range(1, rows + 1),
            "CustomerId": 15_565_701 + generator.permutation(250_000)[:rows],
            "Surname": names(generator, rows),
            "CreditScore": codes(generator, rows, 850, 350),
            "Geography": pick(generator, rows, ("France", "Germany", "Spain"), 50, 25, 25),
            "Gender": pick(generator, rows, ("Male", "Female")),
            "Age": codes(generator, rows, 82, 18),
            "Tenure": codes(generator, rows, 10),
            "Balance": amounts(generator, rows, 110_000, 0.3) * (generator.random(rows) < 0.64),
            "NumOfProducts": generator.choice((1, 2, 3, 4), rows, p=(0.5, 0.46, 0.03, 0.01)),
            "HasCrCard": codes(generator, rows, 1),
            "IsActiveMember": codes(generator, rows, 1),
            "EstimatedSalary": np.round(generator.uniform(12, 199_990, rows), 2),
            "Exited": (generator.random(rows) < 0.2).astype(int),
        }
    )


def bank_full(generator: Generator) -> pd.DataFrame:
    """Clients whom a bank called about a term deposit; -1 days since the previous call stands for none."""
    rows = 600
    called = generator.random(rows) < 0.2
    yes_no = ("no", "yes")
    jobs = ("blue-collar", "management", "technician", "admin.", "services", "retired", "student", "unknown")
    months = ("may", "jul", "aug", "jun", "nov", "apr", "feb", "jan", "oct", "sep", "mar", "dec")
    return pd.DataFrame(
        {
            "age": codes(generator, rows, 87, 18),
            "job": pick(generator, rows, jobs),
            "marital": pick(generator, rows, ("married", "single", "divorced"), 60, 28, 12),
            "education": pick(generator, rows, ("secondary", "tertiary", "primary", "unknown"), 51, 30, 15, 4),
            "default": pick(generator, rows, yes_no, 98, 2),
            "balance": whole(generator, rows, 700, 1.2) - 250,
            "housing": pick(generator, rows, yes_no),
            "loan": pick(generator, rows, yes_no, 84, 16),
            "contact": pick(generator, rows, ("cellular", "unknown", "telephone"), 65, 29, 6),
            "day": codes(generator, rows, 31, 1),
            "month": pick(generator, rows, months),
            "duration": whole(generator, rows, 180),
            "campaign": counts(generator, rows, 2, 1),
            "pdays": np.where(called, codes(generator, rows, 400, 1), -1),
            "previous": np.where(called, counts(generator, rows, 3, 1), 0),
            "poutcome": np.where(called, pick(generator, rows, ("failure", "other", "success")), "unknown"),
            "y": pick(generator, rows, yes_no, 88, 12),
        }
    )


def german_credit(generator: Generator) -> pd.DataFrame:
    """Applicants for a loan, with the index that pandas wrote as a column without a name."""
    rows = 400
    accounts = ("little", "moderate", "quite rich", "rich")
    purposes = ("car", "radio/TV", "furniture/equipment", "business", "education", "repairs")
    return pd.DataFrame(
        {
            "column 1": range(rows),
            "Age": codes(generator, rows, 75, 19),
            "Sex": pick(generator, rows, ("male", "female"), 69, 31),
            "Job": codes(generator, rows, 3),
            "Housing": pick(generator, rows, ("own", "rent", "free"), 71, 18, 11),
            "Saving accounts": gaps(generator, pick(generator, rows, accounts), 0.18),
            "Checking account": gaps(generator, pick(generator, rows, accounts[:3]), 0.39),
            "Credit amount": whole(generator, rows, 2300),
            "Duration": codes(generator, rows, 60, 4),
            "Purpose": pick(generator, rows, purposes),
            "Risk": pick(generator, rows, ("good", "bad"), 70, 30),
        }
    )


def card_default(generator: Generator) -> pd.DataFrame:
    """Card holders over six months: what was billed, what they paid back, whether they then failed to pay."""
    rows = 500
    limit = 10_000.0 * codes(generator, rows, 50, 1)
    bills = {name: np.round(limit * shares(generator, rows)).astype(int) for name in BILLS}
    return pd.DataFrame(
        {
            "ID": range(1, rows + 1),
            "LIMIT_BAL": limit,
            "SEX": codes(generator, rows, 2, 1),
            "EDUCATION": codes(generator, rows, 6),
            "MARRIAGE": codes(generator, rows, 3),
            "AGE": codes(generator, rows, 75, 21),
        }
        | {name: codes(generator, rows, 8, -2) for name in DELAYS}
        | bills
        | {name: whole(generator, rows, 2100, 1.2) for name in REPAYMENTS}
        | {"default.payment.next.month": (generator.random(rows) < 0.22).astype(int)}
    )


def insurance(generator: Generator) -> pd.DataFrame:
    """People with a health insurance, and what their treatment cost."""
    rows = 400
    return pd.DataFrame(
        {
            "age": codes(generator, rows, 64, 18),
            "sex": pick(generator, rows, ("male", "female")),
            "bmi": np.round(generator.normal(30.7, 6, rows), 3),
            "children": codes(generator, rows, 5),
            "smoker": pick(generator, rows, ("no", "yes"), 80, 20),
            "region": pick(generator, rows, ("northeast", "northwest", "southeast", "southwest")),
            "charges": np.round(9400 * generator.lognormal(0, 0.9, rows), 5),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="CC GENERAL.csv",
        make=credit_cards,
        identifier="CUST_ID",
        features=("BALANCE", "BALANCE_FREQUENCY", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE",
                  "PURCHASES_FREQUENCY", "ONEOFF_PURCHASES_FREQUENCY", "PURCHASES_INSTALLMENTS_FREQUENCY",
                  "CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX", "PURCHASES_TRX", "CREDIT_LIMIT", "PAYMENTS",
                  "MINIMUM_PAYMENTS", "PRC_FULL_PAYMENT", "TENURE"),
        # A cash advance is borrowed, a payment is paid back: neither buys anything.
        money=("PURCHASES",),
        money_or=("ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"),
        either={"PURCHASES": ("feature", "ignored")},
    ),
    CustomersLookAlike(
        file="BankChurners.csv",
        make=bank_churners,
        written=Written(quoted=True),
        identifier="CLIENTNUM",
        features=("Customer_Age", "Months_on_book", "Credit_Limit", "Total_Revolving_Bal", "Total_Amt_Chng_Q4_Q1",
                  "Total_Trans_Amt", "Total_Trans_Ct", "Total_Ct_Chng_Q4_Q1", "Avg_Utilization_Ratio"),
        money=("Total_Trans_Amt",),
        categories=("Gender", "Marital_Status", "Card_Category"),
        outcomes=("Attrition_Flag",),
        ignored={f"{BAYES}2": COPY},
        # The first guess would tell the outcome, but only its description says so. What is left of the limit follows
        # from two others, and is not a near-copy of one.
        either={f"{BAYES}1": ("feature", "ignored"), "Avg_Open_To_Buy": ("feature", "ignored"),
                "Dependent_count": FEW_VALUES, "Education_Level": FEW_VALUES, "Income_Category": FEW_VALUES,
                "Total_Relationship_Count": FEW_VALUES, "Months_Inactive_12_mon": FEW_VALUES,
                "Contacts_Count_12_mon": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="Churn_Modelling.csv",
        make=churn_modelling,
        identifier="CustomerId",
        features=("CreditScore", "Age", "Tenure", "Balance", "EstimatedSalary"),
        categories=("Geography", "Gender", "HasCrCard", "IsActiveMember"),
        outcomes=("Exited",),
        ignored={"RowNumber": ROW_NUMBER, "Surname": "(?i)text|name"},
        either={"NumOfProducts": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="bank-full.csv",
        make=bank_full,
        written=Written(separator=";", quoted=True),
        identifier=None,
        features=("age", "balance", "duration", "campaign", "pdays", "previous"),
        categories=("job", "marital", "housing", "loan", "contact", "month", "poutcome"),
        outcomes=("y",),
        ignored={"day": "(?i)day"},
        # Here "default" says whether they failed to pay before, but its name alone is that of an outcome.
        either={"education": FEW_VALUES, "default": ("category", "outcome")},
        asks=(r"pdays.*[-−]1\b|[-−]1\b.*pdays",),
    ),
    CustomersLookAlike(
        file="german_credit_data.csv",
        make=german_credit,
        written=Written(unnamed=("column 1",)),
        identifier=None,
        features=("Age", "Credit amount", "Duration"),
        categories=("Sex", "Housing", "Purpose"),
        outcomes=("Risk",),
        ignored={"column 1": ROW_NUMBER},
        either={"Job": FEW_VALUES, "Saving accounts": FEW_VALUES, "Checking account": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="UCI_Credit_Card.csv",
        make=card_default,
        identifier="ID",
        features=("LIMIT_BAL", "AGE", *BILLS, *REPAYMENTS),
        categories=("SEX", "MARRIAGE"),
        outcomes=("default.payment.next.month",),
        # Months of delay, with -2 for no use of the card; schools as numbers, of which nobody says the order.
        either={**dict.fromkeys(DELAYS, FEW_VALUES), "EDUCATION": ("feature", "category", "ignored")},
    ),
    CustomersLookAlike(
        file="insurance.csv",
        make=insurance,
        identifier=None,
        features=("age", "bmi", "charges"),
        # The bills of the treated: the only amount there is, and somebody pays it.
        money=("charges",),
        categories=("sex", "smoker", "region"),
        either={"children": FEW_VALUES},
    ),
]  # fmt: skip
