"""Contacts, accounts, employees and citizens: tables of people or companies that mostly hold no spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tests.look_alikes.look_alike import ANY, CODE, CONSTANT, FEW_VALUES, CustomersLookAlike, Written
from tests.look_alikes.values import (
    CITIES,
    amounts,
    codes,
    counts,
    days,
    emails,
    gaps,
    keys,
    names,
    numbers,
    phones,
    pick,
    whole,
)

if TYPE_CHECKING:
    from numpy.random import Generator

STAGES = ("Lead", "Marketing Qualified Lead", "Opportunity", "Customer")
SCALES = (
    "EnvironmentSatisfaction",
    "JobInvolvement",
    "JobLevel",
    "JobSatisfaction",
    "RelationshipSatisfaction",
    "WorkLifeBalance",
)
YEARS = ("YearsAtCompany", "YearsInCurrentRole", "YearsSinceLastPromotion", "YearsWithCurrManager")
SCHOOLS = {
    "HS-grad": 9,
    "Some-college": 10,
    "Bachelors": 13,
    "Masters": 14,
    "11th": 7,
    "Assoc-voc": 11,
    "Doctorate": 16,
}


def hubspot_contacts(generator: Generator) -> pd.DataFrame:
    """Contacts of HubSpot: revenue won with them, and the revenue of the company that they work for."""
    rows = 300
    won = amounts(generator, rows, 2600, 1.0)
    return pd.DataFrame(
        {
            "Record ID": numbers(generator, rows, 20_251),
            "First Name": names(generator, rows),
            "Last Name": names(generator, rows),
            "Email": emails(generator, rows),
            "Phone Number": [f"+{phone}" for phone in phones(generator, rows)],
            "Contact owner": pick(generator, rows, ("Ana Silva", "Tom Baker", "Li Wei")),
            "Lifecycle Stage": pick(generator, rows, STAGES),
            "Lead Status": pick(generator, rows, ("New", "Open", "In progress", "Connected")),
            "Create Date": days(generator, rows, "%Y-%m-%d %H:%M", "2020-02-13", "2022-12-20"),
            "Last Activity Date": days(generator, rows, "%Y-%m-%d %H:%M", "2023-01-05"),
            "Associated Company": [f"{name} Inc" for name in names(generator, rows)],
            "Annual Revenue": whole(generator, rows, 4_000_000, 1.2),
            "Number of Sessions": counts(generator, rows, 8),
            "Number of Pageviews": counts(generator, rows, 31),
            "Number of Form Submissions": counts(generator, rows, 2.5),
            "Marketing emails opened": counts(generator, rows, 12),
            "Total Revenue": gaps(generator, won, 0.3),
        }
    )


def salesforce_accounts(generator: Generator) -> pd.DataFrame:
    """Accounts of Salesforce: the revenue of a company is not what it spends with us."""
    rows = 200
    return pd.DataFrame(
        {
            "ID": keys(generator, rows, "0015g00000", 18),
            "NAME": [f"{name} Corp." for name in names(generator, rows)],
            "TYPE": pick(generator, rows, ("Customer - Direct", "Customer - Channel", "Prospect")),
            "BILLINGCITY": pick(generator, rows, CITIES),
            "BILLINGPOSTALCODE": codes(generator, rows, 99_998, 10_001),
            "BILLINGCOUNTRY": pick(generator, rows, ("USA", "Germany", "France")),
            "PHONE": phones(generator, rows),
            "WEBSITE": [f"www.{name.lower()}.example.com" for name in names(generator, rows)],
            "INDUSTRY": pick(generator, rows, ("Energy", "Electronics", "Apparel", "Education")),
            "ANNUALREVENUE": whole(generator, rows, 9_000_000, 1.3),
            "NUMBEROFEMPLOYEES": whole(generator, rows, 240, 1.2),
            "OWNERSHIP": pick(generator, rows, ("Public", "Private", "Subsidiary")),
            "RATING": pick(generator, rows, ("Hot", "Warm", "Cold")),
            "OWNERID": pick(generator, rows, ("0055g00000AAAbcAAG", "0055g00000BBBdeAAG")),
            "CREATEDDATE": days(generator, rows, "%Y-%m-%dT%H:%M:%S.000Z"),
            "SLA__C": pick(generator, rows, ("Gold", "Silver", "Platinum", "Bronze")),
            "ACTIVE__C": pick(generator, rows, ("Yes", "No")),
            "NUMBEROFLOCATIONS__C": counts(generator, rows, 14, 1),
        }
    )


def employees(generator: Generator) -> pd.DataFrame:
    """Employees, and whether they left: pay is no spend."""
    rows = 400
    return pd.DataFrame(
        {
            "Age": codes(generator, rows, 60, 18),
            "Attrition": pick(generator, rows, ("Yes", "No"), 16, 84),
            "BusinessTravel": pick(generator, rows, ("Travel_Rarely", "Travel_Frequently", "Non-Travel")),
            "DailyRate": codes(generator, rows, 1499, 102),
            "Department": pick(generator, rows, ("Sales", "Research & Development", "Human Resources")),
            "DistanceFromHome": codes(generator, rows, 29, 1),
            "Education": codes(generator, rows, 5, 1),
            "EmployeeCount": 1,
            "EmployeeNumber": numbers(generator, rows, 1),
            "Gender": pick(generator, rows, ("Male", "Female")),
            "HourlyRate": codes(generator, rows, 100, 30),
            **{name: codes(generator, rows, 4, 1) for name in SCALES},
            "MaritalStatus": pick(generator, rows, ("Married", "Single", "Divorced")),
            "MonthlyIncome": whole(generator, rows, 4900, 0.6),
            "NumCompaniesWorked": codes(generator, rows, 9),
            "Over18": "Y",
            "OverTime": pick(generator, rows, ("Yes", "No"), 28, 72),
            "PercentSalaryHike": codes(generator, rows, 25, 11),
            "StandardHours": 80,
            "TotalWorkingYears": codes(generator, rows, 40),
            **{name: counts(generator, rows, 5) for name in YEARS},
        }
    )


def census(generator: Generator) -> pd.DataFrame:
    """Citizens of a census, with question marks for what is missing and a weight for each row."""
    rows = 500
    school = pick(generator, rows, tuple(SCHOOLS))
    jobs = ("Sales", "Craft-repair", "Exec-managerial", "Adm-clerical", "Tech-support", "?")
    return pd.DataFrame(
        {
            "age": codes(generator, rows, 90, 17),
            "workclass": pick(generator, rows, ("Private", "Self-emp-not-inc", "State-gov", "?"), 75, 12, 8, 5),
            "fnlwgt": whole(generator, rows, 178_000, 0.5),
            "education": school,
            "education.num": [SCHOOLS[level] for level in school],
            "marital.status": pick(generator, rows, ("Married-civ-spouse", "Never-married", "Divorced", "Widowed")),
            "occupation": pick(generator, rows, jobs),
            "relationship": pick(generator, rows, ("Husband", "Not-in-family", "Own-child", "Wife")),
            "race": pick(generator, rows, ("White", "Black", "Asian-Pac-Islander", "Other")),
            "sex": pick(generator, rows, ("Male", "Female")),
            "capital.gain": np.where(generator.random(rows) < 0.09, whole(generator, rows, 7000), 0),
            "capital.loss": np.where(generator.random(rows) < 0.06, whole(generator, rows, 1850, 0.2), 0),
            "hours.per.week": codes(generator, rows, 80, 10),
            "native.country": pick(generator, rows, ("United-States", "Mexico", "Philippines"), 90, 6, 4),
            "income": pick(generator, rows, ("<=50K", ">50K"), 76, 24),
        }
    )


def mailchimp_members(generator: Generator) -> pd.DataFrame:
    """Subscribers of a mailing list: how they rate, how often they open and click, and where they are."""
    rows = 250
    return pd.DataFrame(
        {
            "Email Address": emails(generator, rows),
            "First Name": names(generator, rows),
            "Last Name": names(generator, rows),
            "Phone Number": gaps(generator, phones(generator, rows), 0.2),
            "Birthday": gaps(generator, days(generator, rows, "%m/%d"), 0.3),
            "MEMBER_RATING": codes(generator, rows, 5, 1),
            "Emails opened": counts(generator, rows, 15),
            "Emails clicked": counts(generator, rows, 6),
            "OPTIN_TIME": days(generator, rows, "%Y-%m-%d %H:%M:%S"),
            "OPTIN_IP": [f"203.0.113.{part}" for part in codes(generator, rows, 254, 1)],
            "CONFIRM_TIME": days(generator, rows, "%Y-%m-%d %H:%M:%S"),
            "TIMEZONE": pick(generator, rows, ("Europe/London", "Europe/Berlin")),
            "CC": pick(generator, rows, ("gb", "de")),
            "LEID": numbers(generator, rows, 402_113_001),
            "EUID": keys(generator, rows, length=10),
            "NOTES": None,
            "TAGS": gaps(generator, pick(generator, rows, ("VIP", "Spring fair", "Blog")), 0.3),
        }
    )


LOOK_ALIKES = [
    CustomersLookAlike(
        file="hubspot-crm-exports-all-contacts.csv",
        make=hubspot_contacts,
        written=Written(quoted=True),
        identifier="Record ID",
        features=("Annual Revenue", "Number of Sessions", "Number of Pageviews", "Number of Form Submissions",
                  "Marketing emails opened", "Total Revenue"),
        money=("Total Revenue",),
        categories=("Contact owner", "Lifecycle Stage", "Lead Status"),
        ignored={"First Name": ANY, "Last Name": ANY, "Email": ANY, "Phone Number": CODE, "Associated Company": ANY},
        dates=("Create Date", "Last Activity Date"),
    ),
    CustomersLookAlike(
        file="Account.csv",
        make=salesforce_accounts,
        written=Written(quoted=True),
        identifier="ID",
        features=("ANNUALREVENUE", "NUMBEROFEMPLOYEES", "NUMBEROFLOCATIONS__C"),
        categories=("TYPE", "BILLINGCITY", "BILLINGCOUNTRY", "INDUSTRY", "OWNERSHIP", "ACTIVE__C"),
        ignored={"NAME": ANY, "BILLINGPOSTALCODE": CODE, "PHONE": CODE, "WEBSITE": ANY},
        dates=("CREATEDDATE",),
        either={"RATING": FEW_VALUES, "SLA__C": FEW_VALUES, "OWNERID": ("category", "ignored")},
    ),
    CustomersLookAlike(
        file="WA_Fn-UseC_-HR-Employee-Attrition.csv",
        make=employees,
        written=Written(encoding="utf-8-sig"),
        identifier="EmployeeNumber",
        features=("Age", "DailyRate", "DistanceFromHome", "HourlyRate", "MonthlyIncome", "NumCompaniesWorked",
                  "PercentSalaryHike", "TotalWorkingYears", *YEARS),
        categories=("Department", "Gender", "MaritalStatus", "OverTime"),
        outcomes=("Attrition",),
        ignored={"EmployeeCount": CONSTANT, "Over18": CONSTANT, "StandardHours": CONSTANT},
        either={**dict.fromkeys(SCALES, FEW_VALUES), "Education": FEW_VALUES, "BusinessTravel": FEW_VALUES},
    ),
    CustomersLookAlike(
        file="adult.csv",
        make=census,
        written=Written(quoted=True),
        identifier=None,
        features=("age", "education.num", "capital.gain", "capital.loss", "hours.per.week"),
        categories=("workclass", "marital.status", "occupation", "relationship", "race", "sex", "native.country"),
        # A weight is no trait of a person, but only the description of the census says what the column is; the class
        # of income is what this table is usually made to predict.
        either={"fnlwgt": ("feature", "ignored"), "education": ("feature", "category", "ignored"),
                "income": ("category", "outcome", "feature")},
    ),
    CustomersLookAlike(
        file="subscribed_members_export.csv",
        make=mailchimp_members,
        # What LEID and EUID are only the tool's makers know; people are found by their address.
        identifier="Email Address",
        features=("Emails opened", "Emails clicked"),
        categories=("TIMEZONE", "CC", "TAGS"),
        ignored={"First Name": ANY, "Last Name": ANY, "Phone Number": CODE, "Birthday": ANY,
                 "OPTIN_IP": ANY, "LEID": ANY, "EUID": ANY, "NOTES": ANY},
        dates=("OPTIN_TIME", "CONFIRM_TIME"),
        either={"MEMBER_RATING": FEW_VALUES},
    ),
]  # fmt: skip
