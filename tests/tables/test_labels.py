"""Words for columns: names of public data sets, no two alike in a table, and what a person or a file calls a column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import CustomerTable, SettingError, from_transactions, segment
from custseg.insight.associations import find_associations
from custseg.tables.labels import LONGEST_LABEL, in_words, labels_for, words_for
from tests.hostile import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

# Of Mall customers, the marketing campaign, Telco churn, BankChurners, the churn of a bank's customers, credit cards,
# the wholesale customers, shoppers' intentions, shopping trends, bank marketing, Superstore and Olist.
NAMES = {
    "Annual Income (k$)": "annual income", "Spending Score (1-100)": "spending score", "Age": "Age", "Gender": "Gender",
    "MntWines": "wines", "MntFruits": "fruits", "MntMeatProducts": "meat products", "MntGoldProds": "gold products",
    "NumWebPurchases": "web purchases", "NumCatalogPurchases": "catalog purchases",
    "NumStorePurchases": "store purchases", "NumDealsPurchases": "deals purchases",
    "NumWebVisitsMonth": "web visits a month", "Year_Birth": "year of birth", "Marital_Status": "marital status",
    "Education": "Education", "Income": "Income", "Kidhome": "Kidhome", "Recency": "Recency",
    "Dt_Customer": "customer date", "AcceptedCmp3": "accepted campaign 3",
    "customerID": "customer ID", "gender": "gender", "SeniorCitizen": "senior citizen", "tenure": "tenure",
    "PhoneService": "phone service", "MultipleLines": "multiple lines", "InternetService": "internet service",
    "StreamingTV": "streaming TV", "PaperlessBilling": "paperless billing", "MonthlyCharges": "monthly charges",
    "TotalCharges": "total charges", "Churn": "Churn",
    "CLIENTNUM": "client number", "Attrition_Flag": "attrition", "Customer_Age": "customer age",
    "Dependent_count": "dependent count", "Income_Category": "income category", "Months_on_book": "months on book",
    "Months_Inactive_12_mon": "months inactive in 12 months", "Contacts_Count_12_mon": "contacts count in 12 months",
    "Credit_Limit": "credit limit", "Avg_Open_To_Buy": "average open to buy",
    "Total_Amt_Chng_Q4_Q1": "total amount change Q4 Q1",
    "Total_Trans_Amt": "total transaction amount",
    "Total_Trans_Ct": "total transaction count", "Avg_Utilization_Ratio": "average utilization ratio",
    "CreditScore": "credit score", "NumOfProducts": "number of products", "HasCrCard": "credit card",
    "IsActiveMember": "active member", "EstimatedSalary": "estimated salary", "Geography": "Geography",
    "CUST_ID": "customer ID", "BALANCE": "balance", "BALANCE_FREQUENCY": "balance frequency",
    "ONEOFF_PURCHASES": "one-off purchases", "CASH_ADVANCE_TRX": "cash advance transactions",
    "MINIMUM_PAYMENTS": "minimum payments", "PRC_FULL_PAYMENT": "percent full payment", "TENURE": "tenure",
    "LIMIT_BAL": "limit balance", "BILL_AMT1": "bill amount 1", "PAY_AMT6": "pay amount 6", "PAY_0": "pay 0",
    "Fresh": "Fresh", "Milk": "Milk", "Detergents_Paper": "detergents paper", "Delicassen": "Delicassen",
    "ProductRelated_Duration": "product related duration", "BounceRates": "bounce rates", "VisitorType": "visitor type",
    "Purchase Amount (USD)": "purchase amount", "Review Rating": "review rating", "Item Purchased": "item purchased",
    "cons.price.idx": "cons price idx", "emp.var.rate": "emp var rate", "poutcome": "poutcome",
    "Row ID": "row ID", "Country/Region": "Country/Region",
    "Sub-Category": "Sub-Category", "Postal Code": "postal code",
    "InvoiceNo": "invoice number", "customer_unique_id": "customer unique ID", "review_score": "review score",
    "freight_value": "freight value", "order_cnt": "order count",
    "num_child": "number of child",
    "qty_sold": "quantity sold", "tbl_revenue": "revenue", "churn_flg": "churn", "RFMScore": "RFM score",
    "revenue_eur": "revenue", "Sales in EUR": "Sales", "Lifetime Spend [EUR]": "lifetime spend",
    "Tenure (months)": "Tenure", "spend_fresh": "spend on fresh", "spend_total": "spend total",
    "recency_days": "days since the last purchase", "monetary_value": "total spend",
    "average_basket": "average basket", "tenure_days": "days since the first purchase",
    "share_electronics": "share of electronics", "share of Toys & Games": "share of Toys & Games",
    "Spend in Germany": "Spend in Germany", "Income (annual)": "Income (annual)", "VIP": "VIP",
    "McDonalds": "McDonalds",
    "2019": "2019", "": "", "€": "€",
}  # fmt: skip


def table_of(**columns: object) -> CustomerTable:
    return CustomerTable.read(pd.DataFrame({"v": [1.5, 2.5, 9.5, 4.0], **columns}))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_as_people_would_say_it(name: str) -> None:
    assert words_for(name) == NAMES[name]


@pytest.mark.parametrize(
    ("name", "unit", "note"),
    [
        ("Annual Income (k$)", "k$", ""),
        ("Spending Score (1-100)", "", "from 1 to 100"),
        ("Tenure (months)", "months", ""),
        ("revenue_eur", "EUR", ""),
        ("discount (%)", "%", ""),
        ("Income (annual)", "", ""),
    ],
)
def test_a_unit_in_a_name_is_one(name: str, unit: str, note: str) -> None:
    assert (in_words(name).unit, in_words(name).note) == (unit, note)
    column = table_of(**{name: [3, 5, 7, 8]}).column(name)
    assert (column.unit, column.description) == (unit, note)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_list_of_words_stays_as_it_is(name: str) -> None:
    assert words_for(name) == (name if name != "two\nlines" else "two lines")


@given(st.lists(st.text(max_size=12) | st.sampled_from([*NAMES, *map(str.upper, NAMES)]), unique=True), st.data())
def test_no_two_columns_are_called_alike(names: list[str], data: st.DataObject) -> None:
    said = (
        data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from(["wine", "Wine", *NAMES]))) if names else {}
    )
    labels = labels_for(names, said)
    assert list(labels) == names
    assert len(set(labels.values())) == len(names)
    assert labels == labels_for(names, said)


def test_where_two_would_be_called_alike_more_of_the_names_is_kept() -> None:
    assert labels_for(["MntWines", "NumWines"]) == {"MntWines": "wines (amount)", "NumWines": "wines (number)"}
    assert labels_for(["revenue_eur", "revenue_usd"]) == {
        "revenue_eur": "revenue (EUR)", "revenue_usd": "revenue (USD)",
    }  # fmt: skip
    assert labels_for(["wines", "MntWines"]) == {"wines": "wines", "MntWines": "wines (amount)"}


def test_the_average_of_a_purchase_is_not_called_total_spend() -> None:
    assert labels_for(["frequency", "recency", "T", "monetary_value"])["monetary_value"] == "monetary value"
    days = pd.date_range("2024-01-01", periods=6).astype(str)
    purchases = pd.DataFrame({"customer": list("aabbcc"), "date": days, "amount": [5.0, 6, 7, 8, 9, 100]})
    table = from_transactions(purchases)
    assert table.label("monetary_value") == "total spend"


def test_what_a_person_calls_a_column_wins() -> None:
    frame = pd.DataFrame({"MntWines": [1.5, 2, 9], "MntFruits": [3.5, 4, 4]})
    table = CustomerTable.read(frame, labels={"MntWines": "  wine\n and  beer\u202e "})
    assert (table.label("MntWines"), table.label("MntFruits")) == ("wine and beer", "fruits")
    assert table.change(labels={"MntWines": ""}).label("MntWines") == "wines"
    swapped = table.change(labels={"MntWines": "fruits", "MntFruits": "wines"})
    assert (swapped.label("MntWines"), swapped.label("MntFruits")) == ("fruits", "wines")
    assert table.change(labels={"MntWines": "MntWines"}).label("MntWines") == "MntWines"


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"MntWines": "Fruits"}, "“MntFruits” is called “fruits” already"),
        ({"MntWines": "x" * (LONGEST_LABEL + 1)}, f"up to {LONGEST_LABEL} characters"),
        ({"Wines": "wine"}, "no column called “Wines”"),
    ],
)
def test_a_label_that_cannot_be_is_refused(labels: dict[str, str], said: str) -> None:
    frame = pd.DataFrame({"MntWines": [1.5, 2, 9], "MntFruits": [3.5, 4, 4]})
    with pytest.raises(SettingError, match=said):
        CustomerTable.read(frame, labels=labels)


def package(folder: Path, fields: list[dict[str, object]], rows: str) -> Path:
    path = folder / "customers.csv"
    path.write_text(rows, encoding="utf-8")
    resources = [{"path": path.name, "schema": {"fields": fields}}]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return path


ROWS = "id,a,b,Channel\n" + "\n".join(f"c{row},{row}.5,{row * row}.5,{row % 2 + 1}" for row in range(40))


def test_a_data_package_says_what_columns_and_codes_are_called(tmp_path: Path) -> None:
    fields: list[dict[str, object]] = [
        {"name": "a", "title": "fresh goods"},
        {"name": "b", "title": "no", "label": "fresh  goods"},
        {"name": "Channel", "categories": [{"value": 1, "label": "Horeca"}, {"value": 2, "label": "Retail"}]},
        {"name": "not there", "levels": {"1": "x"}},
    ]
    table = CustomerTable.read(package(tmp_path, fields, ROWS))
    assert (table.label("a"), table.label("b")) == ("fresh goods (a)", "fresh goods (b)")
    assert set(table.levels("Channel").texts) == {"Horeca", "Retail", None}
    renamed = CustomerTable.read(tmp_path / "customers.csv", levels={"Channel": {1: "Hotels", "2": "Shops"}})
    assert set(renamed.levels("Channel").texts) == {"Hotels", "Shops", None}


def test_codes_are_shown_by_their_labels_and_counted_as_before() -> None:
    codes = [1, 2] * 20
    frame = pd.DataFrame({"v": [row**1.5 for row in range(40)], "Channel": codes})
    plain, labelled = (
        CustomerTable.read(frame, roles={"Channel": "category"}, levels=levels)
        for levels in ({}, {"Channel": {1: "Horeca", 2: "Retail", 3: "none"}})
    )
    before, after = (find_associations(segment(table, k=2, seed=0))[0] for table in (plain, labelled))
    assert (before.levels, after.levels) == (("1", "2"), ("Horeca", "Retail"))
    assert (before.counts == after.counts).all()
    assert labelled.to_pandas()["Channel"].tolist() == codes


@pytest.mark.parametrize(
    ("levels", "said"),
    [({1: "2"}, "would both be called “2”"), ({1: "x", 2: "x"}, "would both be called “x”"), ({1: " "}, "1 to 60")],
)
def test_labels_that_would_mix_up_codes_are_refused(levels: dict[object, str], said: str) -> None:
    table = table_of(Channel=[1, 2, 1, 2])
    with pytest.raises(SettingError, match=said):
        table.change(levels={"Channel": levels})


def test_plain_words_are_small_beside_phrases_and_stay_where_people_wrote_all_names() -> None:
    assert labels_for(["Partner", "PhoneService", "StreamingTV", "VIP"]) == {
        "Partner": "partner",
        "PhoneService": "phone service",
        "StreamingTV": "streaming TV",
        "VIP": "VIP",
    }
    assert labels_for(["Fresh", "Milk", "Spend in Germany"])["Fresh"] == "Fresh"
    # What somebody wrote down says nothing of how the others are written.
    assert labels_for(["Fresh", "Detergents_Paper"], {"Detergents_Paper": "detergents and paper"})["Fresh"] == "Fresh"
