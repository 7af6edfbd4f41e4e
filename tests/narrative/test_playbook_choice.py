"""The playbook that suits a table, and advice that fits its business and differs from segment to segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Playbook, choose_playbook, interpret, profile, segment
from custseg.narrative.actions import NO_GOODS
from custseg.tables.column_roles import Column
from custseg.tables.schema import Schema

if TYPE_CHECKING:
    from custseg import Interpretation

ROWS = 240


def half(low: float, high: float, generator: np.random.Generator, spread: float = 0.15) -> np.ndarray:
    """Return values around the one for the first half of the customers, and around the other for the second."""
    centre = np.where(np.arange(ROWS) < ROWS // 2, low, high)
    return np.round(centre * generator.lognormal(0, spread, ROWS), 2)


def wholesale() -> pd.DataFrame:
    make = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "id": [f"W{row}" for row in range(ROWS)],
            "Fresh": half(9000, 2000, make),
            "Milk": half(1500, 9000, make),
            "Grocery": half(2000, 12000, make),
        }
    )


def shop() -> pd.DataFrame:
    make = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "customer": [f"C{row}" for row in range(ROWS)],
            "recency_days": half(20, 220, make),
            "frequency": np.round(half(12, 3, make)),
            "monetary_value": half(900, 120, make),
            "average_basket": half(75, 40, make),
            "share of toys": half(0.1, 0.5, make),
        }
    )


def telco() -> pd.DataFrame:
    make = np.random.default_rng(3)
    first = np.arange(ROWS) < ROWS // 2
    return pd.DataFrame(
        {
            "customerID": [f"{row:04}-ABC" for row in range(ROWS)],
            "tenure": np.round(half(8, 55, make)),
            "Contract": np.where(first & (make.random(ROWS) < 0.9), "Month-to-month", "Two year"),
            "InternetService": np.where(first, "Fiber optic", "DSL"),
            "MonthlyCharges": half(90, 40, make),
            "Churn": np.where(make.random(ROWS) < np.where(first, 0.5, 0.05), "Yes", "No"),
        }
    )


def bank() -> pd.DataFrame:
    make = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "CUST_ID": [f"K{row}" for row in range(ROWS)],
            "BALANCE": half(4000, 600, make),
            "PURCHASES": half(200, 2500, make),
            "CASH_ADVANCE": half(3000, 100, make),
            "CREDIT_LIMIT": half(5000, 6000, make),
            "PAYMENTS": half(1500, 1800, make),
        }
    )


TABLES = {"retail": wholesale, "online_shop": shop, "subscription": telco, "bank": bank}


def words_of(frame: pd.DataFrame) -> Interpretation:
    return interpret(profile(segment(CustomerTable.read(frame), k=2, seed=0)))


@pytest.mark.parametrize("name", TABLES)
def test_each_kind_of_table_has_its_playbook_and_each_segment_advice_of_its_own(name: str) -> None:
    words = words_of(TABLES[name]())
    book = Playbook.bundled(name)
    assert words.plan.book == book.title
    assert words.plan.reason.startswith(f"“{book.title}” was chosen because of the columns “")
    assert words.plan.areas == tuple(area.name for area in book.areas)
    assert [(action.segment, action.area) for action in words.actions] == [
        (segment, area) for segment in (1, 2) for area in words.plan.areas
    ]
    assert words.plan.silences == {}
    for area in words.plan.areas:
        first, second = (action for action in words.actions if action.area == area)
        assert first.text.split(". ")[0] != second.text.split(". ")[0]
    for action in words.actions:
        assert all(claim in words.claims and claim.segment == action.segment for claim in action.claims)
        assert not set("{}") & set(action.text)


def test_of_a_table_with_churn_who_pays_much_and_leaves_often_is_kept_first() -> None:
    table = CustomerTable.read(telco())
    assert table.outcomes == ("Churn",)
    words = interpret(profile(segment(table, k=2, seed=0)))
    often = max((1, 2), key=lambda number: telco_churn(words, number))
    kept, _, offered = words.actions_for(often)
    assert kept.text.startswith("Keep these before all others. 5")
    assert "% of them left, 1." in kept.text
    assert offered.text.startswith("Offer nothing more before they are content.")
    other = words.actions_for(3 - often)[0]
    assert not other.text.startswith("Keep")


def telco_churn(words: Interpretation, segment: int) -> float:
    (claim,) = (each for each in words.claims if each.segment == segment and each.statistic == "share of outcome")
    return claim.value


def test_a_bank_s_repayments_are_never_kept_in_stock() -> None:
    frame = bank().drop(columns=["BALANCE", "CASH_ADVANCE", "CREDIT_LIMIT"])
    for money in (["PAYMENTS"], ["PURCHASES", "PAYMENTS"]):
        table = CustomerTable.read(frame, money=money)
        words = interpret(profile(segment(table, k=2, seed=0)), Playbook.bundled("retail"))
        assert words.plan.silences["stock"] == NO_GOODS
        assert not [action for action in words.actions if action.area == "stock" or "AYMENTS" in action.text]


def test_a_table_that_tells_nothing_of_the_business_has_the_first_playbook_and_is_told_so() -> None:
    make = np.random.default_rng(5)
    frame = pd.DataFrame({"a": half(1, 9, make), "b": half(5, 1, make), "balance": half(5, 1, make)})
    choice = choose_playbook(CustomerTable.read(frame))
    assert choice.playbook is Playbook.bundled("retail")
    assert choice.reason == ("“Retail and wholesale” is used, since no column tells what kind of business this is.")


# The columns of exports that many people have, the outcomes marked with a star.
EXPORTS = {
    "retail": [
        "id Fresh$ Milk$ Grocery$ Frozen$ Detergents_Paper$ Delicassen$",
        "ID Year_Birth Income Recency MntWines$ MntFruits$ MntMeatProducts$ NumWebVisitsMonth Response*",
        "CustomerID Gender Age Annual_Income Spending_Score",
        "card store age visits spend_fresh$ spend_drinks$ app_sessions",
        "CUST_ID Category1$ Category2$",
    ],
    "online_shop": [
        "customer recency_days frequency monetary_value$ average_basket tenure_days",
        "Customer_ID r_score f_score rfm_segment recency frequency",
        "CustomerID Tenure WarehouseToHome OrderCount CouponUsed DaySinceLastOrder CashbackAmount$ Churn*",
        "email orders_count total_spent$ average_order_value last_order_date",
    ],
    "subscription": [
        "customerID tenure PhoneService InternetService Contract PaperlessBilling MonthlyCharges TotalCharges$ Churn*",
        "State Account_length International_plan Voice_mail_plan Total_day_minutes Customer_service_calls Churn*",
        "account plan mrr seats logins support_tickets cancelled*",
        "member subscription_type monthly_fee$ watch_hours last_login churned*",
    ],
    "bank": [
        "CUST_ID BALANCE PURCHASES CASH_ADVANCE CREDIT_LIMIT PAYMENTS MINIMUM_PAYMENTS PRC_FULL_PAYMENT TENURE",
        "ID LIMIT_BAL AGE PAY_0 BILL_AMT1 PAY_AMT1 default_payment_next_month*",
        "CLIENTNUM Attrition_Flag* Customer_Age Card_Category Credit_Limit Total_Revolving_Bal Total_Trans_Amt",
        "CustomerId CreditScore Geography Tenure Balance NumOfProducts HasCrCard EstimatedSalary Exited*",
        "age job marital default balance housing loan contact duration campaign poutcome y*",
    ],
}


@pytest.mark.parametrize(("name", "columns"), [(name, each) for name, exports in EXPORTS.items() for each in exports])
def test_exports_that_many_people_have_are_given_to_the_right_business(name: str, columns: str) -> None:
    table = Schema(
        tuple(
            Column(column.strip("*$"), "outcome" if "*" in column else "feature", "", money="$" in column)
            for column in columns.split()
        )
    )
    choice = choose_playbook(table)
    assert choice.playbook.name == name, choice.reason
